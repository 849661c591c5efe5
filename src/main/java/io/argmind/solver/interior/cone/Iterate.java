package io.argmind.solver.interior.cone;

/** A point or direction of the homogeneous model. */
final class Iterate {
    final double[] x; // [n]
    final double[] z; // [m]
    final double[] s; // [m]
    double tau;
    double kappa;

    Iterate(int n, int m) {
        x = new double[n];
        z = new double[m];
        s = new double[m];
    }

    void copy(Iterate other) {
        System.arraycopy(other.x, 0, x, 0, x.length);
        System.arraycopy(other.z, 0, z, 0, z.length);
        System.arraycopy(other.s, 0, s, 0, s.length);
        tau = other.tau;
        kappa = other.kappa;
    }

    /** this += a d. */
    void move(double a, Iterate d) {
        for (int i = 0; i < x.length; i++) {
            x[i] += a * d.x[i];
        }
        for (int i = 0; i < z.length; i++) {
            z[i] += a * d.z[i];
            s[i] += a * d.s[i];
        }
        tau += a * d.tau;
        kappa += a * d.kappa;
    }

    /** this = v + a d. */
    void set(Iterate v, double a, Iterate d) {
        copy(v);
        move(a, d);
    }

    double complementarity() {
        double sum = tau * kappa;
        for (int i = 0; i < z.length; i++) {
            sum += s[i] * z[i];
        }
        return sum;
    }
}

package io.argmind.solver.interior.cone;

/**
 * The barrier f* = -log r - sum_i w_i log |z_i| of a three-dimensional dual cone, and what a
 * primal-dual method needs of it. The parameter of the barrier is 3. One evaluation point at a
 * time.
 */
abstract class DualBarrier {
    /** The parameter of the barrier. */
    static final int DEGREE = 3;

    final double[] z = new double[3]; // where it was evaluated last
    final double[] dr = new double[3];
    final double[] ddr = new double[9]; // symmetric
    private final double[] weight;
    double r;

    DualBarrier(double... weight) {
        this.weight = weight;
    }

    /** Sets r and its derivatives at z; false, with nothing promised, outside of the cone. */
    abstract boolean evaluate();

    /** out_i = sum_jk d^3 r / dz_i dz_j dz_k p_j q_k at the last point. */
    abstract void thirdOfR(double[] p, double[] q, double[] out);

    /**
     * The point zt of the dual cone with f*'(zt) = -s, which is -f'(s).
     *
     * @param s the point, at {@code at}
     * @return f(s) of the primal barrier, or NaN if s is not inside the cone
     */
    abstract double shadow(double[] s, int at, double[] zt);

    /** Writes the point that is its own shadow. */
    abstract void center(double[] v, int at);

    /** Whether v + step dv, at {@code at}, lies inside the primal cone. */
    abstract boolean holdsPrimal(double a, double b, double c);

    /** Moves the evaluation to v[at ..]; false outside of the cone. */
    final boolean moveTo(double a, double b, double c) {
        z[0] = a;
        z[1] = b;
        z[2] = c;
        return evaluate() && r > 0 && r < Double.POSITIVE_INFINITY;
    }

    final double value() {
        double sum = -Math.log(r);
        for (int i = 0; i < 3; i++) {
            sum -= weight[i] == 0 ? 0 : weight[i] * Math.log(Math.abs(z[i]));
        }
        return sum;
    }

    final void gradient(double[] out) {
        for (int i = 0; i < 3; i++) {
            out[i] = -dr[i] / r - (weight[i] == 0 ? 0 : weight[i] / z[i]);
        }
    }

    /** out[3, 3]. */
    final void hessian(double[] out) {
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double v = dr[i] / r * (dr[j] / r) - ddr[3 * i + j] / r;
                out[3 * i + j] = v + (i == j && weight[i] != 0 ? weight[i] / (z[i] * z[i]) : 0);
            }
        }
    }

    /** out_i = sum_jk d^3 f* / dz_i dz_j dz_k p_j q_k. */
    final void third(double[] p, double[] q, double[] out) {
        thirdOfR(p, q, out);
        double drp = dot(dr, 0, p);
        double drq = dot(dr, 0, q);
        double pq = 0;
        for (int i = 0; i < 3; i++) {
            pq += p[i] * dot(ddr, 3 * i, q);
        }
        double rr = r * r;
        for (int i = 0; i < 3; i++) {
            double cross = dot(ddr, 3 * i, p) * drq + dot(ddr, 3 * i, q) * drp + dr[i] * pq;
            double v = -out[i] / r + cross / rr - 2 * dr[i] * (drp / r) * (drq / r) / r;
            double zi = z[i];
            out[i] = v - (weight[i] == 0 ? 0 : 2 * weight[i] * (p[i] / zi) * (q[i] / zi) / zi);
        }
    }

    private static double dot(double[] a, int at, double[] b) {
        return a[at] * b[0] + a[at + 1] * b[1] + a[at + 2] * b[2];
    }
}

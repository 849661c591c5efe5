package io.argmind.solver.interior.cone;

/**
 * The dual of the exponential cone {(x, y, z): y exp(x / y) <= z, y > 0}: {(u, v, w): -u exp(v / u
 * - 1) <= w, u < 0}, with r = v - u - u log(w / -u) (Dahl and Andersen, A primal-dual
 * interior-point algorithm for nonsymmetric exponential-cone optimization, Math. Program. 194,
 * 2022).
 */
final class ExponentialBarrier extends DualBarrier {
    private static final int STEPS = 100;

    ExponentialBarrier() {
        super(1, 0, 1);
    }

    @Override
    boolean evaluate() {
        double u = z[0];
        double w = z[2];
        if (!(u < 0 && w > 0)) {
            return false;
        }
        double log = Math.log(-w / u);
        r = z[1] - u - u * log;
        dr[0] = -log;
        dr[1] = 1;
        dr[2] = -u / w;
        ddr[0] = 1 / u;
        ddr[2] = -1 / w;
        ddr[6] = -1 / w;
        ddr[8] = u / (w * w);
        return true;
    }

    @Override
    void thirdOfR(double[] p, double[] q, double[] out) {
        double u = z[0];
        double w = z[2];
        out[0] = -p[0] / u * (q[0] / u) + p[2] / w * (q[2] / w);
        out[1] = 0;
        out[2] = (p[0] * q[2] + p[2] * q[0]) / (w * w) - 2 * u * (p[2] / w) * (q[2] / w) / w;
    }

    /**
     * With f*'(zt) = -s: r = 1 / y, u = -1 / (y p), w = (1 + 1 / p) / z, where p > 0 solves p +
     * log(1 + p) = log(z / y) - x / y. The left side is concave, so Newton's method from a point
     * below climbs to the root.
     */
    @Override
    double shadow(double[] s, int at, double[] zt) {
        double x = s[at];
        double y = s[at + 1];
        double t = s[at + 2];
        if (!holdsPrimal(x, y, t)) {
            return Double.NaN;
        }
        double delta = Math.log(t / y) - x / y;
        double p = 0.5 * delta;
        for (int k = 0; k < STEPS; k++) {
            double step = (delta - p - Math.log1p(p)) * (1 + p) / (2 + p);
            p += step;
            if (!(Math.abs(step) > 1e-16 * p)) {
                break;
            }
        }
        double u = -1 / (y * p);
        double w = (1 + 1 / p) / t;
        zt[0] = u;
        zt[1] = 1 / y + u * (1 + Math.log(y / t) + Math.log1p(p));
        zt[2] = w;
        // f(s) = -s'zt - f*(zt) = -3 + log r + log -u + log w
        return -DEGREE - Math.log(y) + Math.log(-u) + Math.log(w);
    }

    @Override
    void center(double[] v, int at) {
        v[at] = -1.0513839437502288;
        v[at + 1] = 0.5564096186043384;
        v[at + 2] = 1.2589678864644602;
    }

    @Override
    boolean holdsPrimal(double x, double y, double t) {
        return y > 0 && t > 0 && Math.log(t / y) - x / y > 0;
    }
}

package io.argmind.solver.interior.cone;

/**
 * The dual of the power cone {(x, y, z): x^a y^(1 - a) >= |z|}: {(u, v, w): (u / a)^a (v / (1 -
 * a))^(1 - a) >= |w|}, with r = (u / a)^2a (v / (1 - a))^(2 - 2a) - w^2 (Chares, Cones and
 * interior-point algorithms for structured convex optimization involving powers and exponentials,
 * 2009).
 */
final class PowerBarrier extends DualBarrier {
    private static final int STEPS = 200;

    private final double a;
    private double phi;

    PowerBarrier(double alpha) {
        super(1 - alpha, alpha, 0);
        this.a = alpha;
    }

    private double logPhi(double u, double v) {
        return 2 * a * Math.log(u / a) + 2 * (1 - a) * Math.log(v / (1 - a));
    }

    @Override
    boolean evaluate() {
        double u = z[0];
        double v = z[1];
        double w = z[2];
        if (!(u > 0 && v > 0)) {
            return false;
        }
        double root = Math.exp(0.5 * logPhi(u, v));
        phi = root * root;
        r = (root - Math.abs(w)) * (root + Math.abs(w));
        double p = 2 * a;
        double q = 2 * (1 - a);
        dr[0] = p * phi / u;
        dr[1] = q * phi / v;
        dr[2] = -2 * w;
        ddr[0] = p * (p - 1) * phi / (u * u);
        ddr[1] = p * q * phi / (u * v);
        ddr[3] = ddr[1];
        ddr[4] = q * (q - 1) * phi / (v * v);
        ddr[8] = -2;
        return true;
    }

    @Override
    void thirdOfR(double[] d, double[] e, double[] out) {
        double p = 2 * a;
        double q = 2 * (1 - a);
        double du = d[0] / z[0];
        double dv = d[1] / z[1];
        double eu = e[0] / z[0];
        double ev = e[1] / z[1];
        double cross = du * ev + dv * eu;
        double uu = du * eu;
        double vv = dv * ev;
        out[0] = p * ((p - 1) * (p - 2) * uu + (p - 1) * q * cross + q * (q - 1) * vv) * phi / z[0];
        out[1] = q * ((q - 1) * (q - 2) * vv + (q - 1) * p * cross + p * (p - 1) * uu) * phi / z[1];
        out[2] = 0;
    }

    /**
     * With f*'(zt) = -s and e = r / phi = 1 - exp(-p): u = (2a / e + 1 - a) / x, v = (2 (1 - a) / e
     * + a) / y, w = -z r / 2, where p > 0 solves p / 2 + a log(1 + e (1 - a) / 2a) + (1 - a) log(1
     * + e a / 2(1 - a)) = log(x^a y^(1 - a) / |z|). The left side is concave in p and at most p, so
     * Newton's method from p = the right side climbs to the root.
     */
    @Override
    double shadow(double[] s, int at, double[] zt) {
        double x = s[at];
        double y = s[at + 1];
        double t = s[at + 2];
        if (!holdsPrimal(x, y, t)) {
            return Double.NaN;
        }
        double e =
                t == 0 ? 1 : ratio(a * Math.log(x) + (1 - a) * Math.log(y) - Math.log(Math.abs(t)));
        double u = (2 * a / e + 1 - a) / x;
        double v = (2 * (1 - a) / e + a) / y;
        double logR = logPhi(u, v) + Math.log(e);
        zt[0] = u;
        zt[1] = v;
        zt[2] = -0.5 * t * Math.exp(logR);
        return -DEGREE + logR + (1 - a) * Math.log(u) + a * Math.log(v);
    }

    private double ratio(double delta) {
        double cu = (1 - a) / (2 * a);
        double cv = a / (2 * (1 - a));
        double p = delta;
        for (int k = 0; k < STEPS; k++) {
            double e = -Math.expm1(-p);
            double f = 0.5 * p + a * Math.log1p(cu * e) + (1 - a) * Math.log1p(cv * e) - delta;
            double slope = a * cu / (1 + cu * e) + (1 - a) * cv / (1 + cv * e);
            double step = -f / (0.5 + slope * Math.exp(-p));
            p += step;
            if (!(Math.abs(step) > 1e-16 * p)) {
                break;
            }
        }
        return -Math.expm1(-p);
    }

    @Override
    void center(double[] v, int at) {
        v[at] = Math.sqrt(1 + a);
        v[at + 1] = Math.sqrt(2 - a);
        v[at + 2] = 0;
    }

    @Override
    boolean holdsPrimal(double x, double y, double t) {
        return x > 0
                && y > 0
                && a * Math.log(x) + (1 - a) * Math.log(y) > Math.log(Math.abs(t))
                && Double.isFinite(t);
    }
}

package io.argmind.solver.interior.cone;

import io.argmind.linalg.SingularValues;

/**
 * The exponential and the power cone. The scaling H maps z to s and the shadow of s to the shadow
 * of z: a quasi-Newton update of mu f*''(z), closed in three dimensions (Tuncel, Generalization of
 * primal-dual interior-point methods to convex optimization problems in conic form, 2001; Dahl and
 * Andersen 2022, section 5).
 */
final class NonsymmetricBlock implements ConeBlock {
    private static final double BACK = 0.8;
    private static final double FARTHEST = 1.0;
    private static final double SMALLEST_SHARE = 1e-3;

    private final int at;
    private final DualBarrier barrier;
    private final double[] h = new double[9]; // the scaling
    private final double[] ddf = new double[9]; // f*''(z)
    private final double[] df = new double[3]; // f*'(z)
    private final double[] zt = new double[3]; // -f'(s)
    private final double[] p = new double[3];
    private final double[] q = new double[3];
    private final double[] factor = new double[9];
    private final double[] axes = new double[9]; // eigenvectors of h, as rows

    NonsymmetricBlock(int at, DualBarrier barrier) {
        this.at = at;
        this.barrier = barrier;
    }

    @Override
    public int at() {
        return at;
    }

    @Override
    public int dim() {
        return 3;
    }

    @Override
    public int degree() {
        return DualBarrier.DEGREE;
    }

    @Override
    public boolean isSymmetric() {
        return false;
    }

    @Override
    public void center(double[] s, double[] z) {
        barrier.center(s, at);
        barrier.center(z, at);
        scale(s, z, 1, true);
    }

    @Override
    public double margin(double[] v) {
        throw new UnsupportedOperationException("this cone has no eigenvalues");
    }

    @Override
    public void shift(double[] v, double by) {
        throw new UnsupportedOperationException("this cone has no identity");
    }

    private boolean moveTo(double[] z, double[] dz, double step) {
        return barrier.moveTo(
                z[at] + step * dz[at],
                z[at + 1] + step * dz[at + 1],
                z[at + 2] + step * dz[at + 2]);
    }

    @Override
    public boolean scale(double[] s, double[] z, double mu, boolean dualOnly) {
        double f = barrier.shadow(s, at, zt);
        if (Double.isNaN(f) || !moveTo(z, z, 0)) {
            return false;
        }
        barrier.gradient(df);
        barrier.hessian(ddf);
        if (dualOnly || !scaleByBoth(s, z)) {
            for (int i = 0; i < 9; i++) {
                h[i] = mu * ddf[i];
            }
        }
        boolean finite = true;
        for (double v : h) {
            finite &= Double.isFinite(v);
        }
        return finite;
    }

    private boolean scaleByBoth(double[] s, double[] z) {
        double sz = 0;
        double shadows = 0;
        for (int i = 0; i < 3; i++) {
            sz += s[at + i] * z[at + i];
            shadows -= df[i] * zt[i];
        }
        double mu = sz / 3;
        double mut = shadows / 3;
        double dsdz = 0;
        for (int i = 0; i < 3; i++) {
            p[i] = s[at + i] + mu * df[i]; // ds = s - mu st
            q[i] = z[at + i] - mu * zt[i];
            dsdz += p[i] * q[i];
        }
        double curvature = 0;
        for (int i = 0; i < 3; i++) {
            factor[i] = dot(ddf, 3 * i, zt, 0); // f*'' zt
            curvature += zt[i] * factor[i];
        }
        double excess = curvature - 3 * mut * mut;
        if (!(mu > 0 && Math.abs(mu * mut - 1) > 1e-8 && excess > 1e-16 * curvature && dsdz > 0)) {
            return false;
        }
        for (int i = 0; i < 3; i++) {
            factor[i] += mut * df[i]; // f*'' zt - mut st
        }
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double v = ddf[3 * i + j] - df[i] * df[j] / 3 - factor[i] * factor[j] / excess;
                sum += v * v;
                h[3 * i + j] = s[at + i] * s[at + j] / sz + p[i] * p[j] / dsdz;
            }
        }
        return addAxis(z, mu * Math.sqrt(sum));
    }

    /** h += t v v' with the unit vector v that is orthogonal to z and its shadow's partner. */
    private boolean addAxis(double[] z, double t) {
        double a = z[at + 1] * zt[2] - z[at + 2] * zt[1];
        double b = z[at + 2] * zt[0] - z[at] * zt[2];
        double c = z[at] * zt[1] - z[at + 1] * zt[0];
        double norm = Math.sqrt(a * a + b * b + c * c);
        if (!(norm > 0) || !(t > 0)) {
            return false;
        }
        p[0] = a / norm;
        p[1] = b / norm;
        p[2] = c / norm;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                h[3 * i + j] += t * p[i] * p[j];
            }
        }
        return true;
    }

    private static double dot(double[] a, int from, double[] b, int to) {
        return a[from] * b[to] + a[from + 1] * b[to + 1] + a[from + 2] * b[to + 2];
    }

    @Override
    public Layout layout() {
        return Layout.ROTATED;
    }

    @Override
    public void hessian(double[] out) {
        System.arraycopy(h, 0, factor, 0, 9);
        SingularValues.decompose(factor, 3, axes, p);
        System.arraycopy(p, 0, out, 0, 3);
    }

    @Override
    public void rotate(double[] v, boolean back) {
        double a = v[0];
        double b = v[1];
        double c = v[2];
        for (int i = 0; i < 3; i++) {
            int q = back ? i : 3 * i;
            int by = back ? 3 : 1;
            v[i] = axes[q] * a + axes[q + by] * b + axes[q + 2 * by] * c;
        }
    }

    @Override
    public void times(double[] v, double[] out) {
        double a = dot(h, 0, v, at);
        double b = dot(h, 3, v, at);
        double c = dot(h, 6, v, at);
        out[at] = a;
        out[at + 1] = b;
        out[at + 2] = c;
    }

    /** s + sigma mu f*'(z) - 1/2 f*'''(z)[dz, f*''(z)^-1 ds]. */
    @Override
    public void correct(
            double[] s, double[] z, double[] ds, double[] dz, double sigmaMu, double[] out) {
        moveTo(z, z, 0);
        System.arraycopy(ds, at, p, 0, 3);
        System.arraycopy(ddf, 0, factor, 0, 9);
        boolean solved = Svec.factor(factor, 3);
        if (solved) {
            solveFactored(p);
            System.arraycopy(dz, at, q, 0, 3);
            barrier.third(q, p, zt);
        }
        for (int i = 0; i < 3; i++) {
            double eta = solved && Double.isFinite(zt[i]) ? -0.5 * zt[i] : 0;
            out[at + i] = s[at + i] + sigmaMu * df[i] + eta;
        }
    }

    private void solveFactored(double[] v) {
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < i; j++) {
                v[i] -= factor[3 * i + j] * v[j];
            }
            v[i] /= factor[4 * i];
        }
        for (int i = 2; i >= 0; i--) {
            for (int j = i + 1; j < 3; j++) {
                v[i] -= factor[3 * j + i] * v[j];
            }
            v[i] /= factor[4 * i];
        }
    }

    @Override
    public double step(double[] s, double[] z, double[] ds, double[] dz, double most) {
        double a = most;
        while (a > 1e-12 && !(holds(s, ds, a) && moveTo(z, dz, a))) {
            a *= BACK;
        }
        return a > 1e-12 ? a : 0;
    }

    private boolean holds(double[] s, double[] ds, double step) {
        return barrier.holdsPrimal(
                s[at] + step * ds[at],
                s[at + 1] + step * ds[at + 1],
                s[at + 2] + step * ds[at + 2]);
    }

    /** f(s) + f*(z) + 3 + 3 log(s'z / 3) is zero on the central path and positive off it. */
    @Override
    public boolean isCentral(double[] s, double[] z, double mu) {
        double own = dot(s, at, z, at) / 3;
        if (!(own > SMALLEST_SHARE * mu) || !moveTo(z, z, 0)) {
            return false;
        }
        double f = barrier.shadow(s, at, zt);
        return f + barrier.value() + 3 + 3 * Math.log(own) <= FARTHEST;
    }
}

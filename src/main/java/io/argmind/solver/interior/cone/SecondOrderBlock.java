package io.argmind.solver.interior.cone;

import java.util.Arrays;

/**
 * The second-order cone t >= ||u||, with Nesterov and Todd's scaling H = e^2 (2 w w' - J), J =
 * diag(1, -1, ..., -1), w'J w = 1 (Vandenberghe, The CVXOPT linear and quadratic cone program
 * solvers, 2010, section 4.2). Long cones enter the linear system as a diagonal and two columns
 * (Domahidi, Chu, Boyd, ECOS: an SOCP solver for embedded systems, 2013, section III).
 */
final class SecondOrderBlock implements ConeBlock {
    /** Up to this dimension a dense block is cheaper than two more unknowns. */
    private static final int SHORT = 40;

    private final int at;
    private final int dim;
    private final double[] w; // [dim]
    private final double[] lambda; // [dim] W z
    private final double[] p; // [dim] work
    private final double[] q; // [dim] work
    private double e; // eta

    SecondOrderBlock(int at, int dim) {
        this.at = at;
        this.dim = dim;
        w = new double[dim];
        lambda = new double[dim];
        p = new double[dim];
        q = new double[dim];
    }

    @Override
    public int at() {
        return at;
    }

    @Override
    public int dim() {
        return dim;
    }

    @Override
    public int degree() {
        return 1;
    }

    @Override
    public boolean isSymmetric() {
        return true;
    }

    @Override
    public void center(double[] s, double[] z) {
        Arrays.fill(s, at, at + dim, 0);
        Arrays.fill(z, at, at + dim, 0);
        s[at] = 1;
        z[at] = 1;
        Arrays.fill(w, 0);
        w[0] = 1;
        e = 1;
    }

    @Override
    public double margin(double[] v) {
        return v[at] - tail(v, at);
    }

    @Override
    public void shift(double[] v, double by) {
        v[at] += by;
    }

    private double tail(double[] v, int from) {
        double sum = 0;
        for (int i = from + 1; i < from + dim; i++) {
            sum += v[i] * v[i];
        }
        return Math.sqrt(sum);
    }

    /** v'J v, without the cancellation of squares. */
    private double determinant(double[] v, int from) {
        double norm = tail(v, from);
        return (v[from] - norm) * (v[from] + norm);
    }

    @Override
    public boolean scale(double[] s, double[] z, double mu, boolean dualOnly) {
        double detS = determinant(s, at);
        double detZ = determinant(z, at);
        if (!(detS > 0 && detZ > 0 && s[at] > 0 && z[at] > 0)) {
            return false;
        }
        double fs = 1 / Math.sqrt(detS);
        double fz = 1 / Math.sqrt(detZ);
        double sz = 0;
        for (int i = at; i < at + dim; i++) {
            sz += s[i] * z[i];
        }
        double g = 0.5 / Math.sqrt(0.5 * (1 + fs * fz * sz));
        double sum = 0;
        for (int i = 1; i < dim; i++) {
            w[i] = g * (fs * s[at + i] - fz * z[at + i]);
            sum += w[i] * w[i];
        }
        w[0] = Math.sqrt(1 + sum); // exactly w'J w = 1
        e = Math.sqrt(Math.sqrt(detS) * fz);
        timesW(z, at, lambda);
        return e > 0 && Double.isFinite(e) && Double.isFinite(w[0]);
    }

    @Override
    public Layout layout() {
        return dim <= SHORT ? Layout.ROTATED : Layout.EXPANDED;
    }

    @Override
    public void hessian(double[] out) {
        double e2 = e * e;
        double wide = w[0] + tail(w, 0);
        if (layout() == Layout.ROTATED) {
            Arrays.fill(out, 0, dim, e2);
            out[0] = e2 * wide * wide;
            if (dim > 1) {
                out[1] = e2 / (wide * wide); // (w0 - |w1|)^2, without cancellation
            }
            return;
        }
        double ww = 2 * w[0] * w[0] - 1;
        double d = 0.5 / ww;
        double u0 = Math.sqrt(ww - d);
        double u1 = 2 * w[0] / u0;
        double v1 = Math.sqrt((2 + 1 / ww) / (ww - d));
        Arrays.fill(out, 0, dim, e2);
        out[0] = e2 * d;
        for (int i = 0; i < dim; i++) {
            out[dim + i] = e2 * (i == 0 ? 0 : v1 * w[i]);
            out[2 * dim + 1 + i] = e2 * (i == 0 ? u0 : u1 * w[i]);
        }
        out[2 * dim] = e2;
        out[3 * dim + 1] = -e2;
    }

    /**
     * The eigenvectors of H are (1, +-w1 / |w1|) / sqrt 2 and what is orthogonal to them: a
     * reflection takes w1 to the first axis of the tail, then the two are mixed.
     */
    @Override
    public void rotate(double[] v, boolean back) {
        if (dim == 1) {
            return;
        }
        if (back) {
            mix(v);
        }
        double norm = tail(w, 0);
        double sign = w[1] < 0 ? 1 : -1; // of the first axis, after the reflection
        if (norm > 0) {
            v[1] *= back ? sign : 1;
            reflect(v, norm, w[1] - sign * norm);
            v[1] *= back ? 1 : sign;
        }
        if (!back) {
            mix(v);
        }
    }

    private static void mix(double[] v) {
        double a = v[0];
        double b = v[1];
        v[0] = (a + b) * Math.sqrt(0.5);
        v[1] = (a - b) * Math.sqrt(0.5);
    }

    /** Takes w1 to a multiple of the first axis. */
    private void reflect(double[] v, double norm, double head) {
        double dot = head * v[1];
        for (int i = 2; i < dim; i++) {
            dot += w[i] * v[i];
        }
        double f = dot / (norm * Math.abs(head));
        v[1] -= f * head;
        for (int i = 2; i < dim; i++) {
            v[i] -= f * w[i];
        }
    }

    /** W (W v): the entries of H are squares of those of W and would lose what W keeps. */
    @Override
    public void times(double[] v, double[] out) {
        timesW(v, at, p);
        timesW(p, 0, q);
        System.arraycopy(q, 0, out, at, dim);
    }

    /** out = W v, v beginning at {@code from}. */
    private void timesW(double[] v, int from, double[] out) {
        double dot = 0;
        for (int i = 1; i < dim; i++) {
            dot += w[i] * v[from + i];
        }
        double f = v[from] + dot / (1 + w[0]);
        for (int i = 1; i < dim; i++) {
            out[i] = e * (v[from + i] + f * w[i]);
        }
        out[0] = e * (w[0] * v[from] + dot);
    }

    /** out = W^-1 v, v beginning at {@code from}. */
    private void timesInverse(double[] v, int from, double[] out) {
        double dot = 0;
        for (int i = 1; i < dim; i++) {
            dot += w[i] * v[from + i];
        }
        double f = -v[from] + dot / (1 + w[0]);
        for (int i = 1; i < dim; i++) {
            out[i] = (v[from + i] + f * w[i]) / e;
        }
        out[0] = (w[0] * v[from] - dot) / e;
    }

    /** s + W (lambda \ (W^-1 ds o W dz - sigma mu e)). */
    @Override
    public void correct(
            double[] s, double[] z, double[] ds, double[] dz, double sigmaMu, double[] out) {
        timesInverse(ds, at, p);
        timesW(dz, at, q);
        double dot = 0;
        for (int i = 0; i < dim; i++) {
            dot += p[i] * q[i];
        }
        for (int i = 1; i < dim; i++) {
            p[i] = p[0] * q[i] + q[0] * p[i];
        }
        p[0] = dot - sigmaMu;
        double cross = 0;
        for (int i = 1; i < dim; i++) {
            cross += lambda[i] * p[i];
        }
        q[0] = (lambda[0] * p[0] - cross) / determinant(lambda, 0);
        for (int i = 1; i < dim; i++) {
            q[i] = (p[i] - q[0] * lambda[i]) / lambda[0];
        }
        timesW(q, 0, p);
        for (int i = 0; i < dim; i++) {
            out[at + i] = s[at + i] + p[i];
        }
    }

    @Override
    public double step(double[] s, double[] z, double[] ds, double[] dz, double most) {
        return Math.min(most, Math.min(reach(s, ds), reach(z, dz)));
    }

    /**
     * The smallest positive root of (v + a d)'J (v + a d) = 0, and where v + a d would leave
     * through the apex, which rounding can hide from the discriminant.
     */
    private double reach(double[] v, double[] d) {
        double apex = d[at] < 0 ? -v[at] / d[at] : Double.POSITIVE_INFINITY;
        double qa = determinant(d, at);
        double qb = v[at] * d[at];
        for (int i = at + 1; i < at + dim; i++) {
            qb -= v[i] * d[i];
        }
        double qc = Math.max(0, determinant(v, at));
        double disc = qb * qb - qa * qc;
        if (disc < 0 || (qa >= 0 && qb >= 0)) {
            return apex;
        }
        if (qb >= 0) {
            return Math.min(apex, (-qb - Math.sqrt(disc)) / qa);
        }
        double root = -qb + Math.sqrt(disc);
        return Math.min(apex, qa > 0 ? Math.min(qc / root, root / qa) : qc / root);
    }

    @Override
    public boolean isCentral(double[] s, double[] z, double mu) {
        return true;
    }
}

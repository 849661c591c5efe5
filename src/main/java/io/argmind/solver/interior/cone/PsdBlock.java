package io.argmind.solver.interior.cone;

import io.argmind.linalg.SingularValues;
import io.argmind.linalg.SmallestEigenvalue;
import java.util.Arrays;

/**
 * Positive semidefinite k x k matrices, with Nesterov and Todd's scaling H: V -> RR' V RR', where
 * R'ZR = R^-1 S R^-T = diag(lambda) (Vandenberghe, The CVXOPT linear and quadratic cone program
 * solvers, 2010, section 4.3).
 */
final class PsdBlock implements ConeBlock {
    private final int at;
    private final int dim;
    private final int k;
    private final double[] lambda; // [k]
    private final double[] r; // [k, k]
    private final double[] rt; // [k, k] R'
    private final double[] ri; // [k, k] R^-1
    private final double[] vt; // [k, k] the eigenvectors of RR', as rows
    private final double[] sigma; // [k] the singular values of R
    private final double[] a; // [k, k] work, as all below
    private final double[] b;
    private final double[] c;
    private final double[] d;
    private final double[] e;
    private final double[] f;

    PsdBlock(int at, int k) {
        this.at = at;
        this.k = k;
        dim = k * (k + 1) / 2;
        lambda = new double[k];
        r = new double[k * k];
        rt = new double[k * k];
        ri = new double[k * k];
        vt = new double[k * k];
        sigma = new double[k];
        a = new double[k * k];
        b = new double[k * k];
        c = new double[k * k];
        d = new double[k * k];
        e = new double[k];
        f = new double[k];
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
        return k;
    }

    @Override
    public boolean isSymmetric() {
        return true;
    }

    @Override
    public void center(double[] s, double[] z) {
        Arrays.fill(s, at, at + dim, 0);
        Arrays.fill(z, at, at + dim, 0);
        shift(s, 1);
        shift(z, 1);
        scale(s, z, 1, false);
    }

    @Override
    public double margin(double[] v) {
        Svec.unpack(v, at, k, a);
        return SmallestEigenvalue.of(a, k, e, f);
    }

    @Override
    public void shift(double[] v, double by) {
        int q = at;
        for (int j = 0; j < k; j++) {
            v[q] += by;
            q += k - j;
        }
    }

    @Override
    public boolean scale(double[] s, double[] z, double mu, boolean dualOnly) {
        Svec.unpack(s, at, k, a);
        Svec.unpack(z, at, k, b);
        if (!Svec.factor(a, k) || !Svec.factor(b, k)) {
            return false;
        }
        Svec.transpose(a, k, c); // L1'
        Svec.transpose(b, k, rt); // L2'
        Svec.multiply(c, b, k, d); // (L2'L1)' = L1'L2
        SingularValues.decompose(d, k, c, lambda); // d = U', c = V'
        for (int j = 0; j < k; j++) {
            if (!(lambda[j] > 0)) {
                return false;
            }
        }
        Svec.multiply(d, rt, k, ri); // U'L2'
        Svec.multiplyTransposed(c, a, k, rt); // V'L1' = (L1 V)'
        for (int j = 0; j < k; j++) {
            double g = 1 / Math.sqrt(lambda[j]);
            for (int i = 0; i < k; i++) {
                ri[j * k + i] *= g;
                rt[j * k + i] *= g;
            }
        }
        Svec.transpose(rt, k, r);
        System.arraycopy(rt, 0, vt, 0, k * k);
        SingularValues.decompose(vt, k, a, sigma);
        return true;
    }

    @Override
    public Layout layout() {
        return Layout.ROTATED;
    }

    @Override
    public void hessian(double[] out) {
        int q = 0;
        for (int j = 0; j < k; j++) {
            for (int i = j; i < k; i++) {
                double g = sigma[i] * sigma[j];
                out[q++] = g * g;
            }
        }
    }

    @Override
    public void rotate(double[] v, boolean back) {
        Svec.unpack(v, 0, k, a);
        if (back) {
            Svec.transpose(vt, k, d);
            sandwich(d, a, b);
        } else {
            sandwich(vt, a, b);
        }
        Svec.pack(b, k, v, 0);
    }

    @Override
    public void times(double[] v, double[] out) {
        Svec.unpack(v, at, k, a);
        sandwich(rt, a, b);
        sandwich(r, b, a);
        Svec.pack(a, k, out, at);
    }

    /** out = M X M', with X in a or any matrix but c; c is overwritten. */
    private void sandwich(double[] m, double[] x, double[] out) {
        Svec.multiply(m, x, k, c);
        Svec.multiplyTransposed(c, m, k, out);
    }

    /** s + R (lambda \ (R^-1 dS R^-T o R'dZ R - sigma mu I)) R'. */
    @Override
    public void correct(
            double[] s, double[] z, double[] ds, double[] dz, double sigmaMu, double[] out) {
        Svec.unpack(ds, at, k, a);
        sandwich(ri, a, b);
        Svec.unpack(dz, at, k, a);
        sandwich(rt, a, d);
        Svec.multiply(b, d, k, a);
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                double product = 0.5 * (a[i * k + j] + a[j * k + i]) - (i == j ? sigmaMu : 0);
                b[i * k + j] = 2 * product / (lambda[i] + lambda[j]);
            }
        }
        sandwich(r, b, d);
        Svec.pack(d, k, out, at);
        for (int i = at; i < at + dim; i++) {
            out[i] += s[i];
        }
    }

    @Override
    public double step(double[] s, double[] z, double[] ds, double[] dz, double most) {
        return Math.min(most, Math.min(reach(ds, ri), reach(dz, rt)));
    }

    /** How far lambda + a M dV M' stays positive semidefinite. */
    private double reach(double[] dv, double[] m) {
        Svec.unpack(dv, at, k, a);
        sandwich(m, a, b);
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                b[i * k + j] /= Math.sqrt(lambda[i]) * Math.sqrt(lambda[j]);
            }
        }
        double least = SmallestEigenvalue.of(b, k, e, f);
        return least < 0 ? -1 / least : Double.POSITIVE_INFINITY;
    }

    @Override
    public boolean isCentral(double[] s, double[] z, double mu) {
        return true;
    }
}

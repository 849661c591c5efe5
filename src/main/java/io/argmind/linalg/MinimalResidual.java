package io.argmind.linalg;

import java.util.Arrays;

/**
 * A few steps of the generalized minimal residual method, preconditioned from the right (Saad, A
 * flexible inner-outer preconditioned GMRES algorithm, SIAM J. Sci. Comput. 14, 1993): where a
 * factorization is off in a few directions only, it repairs what plain iterative refinement cannot.
 * A workspace, made once.
 */
public final class MinimalResidual {

    /** What a square matrix does. */
    @FunctionalInterface
    public interface Operator {
        /** out = M v. */
        void apply(double[] v, double[] out);
    }

    private final int size;
    private final int most;
    private final double[][] basis; // [most + 1][size] orthonormal
    private final double[][] preconditioned; // [most][size]
    private final double[][] r; // [most][most + 1] columns of the triangular factor
    private final double[] cos;
    private final double[] sin;
    private final double[] g; // [most + 1] the rotated right-hand side

    /**
     * A workspace.
     *
     * @param size the number of unknowns
     * @param most the most steps
     */
    public MinimalResidual(int size, int most) {
        this.size = size;
        this.most = most;
        basis = new double[most + 1][size];
        preconditioned = new double[most][size];
        r = new double[most][most + 1];
        cos = new double[most];
        sin = new double[most];
        g = new double[most + 1];
    }

    /**
     * Adds to u what makes the residual smaller.
     *
     * @param matrix the matrix K
     * @param inverse nearly its inverse
     * @param residual [size] f - K u for the u given; not changed
     * @param u [size] changed
     * @param target the Euclidean norm of the residual to stop at
     */
    public void improve(
            Operator matrix, Operator inverse, double[] residual, double[] u, double target) {
        double norm = Vectors.norm2(residual);
        if (!(norm > target) || !Double.isFinite(norm)) {
            return;
        }
        scaled(residual, 1 / norm, basis[0]);
        Arrays.fill(g, 0);
        g[0] = norm;
        int k = 0;
        while (k < most && Math.abs(g[k]) > target) {
            inverse.apply(basis[k], preconditioned[k]);
            matrix.apply(preconditioned[k], basis[k + 1]);
            if (!orthogonalize(k)) {
                break;
            }
            k++;
        }
        for (int i = k - 1; i >= 0; i--) {
            double y = g[i];
            for (int j = i + 1; j < k; j++) {
                y -= r[j][i] * g[j];
            }
            g[i] = y / r[i][i];
        }
        for (int i = 0; i < k; i++) {
            Vectors.addTimes(g[i], preconditioned[i], u);
        }
    }

    /** Makes column k of the Hessenberg matrix and rotates it; false where that breaks down. */
    private boolean orthogonalize(int k) {
        double[] w = basis[k + 1];
        double[] h = r[k];
        for (int i = 0; i <= k; i++) {
            h[i] = Vectors.dot(basis[i], w);
            Vectors.addTimes(-h[i], basis[i], w);
        }
        double below = Vectors.norm2(w);
        if (!Double.isFinite(below)) {
            return false;
        }
        for (int i = 0; i < k; i++) {
            double t = cos[i] * h[i] + sin[i] * h[i + 1];
            h[i + 1] = cos[i] * h[i + 1] - sin[i] * h[i];
            h[i] = t;
        }
        double length = Math.hypot(h[k], below);
        if (!(length > 0)) {
            return false;
        }
        cos[k] = h[k] / length;
        sin[k] = below / length;
        h[k] = length;
        g[k + 1] = -sin[k] * g[k];
        g[k] *= cos[k];
        scaled(w, below > 0 ? 1 / below : 0, w);
        return true;
    }

    private void scaled(double[] v, double f, double[] out) {
        for (int i = 0; i < size; i++) {
            out[i] = f * v[i];
        }
    }
}

package io.argmind.linalg;

import java.util.Arrays;

/**
 * The singular value decomposition of a square matrix by one-sided Jacobi rotations (Hestenes;
 * Demmel and Veselic, Jacobi's method is more accurate than QR, SIAM J. Matrix Anal. Appl. 13,
 * 1992), which also gets small singular values to full relative accuracy.
 */
public final class SingularValues {
    private static final int SWEEPS = 40;
    private static final double ORTHOGONAL = 1e-15;

    private SingularValues() {}

    /**
     * Decomposes M = U diag(sigma) V'.
     *
     * @param m [n, n] M', row-major (row j is column j of M); overwritten by U'
     * @param v [n, n] overwritten by V', row-major
     * @param sigma [n] overwritten; positive for a regular M, in no particular order
     */
    public static void decompose(double[] m, int n, double[] v, double[] sigma) {
        Arrays.fill(v, 0, n * n, 0);
        for (int i = 0; i < n; i++) {
            v[i * n + i] = 1;
        }
        boolean rotated = true;
        for (int sweep = 0; sweep < SWEEPS && rotated; sweep++) {
            rotated = false;
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotated |= rotate(m, n, v, p * n, q * n);
                }
            }
        }
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += m[j * n + i] * m[j * n + i];
            }
            sigma[j] = Math.sqrt(sum);
            double f = sum > 0 ? 1 / sigma[j] : 0;
            for (int i = 0; i < n; i++) {
                m[j * n + i] *= f;
            }
        }
    }

    private static boolean rotate(double[] m, int n, double[] v, int p, int q) {
        double pp = 0;
        double qq = 0;
        double pq = 0;
        for (int i = 0; i < n; i++) {
            pp += m[p + i] * m[p + i];
            qq += m[q + i] * m[q + i];
            pq += m[p + i] * m[q + i];
        }
        if (!(Math.abs(pq) > ORTHOGONAL * Math.sqrt(pp) * Math.sqrt(qq))) {
            return false;
        }
        double zeta = (qq - pp) / (2 * pq);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double c = 1 / Math.sqrt(1 + t * t);
        turn(m, n, p, q, c, c * t);
        turn(v, n, p, q, c, c * t);
        return true;
    }

    private static void turn(double[] m, int n, int p, int q, double c, double s) {
        for (int i = 0; i < n; i++) {
            double x = m[p + i];
            double y = m[q + i];
            m[p + i] = c * x - s * y;
            m[q + i] = s * x + c * y;
        }
    }
}

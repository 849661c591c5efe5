package io.argmind.linalg;

/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix by cyclic Jacobi rotations (Golub and
 * Van Loan, Matrix Computations, 4th ed., 8.5): slower than tridiagonalization, but small
 * eigenvalues keep their digits, and nothing can fail to converge. For matrices of a few hundred
 * rows at most.
 *
 * @param values [n] in the order in which they came out
 * @param vectors [n, n] row-major, orthonormal columns: column k belongs to value k
 */
public record SymmetricEigen(double[] values, double[] vectors) {
    private static final int SWEEPS = 60;

    /**
     * Decomposes a symmetric matrix.
     *
     * @param matrix [n, n] row-major, finite; not changed
     */
    public static SymmetricEigen of(double[] matrix, int n) {
        double[] a = matrix.clone();
        double[] v = new double[n * n];
        for (int i = 0; i < n; i++) {
            v[i * n + i] = 1;
        }
        boolean rotated = true;
        for (int sweep = 0; rotated && sweep < SWEEPS; sweep++) {
            rotated = false;
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotated |= annihilate(a, v, n, p, q);
                }
            }
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = a[i * n + i];
        }
        return new SymmetricEigen(values, v);
    }

    /** Rotates rows and columns p and q so that a_pq becomes zero; whether there was anything. */
    private static boolean annihilate(double[] a, double[] v, int n, int p, int q) {
        double off = a[p * n + q];
        double size = Math.abs(a[p * n + p]) + Math.abs(a[q * n + q]);
        if (off == 0 || size + Math.abs(off) == size) {
            a[p * n + q] = 0;
            a[q * n + p] = 0;
            return false;
        }
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(1, theta));
        double c = 1 / Math.hypot(1, t);
        double s = t * c;
        double app = a[p * n + p] - t * off;
        double aqq = a[q * n + q] + t * off;
        for (int i = 0; i < n; i++) {
            double aip = a[i * n + p];
            double aiq = a[i * n + q];
            a[i * n + p] = c * aip - s * aiq;
            a[i * n + q] = s * aip + c * aiq;
            a[p * n + i] = a[i * n + p];
            a[q * n + i] = a[i * n + q];
            double vip = v[i * n + p];
            double viq = v[i * n + q];
            v[i * n + p] = c * vip - s * viq;
            v[i * n + q] = s * vip + c * viq;
        }
        a[p * n + p] = app;
        a[q * n + q] = aqq;
        a[p * n + q] = 0;
        a[q * n + p] = 0;
        return true;
    }
}

package io.argmind.linalg;

/** Definiteness of dense symmetric matrices, by the Cholesky factorization K = L L'. */
public final class Cholesky {
    private static final double PIVOT = 1e-12;

    private Cholesky() {}

    /** Whether K is positive definite by a margin of 1e-12 of its largest diagonal entry. */
    public static boolean isPositiveDefinite(double[] k, int n) {
        return smallestPivot(k.clone(), n) > PIVOT * largestDiagonal(k, n);
    }

    /**
     * Whether K is positive semidefinite up to rounding: K + shift I has a Cholesky factorization.
     *
     * @param shift a small positive number in the units of K
     */
    public static boolean isPositiveSemidefinite(double[] k, int n, double shift) {
        double[] shifted = k.clone();
        for (int i = 0; i < n; i++) {
            shifted[i * n + i] += shift;
        }
        return smallestPivot(shifted, n) > 0;
    }

    private static double largestDiagonal(double[] k, int n) {
        double max = 0;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, Math.abs(k[i * n + i]));
        }
        return max;
    }

    /** The smallest pivot, or the first one that is not positive; K is overwritten. */
    private static double smallestPivot(double[] k, int n) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = k[i * n + j] - Kernels.dot(k, i * n, k, j * n, j);
                if (i > j) {
                    k[i * n + j] = sum / k[j * n + j];
                } else {
                    smallest = Math.min(smallest, sum);
                    if (!(sum > 0)) {
                        return sum;
                    }
                    k[i * n + i] = Math.sqrt(sum);
                }
            }
        }
        return smallest;
    }
}

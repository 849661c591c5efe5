package io.argmind.solver.interior.cone;

import java.util.Arrays;

/**
 * Symmetric k x k matrices as vectors of their lower triangle by columns with off-diagonal entries
 * times sqrt 2, so that inner products agree; and small dense products of them, row-major.
 */
final class Svec {
    private static final double SQRT_HALF = Math.sqrt(0.5);

    private Svec() {}

    /** full[k, k] = the matrix of v, which begins at {@code at}. */
    static void unpack(double[] v, int at, int k, double[] full) {
        int q = at;
        for (int j = 0; j < k; j++) {
            full[j * k + j] = v[q++];
            for (int i = j + 1; i < k; i++) {
                double x = SQRT_HALF * v[q++];
                full[i * k + j] = x;
                full[j * k + i] = x;
            }
        }
    }

    /** v, beginning at {@code at}, = the vector of the symmetric part of full[k, k]. */
    static void pack(double[] full, int k, double[] v, int at) {
        int q = at;
        for (int j = 0; j < k; j++) {
            v[q++] = full[j * k + j];
            for (int i = j + 1; i < k; i++) {
                v[q++] = SQRT_HALF * (full[i * k + j] + full[j * k + i]);
            }
        }
    }

    /** out = A B, all [k, k]. */
    static void multiply(double[] a, double[] b, int k, double[] out) {
        Arrays.fill(out, 0, k * k, 0);
        for (int i = 0; i < k; i++) {
            for (int q = 0; q < k; q++) {
                double f = a[i * k + q];
                for (int j = 0; j < k; j++) {
                    out[i * k + j] += f * b[q * k + j];
                }
            }
        }
    }

    /** out = A B', all [k, k]. */
    static void multiplyTransposed(double[] a, double[] b, int k, double[] out) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                double sum = 0;
                for (int q = 0; q < k; q++) {
                    sum += a[i * k + q] * b[j * k + q];
                }
                out[i * k + j] = sum;
            }
        }
    }

    static void transpose(double[] a, int k, double[] out) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < k; j++) {
                out[j * k + i] = a[i * k + j];
            }
        }
    }

    /** Overwrites the symmetric a with its lower Cholesky factor; false if it is not definite. */
    static boolean factor(double[] a, int k) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i * k + j];
                for (int q = 0; q < j; q++) {
                    sum -= a[i * k + q] * a[j * k + q];
                }
                if (i > j) {
                    a[i * k + j] = sum / a[j * k + j];
                } else if (sum > 0) {
                    a[i * k + i] = Math.sqrt(sum);
                } else {
                    return false;
                }
            }
            Arrays.fill(a, i * k + i + 1, (i + 1) * k, 0);
        }
        return true;
    }
}

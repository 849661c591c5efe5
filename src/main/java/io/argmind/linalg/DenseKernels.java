package io.argmind.linalg;

import java.util.Arrays;

/** The dense inner loops of the sparse factorization, on column-major panels. */
final class DenseKernels {
    private DenseKernels() {}

    /**
     * C = X F', the part of it on and below the diagonal; the rest of C is unspecified.
     *
     * @param x X[m, width] begins at {@code at}, column-major with leading dimension {@code lead}
     * @param f F[cols, width], row-major
     * @param c C[m, cols], column-major, overwritten
     */
    static void outer(
            double[] x, int at, int lead, int m, int width, double[] f, int cols, double[] c) {
        int j = 0;
        for (; j + 4 <= cols; j += 4) {
            int c0 = j * m;
            Arrays.fill(c, c0, c0 + 4 * m, 0);
            int k = 0;
            for (; k + 2 <= width; k += 2) {
                fourByTwo(x, at + k * lead, lead, m, f, j * width + k, width, c, c0, j);
            }
            for (; k < width; k++) {
                fourByOne(x, at + k * lead, m, f, j * width + k, width, c, c0, j);
            }
        }
        for (; j < cols; j++) {
            int c0 = j * m;
            Arrays.fill(c, c0, c0 + m, 0);
            for (int k = 0; k < width; k++) {
                double g = f[j * width + k];
                int from = at + k * lead;
                for (int i = j; i < m; i++) {
                    c[c0 + i] += g * x[from + i];
                }
            }
        }
    }

    private static void fourByTwo(
            double[] x,
            int at,
            int lead,
            int m,
            double[] f,
            int k,
            int width,
            double[] c,
            int c0,
            int from) {
        double a0 = f[k];
        double a1 = f[k + 1];
        double b0 = f[k + width];
        double b1 = f[k + width + 1];
        double d0 = f[k + 2 * width];
        double d1 = f[k + 2 * width + 1];
        double e0 = f[k + 3 * width];
        double e1 = f[k + 3 * width + 1];
        int at1 = at + lead;
        int c1 = c0 + m;
        int c2 = c1 + m;
        int c3 = c2 + m;
        for (int i = from; i < m; i++) {
            double u = x[at + i];
            double v = x[at1 + i];
            c[c0 + i] += a0 * u + a1 * v;
            c[c1 + i] += b0 * u + b1 * v;
            c[c2 + i] += d0 * u + d1 * v;
            c[c3 + i] += e0 * u + e1 * v;
        }
    }

    private static void fourByOne(
            double[] x, int at, int m, double[] f, int k, int width, double[] c, int c0, int from) {
        double a = f[k];
        double b = f[k + width];
        double d = f[k + 2 * width];
        double e = f[k + 3 * width];
        for (int i = from; i < m; i++) {
            double u = x[at + i];
            c[c0 + i] += a * u;
            c[c0 + m + i] += b * u;
            c[c0 + 2 * m + i] += d * u;
            c[c0 + 3 * m + i] += e * u;
        }
    }

    /** Column at {@code to} -= the first {@code count} columns times f, rows from .. end - 1. */
    static void subtractColumns(
            double[] x, int at, int lead, int count, double[] f, int to, int from, int end) {
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            int x0 = at + k * lead;
            int x1 = x0 + lead;
            int x2 = x1 + lead;
            int x3 = x2 + lead;
            double f0 = f[k];
            double f1 = f[k + 1];
            double f2 = f[k + 2];
            double f3 = f[k + 3];
            for (int i = from; i < end; i++) {
                x[to + i] -= f0 * x[x0 + i] + f1 * x[x1 + i] + f2 * x[x2 + i] + f3 * x[x3 + i];
            }
        }
        for (; k < count; k++) {
            int x0 = at + k * lead;
            double f0 = f[k];
            for (int i = from; i < end; i++) {
                x[to + i] -= f0 * x[x0 + i];
            }
        }
    }

    /** The sum of x[at + i] y[i] for i in from .. end - 1, in four partial sums. */
    static double dot(double[] x, int at, double[] y, int from, int end) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        for (; i + 4 <= end; i += 4) {
            s0 += x[at + i] * y[i];
            s1 += x[at + i + 1] * y[i + 1];
            s2 += x[at + i + 2] * y[i + 2];
            s3 += x[at + i + 3] * y[i + 3];
        }
        for (; i < end; i++) {
            s0 += x[at + i] * y[i];
        }
        return s0 + s1 + s2 + s3;
    }
}

package io.argmind.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The dense inner loops of the sparse factorization, on column-major panels. */
final class DenseKernels {
    private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;
    private static final int L = LANES.length();

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
            int i = j;
            for (; i + 2 * L <= m; i += 2 * L) {
                tile(x, at + i, lead, width, f, j * width, c, j * m + i, m);
            }
            for (; i + L <= m; i += L) {
                strip(x, at + i, lead, width, f, j * width, c, j * m + i, m);
            }
            for (; i < m; i++) {
                for (int q = j; q < j + 4; q++) {
                    c[q * m + i] = dotStrided(x, at + i, lead, width, f, q * width);
                }
            }
        }
        for (; j < cols; j++) {
            int i = j;
            for (; i + L <= m; i += L) {
                column(x, at + i, lead, width, f, j * width, c, j * m + i);
            }
            for (; i < m; i++) {
                c[j * m + i] = dotStrided(x, at + i, lead, width, f, j * width);
            }
        }
    }

    /** Two vectors of rows by four columns of C, in registers. */
    private static void tile(
            double[] x,
            int at,
            int lead,
            int width,
            double[] f,
            int f0,
            double[] c,
            int to,
            int m) {
        DoubleVector a0 = DoubleVector.zero(LANES);
        DoubleVector a1 = a0;
        DoubleVector a2 = a0;
        DoubleVector a3 = a0;
        DoubleVector b0 = a0;
        DoubleVector b1 = a0;
        DoubleVector b2 = a0;
        DoubleVector b3 = a0;
        int f1 = f0 + width;
        int f2 = f1 + width;
        int f3 = f2 + width;
        int from = at;
        for (int k = 0; k < width; k++) {
            DoubleVector u = DoubleVector.fromArray(LANES, x, from);
            DoubleVector v = DoubleVector.fromArray(LANES, x, from + L);
            DoubleVector g0 = DoubleVector.broadcast(LANES, f[f0 + k]);
            DoubleVector g1 = DoubleVector.broadcast(LANES, f[f1 + k]);
            a0 = u.fma(g0, a0);
            b0 = v.fma(g0, b0);
            a1 = u.fma(g1, a1);
            b1 = v.fma(g1, b1);
            DoubleVector g2 = DoubleVector.broadcast(LANES, f[f2 + k]);
            DoubleVector g3 = DoubleVector.broadcast(LANES, f[f3 + k]);
            a2 = u.fma(g2, a2);
            b2 = v.fma(g2, b2);
            a3 = u.fma(g3, a3);
            b3 = v.fma(g3, b3);
            from += lead;
        }
        a0.intoArray(c, to);
        b0.intoArray(c, to + L);
        a1.intoArray(c, to + m);
        b1.intoArray(c, to + m + L);
        a2.intoArray(c, to + 2 * m);
        b2.intoArray(c, to + 2 * m + L);
        a3.intoArray(c, to + 3 * m);
        b3.intoArray(c, to + 3 * m + L);
    }

    /** One vector of rows by four columns of C. */
    private static void strip(
            double[] x,
            int at,
            int lead,
            int width,
            double[] f,
            int f0,
            double[] c,
            int to,
            int m) {
        DoubleVector a0 = DoubleVector.zero(LANES);
        DoubleVector a1 = a0;
        DoubleVector a2 = a0;
        DoubleVector a3 = a0;
        int from = at;
        for (int k = f0; k < f0 + width; k++) {
            DoubleVector u = DoubleVector.fromArray(LANES, x, from);
            a0 = u.fma(DoubleVector.broadcast(LANES, f[k]), a0);
            a1 = u.fma(DoubleVector.broadcast(LANES, f[k + width]), a1);
            a2 = u.fma(DoubleVector.broadcast(LANES, f[k + 2 * width]), a2);
            a3 = u.fma(DoubleVector.broadcast(LANES, f[k + 3 * width]), a3);
            from += lead;
        }
        a0.intoArray(c, to);
        a1.intoArray(c, to + m);
        a2.intoArray(c, to + 2 * m);
        a3.intoArray(c, to + 3 * m);
    }

    private static void column(
            double[] x, int at, int lead, int width, double[] f, int f0, double[] c, int to) {
        DoubleVector a = DoubleVector.zero(LANES);
        int from = at;
        for (int k = f0; k < f0 + width; k++) {
            DoubleVector u = DoubleVector.fromArray(LANES, x, from);
            a = u.fma(DoubleVector.broadcast(LANES, f[k]), a);
            from += lead;
        }
        a.intoArray(c, to);
    }

    private static double dotStrided(double[] x, int at, int lead, int width, double[] f, int f0) {
        double sum = 0;
        int from = at;
        for (int k = f0; k < f0 + width; k++) {
            sum += x[from] * f[k];
            from += lead;
        }
        return sum;
    }

    /** Column at {@code to} -= the first {@code count} columns times f, rows from .. end - 1. */
    static void subtractColumns(
            double[] x, int at, int lead, int count, double[] f, int to, int from, int end) {
        if (count == 0) {
            return;
        }
        int i = from;
        for (; i + 2 * L <= end; i += 2 * L) {
            DoubleVector a = DoubleVector.zero(LANES);
            DoubleVector b = a;
            int col = at + i;
            for (int k = 0; k < count; k++) {
                DoubleVector g = DoubleVector.broadcast(LANES, f[k]);
                a = DoubleVector.fromArray(LANES, x, col).fma(g, a);
                b = DoubleVector.fromArray(LANES, x, col + L).fma(g, b);
                col += lead;
            }
            DoubleVector.fromArray(LANES, x, to + i).sub(a).intoArray(x, to + i);
            DoubleVector.fromArray(LANES, x, to + i + L).sub(b).intoArray(x, to + i + L);
        }
        for (; i < end; i++) {
            x[to + i] -= dotStrided(x, at + i, lead, count, f, 0);
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

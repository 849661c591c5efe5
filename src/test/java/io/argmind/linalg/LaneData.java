package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import java.util.Arrays;

/** Numbers for lanes, and comparisons lane by lane. */
final class LaneData {
    private static final int W = Lanes.WIDTH;

    private LaneData() {}

    /** A vector with other numbers in every lane. */
    static double[] vector(Draw draw, int length) {
        return draw.gaussians(length * W);
    }

    /** The same with small integers, whose sums of products are exact in any order. */
    static double[] integers(Draw draw, int length) {
        return integerArray(draw, length * W);
    }

    static double[] integerArray(Draw draw, int count) {
        double[] x = new double[count];
        for (int i = 0; i < count; i++) {
            x[i] = draw.integer(-9, 9);
        }
        return x;
    }

    /** The array behind some numbers that nobody may read. */
    static double[] shifted(double[] x, int offset) {
        double[] out = new double[offset + x.length];
        Arrays.fill(out, 0, offset, Double.NaN);
        System.arraycopy(x, 0, out, offset, x.length);
        return out;
    }

    /** A row-major symmetric matrix of small integers. */
    static double[] symmetricIntegers(Draw draw, int n) {
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                full[i * n + j] = draw.integer(-9, 9);
                full[j * n + i] = full[i * n + j];
            }
        }
        return full;
    }

    /** A vector as long as the panels are high, zero beyond the size. */
    static double[] padded(double[] x, LaneSymmetric like) {
        double[] out = like.vector();
        System.arraycopy(x, 0, out, 0, like.size() * W);
        return out;
    }

    /** y + M x of row-major M[y, x], in plain loops. */
    static double[] plusTimes(double[] M, double[] x, double[] y) {
        double[] out = y.clone();
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                out[i] += M[i * x.length + j] * x[j];
            }
        }
        return out;
    }

    /** x + M'y. */
    static double[] plusTransposeTimes(double[] M, double[] y, double[] x) {
        double[] out = x.clone();
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                out[j] += M[i * x.length + j] * y[i];
            }
        }
        return out;
    }

    /** Adds M'diag(d)M to the leading block of S[n, n]. */
    static void addGram(double[] M, double[] d, int cols, double[] S, int n) {
        for (int r = 0; r < d.length; r++) {
            for (int i = 0; i < cols; i++) {
                for (int j = 0; j < cols; j++) {
                    S[i * n + j] += M[r * cols + i] * d[r] * M[r * cols + j];
                }
            }
        }
    }

    /** Entries agree relative to the largest. */
    static void assertClose(double[] actual, double[] expected, double accuracy) {
        double scale = 1 + Vectors.normInf(expected);
        assertThat(actual).containsExactly(expected, within(accuracy * scale));
    }
}

package io.argmind.solver.ojalgo;

import io.argmind.linalg.Matrix;
import java.util.stream.IntStream;
import org.ojalgo.structure.Mutate2D;

/**
 * Chosen rows of a sparse or dense matrix, scaled, written entry by entry into ojAlgo's sparse
 * rows.
 */
final class Rows {
    private Rows() {}

    /** The indices of the right-hand sides that bind at all. */
    static int[] finite(double[] h) {
        return IntStream.range(0, h.length)
                .filter(i -> !Double.isInfinite(h[i]) || h[i] < 0)
                .toArray();
    }

    static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    /** rhs[chosen] times the factors of those rows. */
    static double[] select(double[] rhs, int[] chosen, double[] factor) {
        double[] out = new double[chosen.length];
        for (int k = 0; k < chosen.length; k++) {
            out[k] = rhs[chosen[k]] * factor[chosen[k]];
        }
        return out;
    }

    /**
     * target[first + k, j] = row[i] M[i, j] col[j] with i = chosen[k], where M[i, j] is not zero.
     */
    static void copy(
            Matrix matrix, int[] chosen, double[] row, double[] col, Mutate2D target, int first) {
        for (int k = 0; k < chosen.length; k++) {
            int i = chosen[k];
            for (int e = matrix.pattern().start(i); e < matrix.pattern().start(i + 1); e++) {
                double v = matrix.values()[matrix.offset() + e];
                if (v != 0) {
                    int j = matrix.pattern().col(i, e);
                    target.set(first + k, j, v * row[i] * col[j]);
                }
            }
        }
    }
}

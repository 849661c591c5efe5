package io.argmind.solver.ojalgo;

import io.argmind.linalg.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ojalgo.structure.Mutate2D;

/** Chosen rows of a sparse or dense matrix, written entry by entry into ojAlgo's sparse rows. */
final class Rows {
    private Rows() {}

    /** The indices of the right-hand sides that bind at all. */
    static int[] finite(double[] h) {
        return IntStream.range(0, h.length).filter(i -> h[i] != Double.POSITIVE_INFINITY).toArray();
    }

    static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    static double[] select(double[] rhs, int[] chosen) {
        return Arrays.stream(chosen).mapToDouble(i -> rhs[i]).toArray();
    }

    /** target[k, j] = M[chosen[k], j] where that is not zero. */
    static void copy(Matrix matrix, int[] chosen, Mutate2D target) {
        for (int k = 0; k < chosen.length; k++) {
            copy(matrix, chosen[k], target, k);
        }
    }

    /** target[k, j] = M[i, j] where that is not zero. */
    static void copy(Matrix matrix, int i, Mutate2D target, int k) {
        for (int e = matrix.pattern().start(i); e < matrix.pattern().start(i + 1); e++) {
            double v = matrix.values()[matrix.offset() + e];
            if (v != 0) {
                target.set(k, matrix.pattern().col(i, e), v);
            }
        }
    }
}

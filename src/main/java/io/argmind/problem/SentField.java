package io.argmind.problem;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A field of a program as the client sent it, before anyone has checked it. */
public sealed interface SentField {

    /**
     * An array, or a number (shape without axes).
     *
     * @param shape as sent
     * @param values row-major; entries that were null are NaN
     * @param hasNulls whether some NaN stands for a null
     * @param finite whether all values are known to be finite; false where nobody has looked
     */
    record Array(int[] shape, double[] values, boolean hasNulls, boolean finite)
            implements SentField {

        public Array(int[] shape, double[] values, boolean hasNulls) {
            this(shape, values, hasNulls, false);
        }

        int rank() {
            return shape.length;
        }

        public String shapeText() {
            return "("
                    + Arrays.stream(shape)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(", "))
                    + (shape.length == 1 ? ",)" : ")");
        }
    }

    /**
     * A sparse matrix in coordinates.
     *
     * @param rows the height
     * @param cols the width
     * @param rowIndex [entries]
     * @param colIndex [entries]
     * @param values [entries] or [B, entries]
     * @param upperTriangle whether only one triangle was sent (P alone)
     */
    record Coordinates(
            int rows, int cols, int[] rowIndex, int[] colIndex, Array values, boolean upperTriangle)
            implements SentField {}
}

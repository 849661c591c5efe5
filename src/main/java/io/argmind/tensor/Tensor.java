package io.argmind.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A numeric array of any rank; a number is one without axes.
 *
 * @param shape [] for a number
 * @param values row-major; owned by the tensor, as is the shape
 * @param type how the entries are written
 * @param hasNulls whether entries were null in the document; they are NaN in {@code values}. Only
 *     plain arrays hold nulls: a NaN of a typed array is a NaN.
 * @param finite whether all entries are known to be finite, which costs least to find out while
 *     they are decoded; false where nobody has looked
 * @param missing for writing only: which of the shape[0] rows have no value. One flag for an array
 *     with more rows, or with none, or for a number, means the whole. Written as null in JSON, as
 *     NaN in CBOR.
 */
public record Tensor(
        int[] shape,
        double[] values,
        DataType type,
        boolean hasNulls,
        boolean finite,
        boolean @Nullable [] missing)
        implements Value {

    private static final int[] NO_AXES = {};
    private static final boolean[] WHOLE = {};

    public Tensor {
        if (entries(shape) != values.length) {
            throw new IllegalArgumentException(
                    "shape " + text(shape) + " does not hold " + values.length + " entries");
        }
        if (missing != null && missing.length > 1 && missing.length != rows(shape)) {
            throw new IllegalArgumentException(
                    missing.length + " flags for the rows of shape " + text(shape));
        }
    }

    public static Tensor scalar(double value) {
        return of(NO_AXES, new double[] {value});
    }

    public static Tensor of(int[] shape, double[] values) {
        return of(shape, values, DataType.UNTYPED);
    }

    public static Tensor of(int[] shape, double[] values, DataType type) {
        return of(shape, values, type, false);
    }

    static Tensor of(int[] shape, double[] values, DataType type, boolean hasNulls) {
        return new Tensor(shape, values, type, hasNulls, false, null);
    }

    /** Of entries that were looked at. */
    static Tensor typed(int[] shape, double[] values, DataType type, boolean finite) {
        return new Tensor(shape, values, type, false, finite, null);
    }

    public int rank() {
        return shape.length;
    }

    public boolean isScalar() {
        return shape.length == 0;
    }

    public Tensor withMissing(boolean[] rows) {
        return new Tensor(shape, values, type, hasNulls, finite, rows);
    }

    /** Marks the array as missing as a whole, also if it has one row only. */
    public Tensor withoutValue() {
        return withMissing(WHOLE);
    }

    /** Whether the array as a whole, not row by row, is marked as missing. */
    boolean isWholeMissing() {
        return missing != null
                && (missing.length == 0 || (missing.length != rows(shape) && missing[0]));
    }

    boolean isRowMissing(int row) {
        return missing != null && missing.length == shape[0] && missing[row];
    }

    /** The values with NaN where rows are missing. */
    double[] valuesWithNaN() {
        if (missing == null) {
            return values;
        }
        double[] written = values.clone();
        if (isWholeMissing()) {
            Arrays.fill(written, Double.NaN);
        } else if (!isScalar() && values.length > 0) {
            int width = values.length / shape[0];
            for (int row = 0; row < shape[0]; row++) {
                if (isRowMissing(row)) {
                    Arrays.fill(written, row * width, (row + 1) * width, Double.NaN);
                }
            }
        }
        return written;
    }

    /**
     * The number of entries.
     *
     * @throws ArithmeticException if no array holds so many
     */
    static int entries(int[] shape) {
        int product = 1;
        boolean empty = false;
        for (int axis : shape) {
            if (axis < 0) {
                throw new ArithmeticException("negative axis");
            }
            empty |= axis == 0;
        }
        for (int i = 0; i < shape.length && !empty; i++) {
            product = Math.multiplyExact(product, shape[i]);
        }
        return empty ? 0 : product;
    }

    static String text(int[] shape) {
        return Arrays.stream(shape)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", ", "(", shape.length == 1 ? ",)" : ")"));
    }

    private static int rows(int[] shape) {
        return shape.length == 0 ? -1 : shape[0];
    }
}

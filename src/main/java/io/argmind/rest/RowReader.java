package io.argmind.rest;

import io.argmind.linalg.Vectors;
import io.argmind.problem.ErrorList;
import io.argmind.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads arrays that have one row, or number, per instance of a batch. */
final class RowReader {
    private final ObjectReader in;
    private final int size;
    private final boolean batched;
    private final ErrorList errors;
    private final ProblemReader.Precision precision;
    private List<? extends @Nullable Object> solutions = List.of();

    /**
     * @param batched whether arrays have a batch axis, of this size
     */
    RowReader(
            ObjectReader in,
            int size,
            boolean batched,
            ErrorList errors,
            ProblemReader.Precision precision) {
        this.in = in;
        this.size = size;
        this.batched = batched;
        this.errors = errors;
        this.precision = precision;
    }

    /** Lets numbers mean nothing where an instance has no solution, which is null here. */
    RowReader ignoringInstancesWithout(List<? extends @Nullable Object> known) {
        this.solutions = known;
        return this;
    }

    private boolean isIgnored(int k, int count) {
        return !solutions.isEmpty()
                && solutions.get((int) ((long) k * solutions.size() / count)) == null;
    }

    /**
     * [size, ...] row-major, or null if the member is absent. Rows may be null where {@code
     * nullsAllowed}.
     *
     * @param one the shape of one instance's row
     */
    double @Nullable [] rows(String name, int[] one, boolean nullsAllowed) {
        int length = Arrays.stream(one).reduce(1, Math::multiplyExact);
        Tensor tensor = in.tensor(name);
        precision.see(tensor);
        boolean nothing = tensor == null ? in.isNull(name) && !batched : isNullPerInstance(tensor);
        if (nothing && (nullsAllowed || isNobodySolved())) {
            double[] missing = new double[size * length];
            Arrays.fill(missing, Double.NaN);
            return missing;
        }
        if (tensor == null) {
            return null;
        }
        boolean empty = tensor.values().length == 0 && (long) size * length == 0;
        return empty || hasShape(name, tensor, one) ? checked(name, tensor, nullsAllowed) : null;
    }

    private boolean hasShape(String name, Tensor tensor, int[] one) {
        int[] expected = one;
        if (batched) {
            expected = new int[one.length + 1];
            expected[0] = size;
            System.arraycopy(one, 0, expected, 1, one.length);
        }
        boolean right = Arrays.equals(tensor.shape(), expected);
        if (!right) {
            errors.add(
                    in.at(name),
                    "expected shape " + text(expected) + ", got " + text(tensor.shape()));
        }
        return right;
    }

    /** Whether no row says how long it would be, because all are null. */
    private boolean isNullPerInstance(Tensor tensor) {
        return batched
                && tensor.hasNulls()
                && tensor.rank() == 1
                && tensor.shape()[0] == size
                && Arrays.stream(tensor.values()).allMatch(Double::isNaN);
    }

    private boolean isNobodySolved() {
        return !solutions.isEmpty() && solutions.stream().allMatch(Objects::isNull);
    }

    /** [size], one number per instance; null if the member is absent. */
    double @Nullable [] numbers(String name) {
        Tensor tensor = in.tensor(name);
        precision.see(tensor);
        return tensor != null && hasShape(name, tensor, new int[0])
                ? checked(name, tensor, false)
                : null;
    }

    private double @Nullable [] checked(String name, Tensor tensor, boolean nullsAllowed) {
        double[] values = tensor.values();
        boolean mayPass = nullsAllowed || tensor.finite() || Vectors.allFinite(values);
        for (int k = 0; k < values.length && !mayPass; k++) {
            if (!Double.isFinite(values[k]) && !isIgnored(k, values.length)) {
                errors.add(
                        in.at(name) + place(tensor.shape(), k),
                        "expected a finite number, got "
                                + (tensor.hasNulls() ? "null" : values[k]));
                return null;
            }
        }
        return values;
    }

    private static String place(int[] shape, int k) {
        StringBuilder where = new StringBuilder();
        int rest = k;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            where.insert(0, "/" + rest % shape[axis]);
            rest /= shape[axis];
        }
        return where.toString();
    }

    static String text(int[] shape) {
        String inner = String.join(", ", Arrays.stream(shape).mapToObj(Integer::toString).toList());
        return "(" + inner + (shape.length == 1 ? ",)" : ")");
    }
}

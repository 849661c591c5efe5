package io.argmind.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the entries of one plain array at a time; its room is used again for the next one. */
final class NumberBuffer {

    private final Budget budget;
    private double[] values = new double[64];
    private int size;
    private boolean hasNulls;
    private @Nullable DataType type;

    NumberBuffer(Budget budget) {
        this.budget = budget;
    }

    int size() {
        return size;
    }

    void add(double value) {
        budget.spend(1);
        if (size == values.length) {
            grow(1);
        }
        values[size++] = value;
    }

    /** Appends a typed array, which has been counted already. */
    void add(Tensor tensor) {
        double[] added = tensor.values();
        budget.gather(added.length);
        if (added.length > values.length - size) {
            grow(added.length);
        }
        System.arraycopy(added, 0, values, size, added.length);
        size += added.length;
        hasNulls |= tensor.hasNulls();
        type = type == null || type == tensor.type() ? tensor.type() : DataType.UNTYPED;
    }

    /** Puts NaN for {@code count} rows of {@code width} null entries before position {@code at}. */
    void insertNulls(int at, int count, int width) {
        int added = Math.clamp((long) count * width, 0, Integer.MAX_VALUE);
        budget.spend(added);
        if (added > values.length - size) {
            grow(added);
        }
        System.arraycopy(values, at, values, at + added, size - at);
        Arrays.fill(values, at, at + added, Double.NaN);
        size += added;
        hasNulls |= count > 0;
    }

    /**
     * Hands out the last entries, as many as the shape has. There are others before them only
     * within an array of numbers that turns out to be none, and will be refused.
     */
    Tensor take(int[] shape) {
        int from = size - Tensor.entries(shape);
        Tensor tensor =
                Tensor.of(
                        shape,
                        Arrays.copyOfRange(values, from, size),
                        type == null ? DataType.UNTYPED : type,
                        hasNulls);
        size = from;
        hasNulls = false;
        type = null;
        return tensor;
    }

    private void grow(int added) {
        int needed = Math.addExact(size, added);
        values = Arrays.copyOf(values, (int) Math.min(Integer.MAX_VALUE - 8, 2L * needed));
    }
}

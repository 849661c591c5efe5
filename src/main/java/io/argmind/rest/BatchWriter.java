package io.argmind.rest;

import io.argmind.tensor.DataType;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes what there is one of per instance: with a batch axis exactly where the problem had one.
 */
final class BatchWriter {
    private final int size;
    private final boolean batched;
    private final DataType type;

    /**
     * @param type of numbers that answer what was asked
     */
    BatchWriter(int size, boolean batched, DataType type) {
        this.size = size;
        this.batched = batched;
        this.type = type;
    }

    /** One value per instance, or the only one. */
    Value each(IntFunction<Value> value) {
        if (!batched) {
            return value.apply(0);
        }
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(value.apply(i));
        }
        return new Value.Items(values);
    }

    Value texts(IntFunction<String> text) {
        return each(i -> new Value.Text(text.apply(i)));
    }

    Value numbers(DataType dataType, IntFunction<Double> number) {
        double[] values = new double[size];
        for (int i = 0; i < values.length; i++) {
            values[i] = number.apply(i);
        }
        return Tensor.of(batched ? new int[] {size} : new int[0], values, dataType);
    }

    /**
     * [size, ...] of rows that may be missing.
     *
     * @param one the shape of a row
     */
    Value rows(int[] one, IntFunction<double @Nullable []> row) {
        int width = Arrays.stream(one).reduce(1, Math::multiplyExact);
        double[] all = new double[size * width];
        boolean[] missing = new boolean[size];
        boolean anyMissing = false;
        for (int i = 0; i < size; i++) {
            double[] values = row.apply(i);
            if (values == null) {
                Arrays.fill(all, i * width, (i + 1) * width, Double.NaN);
                missing[i] = true;
                anyMissing = true;
            } else {
                System.arraycopy(values, 0, all, i * width, width);
            }
        }
        Tensor tensor = Tensor.of(shape(one), all, type);
        if (!anyMissing) {
            return tensor;
        }
        return batched ? tensor.withMissing(missing) : tensor.withoutValue();
    }

    private int[] shape(int[] one) {
        if (!batched) {
            return one;
        }
        int[] all = new int[one.length + 1];
        all[0] = size;
        System.arraycopy(one, 0, all, 1, one.length);
        return all;
    }

    static Value bool(@Nullable Boolean value) {
        return value == null ? new Value.Null() : new Value.Bool(value);
    }

    static Value text(@Nullable String value) {
        return value == null ? new Value.Null() : new Value.Text(value);
    }
}

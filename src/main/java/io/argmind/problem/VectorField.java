package io.argmind.problem;

import java.util.Arrays;

/**
 * A vector for every instance of a batch: one shared by all, or one each.
 *
 * @param length the entries of one instance
 * @param values [length] when shared, [B, length] when batched
 * @param batched whether each instance has its own
 * @param scalar whether the client sent one number for all entries, so that the gradient is one
 *     number too
 */
public record VectorField(int length, double[] values, boolean batched, boolean scalar) {

    public static VectorField shared(double... values) {
        return new VectorField(values.length, values, false, false);
    }

    /** A constant in every entry that the client did not send. */
    public static VectorField constant(int length, double value) {
        double[] values = new double[length];
        Arrays.fill(values, value);
        return shared(values);
    }

    /** The vector of one instance; shared vectors are one array for all. */
    public double[] of(int instance) {
        return batched
                ? Arrays.copyOfRange(values, instance * length, (instance + 1) * length)
                : values;
    }
}

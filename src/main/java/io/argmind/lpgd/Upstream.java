package io.argmind.lpgd;

import io.argmind.linalg.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Upstream gradients of one instance, or of a whole batch side by side; absent parts are zero.
 *
 * @param x [n]
 * @param y [p]
 * @param z [m]
 * @param s [m]
 * @param objective [1]
 */
public record Upstream(
        double @Nullable [] x,
        double @Nullable [] y,
        double @Nullable [] z,
        double @Nullable [] s,
        double @Nullable [] objective) {

    /** The part of one instance of a batch, whose arrays are [size, ...] row-major. */
    public Upstream of(int instance, int size) {
        return new Upstream(
                slice(x, instance, size),
                slice(y, instance, size),
                slice(z, instance, size),
                slice(s, instance, size),
                slice(objective, instance, size));
    }

    private static double @Nullable [] slice(double @Nullable [] all, int instance, int size) {
        if (all == null) {
            return null;
        }
        int length = all.length / size;
        double[] part = Arrays.copyOfRange(all, instance * length, (instance + 1) * length);
        return Vectors.isZero(part) ? null : part;
    }

    /**
     * Whether the loss sees anything but the objective, whose gradient needs no perturbed solve.
     */
    boolean perturbs() {
        return x != null || y != null || z != null || s != null;
    }
}

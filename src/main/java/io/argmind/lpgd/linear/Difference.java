package io.argmind.lpgd.linear;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.BackwardStatus;
import org.jspecify.annotations.Nullable;

/** The gradient of one instance, or its sum over samples, while it is made. */
final class Difference {
    final double[] gradient;
    BackwardStatus status = BackwardStatus.OK;
    double tau = Double.POSITIVE_INFINITY;
    double displacement;
    double noise;
    long iterations;
    long nonzeros;
    double @Nullable [] lowerX;
    double @Nullable [] upperX;
    @Nullable Boolean lowerMoved;
    @Nullable Boolean upperMoved;
    boolean clamped;

    Difference(int n) {
        this.gradient = new double[n];
    }

    static Difference failed(int n, BackwardStatus status) {
        Difference out = new Difference(n);
        out.status = status;
        return out;
    }

    /** Adds another sample's, or some samples'. */
    void add(Difference other) {
        Vectors.addTimes(1, other.gradient, gradient);
        status = worse(status, other.status);
        tau = Math.min(tau, other.tau);
        displacement = Math.max(displacement, other.displacement);
        noise = Math.max(noise, other.noise);
        iterations += other.iterations;
        nonzeros += other.nonzeros;
        lowerMoved = either(lowerMoved, other.lowerMoved);
        upperMoved = either(upperMoved, other.upperMoved);
        clamped |= other.clamped;
    }

    void divide(double by) {
        for (int j = 0; j < gradient.length; j++) {
            gradient[j] /= by;
        }
    }

    /** A mean over the samples that happened to be solved would be another mean. */
    private static BackwardStatus worse(BackwardStatus a, BackwardStatus b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    static @Nullable Boolean either(@Nullable Boolean a, @Nullable Boolean b) {
        if (a == null) {
            return b;
        }
        return b == null ? a : a || b;
    }
}

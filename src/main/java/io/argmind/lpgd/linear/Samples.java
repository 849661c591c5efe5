package io.argmind.lpgd.linear;

import java.util.ArrayList;
import java.util.List;

/**
 * Solves at noisy costs. A few at a time, so that a back-end may solve them side by side and many
 * samples take no more memory than few.
 */
final class Samples {
    private static final int AT_ONCE = 8;

    private final LinearBatch batch;
    private final Noise noise;

    Samples(LinearBatch batch, Noise noise) {
        this.batch = batch;
        this.noise = noise;
    }

    /** How a sample is added to what those before it came to. */
    interface Step<R> {
        /**
         * Adds it.
         *
         * @param z [n] its noise
         * @param cost [n] the noisy costs, before clamping
         */
        R add(R soFar, double[] z, double[] cost, Minimum minimum);
    }

    /** Solves samples from, ..., to - 1 of an instance, and adds them up in this order. */
    <R> R fold(int instance, int from, int to, LinearOracle oracle, R nothing, Step<R> step) {
        double[] cost = batch.cost().apply(instance);
        boolean clamps = EnvelopeDifference.mayClamp(batch, instance);
        R sum = nothing;
        for (int first = from; first < to; first += AT_ONCE) {
            List<double[]> drawn = new ArrayList<>();
            List<double[]> noisy = new ArrayList<>();
            for (int s = first; s < Math.min(first + AT_ONCE, to); s++) {
                double[] z = noise.draw(instance, s, batch.n());
                drawn.add(z);
                noisy.add(noise.costs(cost, z));
            }
            List<Minimum> minima = EnvelopeDifference.allClamped(oracle, instance, noisy, clamps);
            for (int k = 0; k < minima.size(); k++) {
                sum = step.add(sum, drawn.get(k), noisy.get(k), minima.get(k));
            }
        }
        return sum;
    }
}

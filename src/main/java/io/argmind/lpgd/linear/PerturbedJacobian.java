package io.argmind.lpgd.linear;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.BackwardStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * The derivative of perturbed optimizers (Berthet et al. 2020, proposition 3.1), for costs {@code c
 * - sigma Z} where theirs is a maximum at {@code theta + epsilon Z}: with the score nu' of Z's
 * density,
 *
 * <pre>
 *   d/dc E &lt;g, x*(c - sigma Z)&gt; = -1/sigma E[ &lt;g, x*(c - sigma Z)&gt; nu'(Z) ]
 * </pre>
 *
 * <p>estimated by the mean over samples. Because nu'(Z) has mean 0, a constant may be taken off
 * {@code <g, x>}; the mean over the <em>other</em> samples keeps the estimate unbiased and makes it
 * much less noisy. That is the factor S/(S - 1) here.
 */
final class PerturbedJacobian {
    private final LinearBatch batch;
    private final Noise noise;
    private final boolean controlVariate;

    PerturbedJacobian(LinearBatch batch, Noise noise, boolean controlVariate) {
        this.batch = batch;
        this.noise = noise;
        this.controlVariate = controlVariate && noise.samples() > 1;
    }

    /** Sums over samples. */
    private static final class Sums {
        final double[] score; // [n] nu'(Z)
        final double[] weighted; // [n] <g, x> nu'(Z)
        final double[] x; // [n]
        double seen; // <g, x>
        final Difference about;

        Sums(int n) {
            this.score = new double[n];
            this.weighted = new double[n];
            this.x = new double[n];
            this.about = new Difference(n);
        }

        void add(Sums other) {
            Vectors.addTimes(1, other.score, score);
            Vectors.addTimes(1, other.weighted, weighted);
            Vectors.addTimes(1, other.x, x);
            seen += other.seen;
            about.add(other.about);
        }
    }

    /**
     * The gradients of some instances.
     *
     * @param direction the upstream gradient on x
     * @param weight the upstream gradient on the objective, whose own derivative is x
     */
    Map<Integer, Difference> differentiate(
            List<Integer> instances,
            IntFunction<double[]> direction,
            IntToDoubleFunction weight,
            Parallel parallel) {
        Map<Integer, Difference> gradients = new TreeMap<>();
        new Blocks(noise.samples())
                .<Sums>forEach(
                        instances,
                        parallel,
                        (i, from, to, oracle) -> solve(i, direction.apply(i), from, to, oracle),
                        (i, parts) -> {
                            Sums sums = new Sums(batch.n());
                            parts.forEach(sums::add);
                            gradients.put(i, gradient(sums, weight.applyAsDouble(i)));
                        });
        return gradients;
    }

    private Sums solve(int i, double[] g, int from, int to, LinearOracle oracle) {
        return new Samples(batch, noise)
                .fold(
                        i,
                        from,
                        to,
                        oracle,
                        new Sums(batch.n()),
                        (sums, z, cost, minimum) -> {
                            add(sums, g, z, minimum);
                            return sums;
                        });
    }

    private void add(Sums sums, double[] g, double[] z, Minimum minimum) {
        sums.about.iterations += minimum.iterations();
        sums.about.clamped |= minimum.clamped();
        double[] x = minimum.x();
        if (!minimum.status().hasSolution() || x == null) {
            sums.about.status = BackwardStatus.SOLVER_FAILED;
            return;
        }
        double seen = Vectors.dot(g, x);
        sums.seen += seen;
        Vectors.addTimes(1, x, sums.x);
        for (int j = 0; j < z.length; j++) {
            double score = noise.distribution().score(z[j]);
            sums.score[j] += score;
            sums.weighted[j] += seen * score;
        }
        sums.about.noise = Math.max(sums.about.noise, minimum.error());
    }

    private Difference gradient(Sums sums, double weight) {
        Difference out = sums.about;
        if (!out.status.hasGradient()) {
            return LinearBackward.failedAfter(out, batch.n());
        }
        int samples = noise.samples();
        double mean = controlVariate ? sums.seen / samples : 0;
        double count = controlVariate ? samples - 1.0 : samples;
        for (int j = 0; j < out.gradient.length; j++) {
            double covariance = (sums.weighted[j] - mean * sums.score[j]) / count;
            out.gradient[j] = -covariance / noise.sigma() + weight * sums.x[j] / samples;
        }
        out.noise /= noise.sigma();
        return out;
    }
}

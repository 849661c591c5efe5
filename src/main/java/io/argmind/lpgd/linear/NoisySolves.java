package io.argmind.lpgd.linear;

import io.argmind.linalg.Vectors;
import io.argmind.solution.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of perturbed optimizers (Berthet, Blondel, Teboul, Cuturi, Vert, Bach 2020): the
 * mean of {@code x*(c - sigma Z)} over samples of Z.
 */
public final class NoisySolves {
    private static final String CLAMPED =
            "noisy costs of some samples had cycles of negative cost, and were clamped at 0";

    private final Status status;
    private final double @Nullable [] sum;
    private final double value;
    private final double violation;
    private final double gap;
    private final long iterations;
    private final @Nullable String detail;

    private NoisySolves(
            Status status,
            double @Nullable [] sum,
            double value,
            double violation,
            double gap,
            long iterations,
            @Nullable String detail) {
        this.status = status;
        this.sum = sum;
        this.value = value;
        this.violation = violation;
        this.gap = gap;
        this.iterations = iterations;
        this.detail = detail;
    }

    /**
     * The mean over the samples of one instance.
     *
     * @param status the worst of the samples'
     * @param x [n] the mean of the solutions; null if some sample has none
     * @param objective {@code <cost, x>}
     * @param smoothed the mean of the noisy minima, whose gradient by the cost is x; NaN without x
     * @param violation the largest of the samples'
     * @param gap the largest of the samples'
     */
    public record Mean(
            Status status,
            double @Nullable [] x,
            double objective,
            double smoothed,
            double violation,
            double gap,
            long iterations,
            @Nullable String detail) {}

    /** The means of a batch. */
    public static List<Mean> means(LinearBatch batch, Noise noise, Parallel parallel) {
        List<Integer> all = IntStream.range(0, batch.size()).boxed().toList();
        List<Mean> means = new ArrayList<>(); // taken in order
        new Blocks(noise.samples())
                .<NoisySolves>forEach(
                        all,
                        parallel,
                        (i, from, to, oracle) -> solve(batch, noise, i, from, to, oracle),
                        (i, parts) ->
                                means.add(
                                        parts.stream()
                                                .reduce(NoisySolves::and)
                                                .orElseThrow()
                                                .mean(batch.cost().apply(i), noise.samples())));
        return means;
    }

    private static NoisySolves solve(
            LinearBatch batch, Noise noise, int i, int from, int to, LinearOracle oracle) {
        NoisySolves none = new NoisySolves(Status.OPTIMAL, new double[batch.n()], 0, 0, 0, 0, null);
        return new Samples(batch, noise)
                .fold(
                        i,
                        from,
                        to,
                        oracle,
                        none,
                        (sum, z, cost, minimum) -> sum.and(of(minimum, cost)));
    }

    private static NoisySolves of(Minimum minimum, double[] noisy) {
        double[] x = minimum.status().hasSolution() ? minimum.x() : null;
        return new NoisySolves(
                minimum.status(),
                x,
                x == null ? Double.NaN : Vectors.dot(noisy, x), // also where they were clamped
                minimum.violation(),
                minimum.gap(),
                minimum.iterations(),
                minimum.clamped() ? CLAMPED : minimum.detail());
    }

    private NoisySolves and(NoisySolves other) {
        if (sum != null && other.sum != null) {
            Vectors.addTimes(1, other.sum, sum);
        }
        boolean mine = status.compareTo(other.status) >= 0;
        return new NoisySolves(
                mine ? status : other.status,
                other.sum == null ? null : sum,
                value + other.value,
                Math.max(violation, other.violation),
                Math.max(gap, other.gap),
                iterations + other.iterations,
                (mine && detail != null) || other.detail == null ? detail : other.detail);
    }

    private Mean mean(double[] cost, int samples) {
        if (sum == null) {
            double nothing = Double.NaN;
            return new Mean(status, null, nothing, nothing, nothing, nothing, iterations, detail);
        }
        double[] x = new double[sum.length];
        for (int j = 0; j < x.length; j++) {
            x[j] = sum[j] / samples;
        }
        return new Mean(
                status,
                x,
                Vectors.dot(cost, x),
                value / samples,
                violation,
                gap,
                iterations,
                detail);
    }
}

package io.argmind.rest;

import io.argmind.lpgd.linear.Noise;
import io.argmind.problem.ErrorList;
import io.argmind.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the noise on costs: {@code noise}, {@code samples}, {@code seed}, {@code sigma}. */
final class NoiseReader {
    private static final int MOST_SAMPLES = 10_000;

    /** Whole numbers stay what they are in JSON up to here. */
    private static final double LARGEST_SEED = 0x1p53;

    private static final List<String> NAMES = List.of("noise", "samples", "seed", "sigma");

    private final ObjectReader in;
    private final ErrorList errors;
    private final boolean present;
    private final boolean seedPerInstance;
    private final Noise noise;

    /** Reads. */
    NoiseReader(ObjectReader in, ErrorList errors) {
        this.in = in;
        this.errors = errors;
        this.present = NAMES.stream().anyMatch(in::has);
        Noise.Distribution distribution =
                in.choice(
                        "noise",
                        Noise.Distribution.GAUSSIAN,
                        List.of(Noise.Distribution.values()),
                        Noise.Distribution::key);
        double samples = in.number("samples", 1);
        if (!(samples >= 1 && samples <= MOST_SAMPLES && samples == Math.rint(samples))) {
            errors.add(
                    in.at("samples"),
                    "expected a whole number from 1 to " + MOST_SAMPLES + ", got " + samples);
        }
        double sigma = in.number("sigma", 1);
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            errors.add(in.at("sigma"), "expected a finite number > 0, got " + sigma);
        }
        Tensor seed = in.tensor("seed");
        this.seedPerInstance = seed != null && !seed.isScalar();
        this.noise = new Noise(distribution, (int) samples, seeds(seed), sigma);
    }

    private long[] seeds(@Nullable Tensor seed) {
        if (seed == null) {
            return new long[] {0};
        }
        double[] values = seed.values();
        for (int k = 0; k < values.length; k++) {
            if (!(values[k] >= 0
                    && values[k] <= LARGEST_SEED
                    && values[k] == Math.rint(values[k]))) {
                errors.add(
                        in.at("seed") + (seed.isScalar() ? "" : "/" + k),
                        "expected a whole number from 0 to 2^53, got " + values[k]);
            }
        }
        return Arrays.stream(values).mapToLong(v -> (long) v).toArray();
    }

    /** Whether any part of it was sent. */
    boolean isPresent() {
        return present;
    }

    /**
     * The noise for a batch, whose seeds fit it.
     *
     * @param kept what holds for the members that were not sent; null for the defaults
     */
    Noise forBatch(int size, boolean batched, @Nullable Noise kept) {
        if (seedPerInstance && !(batched && noise.seeds().length == size)) {
            errors.add(
                    in.at("seed"),
                    batched
                            ? "expected a number, or one for each of the "
                                    + size
                                    + " instances, got "
                                    + noise.seeds().length
                            : "expected a number");
        }
        return kept == null
                ? noise
                : new Noise(
                        in.has("noise") ? noise.distribution() : kept.distribution(),
                        in.has("samples") ? noise.samples() : kept.samples(),
                        in.has("seed") ? noise.seeds() : kept.seeds(),
                        in.has("sigma") ? noise.sigma() : kept.sigma());
    }
}

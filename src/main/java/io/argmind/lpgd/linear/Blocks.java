package io.argmind.lpgd.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Samples of instances cut into pieces of work. How they are cut depends on the number of samples
 * alone, and pieces are added up in their order, so that sums have the same bits whatever else is
 * in the batch and however many threads there are.
 */
final class Blocks {
    private static final int LEAST = 4;
    private static final int MOST_PER_INSTANCE = 16;

    /** Pieces whose results are held at the same time. */
    private static final int PIECES = 4096;

    private final int samples;
    private final int length;
    private final int perInstance;

    Blocks(int samples) {
        this.samples = samples;
        this.length = Math.max(LEAST, (samples + MOST_PER_INSTANCE - 1) / MOST_PER_INSTANCE);
        this.perInstance = (samples + length - 1) / length;
    }

    /** What is done with consecutive samples of one instance. */
    interface Work<R> {
        R run(int instance, int from, int to, LinearOracle oracle);
    }

    /**
     * Does the work for all samples of some instances.
     *
     * @param take is given the results of each instance in order, on the calling thread
     */
    <R> void forEach(
            List<Integer> instances,
            Parallel parallel,
            Work<R> work,
            BiConsumer<Integer, List<R>> take) {
        int atOnce = Math.max(1, PIECES / perInstance);
        for (int from = 0; from < instances.size(); from += atOnce) {
            List<Integer> these =
                    instances.subList(from, Math.min(from + atOnce, instances.size()));
            List<R> results =
                    parallel.map(
                            these.size() * perInstance,
                            (k, oracle) -> {
                                int first = k % perInstance * length;
                                int end = Math.min(first + length, samples);
                                return work.run(these.get(k / perInstance), first, end, oracle);
                            });
            for (int i = 0; i < these.size(); i++) {
                take.accept(
                        these.get(i),
                        new ArrayList<>(results.subList(i * perInstance, (i + 1) * perInstance)));
            }
        }
    }
}

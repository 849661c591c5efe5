package io.argmind.solution.discrete;

import io.argmind.solution.Status;
import org.jspecify.annotations.Nullable;

/**
 * A verified answer for one instance of a combinatorial problem.
 *
 * @param x the element of the set, row-major; null where the status has none
 * @param objective {@code <cost, x>}, from the costs as they were sent; NaN without x
 * @param violation how far x is from the set, 0 in it; NaN without x
 * @param gap objective less the best lower bound, relative to the costs that x takes; NaN without x
 * @param detail a word on what went wrong
 */
public record DiscreteSolution(
        Status status,
        double @Nullable [] x,
        double objective,
        double violation,
        double gap,
        long iterations,
        @Nullable String detail) {

    public static DiscreteSolution failed(Status status, long iterations, @Nullable String detail) {
        return new DiscreteSolution(
                status, null, Double.NaN, Double.NaN, Double.NaN, iterations, detail);
    }
}

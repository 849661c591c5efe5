package io.argmind.solver;

import io.argmind.solution.Status;
import org.jspecify.annotations.Nullable;

/**
 * What an oracle says about one instance.
 *
 * @param x the element of the set, row-major; null where there is none
 * @param bound a lower bound on the optimal value; the objective itself where the optimum is proved
 * @param iterations in the algorithm's own count
 * @param detail a word on what went wrong
 */
public record Selection(
        Status status,
        double @Nullable [] x,
        double bound,
        long iterations,
        @Nullable String detail) {

    /** A proved optimum. */
    public static Selection optimal(double[] x, double objective, long iterations) {
        return new Selection(Status.OPTIMAL, x, objective, iterations, null);
    }

    /** An element found within a limit. */
    public static Selection feasible(double[] x, double bound, long iterations, String detail) {
        return new Selection(Status.FEASIBLE, x, bound, iterations, detail);
    }

    public static Selection none(Status status, long iterations, @Nullable String detail) {
        return new Selection(status, null, Double.NaN, iterations, detail);
    }
}

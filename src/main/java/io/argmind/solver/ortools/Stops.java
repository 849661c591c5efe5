package io.argmind.solver.ortools;

import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;

/**
 * Why a solve ended without an optimum. OR-Tools says "not solved" for every reason; what is known
 * here tells them apart.
 */
final class Stops {
    private Stops() {}

    /**
     * No point, no verdict.
     *
     * @param granted the time limit in seconds
     * @param seconds how long the solve took
     */
    static Claim withoutPoint(
            Limits limits, boolean cancelled, double granted, double seconds, long iterations) {
        if (cancelled) {
            return cancelled();
        }
        if (iterations >= limits.maxIterations()) {
            return Claim.none(Status.ITERATION_LIMIT, iterations, null);
        }
        // native clocks stop a little early
        if (limits.isOver() || seconds >= 0.8 * granted - 0.002) {
            return Claim.none(Status.TIME_LIMIT, iterations, null);
        }
        return Claim.none(Status.NUMERICAL_ERROR, iterations, "the solver gave up");
    }

    static Claim cancelled() {
        return Claim.none(Status.TIME_LIMIT, 0, "cancelled");
    }

    static Claim late() {
        return Claim.none(Status.TIME_LIMIT, 0, null);
    }

    static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    /** A tolerance that the back-end takes. */
    static double clamp(double tolerance, double least, double most) {
        return Math.min(most, Math.max(least, tolerance));
    }
}

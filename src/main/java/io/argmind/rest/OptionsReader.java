package io.argmind.rest;

import io.argmind.dispatch.SolveOptions;
import io.argmind.dispatch.Tenant;
import io.argmind.problem.ErrorList;
import io.argmind.solver.Limits;

/** Reads {@code options}. */
final class OptionsReader {
    private static final double SMALLEST_TOLERANCE = 1e-14;

    private OptionsReader() {}

    static SolveOptions read(
            ObjectReader request, ErrorList errors, long deadlineNanos, Tenant tenant) {
        ObjectReader in = request.object("options", false);
        double tolerance = in.number("tolerance", Limits.DEFAULT_TOLERANCE);
        double timeLimit = in.number("time_limit", Double.POSITIVE_INFINITY);
        double iterations = in.number("max_iterations", Limits.NO_ITERATION_LIMIT);
        in.refuseOthers();
        if (!(tolerance >= SMALLEST_TOLERANCE && tolerance <= 1e-1)) {
            errors.add(
                    in.at("tolerance"),
                    "expected a number from " + SMALLEST_TOLERANCE + " to 0.1, got " + tolerance);
        }
        if (!(timeLimit > 0)) {
            errors.add(in.at("time_limit"), "expected seconds > 0, got " + timeLimit);
        }
        if (!(iterations >= 1 && iterations == Math.rint(iterations))) {
            errors.add(in.at("max_iterations"), "expected a whole number >= 1, got " + iterations);
        }
        return new SolveOptions(
                tolerance,
                timeLimit,
                (int) Math.min(iterations, Limits.NO_ITERATION_LIMIT),
                deadlineNanos,
                tenant);
    }
}

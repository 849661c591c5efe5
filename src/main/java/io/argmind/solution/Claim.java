package io.argmind.solution;

import org.jspecify.annotations.Nullable;

/**
 * What a back-end says about one program, in this service's signs (see {@code Program}), before
 * anyone has checked it.
 *
 * @param status what the back-end says
 * @param x [n], null without a point
 * @param y [p], null without duals
 * @param z [m], null without duals
 * @param zBox [n], null without duals; the verifier recomputes it from stationarity when only it is
 *     missing
 * @param certificate a proof of infeasibility or unboundedness, where the back-end has one
 * @param bound the best lower bound on the objective of a program with integers; NaN if unknown,
 *     and then the optimum needs another back-end's word
 * @param iterations as the back-end counts them
 * @param detail a word on what went wrong, for the log and the answer
 */
public record Claim(
        Status status,
        double @Nullable [] x,
        double @Nullable [] y,
        double @Nullable [] z,
        double @Nullable [] zBox,
        @Nullable Certificate certificate,
        double bound,
        long iterations,
        @Nullable String detail) {

    /** An answer without a point. */
    public static Claim none(Status status, long iterations, @Nullable String detail) {
        return new Claim(status, null, null, null, null, null, Double.NaN, iterations, detail);
    }

    /** A point with duals. */
    public static Claim point(
            Status status,
            double[] x,
            double @Nullable [] y,
            double @Nullable [] z,
            double @Nullable [] zBox,
            long iterations) {
        return new Claim(status, x, y, z, zBox, null, Double.NaN, iterations, null);
    }

    public static Claim certified(Status status, Certificate certificate, long iterations) {
        return new Claim(status, null, null, null, null, certificate, Double.NaN, iterations, null);
    }

    public Claim withBound(double newBound) {
        return new Claim(status, x, y, z, zBox, certificate, newBound, iterations, detail);
    }

    public Claim withStatus(Status newStatus, @Nullable String newDetail) {
        return new Claim(newStatus, x, y, z, zBox, certificate, bound, iterations, newDetail);
    }
}

package io.argmind.solver;

/**
 * When a solve may stop.
 *
 * @param tolerance the largest residual, relative to the scale of the data, of an answer that
 *     counts as optimal
 * @param maxIterations in the back-end's own count
 * @param deadlineNanos a value of {@link System#nanoTime()}
 */
public record Limits(double tolerance, int maxIterations, long deadlineNanos) {

    public static final double DEFAULT_TOLERANCE = 1e-8;
    public static final int NO_ITERATION_LIMIT = Integer.MAX_VALUE;

    /** Limits that nobody should run into: the default tolerance, and an hour. */
    public static Limits generous() {
        return new Limits(
                DEFAULT_TOLERANCE, NO_ITERATION_LIMIT, System.nanoTime() + 3_600_000_000_000L);
    }

    public double secondsLeft() {
        return Math.max(0, (deadlineNanos - System.nanoTime()) * 1e-9);
    }

    public boolean isOver() {
        return deadlineNanos - System.nanoTime() <= 0;
    }

    /** For those who check an answer: the count of iterations was meant for the one who gave it. */
    Limits withoutIterationLimit() {
        return new Limits(tolerance, NO_ITERATION_LIMIT, deadlineNanos);
    }

    public Limits withDeadline(long nanos) {
        return new Limits(tolerance, maxIterations, nanos);
    }
}

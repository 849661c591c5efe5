package io.argmind.dispatch;

import io.argmind.solver.Limits;

/**
 * What a client asks of each solve.
 *
 * @param tolerance relative, see {@link Limits}
 * @param timeLimitSeconds of each instance; infinite if not given
 * @param maxIterations in the back-end's own count
 * @param deadlineNanos of the whole request, a value of {@link System#nanoTime()}
 * @param tenant who asks
 */
public record SolveOptions(
        double tolerance,
        double timeLimitSeconds,
        int maxIterations,
        long deadlineNanos,
        Tenant tenant) {

    /** The limits of a solve that begins now. */
    Limits limits() {
        long now = System.nanoTime();
        double seconds = Math.min(timeLimitSeconds, 1e-9 * (deadlineNanos - now));
        return new Limits(tolerance, maxIterations, now + (long) (1e9 * Math.max(0, seconds)));
    }

    /** The same with another deadline. */
    SolveOptions until(long deadlineNanos) {
        return new SolveOptions(tolerance, timeLimitSeconds, maxIterations, deadlineNanos, tenant);
    }

    boolean isOver() {
        return deadlineNanos - System.nanoTime() <= 0;
    }
}

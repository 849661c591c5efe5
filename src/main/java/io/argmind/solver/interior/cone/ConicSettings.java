package io.argmind.solver.interior.cone;

/**
 * How well and how long.
 *
 * @param goal where to stop: of the primal and dual residuals and the gap, relative to the size of
 *     the terms in each; from 1e-10 on programs that are well posed
 * @param tolerance what is still an optimum where rounding does not let the method get to the goal
 * @param maxIterations the most iterations
 * @param deadline in units of {@link System#nanoTime()}; looked at in every iteration
 */
public record ConicSettings(double goal, double tolerance, int maxIterations, long deadline) {

    /** No deadline. */
    public static ConicSettings of(double tolerance, int maxIterations) {
        long never = System.nanoTime() + Long.MAX_VALUE / 2;
        return new ConicSettings(tolerance, tolerance, maxIterations, never);
    }

    /** The same for another goal, which must be met. */
    ConicSettings to(double other) {
        return new ConicSettings(other, other, maxIterations, deadline);
    }

    boolean isLate() {
        return System.nanoTime() - deadline >= 0;
    }
}

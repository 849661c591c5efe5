package io.argmind.solver.interior.cone;

/**
 * How well and how long.
 *
 * @param tolerance of the primal and dual residuals and the gap, relative to the size of the terms
 *     in each; from 1e-10 on programs that are well posed
 * @param maxIterations the most iterations
 * @param deadline in units of {@link System#nanoTime()}; looked at in every iteration
 */
public record ConicSettings(double tolerance, int maxIterations, long deadline) {

    /** No deadline. */
    public static ConicSettings of(double tolerance, int maxIterations) {
        return new ConicSettings(tolerance, maxIterations, System.nanoTime() + Long.MAX_VALUE / 2);
    }

    boolean isLate() {
        return System.nanoTime() - deadline >= 0;
    }
}

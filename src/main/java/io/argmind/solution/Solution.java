package io.argmind.solution;

import org.jspecify.annotations.Nullable;

/**
 * A verified answer for one program. Programs with integers have the duals of the program whose
 * integer variables are fixed at x.
 *
 * @param point the solution; null where the status has none
 * @param residuals computed from the program as it was sent; null without a point
 * @param detail a word on what went wrong
 */
public record Solution(
        Status status,
        @Nullable Point point,
        @Nullable Residuals residuals,
        long iterations,
        @Nullable String detail) {

    /**
     * A primal-dual point.
     *
     * @param x [n]
     * @param y [p] duals of A x = b
     * @param z [m] duals of G x &lt;= h, >= 0
     * @param s [m] slack h - G x
     * @param zBox [n] z_ub - z_lb
     * @param objective 1/2 x'Px + c'x
     */
    public record Point(
            double[] x, double[] y, double[] z, double[] s, double[] zBox, double objective) {}

    public static Solution failed(Status status, long iterations, @Nullable String detail) {
        return new Solution(status, null, null, iterations, detail);
    }
}

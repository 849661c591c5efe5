package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Small programs solved by hand, among them what perturbations of the linear terms make of them.
 *
 * @param x [n] the optimum
 * @param y [p] its multipliers
 * @param z [m] its multipliers
 */
public record Golden(String name, Program program, double[] x, double[] y, double[] z) {

    /** All of them; every optimum and every multiplier is unique. */
    public static Stream<Golden> all() {
        return Stream.concat(simplices(), segmentsAndScalars());
    }

    /**
     * min c'x over the simplex of R^3, c = (-.1, -.2, .1); then c + tau (.1, .1, -.5), then also
     * with |x - e2|^2/2.
     */
    private static Stream<Golden> simplices() {
        return Stream.of(
                of("simplex", simplex(0, -.1, -.2, .1), v(0, 1, 0), v(.2), v(.1, 0, .3)),
                of("tau .6", simplex(0, -.04, -.14, -.2), v(0, 0, 1), v(.2), v(.16, .06, 0)),
                of("tau 1, rho 1", simplex(1, 0, -1.1, -.4), v(0, .85, .15), v(.25), v(.25, 0, 0)),
                of("tau 2, rho 1", simplex(1, .1, -1, -.9), v(0, .55, .45), v(.45), v(.55, 0, 0)));
    }

    /**
     * min x1^2/2 + x2^2 + (1 + tau) x1 + x2 over x1 + x2 = b, x >= 0; min x^2 - 4 x over x &lt;= h.
     */
    private static Stream<Golden> segmentsAndScalars() {
        return Stream.of(
                of("segment", segment(0, 1), v(2. / 3, 1. / 3), v(-5. / 3), v(0, 0)),
                of("segment, tau 1", segment(1, 1), v(1. / 3, 2. / 3), v(-7. / 3), v(0, 0)),
                of("segment, tau 4", segment(4, 1), v(0, 1), v(-3), v(2, 0)),
                of("segment, b .5", segment(0, .5), v(1. / 3, 1. / 6), v(-4. / 3), v(0, 0)),
                of("scalar at its row", scalar(2, -4, 1.5), v(1.5), v(), v(1)),
                of("scalar, inside", scalar(2, -4, 3), v(2), v(), v(0)));
    }

    private static Golden of(String name, Program program, double[] x, double[] y, double[] z) {
        return new Golden(name, program, x, y, z);
    }

    @Override
    public String toString() {
        return name;
    }

    private static double[] v(double... values) {
        return values;
    }

    /** rho/2 |x|^2 + c'x over 1'x = 1, -x &lt;= 0. */
    private static Program simplex(double rho, double... c) {
        Matrix P = rho == 0 ? Matrix.empty(3, 3) : Matrix.diagonal(v(rho, rho, rho));
        return nonnegative(P, c, 1);
    }

    private static Program segment(double tau, double b) {
        return nonnegative(Matrix.diagonal(v(1, 2)), v(1 + tau, 1), b);
    }

    private static Program nonnegative(Matrix P, double[] c, double b) {
        int n = c.length;
        double[] ones = new double[n];
        double[] minus = new double[n];
        Arrays.fill(ones, 1);
        Arrays.fill(minus, -1);
        return new Program(
                P,
                c,
                Draw.dense(ones, 1, n),
                v(b),
                Matrix.diagonal(minus),
                new double[n],
                filled(n, Double.NEGATIVE_INFINITY),
                filled(n, Double.POSITIVE_INFINITY),
                new int[0]);
    }

    private static Program scalar(double q, double c, double h) {
        return new Program(
                Matrix.diagonal(v(q)),
                v(c),
                Matrix.empty(0, 1),
                v(),
                Matrix.diagonal(v(1)),
                v(h),
                filled(1, Double.NEGATIVE_INFINITY),
                filled(1, Double.POSITIVE_INFINITY),
                new int[0]);
    }

    private static double[] filled(int n, double value) {
        double[] x = new double[n];
        Arrays.fill(x, value);
        return x;
    }
}

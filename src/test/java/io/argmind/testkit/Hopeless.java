package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import java.util.Arrays;

/** Programs without an optimum, by construction. */
public final class Hopeless {
    private static final double INF = Double.POSITIVE_INFINITY;

    private Hopeless() {}

    /** Two rows that contradict each other, in any directions. */
    public static Program infeasibleRows(long seed, boolean quadratic) {
        Draw draw = new Draw(seed);
        int n = draw.integer(1, 6);
        int m = draw.integer(2, 6);
        double[] full = draw.gaussians(m * n);
        double[] h = draw.gaussians(m);
        for (int j = 0; j < n; j++) {
            full[n + j] = -full[j];
        }
        h[1] = -h[0] - draw.positive();
        return program(quadratic, draw.gaussians(n), Draw.dense(full, m, n), h, -INF, INF);
    }

    /** A row that the bounds cannot meet. */
    public static Program infeasibleBounds(long seed, boolean quadratic) {
        Draw draw = new Draw(seed);
        int n = draw.integer(1, 6);
        double[] row = draw.gaussians(n);
        double least = 0;
        for (double v : row) {
            least -= Math.abs(v);
        }
        double[] h = {least - draw.positive()};
        return program(quadratic, draw.gaussians(n), Draw.dense(row, 1, n), h, -1, 1);
    }

    /**
     * 2 x_1 + 4 x_2 + 2 x_3 = an odd number, over integers in a box: only integrality forbids it.
     */
    public static Program infeasibleIntegers(boolean quadratic) {
        Program base =
                program(
                        quadratic,
                        new double[] {1, -1, 0.5},
                        Matrix.empty(0, 3),
                        new double[0],
                        0,
                        5);
        return new Program(
                base.P(),
                base.c(),
                Draw.dense(new double[] {2, 4, 2}, 1, 3),
                new double[] {7},
                base.G(),
                base.h(),
                base.lb(),
                base.ub(),
                new int[] {0, 1, 2});
    }

    /** Feasible, with a direction of endless descent that no row, bound or curvature stops. */
    public static Program unbounded(long seed, boolean quadratic) {
        Draw draw = new Draw(seed);
        int n = draw.integer(1, 6);
        int m = draw.integer(0, 6);
        double[] d = draw.gaussians(n);
        double[] x = draw.gaussians(n);
        double[] full = draw.gaussians(m * n);
        for (int i = 0; i < m; i++) {
            if (along(full, i, d) > 0) {
                for (int j = 0; j < n; j++) {
                    full[i * n + j] = -full[i * n + j];
                }
            }
        }
        Matrix G = Draw.dense(full, m, n);
        double[] h = G.times(x);
        for (int i = 0; i < m; i++) {
            h[i] += draw.positive();
        }
        double[] c = draw.gaussians(n);
        double sign = along(c, 0, d) < 0 ? 1 : -1;
        for (int j = 0; j < n; j++) {
            c[j] = sign * c[j] - 0.1 * d[j];
        }
        Program lp = program(false, c, G, h, -INF, INF);
        for (int j = 0; j < n; j++) {
            lp.lb()[j] = d[j] > 0 ? x[j] - 1 : -INF;
            lp.ub()[j] = d[j] < 0 ? x[j] + 1 : INF;
        }
        return quadratic ? lp.withObjective(blindTo(d, draw), c) : lp;
    }

    /** max x_1 over x_1 - x_2 &lt;= 5, both nonnegative integers. */
    public static Program unboundedIntegers() {
        Program lp =
                program(
                        false,
                        new double[] {-1, 0},
                        Draw.dense(new double[] {1, -1}, 1, 2),
                        new double[] {5},
                        0,
                        INF);
        return new Program(
                lp.P(), lp.c(), lp.A(), lp.b(), lp.G(), lp.h(), lp.lb(), lp.ub(), new int[] {0, 1});
    }

    /** v v' for a random v with v'd = 0. */
    private static Matrix blindTo(double[] d, Draw draw) {
        int n = d.length;
        double[] v = draw.gaussians(n);
        double factor = along(v, 0, d) / along(d, 0, d);
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            v[i] = n == 1 ? 0 : v[i] - factor * d[i];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                full[i * n + j] = v[i] * v[j];
            }
        }
        return Draw.dense(full, n, n);
    }

    private static double along(double[] rows, int i, double[] d) {
        double sum = 0;
        for (int j = 0; j < d.length; j++) {
            sum += rows[i * d.length + j] * d[j];
        }
        return sum;
    }

    private static Program program(
            boolean quadratic, double[] c, Matrix G, double[] h, double lower, double upper) {
        int n = c.length;
        double[] lb = new double[n];
        double[] ub = new double[n];
        double[] ones = new double[n];
        Arrays.fill(lb, lower);
        Arrays.fill(ub, upper);
        Arrays.fill(ones, 1);
        Matrix P = quadratic ? Matrix.diagonal(ones) : Matrix.empty(n, n);
        return new Program(P, c, Matrix.empty(0, n), new double[0], G, h, lb, ub, new int[0]);
    }
}

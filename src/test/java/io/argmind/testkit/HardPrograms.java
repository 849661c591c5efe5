package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import java.util.Arrays;
import java.util.Collections;

/** Programs that keep any solver busy for seconds, for tests of limits and interruption. */
public final class HardPrograms {
    private HardPrograms() {}

    /** A dense linear program in a box, n rows. */
    public static Program linear(int n) {
        Draw draw = new Draw(n);
        Matrix G = draw.matrix(n, n, 1);
        double[] h = new double[n];
        Arrays.fill(h, Math.sqrt(n));
        return new Program(
                Matrix.empty(n, n),
                draw.gaussians(n),
                Matrix.empty(0, n),
                new double[0],
                G,
                h,
                filled(n, 0),
                filled(n, 10),
                new int[0]);
    }

    /** The same with a dense or diagonal quadratic objective. */
    public static Program quadratic(int n, boolean diagonal) {
        Program lp = linear(n);
        Draw draw = new Draw(n + 1);
        double[] d = new double[n];
        for (int i = 0; i < n; i++) {
            d[i] = 0.01 * draw.positive();
        }
        if (diagonal) {
            return lp.withObjective(Matrix.diagonal(d), lp.c());
        }
        double[] full = new double[n * n];
        double[] v = draw.gaussians(n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                full[i * n + j] = 0.01 * v[i] * v[j] + (i == j ? d[i] : 0);
            }
        }
        return lp.withObjective(Draw.dense(full, n, n), lp.c());
    }

    /** A dense linear objective over second-order cones of four rows in a box, n / 4 of them. */
    public static Program conic(int n) {
        Program lp = linear(n);
        double[] h = new double[n];
        for (int i = 0; i < n; i += 4) {
            h[i] = 2 * Math.sqrt(n);
        }
        return new Program(
                lp.P(),
                lp.c(),
                lp.A(),
                lp.b(),
                lp.G(),
                h,
                lp.lb(),
                lp.ub(),
                new int[0],
                Collections.nCopies(n / 4, new Cone.SecondOrder(4)));
    }

    /**
     * Market split (Cornuejols and Dawande): minimize the total deviation of several subset sums
     * from half of their totals; binaries and bounded integer deviations, integer data, a useless
     * relaxation.
     */
    public static Program marketSplit(int rows, int items) {
        Draw draw = new Draw(rows);
        int n = items + 2 * rows;
        double[] full = new double[rows * n];
        double[] b = new double[rows];
        for (int i = 0; i < rows; i++) {
            int total = 0;
            for (int j = 0; j < items; j++) {
                int a = draw.integer(0, 99);
                full[i * n + j] = a;
                total += a;
            }
            full[i * n + items + 2 * i] = 1;
            full[i * n + items + 2 * i + 1] = -1;
            b[i] = Math.floorDiv(total, 2);
        }
        double[] c = new double[n];
        Arrays.fill(c, items, n, 1);
        double[] ub = filled(n, 1);
        Arrays.fill(ub, items, n, 1000);
        int[] integers = new int[n];
        Arrays.setAll(integers, i -> i);
        return new Program(
                Matrix.empty(n, n),
                c,
                Draw.dense(full, rows, n),
                b,
                Matrix.empty(0, n),
                new double[0],
                filled(n, 0),
                ub,
                integers);
    }

    /** The same, minimizing squared deviations besides. */
    public static Program quadraticMarketSplit(int rows, int items) {
        Program linear = marketSplit(rows, items);
        double[] d = linear.c().clone();
        return linear.withObjective(Matrix.diagonal(d), linear.c());
    }

    private static double[] filled(int n, double value) {
        double[] x = new double[n];
        Arrays.fill(x, value);
        return x;
    }
}

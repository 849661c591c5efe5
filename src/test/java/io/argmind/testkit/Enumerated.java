package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import java.util.Arrays;

/**
 * Programs in few bounded integers, all data small integers, with the optimum found by trying every
 * point.
 *
 * @param feasible whether any point is
 * @param x [n] the first optimum; all zeros if none
 * @param objective there
 * @param unique whether it is the only one
 */
public record Enumerated(
        Program program, boolean feasible, double[] x, double objective, boolean unique) {

    /**
     * A random program that is feasible by construction.
     *
     * @param quadratic whether it has an integer P, positive semidefinite
     */
    public static Enumerated random(long seed, int n, int equalities, int rows, boolean quadratic) {
        Draw draw = new Draw(seed);
        double[] lb = new double[n];
        double[] ub = new double[n];
        double[] inside = new double[n];
        int[] integers = new int[n];
        for (int i = 0; i < n; i++) {
            lb[i] = draw.integer(-2, 1);
            ub[i] = lb[i] + draw.integer(0, 3);
            inside[i] = draw.integer((int) lb[i], (int) ub[i]);
            integers[i] = i;
        }
        Matrix A = integers(draw, equalities, n);
        Matrix G = integers(draw, rows, n);
        double[] h = G.times(inside);
        for (int i = 0; i < rows; i++) {
            h[i] += draw.integer(0, 3);
        }
        Matrix P = quadratic ? gram(integers(draw, n, n)) : Matrix.empty(n, n);
        double[] c = integers(draw, 1, n).toDense();
        return of(new Program(P, c, A, A.times(inside), G, h, lb, ub, integers));
    }

    /** Tries every point of a program whose variables are all bounded integers. */
    public static Enumerated of(Program program) {
        double[] point = program.lb().clone();
        double[] best = new double[program.n()];
        double least = Double.POSITIVE_INFINITY;
        int count = 0;
        do {
            if (isFeasible(program, point)) {
                double value = program.objective(point);
                count = value < least ? 1 : value == least ? count + 1 : count;
                if (value < least) {
                    least = value;
                    best = point.clone();
                }
            }
        } while (next(program, point));
        return new Enumerated(program, count > 0, best, least, count == 1);
    }

    private static boolean next(Program program, double[] point) {
        for (int i = 0; i < point.length; i++) {
            if (point[i] < program.ub()[i]) {
                point[i]++;
                return true;
            }
            point[i] = program.lb()[i];
        }
        return false;
    }

    private static boolean isFeasible(Program program, double[] x) {
        return Arrays.equals(program.A().times(x), program.b())
                && Arrays.stream(program.slack(x)).allMatch(s -> s >= 0);
    }

    private static Matrix integers(Draw draw, int rows, int cols) {
        double[] full = new double[rows * cols];
        for (int k = 0; k < full.length; k++) {
            full[k] = draw.chance(0.7) ? draw.integer(-5, 5) : 0;
        }
        return Draw.dense(full, rows, cols);
    }

    private static Matrix gram(Matrix factor) {
        int n = factor.cols();
        double[] full = new double[n * n];
        for (int j = 0; j < n; j++) {
            double[] unit = new double[n];
            unit[j] = 1;
            double[] column = factor.transposeTimes(factor.times(unit));
            for (int i = 0; i < n; i++) {
                full[i * n + j] = column[i];
            }
        }
        return Draw.dense(full, n, n);
    }
}

package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Field;
import io.argmind.problem.Program;

/** Programs small enough to try every active set, feasible and bounded also when moved a little. */
public final class Tiny {
    private Tiny() {}

    /** n variables in a box around a strictly feasible point, p equalities, m inequalities. */
    public static Program random(long seed, int n, int p, int m, boolean quadratic) {
        Draw draw = new Draw(seed);
        double[] inside = draw.gaussians(n);
        Matrix A = draw.matrix(p, n, 1);
        Matrix G = draw.matrix(m, n, 1);
        double[] h = G.times(inside);
        for (int i = 0; i < m; i++) {
            h[i] += 0.3 * draw.positive();
        }
        double[] lb = inside.clone();
        double[] ub = inside.clone();
        for (int i = 0; i < n; i++) {
            lb[i] -= 0.6 + draw.positive();
            ub[i] += 0.6 + draw.positive();
        }
        Matrix P = quadratic ? gram(draw, n) : Matrix.empty(n, n);
        double[] c = draw.gaussians(n);
        P.addTimes(-1, inside, c);
        return new Program(P, c, A, A.times(inside), G, h, lb, ub, new int[0]);
    }

    private static Matrix gram(Draw draw, int n) {
        double[] f = draw.gaussians(n * n);
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = i == j ? 0.3 : 0;
                for (int k = 0; k < n; k++) {
                    sum += 0.5 * f[i * n + k] * f[j * n + k];
                }
                full[i * n + j] = sum;
            }
        }
        return Draw.dense(full, n, n);
    }

    /** The numbers of one field. */
    public static double[] values(Program program, Field field) {
        return switch (field) {
            case P -> program.P().toDense();
            case C -> program.c();
            case A -> program.A().toDense();
            case B -> program.b();
            case G -> program.G().toDense();
            case H -> program.h();
            case LB -> program.lb();
            case UB -> program.ub();
        };
    }

    /**
     * The program with other numbers in one field; P is made symmetric, as the service takes it.
     */
    public static Program with(Program q, Field field, double[] v) {
        int n = q.n();
        return switch (field) {
            case P -> q.withObjective(symmetric(v, n), q.c());
            case C -> q.withCost(v);
            case A ->
                    new Program(
                            q.P(),
                            q.c(),
                            dense(v, q.p(), n),
                            q.b(),
                            q.G(),
                            q.h(),
                            q.lb(),
                            q.ub(),
                            q.integers(),
                            q.cones());
            case B -> q.withRightHandSides(v, q.h());
            case G ->
                    new Program(
                            q.P(),
                            q.c(),
                            q.A(),
                            q.b(),
                            dense(v, q.m(), n),
                            q.h(),
                            q.lb(),
                            q.ub(),
                            q.integers(),
                            q.cones());
            case H -> q.withRightHandSides(q.b(), v);
            case LB -> q.withBounds(v, q.ub());
            case UB -> q.withBounds(q.lb(), v);
        };
    }

    private static Matrix dense(double[] v, int rows, int cols) {
        return new Matrix(Pattern.dense(rows, cols), v, 0);
    }

    private static Matrix symmetric(double[] v, int n) {
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                full[i * n + j] = 0.5 * (v[i * n + j] + v[j * n + i]);
            }
        }
        return dense(full, n, n);
    }
}

package io.argmind.solver.interior;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Programs of one structure, some of them such as nobody wants for a neighbour. */
final class LanePrograms {
    private static final double INF = Double.POSITIVE_INFINITY;

    private LanePrograms() {}

    /** What the programs of a batch share. */
    enum Kind {
        LINEAR(8, 2, 6, false, false),
        QUADRATIC(7, 2, 6, false, false),
        DIAGONAL(9, 2, 3, false, true),
        SPARSE(9, 2, 7, true, false),
        SPARSE_DIAGONAL(12, 2, 3, true, true),
        SPARSE_LINEAR(6, 2, 8, true, false),
        NO_EQUALITIES(6, 0, 7, false, false),
        NO_INEQUALITIES(6, 2, 0, false, false),
        BOUNDS_ALONE(5, 0, 0, false, true),
        ONE_VARIABLE(1, 0, 2, false, false),
        WIDE(14, 3, 4, false, true),
        /** Where single rows change in an active set, as in the next. */
        LARGE(40, 8, 30, false, false),
        LARGE_DIAGONAL(60, 10, 20, false, true);

        final int n;
        final int p;
        final int m;
        final boolean sparse;
        final boolean diagonal;

        Kind(int n, int p, int m, boolean sparse, boolean diagonal) {
            this.n = n;
            this.p = p;
            this.m = m;
            this.sparse = sparse;
            this.diagonal = diagonal;
        }

        boolean isLinear() {
            return this == LINEAR || this == SPARSE_LINEAR;
        }

        private Pattern pattern(int rows) {
            return sparse ? band(rows, n) : Pattern.dense(rows, n);
        }

        /** Every third entry, shifted from row to row. */
        private static Pattern band(int rows, int cols) {
            int[] start = new int[rows + 1];
            int[] col = new int[rows * cols];
            int at = 0;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    if ((i + j) % 3 == 0) {
                        col[at++] = j;
                    }
                }
                start[i + 1] = at;
            }
            return Pattern.sparse(rows, cols, start, Arrays.copyOf(col, at));
        }
    }

    /** A feasible and bounded program with a mix of finite and infinite bounds and rows. */
    static Program good(Kind kind, long seed) {
        Draw draw = new Draw(seed);
        int n = kind.n;
        double[] inside = draw.gaussians(n);
        Matrix A = matrix(draw, kind.pattern(kind.p));
        Matrix G = matrix(draw, kind.pattern(kind.m));
        double[] h = G.times(inside);
        for (int i = 0; i < kind.m; i++) {
            h[i] = draw.chance(0.2) ? INF : h[i] + 0.3 * draw.positive();
        }
        double[] lb = new double[n];
        double[] ub = new double[n];
        boolean boxed = kind.isLinear();
        for (int i = 0; i < n; i++) {
            lb[i] = boxed || draw.chance(0.5) ? inside[i] - draw.positive() : -INF;
            ub[i] = boxed || draw.chance(0.5) ? inside[i] + draw.positive() : INF;
            if (draw.chance(0.1)) {
                lb[i] = inside[i];
                ub[i] = inside[i];
            }
        }
        double[] c = draw.gaussians(n);
        return new Program(curvature(draw, kind), c, A, A.times(inside), G, h, lb, ub, new int[0]);
    }

    private static Matrix matrix(Draw draw, Pattern pattern) {
        return new Matrix(pattern, draw.gaussians(pattern.nnz()), 0);
    }

    private static Matrix curvature(Draw draw, Kind kind) {
        int n = kind.n;
        if (kind.isLinear()) {
            return Matrix.empty(n, n);
        }
        double[] d = new double[n];
        Arrays.setAll(d, i -> draw.positive());
        if (kind.diagonal) {
            return Matrix.diagonal(d);
        }
        double[] v = draw.gaussians(n);
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                full[i * n + j] = v[i] * v[j] + (i == j ? d[i] : 0);
            }
        }
        return kind.sparse ? Draw.sparse(full, n, n) : Draw.dense(full, n, n);
    }

    /** Programs of this kind that are infeasible, unbounded, huge, tiny, badly scaled or slow. */
    static List<Program> bad(Kind kind, long seed) {
        List<Program> bad = new ArrayList<>();
        Program good = good(kind, seed);
        double[] zero = new double[kind.n];
        bad.add(scaledBy(good, 1e300));
        bad.add(scaledBy(good, 1e-300));
        bad.add(good.withCost(filled(kind.n, 1e300)));
        bad.add(good.withCost(zero));
        bad.add(good.withBounds(filled(kind.n, -INF), filled(kind.n, INF)));
        bad.add(good.withBounds(filled(kind.n, 0), filled(kind.n, 0)));
        bad.add(good.withBounds(filled(kind.n, 1e-9), filled(kind.n, 2e-9)));
        bad.add(good.withBounds(filled(kind.n, -1e308), filled(kind.n, 1e308)));
        bad.add(good.withRightHandSides(filled(kind.p, 1e9), filled(kind.m, -1e9)));
        bad.add(good.withRightHandSides(good.b(), filled(kind.m, INF)));
        bad.add(good.withObjective(times(good.P(), 0), good.c()));
        bad.add(badlyScaled(good));
        return bad;
    }

    static double[] filled(int length, double value) {
        double[] x = new double[length];
        Arrays.fill(x, value);
        return x;
    }

    private static Program scaledBy(Program q, double factor) {
        return new Program(
                times(q.P(), factor),
                q.c(),
                times(q.A(), factor),
                q.b(),
                times(q.G(), factor),
                q.h(),
                q.lb(),
                q.ub(),
                q.integers());
    }

    static Matrix times(Matrix matrix, double factor) {
        double[] values = new double[matrix.nnz()];
        Arrays.setAll(values, e -> matrix.values()[matrix.offset() + e] * factor);
        return new Matrix(matrix.pattern(), values, 0);
    }

    /** Rows of G times 10^-6, ..., 10^6. */
    private static Program badlyScaled(Program q) {
        double[] values = q.G().values().clone();
        double[] h = q.h().clone();
        Pattern pattern = q.G().pattern();
        for (int i = 0; i < q.m(); i++) {
            double factor = Math.pow(10, i * 5 % 13 - 6);
            h[i] *= factor;
            for (int e = pattern.start(i); e < pattern.start(i + 1); e++) {
                values[e] *= factor;
            }
        }
        return new Program(
                q.P(),
                q.c(),
                q.A(),
                q.b(),
                new Matrix(pattern, values, 0),
                h,
                q.lb(),
                q.ub(),
                q.integers());
    }
}

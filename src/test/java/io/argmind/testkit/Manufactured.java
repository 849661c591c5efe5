package io.argmind.testkit;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.MinimumNorm;
import io.argmind.problem.Program;
import io.argmind.testkit.Shape.Curvature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Programs whose optimum is known by construction: first the solution and its multipliers are
 * drawn, then b, h, the bounds and c are chosen such that the optimality conditions hold there.
 */
public final class Manufactured {
    private static final double INF = Double.POSITIVE_INFINITY;

    private final Draw draw;
    private final Shape shape;
    private final int n;
    private final int p;
    private final int m;
    private final double[] x;
    private final double[] y;
    private final double[] z;
    private final double[] zBox;
    private final double[] lb;
    private final double[] ub;
    private final double[] h;
    private final int[] integers;
    private final boolean[] atBound;

    private Manufactured(long seed, Shape shape) {
        this.draw = new Draw(seed);
        this.shape = shape;
        this.n = shape.n();
        this.p = shape.equalities() + shape.copies();
        this.m = shape.active() + shape.weak() + shape.idle();
        this.x = draw.gaussians(n);
        this.y = draw.gaussians(p);
        this.z = new double[m];
        this.zBox = new double[n];
        this.lb = new double[n];
        this.ub = new double[n];
        this.h = new double[m];
        this.integers = draw.indices(n, shape.integers());
        this.atBound = new boolean[n];
        Arrays.sort(integers);
    }

    /** The program of this shape and seed. */
    public static Known of(long seed, Shape shape) {
        return new Manufactured(seed, shape).build();
    }

    private Known build() {
        for (int i : integers) {
            x[i] = Math.rint(3 * x[i]);
        }
        bounds();
        Matrix P = curvature();
        Matrix A = equalities();
        Matrix G = scaled(draw.matrix(m, n, shape.density()));
        rows(G);
        double[] c = new double[n];
        P.addTimes(-1, x, c);
        A.addTransposeTimes(-1, y, c);
        G.addTransposeTimes(-1, z, c);
        for (int i = 0; i < n; i++) {
            c[i] -= zBox[i];
        }
        Program program = new Program(P, c, A, A.times(x), G, h, lb, ub, integers);
        return new Known(program, x, y, z, zBox, isXUnique(program), areDualsUnique(program));
    }

    private void bounds() {
        for (int i = 0; i < n; i++) {
            lb[i] = isBounded() ? x[i] - 1 - margin() : -INF;
            ub[i] = isBounded() ? x[i] + 1 + margin() : INF;
        }
        int count = 0;
        for (int i : draw.indices(n, shape.atBound())) {
            atBound[i] = true;
            boolean lower = draw.chance(0.5);
            zBox[i] = lower ? -draw.positive() : draw.positive();
            lb[i] = lower || count % 3 == 2 ? x[i] : lb[i];
            ub[i] = !lower || count % 3 == 2 ? x[i] : ub[i];
            count++;
        }
    }

    private boolean isBounded() {
        return switch (shape.box()) {
            case NONE -> false;
            case SOME -> draw.chance(0.5);
            case ALL -> true;
        };
    }

    private double margin() {
        return Math.rint(2 * draw.positive());
    }

    private Matrix curvature() {
        if (shape.curvature() == Curvature.NONE) {
            return Matrix.empty(n, n);
        }
        if (shape.curvature() == Curvature.DIAGONAL) {
            double[] d = new double[n];
            for (int i = 0; i < n; i++) {
                d[i] = draw.positive();
            }
            return Matrix.diagonal(d);
        }
        boolean singular = shape.curvature() == Curvature.SINGULAR;
        int rank = singular ? (n + 1) / 2 : n;
        double[] factor = draw.gaussians(rank * n);
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = !singular && i == j ? 1 : 0;
                for (int k = 0; k < rank; k++) {
                    sum += factor[k * n + i] * factor[k * n + j];
                }
                full[i * n + j] = sum;
                full[j * n + i] = sum;
            }
        }
        return Draw.dense(full, n, n);
    }

    private Matrix equalities() {
        double[] full = draw.matrix(p, n, shape.density()).toDense();
        for (int k = 0; k < shape.copies(); k++) {
            int from = k % shape.equalities();
            System.arraycopy(full, from * n, full, (shape.equalities() + k) * n, n);
        }
        return shape.density() >= 1
                ? scaled(Draw.dense(full, p, n))
                : scaled(Draw.sparse(full, p, n));
    }

    private Matrix scaled(Matrix matrix) {
        if (shape.decades() == 0) {
            return matrix;
        }
        double[] full = matrix.toDense();
        for (int i = 0; i < matrix.rows(); i++) {
            double factor = Math.pow(10, draw.integer(-shape.decades(), shape.decades()));
            for (int j = 0; j < n; j++) {
                full[i * n + j] *= factor;
            }
        }
        return Draw.dense(full, matrix.rows(), n);
    }

    private void rows(Matrix G) {
        double[] gx = G.times(x);
        for (int i = 0; i < m; i++) {
            boolean idle = i >= shape.active() + shape.weak();
            z[i] = i < shape.active() ? draw.positive() : 0;
            double norm = Math.max(1e-300, rowNorm(G, i));
            h[i] = gx[i] + (idle ? draw.positive() * norm : 0);
            h[i] = idle && i % 4 == 3 ? INF : h[i];
        }
    }

    private static double rowNorm(Matrix matrix, int i) {
        double max = 0;
        for (int k = matrix.pattern().start(i); k < matrix.pattern().start(i + 1); k++) {
            max = Math.max(max, Math.abs(matrix.values()[matrix.offset() + k]));
        }
        return max;
    }

    /** No direction leaves P x, A x and the strongly active constraints as they are. */
    private boolean isXUnique(Program program) {
        List<double[]> rows = new ArrayList<>();
        addRows(program.P(), n, rows);
        addRows(program.A(), p, rows);
        addRows(program.G(), shape.active(), rows);
        addBounds(rows);
        return rank(rows) == n;
    }

    /** The gradients of all active constraints are linearly independent. */
    private boolean areDualsUnique(Program program) {
        List<double[]> rows = new ArrayList<>();
        addRows(program.A(), p, rows);
        addRows(program.G(), shape.active() + shape.weak(), rows);
        addBounds(rows);
        return rank(rows) == rows.size();
    }

    private void addRows(Matrix matrix, int count, List<double[]> rows) {
        double[] full = matrix.toDense();
        for (int i = 0; i < count; i++) {
            double[] row = Arrays.copyOfRange(full, i * n, (i + 1) * n);
            double norm = Arrays.stream(row).map(Math::abs).max().orElse(0);
            for (int j = 0; j < n && norm > 0; j++) {
                row[j] /= norm;
            }
            rows.add(row);
        }
    }

    private void addBounds(List<double[]> rows) {
        for (int i = 0; i < n; i++) {
            if (atBound[i]) {
                double[] row = new double[n];
                row[i] = 1;
                rows.add(row);
            }
        }
    }

    private int rank(List<double[]> rows) {
        double[] full = new double[rows.size() * n];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, full, i * n, n);
        }
        return rows.isEmpty() ? 0 : new MinimumNorm(full, rows.size(), n).rank();
    }
}

package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A program as the engine wants it: rows and columns of comparable size (Ruiz 2001), and fixed
 * variables, which have no interior, replaced by their values. A program that is like this already
 * stays the same object. All factors are powers of two, so that scaling rounds nothing.
 *
 * <p>With x = C x^, P^ = k C P C, c^ = k C c, A^ = R A C, b^ = R b, G^ = S G C, h^ = S h the
 * multipliers are y = R y^ / k, z = S z^ / k, z_box = C^-1 z^_box / k.
 */
final class Equilibrated {
    /** Rows and columns whose largest entries lie within this factor of one are left alone. */
    private static final double COMPARABLE = 128;

    /** The same of the cost against P. */
    private static final double COMPARABLE_COST = 1e4;

    private static final int ROUNDS = 8;

    private final Program original;
    private final boolean[] fixed; // [n], empty if none is
    private final double @Nullable [] C;
    private final double[] R;
    private final double[] S;
    private double k = 1;
    private Program program;

    private Equilibrated(Program original) {
        this.original = original;
        this.fixed = fixed(original);
        this.program = fixed.length == 0 ? original : withoutFixed();
        int n = original.n();
        double[] col = new double[n];
        double[] rowA = new double[original.p()];
        double[] rowG = new double[original.m()];
        norms(program, col, rowA, rowG);
        if (isComparable(col) && isComparable(rowA) && isComparable(rowG)) {
            this.C = null;
            this.R = rowA;
            this.S = rowG;
        } else {
            this.C = ones(n);
            this.R = ones(original.p());
            this.S = ones(original.m());
            balance(col, rowA, rowG);
        }
        scaleCost();
    }

    /** A program that is solved as it is. */
    private Equilibrated(Program original, boolean[] fixed) {
        this.original = original;
        this.fixed = fixed;
        this.program = original;
        this.C = null;
        this.R = new double[0];
        this.S = new double[0];
    }

    static Equilibrated of(Program program) {
        return new Equilibrated(program);
    }

    /**
     * The programs that are in the lanes, and which are put there again if they need scaling.
     *
     * @param programs [WIDTH]
     */
    static Equilibrated[] of(Program[] programs, LaneProgram lanes) {
        double[] cols = Lanes.vector(lanes.n);
        double[] rowsA = Lanes.vector(lanes.p);
        double[] rowsG = Lanes.vector(lanes.m);
        lanes.system.raiseNorms(cols, rowsA, rowsG);
        double[] cost = new double[Lanes.WIDTH];
        Lanes.maxAbs(lanes.c, lanes.n, cost);
        Equilibrated[] all = new Equilibrated[programs.length];
        for (int l = 0; l < programs.length; l++) {
            // with a cost like this and comparable norms, P is of no account for the cost's scale
            boolean plain =
                    cost[l] < COMPARABLE_COST
                            && cost[l] > 1 / COMPARABLE_COST
                            && isComparable(cols, l)
                            && isComparable(rowsA, l)
                            && isComparable(rowsG, l)
                            && fixed(programs[l]).length == 0;
            if (plain) {
                all[l] = new Equilibrated(programs[l], new boolean[0]);
            } else {
                all[l] = new Equilibrated(programs[l]);
                lanes.put(l, all[l].program);
            }
        }
        return all;
    }

    Program original() {
        return original;
    }

    /** Whether variables were taken out because their bounds are equal. */
    boolean hasFixed() {
        return fixed.length > 0;
    }

    /** The program to solve. */
    Program program() {
        return program;
    }

    private static boolean[] fixed(Program program) {
        boolean[] fixed = new boolean[0];
        for (int i = 0; i < program.n(); i++) {
            if (program.lb()[i] == program.ub()[i]) {
                fixed = fixed.length == 0 ? new boolean[program.n()] : fixed;
                fixed[i] = true;
            }
        }
        return fixed;
    }

    /** Fixed variables become unconstrained ones without cost, which stay at zero. */
    private Program withoutFixed() {
        int n = original.n();
        double[] at = new double[n];
        double[] lb = original.lb().clone();
        double[] ub = original.ub().clone();
        for (int i = 0; i < n; i++) {
            if (fixed[i]) {
                at[i] = lb[i];
                lb[i] = Double.NEGATIVE_INFINITY;
                ub[i] = Double.POSITIVE_INFINITY;
            }
        }
        double[] c = original.c().clone();
        original.P().addTimes(1, at, c);
        double[] b = original.b().clone();
        original.A().addTimes(-1, at, b);
        double[] h = original.h().clone();
        original.G().addTimes(-1, at, h);
        for (int i = 0; i < n; i++) {
            c[i] = fixed[i] ? 0 : c[i];
        }
        return new Program(
                clearedRowsAndColumns(original.P()),
                c,
                clearedColumns(original.A()),
                b,
                clearedColumns(original.G()),
                h,
                lb,
                ub,
                original.integers());
    }

    private Matrix clearedColumns(Matrix matrix) {
        return mapped(matrix, (i, j, v) -> fixed[j] ? 0 : v);
    }

    private Matrix clearedRowsAndColumns(Matrix matrix) {
        return mapped(matrix, (i, j, v) -> fixed[i] || fixed[j] ? (i == j ? 1 : 0) : v);
    }

    private interface Entry {
        double of(int i, int j, double v);
    }

    private static Matrix mapped(Matrix matrix, Entry entry) {
        Pattern pattern = matrix.pattern();
        double[] values = new double[pattern.nnz()];
        for (int i = 0; i < pattern.rows(); i++) {
            for (int e = pattern.start(i); e < pattern.start(i + 1); e++) {
                values[e] = entry.of(i, pattern.col(i, e), matrix.values()[matrix.offset() + e]);
            }
        }
        return new Matrix(pattern, values, 0);
    }

    private static double[] ones(int length) {
        double[] x = new double[length];
        Arrays.fill(x, 1);
        return x;
    }

    private static void norms(Program program, double[] col, double[] rowA, double[] rowG) {
        Arrays.fill(col, 0);
        Arrays.fill(rowA, 0);
        Arrays.fill(rowG, 0);
        program.P().raiseNorms(null, col);
        program.A().raiseNorms(rowA, col);
        program.G().raiseNorms(rowG, col);
    }

    private static boolean isComparable(double[] norms, int lane) {
        for (int i = lane; i < norms.length; i += Lanes.WIDTH) {
            if (norms[i] != 0 && (norms[i] > COMPARABLE || norms[i] < 1 / COMPARABLE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isComparable(double[] norms) {
        for (double v : norms) {
            if (v != 0 && (v > COMPARABLE || v < 1 / COMPARABLE)) {
                return false;
            }
        }
        return true;
    }

    private void balance(double[] col, double[] rowA, double[] rowG) {
        double[] columns = C == null ? new double[0] : C;
        Program start = program;
        for (int round = 0; round < ROUNDS; round++) {
            improve(columns, col);
            improve(R, rowA);
            improve(S, rowG);
            program = scaled(start, columns);
            norms(program, col, rowA, rowG);
        }
    }

    private static void improve(double[] factor, double[] norm) {
        for (int i = 0; i < factor.length; i++) {
            if (norm[i] > 0 && Double.isFinite(norm[i])) {
                factor[i] *= power(1 / Math.sqrt(norm[i]));
            }
        }
    }

    /** The power of two next below. */
    private static double power(double x) {
        return Math.scalb(1.0, Math.getExponent(x));
    }

    private Program scaled(Program start, double[] columns) {
        double[] lb = start.lb().clone();
        double[] ub = start.ub().clone();
        for (int i = 0; i < lb.length; i++) {
            lb[i] /= columns[i];
            ub[i] /= columns[i];
        }
        return new Program(
                mapped(start.P(), (i, j, v) -> v * columns[i] * columns[j]),
                times(start.c(), columns),
                mapped(start.A(), (i, j, v) -> v * R[i] * columns[j]),
                times(start.b(), R),
                mapped(start.G(), (i, j, v) -> v * S[i] * columns[j]),
                times(start.h(), S),
                lb,
                ub,
                start.integers());
    }

    private static double[] times(double[] x, double[] y) {
        double[] out = x.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] *= y[i];
        }
        return out;
    }

    private void scaleCost() {
        double size = program.P().maxAbs();
        for (double v : program.c()) {
            size = Math.max(size, Math.abs(v));
        }
        if (size == 0 || (size < COMPARABLE_COST && size > 1 / COMPARABLE_COST)) {
            return;
        }
        k = power(1 / size);
        double[] c = program.c().clone();
        for (int i = 0; i < c.length; i++) {
            c[i] *= k;
        }
        program = program.withObjective(mapped(program.P(), (i, j, v) -> v * k), c);
    }

    /** x of the original program, in place. */
    void recoverX(double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= C == null ? 1 : C[i];
            x[i] = fixed.length > 0 && fixed[i] ? original.lb()[i] : x[i];
        }
    }

    /**
     * The multipliers of the original program, in place; x is recovered already.
     *
     * @param c the cost, which another program on a line has for its own
     */
    void recoverDuals(double[] c, double[] x, double[] y, double[] z, double[] box) {
        if (C != null) {
            for (int i = 0; i < y.length; i++) {
                y[i] *= R[i];
            }
            for (int i = 0; i < z.length; i++) {
                z[i] *= S[i];
            }
            for (int i = 0; i < box.length; i++) {
                box[i] /= C[i];
            }
        }
        if (k != 1) {
            scale(y, 1 / k);
            scale(z, 1 / k);
            scale(box, 1 / k);
        }
        if (fixed.length > 0) {
            double[] r = c.clone();
            original.P().addTimes(1, x, r);
            original.A().addTransposeTimes(1, y, r);
            original.G().addTransposeTimes(1, z, r);
            for (int i = 0; i < box.length; i++) {
                box[i] = fixed[i] ? -r[i] : box[i];
            }
        }
    }

    /** The other way: a point of the original program as one of this, in new arrays. */
    double[] scaledX(double[] x) {
        double[] out = x.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] /= C == null ? 1 : C[i];
            out[i] = fixed.length > 0 && fixed[i] ? 0 : out[i];
        }
        return out;
    }

    double[] scaledY(double[] y) {
        return scaledDual(y, C == null ? null : R);
    }

    double[] scaledZ(double[] z) {
        return scaledDual(z, C == null ? null : S);
    }

    private double[] scaledDual(double[] dual, double @Nullable [] rows) {
        double[] out = dual.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] *= rows == null ? k : k / rows[i];
        }
        return out;
    }

    double[] scaledBox(double[] box) {
        double[] out = box.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] *= C == null ? k : k * C[i];
            out[i] = fixed.length > 0 && fixed[i] ? 0 : out[i];
        }
        return out;
    }

    /** A direction of c, b or h (see {@link io.argmind.solver.Line}) as one of this program. */
    double[] scaledCost(double[] dc) {
        double[] out = dc.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] *= C == null ? k : k * C[i];
            out[i] = fixed.length > 0 && fixed[i] ? 0 : out[i];
        }
        return out;
    }

    double[] scaledB(double[] db) {
        return C == null ? db : times(db, R);
    }

    double[] scaledH(double[] dh) {
        return C == null ? dh : times(dh, S);
    }

    private static void scale(double[] x, double factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
    }
}

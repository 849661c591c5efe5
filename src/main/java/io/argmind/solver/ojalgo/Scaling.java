package io.argmind.solver.ojalgo;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solver.WarmStart;
import java.util.Arrays;

/**
 * Row and column factors, all powers of two so that scaling rounds nothing: R = diag(row), C =
 * diag(col), and x = C x'.
 *
 * <pre>
 *   minimize  cost (1/2 x'C P C x' + c'C x')    subject to  R A C x' = R b,  R G C x' &lt;= R h,  C^-1 lb &lt;= x' &lt;= C^-1 ub
 * </pre>
 *
 * <p>Multipliers return as y = R y' / cost, z = R z' / cost, z_box = C^-1 z_box' / cost. ojAlgo
 * compares with absolute tolerances (its simplex: 1e-7 for reduced costs, 1e-9 for feasibility,
 * 1e-6 for pivots) and its builders do not scale, so entries must be near 1. After D. Ruiz, A
 * scaling algorithm to equilibrate both rows and columns norms in matrices, 2001, and OSQP's use of
 * it.
 *
 * @param rowA [p]
 * @param rowG [m]
 * @param col [n]
 * @param cost of the objective
 */
record Scaling(double[] rowA, double[] rowG, double[] col, double cost) {
    private static final int SWEEPS = 4;

    /** Factors that change nothing. */
    static Scaling none(Program program) {
        return new Scaling(ones(program.p()), ones(program.m()), ones(program.n()), 1);
    }

    /** Rows with largest entries near 1 and an objective of size 1; variables as they are. */
    static Scaling rows(Program program) {
        double[] col = ones(program.n());
        double[] rowA = new double[program.p()];
        double[] rowG = new double[program.m()];
        program.A().forEach((i, j, v) -> rowA[i] = Math.max(rowA[i], Math.abs(v)));
        program.G().forEach((i, j, v) -> rowG[i] = Math.max(rowG[i], Math.abs(v)));
        invert(rowA);
        invert(rowG);
        return new Scaling(rowA, rowG, col, powerOfTwo(1 / positive(objectiveSize(program, col))));
    }

    /** Rows and columns with largest entries near 1, and an objective of this size. */
    static Scaling equilibrate(Program program, double costSize) {
        double[] rowA = ones(program.p());
        double[] rowG = ones(program.m());
        double[] col = ones(program.n());
        double cost = 1 / positive(objectiveSize(program, col));
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double[] maxA = new double[rowA.length];
            double[] maxG = new double[rowG.length];
            double[] maxCol = new double[col.length];
            collect(program.A(), rowA, col, 1, maxA, maxCol);
            collect(program.G(), rowG, col, 1, maxG, maxCol);
            collect(program.P(), col, col, cost, new double[col.length], maxCol);
            divideBySqrt(rowA, maxA);
            divideBySqrt(rowG, maxG);
            divideBySqrt(col, maxCol);
            cost = 1 / positive(objectiveSize(program, col));
        }
        roundToPowers(rowA);
        roundToPowers(rowG);
        roundToPowers(col);
        return new Scaling(
                rowA, rowG, col, powerOfTwo(costSize / positive(objectiveSize(program, col))));
    }

    /** The largest coefficient of the scaled objective, cost apart. */
    private static double objectiveSize(Program program, double[] col) {
        double largest = 0;
        for (int j = 0; j < col.length; j++) {
            largest = Math.max(largest, Math.abs(program.c()[j]) * col[j]);
        }
        double[] maxCol = new double[col.length];
        collect(program.P(), col, col, 1, new double[col.length], maxCol);
        for (double size : maxCol) {
            largest = Math.max(largest, size);
        }
        return largest;
    }

    private static double positive(double size) {
        return size > 0 ? size : 1;
    }

    private static void collect(
            Matrix matrix,
            double[] row,
            double[] col,
            double factor,
            double[] maxRow,
            double[] maxCol) {
        matrix.forEach((i, j, v) -> {
            double size = factor * Math.abs(v) * row[i] * col[j];
            maxRow[i] = Math.max(maxRow[i], size);
            maxCol[j] = Math.max(maxCol[j], size);
        });
    }

    /** The scaled program. */
    Program scale(Program program) {
        double[] lb = program.lb().clone();
        double[] ub = program.ub().clone();
        double[] c = program.c().clone();
        for (int j = 0; j < col.length; j++) {
            lb[j] /= col[j];
            ub[j] /= col[j];
            c[j] *= cost * col[j];
        }
        return new Program(
                scale(program.P(), col, cost),
                c,
                scale(program.A(), rowA, 1),
                times(program.b(), rowA),
                scale(program.G(), rowG, 1),
                times(program.h(), rowG),
                lb,
                ub,
                program.integers());
    }

    private Matrix scale(Matrix matrix, double[] row, double factor) {
        double[] values = new double[matrix.nnz()];
        int[] at = {0};
        matrix.forEach((i, j, v) -> values[at[0]++] = v * factor * row[i] * col[j]);
        return new Matrix(matrix.pattern(), values, 0);
    }

    private static double[] times(double[] x, double[] factor) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i] * factor[i];
        }
        return out;
    }

    /** A guess for the scaled program. */
    WarmStart scale(WarmStart warm) {
        double[] x = warm.x().clone();
        double[] y = warm.y() == null ? null : warm.y().clone();
        double[] z = warm.z() == null ? null : warm.z().clone();
        double[] zBox = warm.zBox() == null ? null : times(warm.zBox(), col);
        for (int j = 0; j < x.length; j++) {
            x[j] /= col[j];
        }
        for (int i = 0; y != null && i < y.length; i++) {
            y[i] *= cost / rowA[i];
        }
        for (int i = 0; z != null && i < z.length; i++) {
            z[i] *= cost / rowG[i];
        }
        for (int j = 0; zBox != null && j < zBox.length; j++) {
            zBox[j] *= cost;
        }
        return new WarmStart(x, y, z, zBox);
    }

    /** A point of the scaled program, in our units. */
    Answer unscale(Answer scaled) {
        double[] zBox = scaled.zBox().clone();
        for (int j = 0; j < zBox.length; j++) {
            zBox[j] /= col[j] * cost;
        }
        double[] y = times(scaled.y(), rowA);
        double[] z = times(scaled.z(), rowG);
        for (int i = 0; i < y.length; i++) {
            y[i] /= cost;
        }
        for (int i = 0; i < z.length; i++) {
            z[i] /= cost;
        }
        return new Answer(times(scaled.x(), col), y, z, zBox);
    }

    /** A proof about the scaled program as one about the program; the cost is no part of it. */
    Certificate.Farkas unscale(Certificate.Farkas scaled) {
        double[] zBox = scaled.zBox().clone();
        for (int j = 0; j < zBox.length; j++) {
            zBox[j] /= col[j];
        }
        return new Certificate.Farkas(times(scaled.y(), rowA), times(scaled.z(), rowG), zBox);
    }

    private static void divideBySqrt(double[] factor, double[] size) {
        for (int i = 0; i < factor.length; i++) {
            factor[i] = size[i] > 0 ? factor[i] / Math.sqrt(size[i]) : factor[i];
        }
    }

    private static void invert(double[] size) {
        for (int i = 0; i < size.length; i++) {
            size[i] = powerOfTwo(1 / positive(size[i]));
        }
    }

    private static void roundToPowers(double[] factor) {
        for (int i = 0; i < factor.length; i++) {
            factor[i] = powerOfTwo(factor[i]);
        }
    }

    /** The power of two just below, within what leaves products finite. */
    static double powerOfTwo(double size) {
        return Math.scalb(1.0, Math.clamp(Math.getExponent(size), -200, 200));
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }
}

package io.argmind.solver.ortools;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.argmind.problem.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What goes into HiGHS. Its rows are [A; G]: row i of A with both bounds b_i, row i of G with the
 * bounds -Infinity and h_i, so that h_i = +Infinity makes a free row. A quadratic program without
 * rows gets an empty free one. HiGHS takes every bound from 1e20 on for infinite.
 */
final class HighsModel {
    private static final int ROW_WISE = 2;
    private static final int TRIANGULAR = 1;
    private static final int MINIMIZE = 1;
    private static final int REFUSED = -1;

    private final MemorySegment highs;
    private @Nullable HighsMatrix matrix; // of the program passed last

    HighsModel(HighsInstance instance) {
        this.highs = instance.pointer();
    }

    /**
     * Replaces the model; HiGHS forgets everything about the one before.
     *
     * @return whether HiGHS takes it
     */
    boolean pass(Program program) {
        HighsMatrix rows = matrix(program);
        HighsHessian hessian =
                program.problemClass().isQuadratic() ? HighsHessian.of(program.P()) : null;
        try (Arena arena = Arena.ofConfined()) {
            return pass(program, rows, hessian, arena) != REFUSED;
        }
    }

    /** The rows of a program, those of the last one where they are the same. */
    HighsMatrix matrix(Program program) {
        HighsMatrix rows = matrix;
        if (rows == null || !rows.isOf(program)) {
            rows = HighsMatrix.of(program);
            matrix = rows;
        }
        return rows;
    }

    private int pass(
            Program program, HighsMatrix rows, @Nullable HighsHessian hessian, Arena arena) {
        int n = program.n();
        int height = height(program);
        int nnz = rows.nnz();
        int hessianNnz = hessian == null ? 0 : hessian.nnz();
        MemorySegment c = copy(arena, program.c());
        MemorySegment lb = copy(arena, program.lb());
        MemorySegment ub = copy(arena, program.ub());
        MemorySegment lower = copy(arena, rowLower(program, rows.scale()));
        MemorySegment upper = copy(arena, rowUpper(program, rows.scale()));
        MemorySegment start = copy(arena, Arrays.copyOf(rows.start(), height + 1));
        MemorySegment index = copy(arena, rows.index());
        MemorySegment value = copy(arena, rows.value());
        MemorySegment none = MemorySegment.NULL;
        MemorySegment hessianStart = hessian == null ? none : copy(arena, hessian.start());
        MemorySegment hessianIndex = hessian == null ? none : copy(arena, hessian.index());
        MemorySegment hessianValue = hessian == null ? none : copy(arena, hessian.value());
        MemorySegment kinds = program.hasIntegers() ? copy(arena, kinds(program)) : none;
        return HighsLibrary.call(() ->
                (int)
                        HighsLibrary.PASS_MODEL.invokeExact(
                                highs,
                                n,
                                height,
                                nnz,
                                hessianNnz,
                                ROW_WISE,
                                TRIANGULAR,
                                MINIMIZE,
                                0.0,
                                c,
                                lb,
                                ub,
                                lower,
                                upper,
                                start,
                                index,
                                value,
                                hessianStart,
                                hessianIndex,
                                hessianValue,
                                kinds));
    }

    /** Replaces c, b and h; HiGHS keeps its basis. */
    void change(Program program) {
        int lastCol = program.n() - 1;
        int lastRow = height(program) - 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment c = copy(arena, program.c());
            HighsLibrary.call(
                    () -> (int) HighsLibrary.CHANGE_COSTS.invokeExact(highs, 0, lastCol, c));
            if (lastRow < 0) {
                return;
            }
            double[] scale = matrix(program).scale();
            MemorySegment lower = copy(arena, rowLower(program, scale));
            MemorySegment upper = copy(arena, rowUpper(program, scale));
            HighsLibrary.call(() ->
                    (int)
                            HighsLibrary.CHANGE_ROW_BOUNDS.invokeExact(
                                    highs, 0, lastRow, lower, upper));
        }
    }

    /** Sets the basis to start from. HiGHS repairs one that is singular. */
    void setBasis(HighsBasis basis) {
        if (basis.rows().length == 0) {
            return; // HiGHS would write to memory that it has not allocated
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cols = copy(arena, basis.cols());
            MemorySegment rows = copy(arena, basis.rows());
            HighsLibrary.call(() -> (int) HighsLibrary.SET_BASIS.invokeExact(highs, cols, rows));
        }
    }

    /** Hands HiGHS a point that may be feasible, or nearly so in its integers. */
    void hint(double[] x) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = copy(arena, x);
            MemorySegment none = MemorySegment.NULL;
            HighsLibrary.call(() ->
                    (int) HighsLibrary.SET_SOLUTION.invokeExact(highs, values, none, none, none));
        }
    }

    /**
     * At least 1 for quadratic programs: a path of its own, with errors of its own, is thereby
     * avoided.
     */
    static int height(Program program) {
        int height = program.p() + program.m();
        return height == 0 && program.problemClass().isQuadratic() ? 1 : height;
    }

    private static double[] rowLower(Program program, double[] scale) {
        double[] lower = new double[height(program)];
        Arrays.fill(lower, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < program.p(); i++) {
            lower[i] = program.b()[i] * scale[i];
        }
        return lower;
    }

    private static double[] rowUpper(Program program, double[] scale) {
        double[] upper = new double[height(program)];
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
        for (int i = 0; i < program.p(); i++) {
            upper[i] = program.b()[i] * scale[i];
        }
        for (int i = 0; i < program.m(); i++) {
            upper[program.p() + i] = program.h()[i] * scale[program.p() + i];
        }
        return upper;
    }

    private static int[] kinds(Program program) {
        int[] kinds = new int[program.n()];
        for (int i : program.integers()) {
            kinds[i] = 1;
        }
        return kinds;
    }

    private static MemorySegment copy(Arena arena, double[] values) {
        return arena.allocateFrom(JAVA_DOUBLE, values);
    }

    private static MemorySegment copy(Arena arena, int[] values) {
        return arena.allocateFrom(JAVA_INT, values);
    }
}

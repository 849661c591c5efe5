package io.argmind.solver.ortools;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import java.util.Arrays;

/**
 * The rows [A; G] of a program as HiGHS takes them: compressed rows without stored zeros. Those of
 * quadratic programs are scaled to a largest entry between 1/2 and 1, by powers of two, since
 * HiGHS' method for them knows no scaling.
 *
 * @param A [p, n] as it came, to know it again
 * @param G [m, n] as it came
 * @param start [p + m + 1]
 * @param index [nnz or longer]
 * @param value [nnz or longer]
 * @param scale [p + m] the factor of each row
 * @param scaled whether the factors are other than 1
 */
record HighsMatrix(
        Matrix A,
        Matrix G,
        int[] start,
        int[] index,
        double[] value,
        double[] scale,
        boolean scaled) {

    static HighsMatrix of(Program program) {
        Matrix a = program.A();
        Matrix g = program.G();
        int capacity = Math.addExact(a.nnz(), g.nnz());
        int[] start = new int[a.rows() + g.rows() + 1];
        double[] scale = new double[a.rows() + g.rows()];
        Arrays.fill(scale, 1);
        boolean scaled = program.problemClass().isQuadratic();
        HighsMatrix rows =
                new HighsMatrix(
                        a, g, start, new int[capacity], new double[capacity], scale, scaled);
        rows.append(a, 0);
        rows.append(g, a.rows());
        if (scaled) {
            rows.equilibrate();
        }
        return rows;
    }

    int nnz() {
        return start[start.length - 1];
    }

    /** Whether these are the rows of a program, judged by its arrays' identity. */
    boolean isOf(Program program) {
        return same(A, program.A())
                && same(G, program.G())
                && scaled == program.problemClass().isQuadratic();
    }

    @SuppressWarnings("ReferenceEquality") // the same arrays are meant
    private static boolean same(Matrix one, Matrix other) {
        return one.values() == other.values()
                && one.pattern() == other.pattern()
                && one.offset() == other.offset();
    }

    private void append(Matrix matrix, int firstRow) {
        int at = start[firstRow];
        for (int i = 0; i < matrix.rows(); i++) {
            for (int k = matrix.pattern().start(i); k < matrix.pattern().start(i + 1); k++) {
                double v = matrix.values()[matrix.offset() + k];
                if (v != 0) {
                    index[at] = matrix.pattern().col(i, k);
                    value[at++] = v;
                }
            }
            start[firstRow + i + 1] = at;
        }
    }

    private void equilibrate() {
        for (int i = 0; i < scale.length; i++) {
            double largest = 0;
            for (int k = start[i]; k < start[i + 1]; k++) {
                largest = Math.max(largest, Math.abs(value[k]));
            }
            scale[i] = largest == 0 ? 1 : Math.scalb(1.0, -1 - Math.getExponent(largest));
            for (int k = start[i]; k < start[i + 1]; k++) {
                value[k] *= scale[i];
            }
        }
    }
}

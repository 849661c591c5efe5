package io.argmind.solver.ortools;

import io.argmind.linalg.Matrix;

/**
 * P as HiGHS takes it: the columns of its lower triangle, which are the rows of its upper one.
 * Every diagonal entry is there, also where it is zero, since HiGHS adds its regularization to
 * stored diagonal entries alone.
 *
 * @param start [n + 1]
 * @param index [nnz or longer]
 * @param value [nnz or longer]
 */
record HighsHessian(int[] start, int[] index, double[] value) {

    static HighsHessian of(Matrix matrix) {
        int n = matrix.rows();
        int capacity = Math.addExact(matrix.nnz(), n);
        int[] start = new int[n + 1];
        int[] index = new int[capacity];
        double[] value = new double[capacity];
        int at = 0;
        for (int i = 0; i < n; i++) {
            int diagonal = at;
            index[at++] = i;
            for (int k = matrix.pattern().start(i); k < matrix.pattern().start(i + 1); k++) {
                int j = matrix.pattern().col(i, k);
                double v = matrix.values()[matrix.offset() + k];
                if (j == i) {
                    value[diagonal] = v;
                } else if (j > i && v != 0) {
                    index[at] = j;
                    value[at++] = v;
                }
            }
            start[i + 1] = at;
        }
        return new HighsHessian(start, index, value);
    }

    int nnz() {
        return start[start.length - 1];
    }
}

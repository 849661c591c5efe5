package io.argmind.solver.interior.cone;

import java.util.Arrays;

/**
 * The rows of one cone in the linear system, turned into the coordinates in which the cone's
 * scaling is diagonal. All of them have the columns that any of them has.
 */
final class RotatedRows {
    private final ConeBlock block;
    private final int n; // variables before the rows
    private final int dim;
    private final int[] columns; // ascending
    private final double[]
            m; // [columns, dim] the rows as they are in the standard form, by columns
    private final double[] work; // [dim]

    RotatedRows(StandardForm form, ConeBlock block) {
        this.block = block;
        n = form.n;
        dim = block.dim();
        work = new double[dim];
        int from = form.start[block.at()];
        int to = form.start[block.at() + dim];
        columns = Arrays.stream(form.col, from, to).sorted().distinct().toArray();
        m = new double[Math.multiplyExact(columns.length, dim)];
        for (int i = 0; i < dim; i++) {
            for (int k = form.start[block.at() + i]; k < form.start[block.at() + i + 1]; k++) {
                int c = Arrays.binarySearch(columns, form.col[k]);
                m[c * dim + i] += form.a[k];
            }
        }
    }

    int entries() {
        return m.length;
    }

    /** Appends the columns of one row; the place after them. */
    int fill(int[] rows, int at) {
        System.arraycopy(columns, 0, rows, at, columns.length);
        return at + columns.length;
    }

    /** Writes the rows in the block's present coordinates, row i from start[n + place of i] on. */
    void update(double[] values, int[] start) {
        for (int c = 0; c < columns.length; c++) {
            System.arraycopy(m, c * dim, work, 0, dim);
            block.rotate(work, false);
            for (int i = 0; i < dim; i++) {
                values[start[n + block.at() + i] + c] = work[i];
            }
        }
    }

    /** Turns the part of the cone in v, which begins after n entries. */
    void rotate(double[] v, boolean back) {
        System.arraycopy(v, n + block.at(), work, 0, dim);
        block.rotate(work, back);
        System.arraycopy(work, 0, v, n + block.at(), dim);
    }
}

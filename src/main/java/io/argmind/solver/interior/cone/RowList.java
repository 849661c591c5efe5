package io.argmind.solver.interior.cone;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import java.util.Arrays;

/** Rows of a sparse matrix, one below the other. */
final class RowList {
    private int[] start = new int[16];
    private int[] col = new int[16];
    private double[] values = new double[16];
    private int rows;
    private int entries;

    /** Appends an entry to the last row; columns ascend within a row. */
    void put(int column, double value) {
        if (entries == col.length) {
            col = Arrays.copyOf(col, 2 * entries);
            values = Arrays.copyOf(values, 2 * entries);
        }
        col[entries] = column;
        values[entries++] = value;
    }

    /** Ends the last row. */
    void end() {
        rows++;
        if (rows == start.length) {
            start = Arrays.copyOf(start, 2 * rows);
        }
        start[rows] = entries;
    }

    /** Appends the rows of a matrix, times a sign, with one more column behind its own. */
    void add(Matrix matrix, double sign, double[] last) {
        int first = rows;
        int column = matrix.cols();
        matrix.forEach((i, j, v) -> {
            while (rows < first + i) {
                put(column, last[rows - first]);
                end();
            }
            put(j, sign * v);
        });
        while (rows < first + matrix.rows()) {
            put(column, last[rows - first]);
            end();
        }
    }

    /** Appends the rows of a matrix. */
    void add(Matrix matrix) {
        int first = rows;
        matrix.forEach((i, j, v) -> {
            while (rows < first + i) {
                end();
            }
            put(j, v);
        });
        while (rows < first + matrix.rows()) {
            end();
        }
    }

    Matrix matrix(int columns) {
        Pattern pattern =
                Pattern.sparse(
                        rows, columns, Arrays.copyOf(start, rows + 1), Arrays.copyOf(col, entries));
        return new Matrix(pattern, Arrays.copyOf(values, entries), 0);
    }
}

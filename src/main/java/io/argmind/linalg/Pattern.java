package io.argmind.linalg;

import org.jspecify.annotations.Nullable;

/**
 * Where the entries of a matrix stand: every position in row-major order (dense), or compressed
 * sparse rows with columns ascending and unique in each row. One pattern is shared by all matrices
 * of a batch. Immutable.
 */
public final class Pattern {
    private final int rows;
    private final int cols;
    private final int @Nullable [] rowStart; // [rows + 1], null when dense
    private final int @Nullable [] col; // [nnz], null when dense

    private Pattern(int rows, int cols, int @Nullable [] rowStart, int @Nullable [] col) {
        this.rows = rows;
        this.cols = cols;
        this.rowStart = rowStart;
        this.col = col;
    }

    /** Every position of a {@code rows x cols} matrix, row-major. */
    public static Pattern dense(int rows, int cols) {
        Math.multiplyExact(rows, cols);
        return new Pattern(rows, cols, null, null);
    }

    /**
     * Compressed sparse rows; the arrays are kept, not copied.
     *
     * @param rowStart [rows + 1], row i has the entries rowStart[i] .. rowStart[i + 1] - 1
     * @param col [nnz], ascending and unique in each row
     */
    public static Pattern sparse(int rows, int cols, int[] rowStart, int[] col) {
        return new Pattern(rows, cols, rowStart, col);
    }

    /** No entry at all. */
    public static Pattern empty(int rows, int cols) {
        return new Pattern(rows, cols, new int[rows + 1], new int[0]);
    }

    /** The diagonal of an {@code n x n} matrix. */
    public static Pattern diagonal(int n) {
        int[] rowStart = new int[n + 1];
        int[] col = new int[n];
        for (int i = 0; i < n; i++) {
            rowStart[i + 1] = i + 1;
            col[i] = i;
        }
        return new Pattern(n, n, rowStart, col);
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    public boolean isDense() {
        return rowStart == null;
    }

    /** The number of stored entries. */
    public int nnz() {
        return rowStart == null ? rows * cols : rowStart[rows];
    }

    /** The first stored entry of row i; {@code start(rows)} is {@link #nnz()}. */
    public int start(int i) {
        return rowStart == null ? i * cols : rowStart[i];
    }

    /** The column of stored entry k, which lies in row i. */
    public int col(int i, int k) {
        return col == null ? k - i * cols : col[k];
    }
}

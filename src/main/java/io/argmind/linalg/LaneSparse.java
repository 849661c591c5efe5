package io.argmind.linalg;

import static io.argmind.linalg.Lanes.load;

import jdk.incubator.vector.DoubleVector;

/** A sparse matrix for every lane, one pattern for all, in compressed rows. */
public final class LaneSparse implements LaneMatrix {
    private static final int W = Lanes.WIDTH;

    private final int rows;
    private final int cols;
    private final int[] start; // [rows + 1]
    private final int[] col; // [nnz]
    private final int[] slot; // [nnz] where the entry that was listed e-th stands
    private final double[] entries;

    /**
     * @param row [nnz] of the entries, in any order, no position twice
     * @param column [nnz]
     */
    public LaneSparse(int rows, int cols, int[] row, int[] column) {
        this.rows = rows;
        this.cols = cols;
        this.start = new int[rows + 1];
        this.col = new int[row.length];
        this.slot = new int[row.length];
        for (int i : row) {
            start[i + 1]++;
        }
        for (int i = 0; i < rows; i++) {
            start[i + 1] += start[i];
        }
        int[] next = start.clone();
        for (int e = 0; e < row.length; e++) {
            slot[e] = next[row[e]]++;
            col[slot[e]] = column[e];
        }
        this.entries = Lanes.vector(row.length);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int cols() {
        return cols;
    }

    /** Where row i begins among the entries. */
    int start(int i) {
        return start[i];
    }

    /** The column of an entry. */
    int col(int entry) {
        return col[entry];
    }

    /** [nnz] in the order of rows. */
    double[] entries() {
        return entries;
    }

    /**
     * Puts numbers of one program into its lane.
     *
     * @param first where the entries were listed when this matrix was made
     */
    public void put(int lane, double[] from, int offset, int first, int count) {
        for (int e = 0; e < count; e++) {
            entries[slot[first + e] * W + lane] = from[offset + e];
        }
    }

    @Override
    public void addTimes(double[] x, double[] y) {
        for (int i = 0; i < rows; i++) {
            DoubleVector sum = load(y, i * W);
            for (int k = start[i]; k < start[i + 1]; k++) {
                sum = load(entries, k * W).fma(load(x, col[k] * W), sum);
            }
            sum.intoArray(y, i * W);
        }
    }

    @Override
    public void addTransposeTimes(double[] y, double[] x) {
        for (int i = 0; i < rows; i++) {
            DoubleVector v = load(y, i * W);
            for (int k = start[i]; k < start[i + 1]; k++) {
                int at = col[k] * W;
                load(entries, k * W).fma(v, load(x, at)).intoArray(x, at);
            }
        }
    }

    @Override
    public void raiseNorms(double[] inRows, double[] inCols) {
        for (int i = 0; i < rows; i++) {
            DoubleVector most = load(inRows, i * W);
            for (int k = start[i]; k < start[i + 1]; k++) {
                int at = col[k] * W;
                DoubleVector v = load(entries, k * W).abs();
                most = most.max(v);
                load(inCols, at).max(v).intoArray(inCols, at);
            }
            most.intoArray(inRows, i * W);
        }
    }

    /** Adds M'DM to the lower triangle of S, with d[rows] and S[cols, cols]. */
    public void addGram(double[] d, LaneSymmetric S) {
        for (int i = 0; i < rows; i++) {
            DoubleVector di = load(d, i * W);
            for (int k = start[i]; k < start[i + 1]; k++) {
                DoubleVector v = load(entries, k * W).mul(di);
                for (int q = start[i]; q < start[i + 1]; q++) {
                    if (col[q] <= col[k]) {
                        int at = LaneSymmetric.at(col[k], col[q]);
                        load(entries, q * W).fma(v, load(S.entries, at)).intoArray(S.entries, at);
                    }
                }
            }
        }
    }

    @Override
    public long bytes() {
        return 8L * entries.length + 4L * (start.length + 2L * col.length);
    }
}

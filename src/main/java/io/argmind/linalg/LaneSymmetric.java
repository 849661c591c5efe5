package io.argmind.linalg;

import static io.argmind.linalg.LaneTiles.SIDE;
import static io.argmind.linalg.LaneTiles.TILE;

import java.util.Arrays;

/**
 * A dense symmetric matrix for every lane: the lower triangle in panels of four rows, panel I with
 * the 4 (I + 1) columns up to its diagonal tile. Rows and columns beyond the size hold the
 * identity.
 */
public final class LaneSymmetric {
    private static final int W = Lanes.WIDTH;

    private final int size;
    private final int panels;
    final double[] entries;

    public LaneSymmetric(int size) {
        this.size = size;
        this.panels = panels(size);
        this.entries = new double[Math.toIntExact(doubles(size))];
        putOnesBeyond();
    }

    /** Makes it the zero matrix, with ones beyond the size. */
    public void clear() {
        Arrays.fill(entries, 0);
        putOnesBeyond();
    }

    private void putOnesBeyond() {
        for (int i = size; i < paddedSize(); i++) {
            Arrays.fill(entries, at(i, i), at(i, i) + W, 1);
        }
    }

    /** The doubles that the triangle takes. */
    public static long doubles(int size) {
        long panels = panels(size);
        return TILE * panels * (panels + 1) / 2;
    }

    static int panels(int size) {
        return (size + SIDE - 1) / SIDE;
    }

    /** Where panel I begins. */
    static int panel(int I) {
        return TILE / 2 * I * (I + 1);
    }

    /** Where entry (i, j), i >= j or in the same diagonal tile, begins. */
    static int at(int i, int j) {
        return panel(i / SIDE) + (j * SIDE + i % SIDE) * W;
    }

    int panels() {
        return panels;
    }

    public int size() {
        return size;
    }

    int paddedSize() {
        return panels * SIDE;
    }

    /** A vector that the products and solves take: as long as the panels are high. */
    public double[] vector() {
        return Lanes.vector(paddedSize());
    }

    /** Writes an entry and its mirror image, in one lane. */
    public void set(int lane, int i, int j, double value) {
        if (i / SIDE == j / SIDE) {
            entries[at(i, j) + lane] = value;
            entries[at(j, i) + lane] = value;
        } else {
            entries[(i > j ? at(i, j) : at(j, i)) + lane] = value;
        }
    }

    /**
     * Puts the lower triangle of a dense symmetric matrix into a lane, from (0, 0) on.
     *
     * @param from row-major [n, n], beginning at offset
     */
    public void putSymmetric(int lane, double[] from, int offset, int n) {
        for (int i = 0; i < n; i++) {
            putRow(lane, i, from, offset + i * n, Math.min(n, (i / SIDE + 1) * SIDE));
        }
    }

    /** Puts the first entries of row i, without their mirror images. */
    private void putRow(int lane, int i, double[] from, int offset, int count) {
        int to = panel(i / SIDE) + (i % SIDE) * W + lane;
        for (int j = 0; j < count; j++) {
            entries[to + j * SIDE * W] = from[offset + j];
        }
    }

    /** Puts row i of a block left of the diagonal, and what the diagonal tile has of its mirror. */
    private void putBlockRow(int lane, int i, double[] from, int offset, int cols) {
        putRow(lane, i, from, offset, cols);
        for (int j = i / SIDE * SIDE; j < cols; j++) {
            entries[at(j, i) + lane] = from[offset + j];
        }
    }

    /**
     * Puts the lower triangles of dense symmetric matrices, one into each lane, row by row, so that
     * what is written stays in the nearest cache.
     *
     * @param from [WIDTH] row-major [n, n], beginning at the lane's offset
     */
    public void putSymmetric(double[][] from, int[] offset, int n) {
        for (int i = 0; i < n; i++) {
            int count = Math.min(n, (i / SIDE + 1) * SIDE);
            for (int l = 0; l < W; l++) {
                putRow(l, i, from[l], offset[l] + i * n, count);
            }
        }
    }

    /**
     * {@link #putRows(int, double[], int, int, int, int)} of one matrix into each lane.
     *
     * @param from [WIDTH] row-major [rows, cols], beginning at the lane's offset
     */
    public void putRows(double[][] from, int[] offset, int rows, int cols, int first) {
        for (int r = 0; r < rows; r++) {
            for (int l = 0; l < W; l++) {
                putBlockRow(l, first + r, from[l], offset[l] + r * cols, cols);
            }
        }
    }

    /**
     * norms_i = max(norms_i, max_j |entry (i, j)|); beyond the size they are of no use.
     *
     * @param norms of {@link #vector}
     */
    public void raiseNorms(double[] norms) {
        for (int I = 0; I < panels; I++) {
            // the diagonal tile is full: its columns are looked at as rows
            LaneTiles.raise(entries, panel(I), (I + 1) * SIDE, norms, I * SIDE * W, norms);
        }
    }

    /**
     * Puts rows of a dense matrix below row {@code first}, from column 0 on.
     *
     * @param from row-major [rows, cols], beginning at offset, with cols &lt;= first
     */
    public void putRows(int lane, double[] from, int offset, int rows, int cols, int first) {
        for (int r = 0; r < rows; r++) {
            putBlockRow(lane, first + r, from, offset + r * cols, cols);
        }
    }

    /** Makes this a copy of another matrix of its size. */
    public void copy(LaneSymmetric other) {
        System.arraycopy(other.entries, 0, entries, 0, entries.length);
    }

    /** y += M u for vectors of {@link #vector}. */
    public void addTimes(double[] u, double[] y) {
        for (int I = 0; I < panels; I++) {
            int at = I * SIDE * W;
            LaneTiles.symmetricTimes(entries, panel(I), SIDE * I, u, at, y);
            LaneTiles.times(entries, panel(I) + I * TILE, SIDE, u, at, y, at);
        }
    }

    public long bytes() {
        return 8L * entries.length;
    }
}

package io.argmind.linalg;

import static io.argmind.linalg.LaneTiles.SIDE;

import java.util.Arrays;

/**
 * A dense matrix M for every lane, stored by panels of four columns, each running along the rows,
 * so that {@link LaneFactor} can form M'DM tile by tile.
 */
public final class LanePanels implements LaneMatrix {
    private static final int W = Lanes.WIDTH;

    private final int rows;
    private final int cols;
    private final int panels;
    private final double[] padded; // a vector along the columns, as long as the panels are wide
    final double[] entries;

    public LanePanels(int rows, int cols) {
        this.rows = rows;
        this.cols = cols;
        this.panels = LaneSymmetric.panels(cols);
        this.entries = Lanes.vector(Math.multiplyExact(panels * SIDE, rows));
        this.padded = Lanes.vector(panels * SIDE);
    }

    int panels() {
        return panels;
    }

    int panelDoubles() {
        return rows * SIDE * W;
    }

    int panel(int J) {
        return J * panelDoubles();
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int cols() {
        return cols;
    }

    @Override
    public void addTimes(double[] x, double[] y) {
        System.arraycopy(x, 0, padded, 0, cols * W);
        Arrays.fill(padded, cols * W, padded.length, 0);
        for (int J = 0; J < panels; J++) {
            LaneTiles.transposeTimes(entries, panel(J), rows, padded, J * SIDE * W, y);
        }
    }

    @Override
    public void addTransposeTimes(double[] y, double[] x) {
        System.arraycopy(x, 0, padded, 0, cols * W);
        Arrays.fill(padded, cols * W, padded.length, 0);
        for (int J = 0; J < panels; J++) {
            LaneTiles.times(entries, panel(J), rows, y, 0, padded, J * SIDE * W);
        }
        System.arraycopy(padded, 0, x, 0, cols * W);
    }

    /**
     * Puts one program's matrix into its lane.
     *
     * @param from row-major [rows, cols], beginning at offset
     */
    public void put(int lane, double[] from, int offset) {
        for (int i = 0; i < rows; i++) {
            putRow(lane, i, from, offset + i * cols);
        }
    }

    /**
     * Puts a matrix into each lane.
     *
     * @param from [WIDTH] row-major [rows, cols], beginning at the lane's offset
     */
    public void put(double[][] from, int[] offset) {
        for (int i = 0; i < rows; i++) {
            for (int l = 0; l < W; l++) {
                putRow(l, i, from[l], offset[l] + i * cols);
            }
        }
    }

    private void putRow(int lane, int i, double[] from, int offset) {
        int to = i * SIDE * W + lane;
        for (int j = 0; j < cols; j++) {
            entries[panel(j / SIDE) + (j % SIDE) * W + to] = from[offset + j];
        }
    }

    @Override
    public void raiseNorms(double[] inRows, double[] inCols) {
        System.arraycopy(inCols, 0, padded, 0, cols * W);
        for (int J = 0; J < panels; J++) {
            LaneTiles.raise(entries, panel(J), rows, padded, J * SIDE * W, inRows);
        }
        System.arraycopy(padded, 0, inCols, 0, cols * W);
    }

    /**
     * Puts the transpose of a program's matrix into consecutive columns.
     *
     * @param from row-major [count, rows], beginning at offset; its row i becomes column first + i
     */
    public void putTransposed(int lane, double[] from, int offset, int count, int first) {
        for (int i = 0; i < count; i++) {
            int j = first + i;
            int to = panel(j / SIDE) + (j % SIDE) * W + lane;
            int row = offset + i * rows;
            for (int k = 0; k < rows; k++) {
                entries[to + k * SIDE * W] = from[row + k];
            }
        }
    }

    @Override
    public long bytes() {
        return 8L * entries.length;
    }
}

package io.argmind.linalg;

import static io.argmind.linalg.LaneTiles.SIDE;
import static io.argmind.linalg.LaneTiles.TILE;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The signed Cholesky factorization K + M'DM + diag = L J L' for every lane, J = diag(1, ..., 1,
 * -1, ..., -1), which exists for symmetric quasi-definite matrices (Vanderbei 1995). Left-looking
 * by panels: one pass over the matrix, with the Gram matrix formed tile by tile on the way.
 */
public final class LaneFactor {
    private static final int W = Lanes.WIDTH;

    private final int size;
    private final int positive;
    private final int panels;
    private final double[] L;
    private final double[] inverse; // [padded] 1 / L_jj
    private final double[] negative; // what the current panel has under negative pivots, times -1
    private double[] gramColumn = new double[0]; // the current panel of M, times -D

    /**
     * @param size of the matrix
     * @param positive how many leading pivots are positive
     */
    public LaneFactor(int size, int positive) {
        this.size = size;
        this.positive = positive;
        this.panels = LaneSymmetric.panels(size);
        this.L = new double[Math.toIntExact(LaneSymmetric.doubles(size))];
        this.inverse = Lanes.vector(panels * SIDE);
        this.negative = Lanes.vector(Math.max(0, SIDE * panels - positive) * SIDE);
    }

    /**
     * Factors.
     *
     * @param K the matrix, read only
     * @param diagonal [size] added to the diagonal of K
     * @param M a matrix whose Gram matrix M'D M' is added to the leading block, or null
     * @param d [rows of M] D
     */
    public void factor(
            LaneSymmetric K, double[] diagonal, @Nullable LanePanels M, double @Nullable [] d) {
        for (int J = 0; J < panels; J++) {
            // -K is what comes first, so that products are added, where pivots are positive
            for (int I = J; I < panels; I++) {
                int t = LaneSymmetric.panel(I) + J * TILE;
                LaneTiles.negate(K.entries, t, L, t);
            }
            if (M != null && d != null && J < M.panels()) {
                subtractGram(J, M, d);
            }
            eliminate(J, diagonal);
        }
    }

    private void subtractGram(int J, LanePanels M, double[] d) {
        if (gramColumn.length < M.panelDoubles()) {
            gramColumn = new double[M.panelDoubles()];
        }
        LaneTiles.negateAndScale(M.entries, M.panel(J), M.rows(), d, gramColumn);
        for (int I = J; I < M.panels(); I++) {
            int t = LaneSymmetric.panel(I) + J * TILE;
            LaneTiles.addProduct(L, t, M.entries, M.panel(I), gramColumn, 0, M.rows(), L, t);
        }
    }

    /** Turns the tiles of column J, as they are in the negated matrix, into those of the factor. */
    private void eliminate(int J, double[] diagonal) {
        int columns = SIDE * J;
        int added = Math.min(columns, positive);
        int skip = added * SIDE * W;
        int from = LaneSymmetric.panel(J);
        for (int i = skip; i < columns * SIDE * W; i++) {
            negative[i - skip] = -L[from + i];
        }
        int plus = Math.clamp(positive - columns, 0, SIDE);
        int diagonalTile = from + J * TILE;
        for (int I = J; I < panels; I++) {
            int row = LaneSymmetric.panel(I);
            int t = row + J * TILE;
            LaneTiles.addProduct(L, t, L, row, L, from, added, L, t);
            if (added < columns) {
                LaneTiles.addProduct(L, t, L, row + skip, negative, 0, columns - added, L, t);
            }
            if (I == J) {
                subtractDiagonal(t, columns, diagonal);
                LaneTiles.factor(L, t, plus, inverse, columns * W);
            } else {
                LaneTiles.solveRight(L, t, diagonalTile, plus, inverse, columns * W);
            }
        }
    }

    private void subtractDiagonal(int t, int first, double[] diagonal) {
        for (int q = 0; q < SIDE && first + q < size; q++) {
            int at = t + q * (SIDE + 1) * W;
            int from = (first + q) * W;
            for (int l = 0; l < W; l++) {
                L[at + l] -= diagonal[from + l];
            }
        }
    }

    /** Whether every pivot of the last factorization had its sign, in each lane. */
    public boolean[] hasPivots() {
        boolean[] has = new boolean[W];
        Arrays.fill(has, true);
        for (int i = 0; i < size; i++) {
            for (int l = 0; l < W; l++) {
                // a pivot without its sign has been replaced by a huge one
                has[l] &= inverse[i * W + l] > LaneTiles.HELD_INVERSE;
            }
        }
        return has;
    }

    /** Overwrites u, a vector of {@link LaneSymmetric#vector}, with the solution of K u = u. */
    public void solve(double[] u) {
        for (int J = 0; J < panels; J++) {
            LaneTiles.forward(L, LaneSymmetric.panel(J), SIDE * J, inverse, u);
        }
        for (int i = positive * W; i < size * W; i++) {
            u[i] = -u[i];
        }
        for (int J = panels - 1; J >= 0; J--) {
            LaneTiles.backward(L, LaneSymmetric.panel(J), SIDE * J, inverse, u);
        }
    }

    public long bytes() {
        return 8L * (L.length + inverse.length + negative.length + gramColumn.length);
    }
}

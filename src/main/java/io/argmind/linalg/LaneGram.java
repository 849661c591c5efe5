package io.argmind.linalg;

/**
 * Cholesky factorizations of {@code M' diag(d) M + diag(e)} with M[rows, cols], one for every lane.
 * Vectors are as long as M has columns.
 */
public sealed interface LaneGram permits DenseLaneGram, SparseLaneGram {
    /** For the numbers that M has whenever {@link #factor} is called. */
    static LaneGram of(LaneMatrix M) {
        return switch (M) {
            case LanePanels dense -> new DenseLaneGram(dense);
            case LaneSparse sparse -> new SparseLaneGram(sparse);
        };
    }

    /**
     * Factors. A pivot that is not positive is replaced by a huge one, as in {@link LaneFactor}.
     *
     * @param d [rows] not negative
     * @param e [cols] not negative
     */
    void factor(double[] d, double[] e);

    /** Overwrites u[cols], a vector that may be longer, with the solution. */
    void solve(double[] u);

    /** The bytes of this, without M. */
    long bytes();
}

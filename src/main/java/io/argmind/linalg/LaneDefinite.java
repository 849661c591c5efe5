package io.argmind.linalg;

import java.util.Arrays;
import java.util.List;

/** Whether symmetric matrices of one size are positive definite, side by side in lanes. */
public final class LaneDefinite {
    private static final int W = Lanes.WIDTH;

    private final LaneSymmetric K;
    private final LaneFactor factor;
    private final double[] diagonal;

    /** Memory for matrices of a size, for one thread at a time. */
    public LaneDefinite(int n) {
        this.K = new LaneSymmetric(n);
        this.factor = new LaneFactor(n, n);
        this.diagonal = Lanes.vector(n);
    }

    /**
     * Tries the Cholesky factorizations of K + shift I.
     *
     * @param matrices dense and symmetric, of this size
     * @param shift one per matrix
     * @return one per matrix; false where a pivot is not positive, or not a number
     */
    public boolean[] test(List<Matrix> matrices, double[] shift) {
        boolean[] definite = new boolean[matrices.size()];
        double[][] values = new double[W][];
        int[] offset = new int[W];
        for (int from = 0; from < definite.length; from += W) {
            int count = Math.min(W, definite.length - from);
            for (int l = 0; l < W; l++) {
                Matrix matrix = matrices.get(from + Math.min(l, count - 1));
                values[l] = matrix.values();
                offset[l] = matrix.offset();
                for (int i = 0; i < K.size(); i++) {
                    diagonal[i * W + l] = shift[from + Math.min(l, count - 1)];
                }
            }
            K.putSymmetric(values, offset, K.size());
            factor.factor(K, diagonal, null, null);
            boolean[] lanes = factor.hasPivots();
            System.arraycopy(lanes, 0, definite, from, count);
        }
        return definite;
    }

    /** One shift for every matrix: a part of its largest entry. */
    public static double[] shifts(List<Matrix> matrices, double part) {
        double[] shift = new double[matrices.size()];
        Arrays.setAll(shift, i -> part * matrices.get(i).maxAbs());
        return shift;
    }
}

package io.argmind.linalg;

import java.util.Arrays;

/** Of a dense matrix. */
final class DenseLaneGram implements LaneGram {
    private final LanePanels M;
    private final LaneSymmetric zero;
    private final LaneFactor factor;
    private final double[] padded;

    DenseLaneGram(LanePanels M) {
        this.M = M;
        this.zero = new LaneSymmetric(M.cols());
        this.factor = new LaneFactor(M.cols(), M.cols());
        this.padded = zero.vector();
    }

    @Override
    public void factor(double[] d, double[] e) {
        factor.factor(zero, e, M, d);
    }

    @Override
    public void solve(double[] u) {
        int length = M.cols() * Lanes.WIDTH;
        System.arraycopy(u, 0, padded, 0, length);
        Arrays.fill(padded, length, padded.length, 0);
        factor.solve(padded);
        System.arraycopy(padded, 0, u, 0, length);
    }

    @Override
    public long bytes() {
        return zero.bytes() + factor.bytes();
    }
}

package io.argmind.linalg;

/**
 * The minimum-norm least-squares solution of a dense system M u = r of any shape and rank, by a
 * complete orthogonal decomposition: Householder QR with column pivoting, M Pi = Q [R11 R12; 0 0],
 * then [R11 R12] Z = [T 0] (Golub and Van Loan, Matrix Computations, 4th ed., 5.4.7).
 */
public final class MinimumNorm {
    private static final double RANK = 1e-11;

    private final int rows;
    private final int cols;
    private final double[]
            a; // [rows, cols]: R in the upper triangle, Householder vectors of Q below
    private final double[] headQ; // leading entries of Q's Householder vectors
    private final double[] halfQ; // v'v / 2 of Q's Householder vectors
    private final double[]
            headZ; // leading entries of Z's Householder vectors; their tails stand in R12
    private final int[] order; // column order: column j of M Pi is column order[j] of M
    private final int rank;

    /**
     * Decomposes M.
     *
     * @param a [rows, cols] row-major; overwritten
     */
    public MinimumNorm(double[] a, int rows, int cols) {
        this.rows = rows;
        this.cols = cols;
        this.a = a;
        this.order = new int[cols];
        int most = Math.min(rows, cols);
        this.headQ = new double[most];
        this.halfQ = new double[most];
        this.headZ = new double[most];
        this.rank = pivotedQr(most);
        if (rank < cols) {
            eliminateRight();
        }
    }

    /** The numerical rank: pivots down to 1e-11 of the largest. */
    public int rank() {
        return rank;
    }

    /**
     * The columns of M in the order of their pivots; the first {@link #rank()} are linearly
     * independent.
     */
    public int[] pivotOrder() {
        return order.clone();
    }

    private int pivotedQr(int most) {
        double largest = 0;
        for (int j = 0; j < cols; j++) {
            order[j] = j;
        }
        for (int j = 0; j < most; j++) {
            int best = j;
            double bestNorm = -1;
            for (int q = j; q < cols; q++) {
                double norm = tailNorm(q, j);
                if (norm > bestNorm) {
                    bestNorm = norm;
                    best = q;
                }
            }
            largest = Math.max(largest, bestNorm);
            if (!(bestNorm > RANK * largest)) {
                return j;
            }
            swapColumns(j, best);
            double alpha = a[j * cols + j] > 0 ? -bestNorm : bestNorm;
            headQ[j] = a[j * cols + j] - alpha;
            double vv = -alpha * headQ[j];
            halfQ[j] = vv;
            for (int q = j + 1; q < cols; q++) {
                double dot = headQ[j] * a[j * cols + q];
                for (int i = j + 1; i < rows; i++) {
                    dot += a[i * cols + j] * a[i * cols + q];
                }
                double f = dot / vv;
                a[j * cols + q] -= f * headQ[j];
                for (int i = j + 1; i < rows; i++) {
                    a[i * cols + q] -= f * a[i * cols + j];
                }
            }
            a[j * cols + j] = alpha;
        }
        return most;
    }

    private double tailNorm(int q, int from) {
        double sum = 0;
        for (int i = from; i < rows; i++) {
            sum += a[i * cols + q] * a[i * cols + q];
        }
        return Math.sqrt(sum);
    }

    private void swapColumns(int i, int j) {
        if (i == j) {
            return;
        }
        for (int q = 0; q < rows; q++) {
            double t = a[q * cols + i];
            a[q * cols + i] = a[q * cols + j];
            a[q * cols + j] = t;
        }
        int t = order[i];
        order[i] = order[j];
        order[j] = t;
    }

    /** Householder reflections from the right turn [R11 R12] into [T 0], the last row first. */
    private void eliminateRight() {
        for (int i = rank - 1; i >= 0; i--) {
            double tail = 0;
            for (int q = rank; q < cols; q++) {
                tail += a[i * cols + q] * a[i * cols + q];
            }
            if (tail == 0) {
                headZ[i] = 0;
                continue;
            }
            double diagonal = a[i * cols + i];
            double norm = Math.sqrt(diagonal * diagonal + tail);
            double alpha = diagonal > 0 ? -norm : norm;
            headZ[i] = diagonal - alpha;
            double vv = -alpha * headZ[i];
            for (int r = 0; r < i; r++) {
                double dot = a[r * cols + i] * headZ[i];
                for (int q = rank; q < cols; q++) {
                    dot += a[r * cols + q] * a[i * cols + q];
                }
                double f = dot / vv;
                a[r * cols + i] -= f * headZ[i];
                for (int q = rank; q < cols; q++) {
                    a[r * cols + q] -= f * a[i * cols + q];
                }
            }
            a[i * cols + i] = alpha;
        }
    }

    /** u[cols] as a new array for r[rows]. */
    public double[] solve(double[] r) {
        double[] t = r.clone();
        for (int j = 0; j < rank; j++) {
            double dot = headQ[j] * t[j];
            for (int i = j + 1; i < rows; i++) {
                dot += a[i * cols + j] * t[i];
            }
            double f = dot / halfQ[j];
            t[j] -= f * headQ[j];
            for (int i = j + 1; i < rows; i++) {
                t[i] -= f * a[i * cols + j];
            }
        }
        double[] u = new double[cols];
        for (int i = rank - 1; i >= 0; i--) {
            double sum = t[i];
            for (int q = i + 1; q < rank; q++) {
                sum -= a[i * cols + q] * u[q];
            }
            u[i] = sum / a[i * cols + i];
        }
        for (int i = 0; i < rank; i++) {
            if (headZ[i] != 0) {
                double dot = headZ[i] * u[i];
                for (int q = rank; q < cols; q++) {
                    dot += a[i * cols + q] * u[q];
                }
                double f = dot / (-a[i * cols + i] * headZ[i]);
                u[i] -= f * headZ[i];
                for (int q = rank; q < cols; q++) {
                    u[q] -= f * a[i * cols + q];
                }
            }
        }
        double[] out = new double[cols];
        for (int j = 0; j < cols; j++) {
            out[order[j]] = u[j];
        }
        return out;
    }
}

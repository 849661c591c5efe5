package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import java.util.Arrays;

/**
 * Rows that entered or left a lane's active set after its matrix K was factored. Each changes K by
 * plus or minus {@code penalty e e'}, e being a row of E, and the steps dx of K become those of the
 * changed matrix by
 *
 * <pre>
 *   dx - V mu     with V = K^-1 U,   (U'V + diag(+-1 / penalty)) mu = U'dx - r
 * </pre>
 *
 * <p>for the columns U of changed rows and their right-hand sides r, zero in rows that left
 * (Woodbury 1950). So a change costs a solve instead of a factorization. What rows that leave take
 * away of the digits is for the caller to see.
 */
final class RowUpdates {
    private static final int W = Lanes.WIDTH;

    private final LaneProgram q;
    private final double penalty;
    private final LaneDirection[] V; // columns, one per slot
    private final int[][] row; // [slot][W]
    private final int[] slots = new int[W]; // in use, of each lane
    private final int[] known = new int[W]; // those for which V is there
    private final LaneDirection found;
    private final double[] indicator; // [M]
    private final double[] rx;
    private final double[] ry; // zero, like the next
    private final double[] rz;
    private final double[][] minusMu; // [slot][W]

    /**
     * @param penalty with which active rows are in the matrix
     * @param limit how many rows of a lane may change
     */
    RowUpdates(LaneProgram program, double penalty, int limit) {
        this.q = program;
        this.penalty = penalty;
        this.V = new LaneDirection[limit];
        Arrays.setAll(V, s -> new LaneDirection(program));
        this.row = new int[limit][W];
        this.minusMu = new double[limit][W];
        this.found = new LaneDirection(program);
        this.indicator = Lanes.vector(program.M);
        this.rx = Lanes.vector(program.n);
        this.ry = Lanes.vector(program.p);
        this.rz = Lanes.vector(program.M);
    }

    /** Forgets a lane's changes, because its matrix is factored anew. */
    void clear(int lane) {
        slots[lane] = 0;
        known[lane] = 0;
    }

    /** Whether a lane's matrix has changed since it was factored. */
    boolean any(int lane) {
        return slots[lane] > 0;
    }

    /**
     * Takes up the rows in which a lane's active set differs from that in its factorization.
     *
     * @param factored [M] 1 or 0, like the next
     * @return whether there is room for all of them; otherwise it must be factored anew
     */
    boolean put(int lane, double[] factored, double[] active) {
        for (int i = 0; i < q.M; i++) {
            if (factored[i * W + lane] != active[i * W + lane] && !holds(lane, i)) {
                if (slots[lane] == V.length) {
                    return false;
                }
                row[slots[lane]++][lane] = i;
            }
        }
        return true;
    }

    private boolean holds(int lane, int i) {
        for (int s = 0; s < slots[lane]; s++) {
            if (row[s][lane] == i) {
                return true;
            }
        }
        return false;
    }

    /** Solves for the columns that are not known yet, with the factorization as it is. */
    void prepare() {
        for (int s = 0; s < V.length; s++) {
            boolean[] missing = new boolean[W];
            Arrays.fill(indicator, 0);
            for (int l = 0; l < W; l++) {
                missing[l] = known[l] <= s && s < slots[l];
                if (missing[l]) {
                    indicator[row[s][l] * W + l] = 1;
                    known[l] = s + 1;
                }
            }
            if (ActiveSetNewton.any(missing)) {
                Arrays.fill(rx, 0);
                q.addETransposed(indicator, rx);
                q.solve(rx, ry, rz, found);
                V[s].copyWhere(missing, found);
            }
        }
    }

    /**
     * Makes a step of the factored matrix one of the changed matrix.
     *
     * @param lanes whose step it is; others stay as they are
     * @param right [M] the right-hand side of the rows, zero where they are not active
     */
    void correct(
            boolean[] lanes,
            double[] factored,
            double[] active,
            double[] right,
            LaneDirection step) {
        boolean[] changed = new boolean[W];
        boolean[][] uses = new boolean[V.length][W];
        for (int l = 0; l < W; l++) {
            if (lanes[l] && any(l)) {
                changed[l] = solveFor(l, factored, active, right, step.Ex, uses);
            }
        }
        for (int s = 0; s < V.length; s++) {
            if (ActiveSetNewton.any(uses[s])) {
                step.addTimesWhere(uses[s], minusMu[s], V[s]);
            }
        }
        for (int l = 0; l < W; l++) {
            for (int i = 0; changed[l] && i < q.M; i++) {
                int at = i * W + l;
                step.z[at] = active[at] * penalty * (step.Ex[at] - right[at]);
            }
        }
    }

    /** Puts a lane's mu where it belongs; whether there is any. */
    private boolean solveFor(
            int l,
            double[] factored,
            double[] active,
            double[] right,
            double[] Ex,
            boolean[][] uses) {
        int[] slot = new int[slots[l]];
        int k = 0;
        for (int s = 0; s < slots[l]; s++) {
            int at = row[s][l] * W + l;
            if (factored[at] != active[at]) { // else it has come back since
                slot[k++] = s;
                uses[s][l] = true;
            }
        }
        double[][] T = new double[k][k + 1];
        for (int i = 0; i < k; i++) {
            int at = row[slot[i]][l] * W + l;
            for (int j = 0; j < k; j++) {
                T[i][j] = V[slot[j]].Ex[at];
            }
            T[i][i] += (active[at] - factored[at]) / penalty;
            T[i][k] = Ex[at] - right[at];
        }
        eliminate(T);
        for (int i = 0; i < k; i++) {
            minusMu[slot[i]][l] = -T[i][k];
        }
        return k > 0;
    }

    /** Gauss-Jordan elimination with row interchanges; the solution is in the last column then. */
    private static void eliminate(double[][] T) {
        int k = T.length;
        for (int j = 0; j < k; j++) {
            int pivot = j;
            for (int i = j + 1; i < k; i++) {
                pivot = Math.abs(T[i][j]) > Math.abs(T[pivot][j]) ? i : pivot;
            }
            double[] top = T[pivot];
            T[pivot] = T[j];
            T[j] = top;
            for (int c = k; c >= j; c--) {
                top[c] /= top[j];
            }
            for (int i = 0; i < k; i++) {
                double f = i == j ? 0 : T[i][j];
                for (int c = j; c <= k && f != 0; c++) {
                    T[i][c] -= f * top[c];
                }
            }
        }
    }
}

package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.LinearSystem;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    private final int[][] changed = new int[W][0]; // the slots that count now, of each lane
    private final @Nullable LinearSystem[] system = new LinearSystem[W]; // for mu; null for none
    private final double[][] minusMu; // [slot][W]
    private final boolean[][] uses; // [slot][W]

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
        this.uses = new boolean[limit][W];
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
        system[lane] = null;
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

    /** Solves for what the changes of some lanes take, with the factorization as it is. */
    void prepare(boolean[] lanes, double[] factored, double[] active) {
        for (int s = 0; s < V.length; s++) {
            solveColumns(s);
        }
        for (int l = 0; l < W; l++) {
            if (lanes[l]) {
                changed[l] = changed(l, factored, active);
                system[l] = changed[l].length == 0 ? null : system(l, factored, active);
            }
        }
    }

    /** The columns of a slot that are not known yet. */
    private void solveColumns(int s) {
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

    /** The slots whose rows have not come back since. */
    private int[] changed(int l, double[] factored, double[] active) {
        return IntStream.range(0, slots[l])
                .filter(s -> factored[row[s][l] * W + l] != active[row[s][l] * W + l])
                .toArray();
    }

    /** U'V + diag(+-1 / penalty). */
    private LinearSystem system(int l, double[] factored, double[] active) {
        int k = changed[l].length;
        double[] T = new double[k * k];
        for (int i = 0; i < k; i++) {
            int at = row[changed[l][i]][l] * W + l;
            for (int j = 0; j < k; j++) {
                T[i * k + j] = V[changed[l][j]].Ex[at];
            }
            T[i * k + i] += (active[at] - factored[at]) / penalty;
        }
        return new LinearSystem(T, k);
    }

    /**
     * Makes a step of the factored matrix one of the changed matrix.
     *
     * @param lanes whose step it is; others stay as they are
     * @param right [M] the right-hand side of the rows, zero where they are not active
     */
    void correct(boolean[] lanes, double[] active, double[] right, LaneDirection step) {
        for (int s = 0; s < V.length; s++) {
            Arrays.fill(uses[s], false);
        }
        for (int l = 0; l < W; l++) {
            LinearSystem capacitance = system[l];
            if (lanes[l] && capacitance != null) {
                double[] mu = capacitance.solve(residuals(l, right, step.Ex));
                for (int i = 0; i < mu.length; i++) {
                    uses[changed[l][i]][l] = true;
                    minusMu[changed[l][i]][l] = -mu[i];
                }
            }
        }
        for (int s = 0; s < V.length; s++) {
            if (ActiveSetNewton.any(uses[s])) {
                step.addTimesWhere(uses[s], minusMu[s], V[s]);
            }
        }
        for (int l = 0; l < W; l++) {
            boolean moves = lanes[l] && system[l] != null;
            for (int i = 0; moves && i < q.M; i++) {
                int at = i * W + l;
                step.z[at] = active[at] * penalty * (step.Ex[at] - right[at]);
            }
        }
    }

    /** U'dx - r. */
    private double[] residuals(int l, double[] right, double[] Ex) {
        double[] left = new double[changed[l].length];
        Arrays.setAll(
                left,
                i -> {
                    int at = row[changed[l][i]][l] * W + l;
                    return Ex[at] - right[at];
                });
        return left;
    }
}

package io.argmind.solver.graph;

import io.argmind.linalg.Minima;
import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import java.util.Arrays;

/**
 * Linear assignment by shortest augmenting paths after a reduction of rows (Jonker and Volgenant, A
 * shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 38,
 * 1987). The fewer side is the rows. Columns' potentials v are never positive and stay 0 where a
 * column is free, which makes rectangles as easy as squares; there is no reduction of columns for
 * that reason. Potentials stay as large as the costs of matched entries, and with them the rounding
 * errors. Rows are searched on SIMD registers and as a whole, because that takes less time than to
 * pick the columns that are still open: a closed one has the potential -Infinity, and no way to it
 * is short. Iterations are columns scanned.
 */
final class AssignmentSession implements OracleSession {
    private static final int FREE = -1;
    private static final int SWEEPS = 2;
    private static final int CHECK_EVERY = 256;
    private static final double CLOSED = Double.NEGATIVE_INFINITY;

    /** Sums of so many costs as there are rows stay finite below; what is above is scaled down. */
    private static final double LARGE = 1e290;

    private static final double DOWN = 0x1p-64;

    private final boolean transposed;
    private final int rows;
    private final int cols;
    private final int stride;
    private final double[] c; // [rows, stride]
    private final double[] v; // [stride]
    private final double[] distance; // [stride], of open columns
    private final double[] from; // [stride], a row
    private final int[] rowOf;
    private final int[] colOf;
    private final int[] closed; // columns in the order in which their distances became final
    private final double[] closedAt;
    private final double[] closedV;
    private final int[] free;
    private final double[] two = new double[2];
    private final Stop stop = new Stop();
    private long iterations;

    AssignmentSession(Discrete.Assignment set) {
        transposed = set.rows() > set.cols();
        rows = Math.min(set.rows(), set.cols());
        cols = Math.max(set.rows(), set.cols());
        stride = Minima.padded(cols);
        c = new double[Math.multiplyExact(rows, stride)];
        Arrays.fill(c, Double.POSITIVE_INFINITY);
        v = new double[stride];
        distance = new double[stride];
        from = new double[stride];
        rowOf = new int[cols];
        colOf = new int[rows];
        closed = new int[cols];
        closedAt = new double[cols];
        closedV = new double[cols];
        free = new int[rows];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        iterations = 0;
        if (!load(cost)) {
            return Selection.none(Status.NUMERICAL_ERROR, 0, "costs that are not finite");
        }
        Arrays.fill(v, 0);
        Arrays.fill(rowOf, FREE);
        Arrays.fill(colOf, FREE);
        int count = reduceRows();
        for (int sweep = 0; sweep < SWEEPS && count > 0; sweep++) {
            count = sweep(count);
        }
        for (int k = 0; k < count; k++) {
            if (!augment(free[k])) {
                return stop.withoutAnswer(iterations);
            }
        }
        return answer(cost);
    }

    /** Returns whether the costs are numbers. */
    private boolean load(double[] cost) {
        boolean large = !Minima.areWithin(cost, LARGE);
        if (large && !Minima.areWithin(cost, Double.MAX_VALUE)) {
            return false;
        }
        for (int i = 0; i < rows; i++) {
            if (transposed) {
                for (int j = 0; j < cols; j++) {
                    c[i * stride + j] = cost[j * rows + i];
                }
            } else {
                System.arraycopy(cost, i * cols, c, i * stride, cols);
            }
        }
        for (int k = 0; large && k < c.length; k++) {
            c[k] *= DOWN;
        }
        return true;
    }

    /** Each row takes its cheapest column if nobody has; the number of rows that did not get it. */
    private int reduceRows() {
        int count = 0;
        for (int i = 0; i < rows; i++) {
            int best = Minima.least(c, i * stride, v, stride);
            if (rowOf[best] == FREE) {
                rowOf[best] = i;
                colOf[i] = best;
            } else {
                free[count++] = i;
            }
        }
        return count;
    }

    /**
     * Free rows take their best column even if another row has it, whose turn it is next; the
     * column's potential falls by what the second best costs more. At most as many turns as
     * columns, because steps can be as small as rounding.
     *
     * @return how many rows are free afterwards
     */
    private int sweep(int count) {
        int left = 0;
        int turns = cols;
        for (int k = 0; k < count; k++) {
            int row = free[k];
            while (row != FREE) {
                int best = Minima.leastTwo(c, row * stride, v, stride, two);
                double step = two[1] - two[0];
                int owner = rowOf[best];
                if (owner != FREE && (cols == 1 || step == 0 || turns-- <= 0)) {
                    free[left++] = row;
                    break;
                }
                if (owner != FREE) {
                    v[best] -= step;
                    colOf[owner] = FREE;
                }
                rowOf[best] = row;
                colOf[row] = best;
                row = owner;
            }
        }
        iterations += cols;
        return left;
    }

    /**
     * Dijkstra's algorithm over columns from a free row to a free column.
     *
     * @return whether there was time
     */
    private boolean augment(int start) {
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        int count = 0;
        int row = start;
        double shift = 0;
        double u = CLOSED; // nothing is nearer than the row itself, however negative
        boolean late = false;
        while (row != FREE && !late) {
            u = Minima.relax(c, row * stride, v, stride, shift, u, distance, from, row);
            int j = nearest(u);
            row = rowOf[j];
            if (row != FREE) {
                shift = u - (c[row * stride + j] - v[j]);
            }
            closed[count] = j;
            closedAt[count] = u;
            closedV[count++] = v[j];
            v[j] = CLOSED;
            distance[j] = Double.POSITIVE_INFINITY;
            late = ++iterations % CHECK_EVERY == 0 && stop.isDue();
        }
        for (int k = 0; k < count; k++) {
            v[closed[k]] = closedV[k] + (closedAt[k] - u);
        }
        if (!late) {
            turnOver(closed[count - 1], start);
        }
        return !late;
    }

    /** The column at a distance; of several, a free one. */
    private int nearest(double u) {
        int first = Minima.indexOf(distance, u, 0, stride);
        int j = first;
        while (j < cols && rowOf[j] != FREE) {
            j = Minima.indexOf(distance, u, j + 1, stride);
        }
        return j < cols ? j : first;
    }

    /** Matches along the shortest path, from its end back. */
    private void turnOver(int end, int start) {
        int j = end;
        int row = FREE;
        while (row != start) {
            row = (int) from[j];
            rowOf[j] = row;
            int lost = colOf[row];
            colOf[row] = j;
            j = lost;
        }
    }

    private Selection answer(double[] cost) {
        double[] x = new double[rows * cols];
        double objective = 0;
        for (int i = 0; i < rows; i++) {
            int j = colOf[i];
            int k = transposed ? j * rows + i : i * cols + j;
            objective += cost[k];
            x[k] = 1;
        }
        return Selection.optimal(x, objective, iterations);
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

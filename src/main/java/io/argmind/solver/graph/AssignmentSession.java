package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
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
 * errors. Iterations are columns scanned.
 */
final class AssignmentSession implements OracleSession {
    private static final int FREE = -1;
    private static final int SWEEPS = 2;
    private static final int CHECK_EVERY = 256;

    private final boolean transposed;
    private final int rows;
    private final int cols;
    private final double[] turned;
    private final double[] v;
    private final double[] distance;
    private final int[] rowOf;
    private final int[] colOf;
    private final int[] from;
    private final int[] open;
    private final int[] free;
    private final Stop stop = new Stop();
    private double[] c = {};
    private long iterations;

    AssignmentSession(Discrete.Assignment set) {
        transposed = set.rows() > set.cols();
        rows = Math.min(set.rows(), set.cols());
        cols = Math.max(set.rows(), set.cols());
        turned = transposed ? new double[rows * cols] : new double[0];
        v = new double[cols];
        distance = new double[cols];
        rowOf = new int[cols];
        colOf = new int[rows];
        from = new int[cols];
        open = new int[cols];
        free = new int[rows];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        c = transposed ? turn(cost) : cost;
        iterations = 0;
        Arrays.fill(v, 0);
        Arrays.fill(rowOf, FREE);
        Arrays.fill(colOf, FREE);
        int count = reduceRows();
        for (int sweep = 0; sweep < SWEEPS && count > 0; sweep++) {
            count = sweep(count);
        }
        for (int k = 0; k < count; k++) {
            if (!augment(free[k])) {
                c = new double[0];
                return stop.withoutAnswer(iterations);
            }
        }
        return answer();
    }

    private double[] turn(double[] cost) {
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < rows; i++) {
                turned[i * cols + j] = cost[j * rows + i];
            }
        }
        return turned;
    }

    /** Each row takes its cheapest column if nobody has; the number of rows that did not get it. */
    private int reduceRows() {
        int count = 0;
        for (int i = 0; i < rows; i++) {
            int at = i * cols;
            int best = 0;
            double least = c[at];
            for (int j = 1; j < cols; j++) {
                if (c[at + j] < least) {
                    least = c[at + j];
                    best = j;
                }
            }
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
                int at = row * cols;
                int best = FREE;
                double first = Double.POSITIVE_INFINITY;
                double second = Double.POSITIVE_INFINITY;
                for (int j = 0; j < cols; j++) {
                    double reduced = c[at + j] - v[j];
                    if (reduced < second) {
                        if (reduced < first) {
                            second = first;
                            first = reduced;
                            best = j;
                        } else {
                            second = reduced;
                        }
                    }
                }
                int owner = rowOf[best];
                if (owner != FREE && (cols == 1 || second == first || turns-- <= 0)) {
                    free[left++] = row;
                    break;
                }
                if (owner != FREE) {
                    v[best] -= second - first;
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
     * Dijkstra's algorithm over columns from a free row to a free column. open[0..done) are columns
     * whose distance is final, in the order in which it became so.
     *
     * @return whether there was time
     */
    private boolean augment(int start) {
        double u = 0;
        int next = begin(start);
        int done = 0;
        int end = FREE;
        while (end == FREE) {
            int j = open[next];
            open[next] = open[done];
            open[done++] = j;
            u = distance[j];
            iterations++;
            if (rowOf[j] == FREE) {
                end = j;
            } else {
                next = relax(j, u, done);
            }
            if (iterations % CHECK_EVERY == 0 && stop.isDue()) {
                return false;
            }
        }
        for (int k = 0; k < done; k++) {
            int j = open[k];
            v[j] += distance[j] - u;
        }
        int j = end;
        while (true) {
            int row = from[j];
            rowOf[j] = row;
            int lost = colOf[row];
            colOf[row] = j;
            if (row == start) {
                return true;
            }
            j = lost;
        }
    }

    /** Opens all columns; the place of the nearest one. */
    private int begin(int start) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < cols; j++) {
            double d = c[start * cols + j] - v[j];
            open[j] = j;
            from[j] = start;
            distance[j] = d;
            if (d < least || (d == least && rowOf[j] == FREE)) {
                least = d;
                best = j;
            }
        }
        return best;
    }

    /** Ways on from a column; the place of the nearest open one: of several, a free one. */
    private int relax(int column, double u, int done) {
        int row = rowOf[column];
        int at = row * cols;
        double shift = u - (c[at + column] - v[column]);
        int best = done;
        double least = Double.POSITIVE_INFINITY;
        for (int k = done; k < cols; k++) {
            int j = open[k];
            // never below the present distance: what is below is rounding
            double d = Math.max(u, shift + (c[at + j] - v[j]));
            if (d < distance[j]) {
                distance[j] = d;
                from[j] = row;
            } else {
                d = distance[j];
            }
            if (d < least || (d == least && rowOf[j] == FREE)) {
                least = d;
                best = k;
            }
        }
        return best;
    }

    private Selection answer() {
        double[] x = new double[rows * cols];
        double objective = 0;
        for (int i = 0; i < rows; i++) {
            int j = colOf[i];
            objective += c[i * cols + j];
            x[transposed ? j * rows + i : i * cols + j] = 1;
        }
        c = new double[0];
        return Selection.optimal(x, objective, iterations);
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

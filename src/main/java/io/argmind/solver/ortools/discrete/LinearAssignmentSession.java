package io.argmind.solver.ortools.discrete;

import com.google.ortools.graph.LinearSumAssignment;
import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.solver.ortools.OrToolsLibrary;

/**
 * OR-Tools' {@code LinearSumAssignment}. It matches all of two sides of one size; rectangles get
 * more nodes on the fewer side, whose edges cost nothing. Costs are rounded to integers of up to 53
 * bits (52 for three nodes a side, 44 for a hundred: it multiplies them by the number of nodes), so
 * that the answer is optimal up to min(r, c) of their units; the bound says so. There are no
 * iterations.
 */
final class LinearAssignmentSession implements OracleSession {
    private static final int MOST_BITS = 53;
    private static final int ROOM = 58;

    private final int rows;
    private final int cols;
    private final int bits;

    LinearAssignmentSession(Discrete.Assignment set) {
        rows = set.rows();
        cols = set.cols();
        int size = Math.max(rows, cols) + 1;
        bits = Math.min(MOST_BITS, ROOM - 2 * (32 - Integer.numberOfLeadingZeros(size)));
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (limits.isOver()) {
            return Selection.none(Status.TIME_LIMIT, 0, null);
        }
        CostScale scale = CostScale.of(cost, bits);
        LinearSumAssignment solver = new LinearSumAssignment();
        OrToolsLibrary.created();
        try {
            int size = Math.max(rows, cols);
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    boolean real = i < rows && j < cols;
                    solver.addArcWithCost(i, j, real ? scale.toInteger(cost[i * cols + j]) : 0);
                }
            }
            LinearSumAssignment.Status status = solver.solve();
            return status == LinearSumAssignment.Status.OPTIMAL
                    ? answer(solver, cost, scale)
                    : Selection.none(Status.NUMERICAL_ERROR, 0, "it says " + status);
        } finally {
            solver.delete();
            OrToolsLibrary.deleted();
        }
    }

    private Selection answer(LinearSumAssignment solver, double[] cost, CostScale scale) {
        double[] x = new double[cost.length];
        double objective = 0;
        for (int i = 0; i < rows; i++) {
            int j = solver.getRightMate(i);
            if (j < cols) {
                x[i * cols + j] = 1;
                objective += cost[i * cols + j];
            }
        }
        double error = scale.toCost(Math.min(rows, cols));
        return new Selection(Status.OPTIMAL, x, objective - error, 0, null);
    }
}

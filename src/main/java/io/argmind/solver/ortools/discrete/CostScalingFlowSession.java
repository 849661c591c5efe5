package io.argmind.solver.ortools.discrete;

import com.google.ortools.graph.MinCostFlow;
import com.google.ortools.graph.MinCostFlowBase;
import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.solver.ortools.OrToolsLibrary;

/**
 * OR-Tools' {@code MinCostFlow}. Costs are rounded to integers of up to 53 bits (fewer for more
 * than about 100 nodes: it multiplies them by the number of nodes). The cost of the answer is above
 * the least by at most half a unit, 2^-53 of the largest cost, for each unit by which flows on
 * edges can differ; the bound says so. There are no iterations.
 */
final class CostScalingFlowSession implements OracleSession {
    private static final int MOST_BITS = 53;
    private static final int ROOM = 60;

    private final Graph graph;
    private final long[] capacity;
    private final long[] supply;
    private final int bits;

    CostScalingFlowSession(Discrete.MinCostFlow set) {
        graph = set.graph();
        capacity = set.capacity();
        supply = set.supply();
        bits = Math.min(MOST_BITS, ROOM - (32 - Integer.numberOfLeadingZeros(graph.nodes() + 1)));
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (limits.isOver()) {
            return Selection.none(Status.TIME_LIMIT, 0, null);
        }
        CostScale scale = CostScale.of(cost, bits);
        MinCostFlow solver = new MinCostFlow(graph.nodes(), graph.edges());
        OrToolsLibrary.created();
        try {
            for (int e = 0; e < cost.length; e++) {
                solver.addArcWithCapacityAndUnitCost(
                        graph.tails()[e], graph.heads()[e], capacity[e], scale.toInteger(cost[e]));
            }
            for (int v = 0; v < supply.length; v++) {
                solver.setNodeSupply(v, supply[v]);
            }
            MinCostFlowBase.Status status = solver.solve();
            return switch (status) {
                case OPTIMAL -> answer(solver, cost, scale);
                case INFEASIBLE ->
                        Selection.none(
                                Status.INFEASIBLE,
                                0,
                                "the capacities do not let all supplies through");
                default -> Selection.none(Status.NUMERICAL_ERROR, 0, "it says " + status);
            };
        } finally {
            solver.delete();
            OrToolsLibrary.deleted();
        }
    }

    private Selection answer(MinCostFlow solver, double[] cost, CostScale scale) {
        double[] x = new double[cost.length];
        double objective = 0;
        double movable = 0;
        for (int e = 0; e < x.length; e++) {
            x[e] = solver.getFlow(e);
            objective += cost[e] * x[e];
            movable += Math.max(x[e], capacity[e] - x[e]);
        }
        // |c'(x - y) - rounded| <= half a unit times |x - y| for every other flow y
        return new Selection(Status.OPTIMAL, x, objective - scale.toCost(0.5 * movable), 0, null);
    }
}

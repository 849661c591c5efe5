package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;

/**
 * Flows of least cost by the network simplex method, with real costs; see {@link NetworkSimplex}.
 * Every capacity is finite, so that negative costs, on cycles too, are no trouble. Iterations are
 * pivots.
 */
final class FlowSession implements OracleSession {
    private final NetworkSimplex simplex;
    private final long[] supply;
    private final Stop stop = new Stop();

    FlowSession(Discrete.MinCostFlow set) {
        supply = set.supply();
        simplex = new NetworkSimplex(set.graph(), set.capacity(), stop);
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        if (!simplex.run(cost, supply)) {
            return stop.withoutAnswer(simplex.pivots());
        }
        int stuck = simplex.nodeWithoutRoute();
        if (stuck >= 0) {
            return Selection.none(
                    Status.INFEASIBLE,
                    simplex.pivots(),
                    "the capacities do not let the supply of node " + stuck + " through");
        }
        double[] x = new double[cost.length];
        double objective = 0;
        for (int e = 0; e < x.length; e++) {
            x[e] = simplex.flow(e);
            objective += cost[e] * x[e];
        }
        return Selection.optimal(x, objective, simplex.pivots());
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

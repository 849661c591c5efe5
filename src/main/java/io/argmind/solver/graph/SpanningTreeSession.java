package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;

/**
 * Minimum spanning trees by Kruskal's algorithm: it compares costs and does no arithmetic, so that
 * the tree is exactly a best one; among equal costs edges are taken by index. Iterations are edges
 * looked at.
 */
final class SpanningTreeSession implements OracleSession {
    private final Graph graph;
    private final IndexSort sort;
    private final int[] parent;
    private final Stop stop = new Stop();

    SpanningTreeSession(Discrete.SpanningTree set) {
        graph = set.graph();
        sort = new IndexSort(graph.edges());
        parent = new int[graph.nodes()];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        for (int v = 0; v < parent.length; v++) {
            parent[v] = v;
        }
        int[] order = sort.ascending(cost);
        double[] x = new double[cost.length];
        double objective = 0;
        int missing = parent.length - 1;
        int looked = 0;
        while (missing > 0 && looked < order.length) {
            int e = order[looked++];
            int a = root(graph.tails()[e]);
            int b = root(graph.heads()[e]);
            if (a != b) {
                parent[a] = b;
                x[e] = 1;
                objective += cost[e];
                missing--;
            }
        }
        return missing > 0
                ? Selection.none(Status.INFEASIBLE, looked, "the graph is not connected")
                : Selection.optimal(x, objective, looked);
    }

    /** With the path halved on the way. */
    private int root(int node) {
        int at = node;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

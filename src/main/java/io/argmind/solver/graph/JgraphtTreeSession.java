package io.argmind.solver.graph;

import io.argmind.problem.discrete.Graph;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import org.jgrapht.alg.spanning.KruskalMinimumSpanningTree;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.WeightedPseudograph;

/** JGraphT's Kruskal, which compares costs as they are. There are no iterations. */
final class JgraphtTreeSession implements OracleSession {
    private final Graph graph;
    private final WeightedPseudograph<Integer, DefaultEdge> weighted =
            new WeightedPseudograph<>(DefaultEdge.class);
    private final DefaultEdge[] edges;

    JgraphtTreeSession(Graph graph) {
        this.graph = graph;
        edges = new DefaultEdge[graph.edges()];
        for (int v = 0; v < graph.nodes(); v++) {
            weighted.addVertex(v);
        }
        for (int e = 0; e < edges.length; e++) {
            edges[e] = weighted.addEdge(graph.tails()[e], graph.heads()[e]);
        }
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (limits.isOver()) {
            return Stop.late();
        }
        for (int e = 0; e < edges.length; e++) {
            weighted.setEdgeWeight(edges[e], cost[e]);
        }
        var tree = new KruskalMinimumSpanningTree<>(weighted).getSpanningTree().getEdges();
        if (tree.size() < graph.nodes() - 1) {
            return Selection.none(Status.INFEASIBLE, 0, "the graph is not connected");
        }
        double[] x = new double[cost.length];
        double objective = 0;
        for (int e = 0; e < edges.length; e++) {
            if (tree.contains(edges[e])) {
                x[e] = 1;
                objective += cost[e];
            }
        }
        return Selection.optimal(x, objective, 0);
    }
}

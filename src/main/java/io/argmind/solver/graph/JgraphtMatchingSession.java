package io.argmind.solver.graph;

import io.argmind.linalg.Vectors;
import io.argmind.problem.discrete.Graph;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import java.util.Set;
import org.jgrapht.alg.matching.blossom.v5.KolmogorovWeightedPerfectMatching;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.WeightedPseudograph;

/**
 * JGraphT's Blossom V (Kolmogorov, Blossom V: a new implementation of a minimum cost perfect
 * matching algorithm, 2009). In double precision it compares with a fixed tolerance of 1e-9, and is
 * known to run on for ever on some graphs. So it is given integers, with which its sums and halves
 * are exact: costs are rounded to 40 bits, and the answer is optimal up to n / 2 units of 2^-39 of
 * the largest cost; the bound says so. Of parallel edges the cheapest goes in. There are no
 * iterations.
 */
final class JgraphtMatchingSession implements OracleSession {
    static final int BITS = 40;

    private static final double UNIT = 0x1p-20;

    private final Graph graph;

    JgraphtMatchingSession(Graph graph) {
        this.graph = graph;
    }

    /** This is how it says that there is none. */
    private static final String NONE = "no perfect matching";

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (limits.isOver()) {
            return Stop.late();
        }
        double largest = Vectors.normInf(cost);
        int exponent = largest == 0 ? 0 : BITS - 1 - Math.getExponent(largest);
        WeightedPseudograph<Integer, Edge> weighted = new WeightedPseudograph<>(null, null);
        for (int v = 0; v < graph.nodes(); v++) {
            weighted.addVertex(v);
        }
        for (int e = 0; e < cost.length; e++) {
            add(weighted, e, cost, exponent);
        }
        double unit = largest == 0 ? 0 : Math.scalb(1.0, -exponent);
        return solve(weighted, cost, 0.5 * graph.nodes() * unit);
    }

    private void add(
            WeightedPseudograph<Integer, Edge> weighted, int e, double[] cost, int exponent) {
        int tail = graph.tails()[e];
        int head = graph.heads()[e];
        if (tail == head) {
            return;
        }
        Edge other = weighted.getEdge(tail, head);
        if (other != null) {
            if (cost[other.index] <= cost[e]) {
                return;
            }
            weighted.removeEdge(other);
        }
        Edge edge = new Edge(e);
        weighted.addEdge(tail, head, edge);
        weighted.setEdgeWeight(edge, UNIT * Math.rint(Math.scalb(cost[e], exponent)));
    }

    private Selection solve(
            WeightedPseudograph<Integer, Edge> weighted, double[] cost, double error) {
        Set<Edge> matched;
        try {
            matched = new KolmogorovWeightedPerfectMatching<>(weighted).getMatching().getEdges();
        } catch (RuntimeException e) {
            if (String.valueOf(e.getMessage()).contains(NONE)) {
                return Selection.none(Status.INFEASIBLE, 0, "the graph has no perfect matching");
            }
            return Selection.none(Status.NUMERICAL_ERROR, 0, "Blossom V failed: " + e.getMessage());
        }
        double[] x = new double[cost.length];
        double objective = 0;
        for (Edge edge : matched) {
            x[edge.index] = 1;
            objective += cost[edge.index];
        }
        return new Selection(Status.OPTIMAL, x, objective - error, 0, null);
    }

    /** An edge that knows its index; equal to itself alone. */
    private static final class Edge extends DefaultEdge {
        private static final long serialVersionUID = 1;

        private final int index;

        Edge(int index) {
            this.index = index;
        }
    }
}

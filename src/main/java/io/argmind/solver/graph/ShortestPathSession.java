package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import java.util.Arrays;

/**
 * Shortest paths by Dijkstra's algorithm where no cost is negative, and otherwise by Bellman's and
 * Ford's with a queue (Cormen et al., Introduction to Algorithms, chapter 24).
 *
 * <p>Only nodes that can be reached from the source and from which the target can be reached
 * matter; the others are left out when the session opens. If a cycle of negative cost goes through
 * one that matters then walks have no least cost, and the answer is {@link Status#UNBOUNDED}; such
 * cycles elsewhere change nothing. In undirected graphs an edge of negative cost is such a cycle,
 * to and fro. Iterations are nodes whose arcs were looked at.
 */
final class ShortestPathSession implements OracleSession {
    private static final int NONE = -1;
    private static final int CHECK_EVERY = 1024;

    /** An arc shortens a distance if by more than what rounding may have added to it. */
    private static final double ROUNDING = 4 * Math.ulp(1.0);

    private final Discrete.ShortestPath set;
    private final boolean reachable;
    private final Adjacency arcs;
    private final IndexedHeap heap;
    private final double[] distance;
    private final int[] parentEdge;
    private final int[] parent;
    private final int[] queue;
    private final boolean[] queued;
    private final int[] mark;
    private final Stop stop = new Stop();
    private long iterations;

    ShortestPathSession(Discrete.ShortestPath set) {
        this.set = set;
        Graph graph = set.graph();
        int nodes = graph.nodes();
        boolean directed = set.directed();
        boolean[] useful =
                (directed ? Adjacency.forward(graph) : Adjacency.both(graph))
                        .reachable(set.source());
        reachable = useful[set.target()];
        boolean[] back =
                directed ? Adjacency.backward(graph).reachable(set.target()) : useful.clone();
        for (int v = 0; v < nodes; v++) {
            useful[v] &= back[v];
        }
        arcs = Adjacency.among(graph, directed, useful);
        heap = new IndexedHeap(nodes);
        distance = new double[nodes];
        parentEdge = new int[nodes];
        parent = new int[nodes];
        queue = new int[nodes];
        queued = new boolean[nodes];
        mark = new int[nodes];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        if (!reachable) {
            return Selection.none(
                    Status.INFEASIBLE,
                    0,
                    "node " + set.target() + " cannot be reached from node " + set.source());
        }
        iterations = 0;
        int negative = negativeEdge(cost);
        if (negative != NONE && !set.directed()) {
            return Selection.none(
                    Status.UNBOUNDED,
                    0,
                    "edge "
                            + negative
                            + " has the negative cost "
                            + cost[negative]
                            + " and can be walked to and fro");
        }
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        Arrays.fill(parent, NONE);
        distance[set.source()] = 0;
        return negative == NONE ? dijkstra(cost) : bellmanFord(cost);
    }

    private int negativeEdge(double[] cost) {
        for (int e : arcs.edge()) {
            if (cost[e] < 0) {
                return e;
            }
        }
        return NONE;
    }

    private Selection dijkstra(double[] cost) {
        int[] start = arcs.start();
        heap.clear();
        heap.offer(set.source(), 0);
        while (!heap.isEmpty()) {
            int v = heap.poll();
            if (v == set.target()) {
                return path(cost);
            }
            if (++iterations % CHECK_EVERY == 0 && stop.isDue()) {
                return stop.withoutAnswer(iterations);
            }
            for (int a = start[v]; a < start[v + 1]; a++) {
                int w = arcs.to()[a];
                double d = distance[v] + cost[arcs.edge()[a]];
                if (d < distance[w]) {
                    distance[w] = d;
                    parent[w] = v;
                    parentEdge[w] = arcs.edge()[a];
                    heap.offer(w, d);
                }
            }
        }
        return Selection.none(
                Status.NUMERICAL_ERROR,
                iterations,
                "the costs of every path add up to more than double precision holds");
    }

    /**
     * Nodes wait in a ring until their arcs are looked at. Because an arc counts only if it
     * shortens by more than rounding, the parents form a cycle only where one of negative cost is.
     */
    private Selection bellmanFord(double[] cost) {
        int nodes = arcs.nodes();
        int[] start = arcs.start();
        Arrays.fill(queued, false);
        int first = 0;
        int waiting = 1;
        queue[0] = set.source();
        while (waiting > 0) {
            int v = queue[first];
            first = first + 1 == nodes ? 0 : first + 1;
            waiting--;
            queued[v] = false;
            iterations++;
            if (iterations % CHECK_EVERY == 0 && stop.isDue()) {
                return stop.withoutAnswer(iterations);
            }
            for (int a = start[v]; a < start[v + 1]; a++) {
                int w = arcs.to()[a];
                if (shortens(v, w, cost[arcs.edge()[a]])) {
                    distance[w] = distance[v] + cost[arcs.edge()[a]];
                    parent[w] = v;
                    parentEdge[w] = arcs.edge()[a];
                    if (w == v || w == set.source()) {
                        return negativeCycle(w);
                    }
                    if (!queued[w]) {
                        queued[w] = true;
                        queue[(first + waiting) % nodes] = w;
                        waiting++;
                    }
                }
            }
            if (iterations % nodes == 0) {
                int onCycle = parentCycle();
                if (onCycle != NONE) {
                    return negativeCycle(onCycle);
                }
            }
        }
        int onCycle = parentCycle();
        return onCycle == NONE ? path(cost) : negativeCycle(onCycle);
    }

    private boolean shortens(int v, int w, double cost) {
        double d = distance[v] + cost;
        if (v == w) {
            return cost < 0;
        }
        return d < distance[w]
                && (distance[w] == Double.POSITIVE_INFINITY
                        || distance[w] - d > ROUNDING * (Math.abs(distance[v]) + Math.abs(cost)));
    }

    /** A node on a cycle of parents, or NONE. */
    private int parentCycle() {
        Arrays.fill(mark, NONE);
        for (int v = 0; v < mark.length; v++) {
            int at = v;
            while (at != NONE && mark[at] == NONE) {
                mark[at] = v;
                at = parent[at];
            }
            if (at != NONE && mark[at] == v) {
                return at;
            }
        }
        return NONE;
    }

    private Selection negativeCycle(int node) {
        return Selection.none(
                Status.UNBOUNDED,
                iterations,
                "a cycle of negative cost through node "
                        + node
                        + " can be walked on the way from source to target");
    }

    private Selection path(double[] cost) {
        double[] x = new double[cost.length];
        double objective = 0;
        for (int v = set.target(); v != set.source(); v = parent[v]) {
            x[parentEdge[v]] = 1;
            objective += cost[parentEdge[v]];
        }
        return Selection.optimal(x, objective, iterations);
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

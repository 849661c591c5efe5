package io.argmind.solver.graph;

import io.argmind.problem.discrete.Graph;
import java.util.Arrays;

/**
 * The arcs that leave each node, in compressed rows: those of node v are {@code start[v]}, ...,
 * {@code start[v + 1] - 1}, in the order of the edges.
 *
 * @param start [nodes + 1]
 * @param to [arcs] where an arc ends
 * @param edge [arcs] the edge that it is a direction of
 */
record Adjacency(int[] start, int[] to, int[] edge) {

    /** Edges from tail to head. */
    static Adjacency forward(Graph graph) {
        return of(graph.nodes(), graph.tails(), graph.heads(), false, everything(graph));
    }

    /** Edges from head to tail. */
    static Adjacency backward(Graph graph) {
        return of(graph.nodes(), graph.heads(), graph.tails(), false, everything(graph));
    }

    /** Edges in both directions; a loop once. */
    static Adjacency both(Graph graph) {
        return of(graph.nodes(), graph.tails(), graph.heads(), true, everything(graph));
    }

    /** The arcs between nodes of a kind alone. */
    static Adjacency among(Graph graph, boolean directed, boolean[] nodes) {
        return of(graph.nodes(), graph.tails(), graph.heads(), !directed, nodes);
    }

    private static boolean[] everything(Graph graph) {
        boolean[] all = new boolean[graph.nodes()];
        Arrays.fill(all, true);
        return all;
    }

    private static Adjacency of(
            int nodes, int[] tails, int[] heads, boolean both, boolean[] wanted) {
        int[] next = new int[nodes + 1];
        for (int e = 0; e < tails.length; e++) {
            if (wanted[tails[e]] && wanted[heads[e]]) {
                next[tails[e]]++;
                next[heads[e]] += both && tails[e] != heads[e] ? 1 : 0;
            }
        }
        int[] start = new int[nodes + 1];
        for (int v = 0; v < nodes; v++) {
            start[v + 1] = start[v] + next[v];
            next[v] = start[v];
        }
        int[] to = new int[start[nodes]];
        int[] edge = new int[start[nodes]];
        for (int e = 0; e < tails.length; e++) {
            if (wanted[tails[e]] && wanted[heads[e]]) {
                to[next[tails[e]]] = heads[e];
                edge[next[tails[e]]++] = e;
                if (both && tails[e] != heads[e]) {
                    to[next[heads[e]]] = tails[e];
                    edge[next[heads[e]]++] = e;
                }
            }
        }
        return new Adjacency(start, to, edge);
    }

    int nodes() {
        return start.length - 1;
    }

    /** The nodes that can be reached from one. */
    boolean[] reachable(int from) {
        boolean[] seen = new boolean[nodes()];
        int[] queue = new int[nodes()];
        int count = 1;
        queue[0] = from;
        seen[from] = true;
        for (int k = 0; k < count; k++) {
            for (int a = start[queue[k]]; a < start[queue[k] + 1]; a++) {
                if (!seen[to[a]]) {
                    seen[to[a]] = true;
                    queue[count++] = to[a];
                }
            }
        }
        return seen;
    }
}

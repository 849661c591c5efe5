package io.argmind.solution.discrete;

import io.argmind.problem.discrete.Graph;
import java.util.Arrays;

/**
 * What a set of edges is in its graph. Arrays over the nodes are kept, and cleared where they were
 * touched, so that a short path in a large graph is looked at quickly.
 */
final class GraphMembership {
    private static final int NONE = -1;

    private int[] first = {};
    private int[] second = {};

    private void makeRoom(int nodes) {
        if (first.length < nodes) {
            first = new int[nodes];
            second = new int[nodes];
            Arrays.fill(first, NONE);
            Arrays.fill(second, NONE);
        }
    }

    /** Whether the edges with x = 1 are a path that visits no node twice. */
    boolean isSimplePath(Graph graph, int source, int target, boolean directed, double[] x) {
        makeRoom(graph.nodes());
        boolean right = true;
        int used = 0;
        for (int e = 0; e < x.length; e++) {
            if (x[e] == 1) {
                used++;
                right &= note(graph.tails()[e], e);
                right &= directed || note(graph.heads()[e], e);
            }
        }
        int at = source;
        int last = NONE;
        int steps = 0;
        while (right && at != target && steps <= used) {
            int edge = first[at] == last ? second[at] : first[at];
            if (edge == NONE || (directed && second[at] != NONE)) {
                break;
            }
            at = graph.tails()[edge] == at ? graph.heads()[edge] : graph.tails()[edge];
            last = directed ? NONE : edge;
            steps++;
        }
        for (int e = 0; e < x.length; e++) {
            if (x[e] == 1) {
                clear(graph.tails()[e]);
                clear(graph.heads()[e]);
            }
        }
        return right && at == target && steps == used;
    }

    private boolean note(int node, int edge) {
        if (first[node] == NONE) {
            first[node] = edge;
        } else if (second[node] == NONE) {
            second[node] = edge;
        } else {
            return false;
        }
        return true;
    }

    private void clear(int node) {
        first[node] = NONE;
        second[node] = NONE;
    }

    /** Whether each node is the end of exactly one edge with x = 1. */
    boolean isPerfectMatching(Graph graph, double[] x) {
        boolean[] matched = new boolean[graph.nodes()];
        int count = 0;
        for (int e = 0; e < x.length; e++) {
            if (x[e] == 1) {
                int a = graph.tails()[e];
                int b = graph.heads()[e];
                if (a == b || matched[a] || matched[b]) {
                    return false;
                }
                matched[a] = true;
                matched[b] = true;
                count += 2;
            }
        }
        return count == graph.nodes();
    }

    /** Whether the edges with x = 1 connect all nodes without a cycle. */
    boolean isSpanningTree(Graph graph, double[] x) {
        int[] parent = roots(graph.nodes());
        int count = 0;
        for (int e = 0; e < x.length; e++) {
            if (x[e] == 1) {
                count++;
                if (!join(parent, graph.tails()[e], graph.heads()[e])) {
                    return false;
                }
            }
        }
        return count == graph.nodes() - 1;
    }

    boolean isConnected(Graph graph) {
        int[] parent = roots(graph.nodes());
        int parts = graph.nodes();
        for (int e = 0; e < graph.edges(); e++) {
            parts -= join(parent, graph.tails()[e], graph.heads()[e]) ? 1 : 0;
        }
        return parts == 1;
    }

    private static int[] roots(int nodes) {
        int[] parent = new int[nodes];
        Arrays.setAll(parent, v -> v);
        return parent;
    }

    private static boolean join(int[] parent, int a, int b) {
        int ra = root(parent, a);
        int rb = root(parent, b);
        parent[ra] = rb;
        return ra != rb;
    }

    private static int root(int[] parent, int node) {
        int at = node;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** By going over the edges until nothing new is reached, from adjacency made for it. */
    boolean isReachable(Graph graph, int source, int target, boolean directed) {
        int[] start = new int[graph.nodes() + 2];
        int ends = directed ? 1 : 2;
        for (int e = 0; e < graph.edges(); e++) {
            start[graph.tails()[e] + 2]++;
            start[graph.heads()[e] + 2] += ends - 1;
        }
        for (int v = 2; v < start.length; v++) {
            start[v] += start[v - 1];
        }
        int[] next = new int[ends * graph.edges()];
        for (int e = 0; e < graph.edges(); e++) {
            next[start[graph.tails()[e] + 1]++] = graph.heads()[e];
            if (!directed) {
                next[start[graph.heads()[e] + 1]++] = graph.tails()[e];
            }
        }
        boolean[] seen = new boolean[graph.nodes()];
        int[] queue = new int[graph.nodes()];
        int count = 1;
        queue[0] = source;
        seen[source] = true;
        for (int k = 0; k < count && !seen[target]; k++) {
            for (int j = start[queue[k]]; j < start[queue[k] + 1]; j++) {
                if (!seen[next[j]]) {
                    seen[next[j]] = true;
                    queue[count++] = next[j];
                }
            }
        }
        return seen[target];
    }
}

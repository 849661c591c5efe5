package io.argmind.solver.graph;

import io.argmind.problem.discrete.Graph;
import java.util.Arrays;

/**
 * The primal network simplex method with strongly feasible trees (Cunningham, A network simplex
 * method, 1976; Ahuja, Magnanti, Orlin, Network Flows, chapter 11), and the entering edge by block
 * search.
 *
 * <p>Flows are integers. Costs are doubles, potentials are sums of costs along the tree, computed
 * anew for each subtree that moves, so that rounding does not add up over pivots. Edges to a root
 * that is not in the graph make the first tree; instead of a large number their cost is counted in
 * a unit of its own that outweighs all others: {@code far} counts it in potentials.
 */
final class NetworkSimplex {
    private static final int NONE = -1;
    private static final int CHECK_EVERY = 64;

    private static final byte AT_CAPACITY = -1;
    private static final byte IN_TREE = 0;
    private static final byte EMPTY = 1;

    /** A reduced cost this small beside the potentials is computed anew without them. */
    private static final double CANCELLED = 0x1p-40;

    /** Reduced costs that are smaller, relative to their terms, are rounding. */
    private static final double ROUNDING = 4 * Math.ulp(1.0);

    private final int nodes;
    private final int edges;
    private final int root;
    private final int[] tail;
    private final int[] head;
    private final long[] capacity;
    private final long[] flow;
    private final byte[] state;
    private final double[] potential;
    private final int[] far;
    private final SpanningForest tree;
    private final int[] stack;
    private final int block;
    private final Stop stop;
    private double[] cost = {};
    private double largest;
    private int next;
    private long pivots;

    NetworkSimplex(Graph graph, long[] capacities, Stop stop) {
        this.stop = stop;
        nodes = graph.nodes();
        edges = graph.edges();
        root = nodes;
        tail = Arrays.copyOf(graph.tails(), edges + nodes);
        head = Arrays.copyOf(graph.heads(), edges + nodes);
        capacity = Arrays.copyOf(capacities, edges + nodes);
        Arrays.fill(capacity, edges, edges + nodes, Long.MAX_VALUE);
        flow = new long[edges + nodes];
        state = new byte[edges + nodes];
        potential = new double[nodes + 1];
        far = new int[nodes + 1];
        tree = new SpanningForest(nodes + 1);
        stack = new int[nodes + 1];
        block = Math.max(8, (int) Math.sqrt(edges));
    }

    /**
     * Finds a flow of least cost, and of least supply that finds no way before that.
     *
     * @param costs [E], not written to
     * @param supply [nodes]
     * @return whether there was time
     */
    boolean run(double[] costs, long[] supply) {
        cost = costs;
        pivots = 0;
        next = 0;
        begin(supply);
        for (int e = entering(); e != NONE; e = entering()) {
            pivot(e);
            if (++pivots % CHECK_EVERY == 0 && stop.isDue()) {
                return false;
            }
        }
        return true;
    }

    long pivots() {
        return pivots;
    }

    long flow(int edge) {
        return flow[edge];
    }

    /** A node whose supply or demand was not met, or -1. */
    int nodeWithoutRoute() {
        for (int v = 0; v < nodes; v++) {
            if (flow[edges + v] != 0) {
                return v;
            }
        }
        return NONE;
    }

    /** All supply goes to the root, and from there to the demand; loops are settled for good. */
    private void begin(long[] supply) {
        Arrays.fill(flow, 0);
        Arrays.fill(state, EMPTY);
        tree.clear();
        potential[root] = 0;
        far[root] = 0;
        largest = 0;
        for (int e = 0; e < edges; e++) {
            if (tail[e] == head[e]) {
                state[e] = IN_TREE; // so that it never enters
                flow[e] = cost[e] < 0 ? capacity[e] : 0;
            } else if (capacity[e] == 0) {
                state[e] = IN_TREE;
            }
        }
        for (int v = 0; v < nodes; v++) {
            int e = edges + v;
            boolean up = supply[v] >= 0;
            tail[e] = up ? v : root;
            head[e] = up ? root : v;
            flow[e] = Math.abs(supply[v]);
            state[e] = IN_TREE;
            tree.hang(v, root, e);
            place(v);
        }
    }

    private double costOf(int e) {
        return e < edges ? cost[e] : 0;
    }

    /** The potential of a node from its parent's, so that the tree's edge costs nothing. */
    private void place(int v) {
        int e = tree.edge(v);
        int p = tree.parent(v);
        int unit = e < edges ? 0 : 1;
        boolean up = tail[e] == v;
        potential[v] = up ? potential[p] - costOf(e) : potential[p] + costOf(e);
        largest = Math.max(largest, Math.abs(potential[v]));
        far[v] = up ? far[p] - unit : far[p] + unit;
        tree.setDepth(v, tree.depth(p) + 1);
    }

    /** An edge of the graph that lowers the cost most among a block of them, or NONE. */
    private int entering() {
        int best = NONE;
        int bestFar = 0;
        double bestCost = 0;
        int inBlock = 0;
        for (int looked = 0; looked < edges; looked++) {
            int e = next;
            next = next + 1 == edges ? 0 : next + 1;
            byte s = state[e];
            if (s != IN_TREE) {
                int t = tail[e];
                int h = head[e];
                int f = s * (far[t] - far[h]);
                double d = s * (cost[e] + potential[t] - potential[h]);
                if (f == 0 && Math.abs(d) <= CANCELLED * largest) {
                    d = s * cycleCost(e);
                }
                if (f < bestFar || (f == bestFar && d < bestCost)) {
                    best = e;
                    bestFar = f;
                    bestCost = d;
                }
            }
            if (++inBlock == block) {
                inBlock = 0;
                if (best != NONE) {
                    return best;
                }
            }
        }
        return best;
    }

    /**
     * The cost of the cycle that an edge closes, summed over that cycle alone; 0 if it is no more
     * than rounding. Potentials also hold the costs of the way from the root to the cycle, which
     * cancel, but whose rounding errors stay: where little is left of them, this is what decides.
     */
    private double cycleCost(int e) {
        double sum = cost[e];
        double terms = Math.abs(cost[e]);
        int top = tree.join(tail[e], head[e]);
        for (int v = tail[e]; v != top; v = tree.parent(v)) {
            double c = costOf(tree.edge(v));
            sum += tail[tree.edge(v)] == v ? -c : c;
            terms += Math.abs(c);
        }
        for (int v = head[e]; v != top; v = tree.parent(v)) {
            double c = costOf(tree.edge(v));
            sum += tail[tree.edge(v)] == v ? c : -c;
            terms += Math.abs(c);
        }
        return Math.abs(sum) <= ROUNDING * terms ? 0 : sum;
    }

    /**
     * Sends as much as possible around the cycle that an edge closes. Of the edges that stop the
     * flow the last one, going around from the top in its direction, leaves; this keeps trees
     * strongly feasible, and they cannot cycle.
     */
    private void pivot(int entering) {
        boolean forward = state[entering] == EMPTY;
        int first = forward ? tail[entering] : head[entering];
        int second = forward ? head[entering] : tail[entering];
        int top = tree.join(first, second);
        long amount = capacity[entering];
        int leaving = NONE;
        boolean onFirst = false;
        for (int v = first; v != top; v = tree.parent(v)) {
            int e = tree.edge(v);
            long left = tail[e] == v ? flow[e] : capacity[e] - flow[e];
            if (left < amount) {
                amount = left;
                leaving = v;
                onFirst = true;
            }
        }
        for (int v = second; v != top; v = tree.parent(v)) {
            int e = tree.edge(v);
            long left = tail[e] == v ? capacity[e] - flow[e] : flow[e];
            if (left <= amount) {
                amount = left;
                leaving = v;
                onFirst = false;
            }
        }
        push(entering, first, second, top, forward ? amount : -amount, amount);
        if (leaving == NONE) {
            state[entering] = (byte) -state[entering];
        } else {
            int out = tree.edge(leaving);
            state[out] = flow[out] == 0 ? EMPTY : AT_CAPACITY;
            state[entering] = IN_TREE;
            rehang(onFirst ? first : second, onFirst ? second : first, leaving, entering);
        }
    }

    private void push(int entering, int first, int second, int top, long along, long amount) {
        flow[entering] += along;
        if (amount == 0) {
            return;
        }
        for (int v = first; v != top; v = tree.parent(v)) {
            int e = tree.edge(v);
            flow[e] += tail[e] == v ? -amount : amount;
        }
        for (int v = second; v != top; v = tree.parent(v)) {
            int e = tree.edge(v);
            flow[e] += tail[e] == v ? amount : -amount;
        }
    }

    /** The subtree of {@code cut} is turned over to hang from {@code node}, below {@code above}. */
    private void rehang(int node, int above, int cut, int entering) {
        int v = node;
        int parent = above;
        int edge = entering;
        while (true) {
            int oldParent = tree.parent(v);
            int oldEdge = tree.edge(v);
            tree.unhang(v);
            tree.hang(v, parent, edge);
            if (v == cut) {
                break;
            }
            parent = v;
            edge = oldEdge;
            v = oldParent;
        }
        int size = 0;
        stack[size++] = node;
        while (size > 0) {
            int w = stack[--size];
            place(w);
            for (int c = tree.firstChild(w); c != NONE; c = tree.nextSibling(c)) {
                stack[size++] = c;
            }
        }
    }
}

package io.argmind.solver.graph;

import static io.argmind.solver.graph.Blossoms.NONE;

import java.util.Arrays;

/**
 * Perfect matchings of least weight by Edmonds' primal-dual method (Maximum matching and a
 * polyhedron with 0,1-vertices, 1965), growing one alternating tree at a time from an unmatched
 * node, in integers, and so without rounding.
 *
 * <p>Potentials y of nodes and z &gt;= 0 of blossoms keep slack(e) = w(e) - y(u) - y(v) + 2 sum
 * z(B) over blossoms B that hold both ends at least 0; in the tree and in matched edges it is 0.
 * Even weights keep all of them integers. Each node knows the edge of least slack that joins it to
 * an outer node of the tree, so that a step looks at nodes of the tree and their neighbours, not at
 * edges: O(n^3) in dense graphs.
 */
final class PerfectMatching {
    private static final int CHECK_EVERY = 64;
    private static final long INFINITE = Long.MAX_VALUE;

    private static final byte FREE = 0;
    private static final byte OUTER = 1;
    private static final byte INNER = 2;

    private final int n;
    private final Adjacency arcs;
    private final Blossoms blossoms;
    private final long[] y;
    private final long[] z;
    private final byte[] label;
    private final int[] treeEdge;
    private final int[] entry;
    private final int[] nearest;
    private final int[] mark;
    private final int[] active;
    private final boolean[] isActive;
    private final Stop stop;
    private long[] weight = {};
    private boolean[] usable = {};
    private int activeCount;
    private int marks;
    private long steps;
    private int event;
    private int subject;

    PerfectMatching(int n, int[] tails, int[] heads, Adjacency arcs, Stop stop) {
        this.n = n;
        this.arcs = arcs;
        this.stop = stop;
        blossoms = new Blossoms(n, tails, heads);
        int most = blossoms.most();
        y = new long[n];
        z = new long[most];
        label = new byte[most];
        treeEdge = new int[most];
        entry = new int[most];
        nearest = new int[n];
        mark = new int[most];
        active = new int[n];
        isActive = new boolean[n];
    }

    /** How a search ended. */
    enum End {
        MATCHED,
        IMPOSSIBLE,
        STOPPED
    }

    /**
     * @param weights [E] even
     * @param edges [E] whether an edge is there; loops must not be
     */
    End run(long[] weights, boolean[] edges) {
        weight = weights;
        usable = edges;
        blossoms.clear();
        Arrays.fill(z, 0);
        if (!initialize()) {
            return End.IMPOSSIBLE;
        }
        for (int v = 0; v < n; v++) {
            if (blossoms.mate(v) == NONE) {
                End end = stage(v);
                if (end != End.MATCHED) {
                    return end;
                }
            }
        }
        return End.MATCHED;
    }

    long steps() {
        return steps;
    }

    void clearSteps() {
        steps = 0;
    }

    boolean isMatched(int e, int tail) {
        return blossoms.mate(tail) == e;
    }

    /** Half the least weight at each node; then what is free is matched greedily. */
    private boolean initialize() {
        for (int v = 0; v < n; v++) {
            long least = INFINITE;
            for (int a = arcs.start()[v]; a < arcs.start()[v + 1]; a++) {
                int e = arcs.edge()[a];
                least = usable[e] ? Math.min(least, weight[e]) : least;
            }
            if (least == INFINITE) {
                return false;
            }
            y[v] = least / 2;
        }
        for (int v = 0; v < n; v++) {
            if (blossoms.mate(v) == NONE) {
                int best = NONE;
                long least = INFINITE;
                for (int a = arcs.start()[v]; a < arcs.start()[v + 1]; a++) {
                    int e = arcs.edge()[a];
                    if (usable[e] && slack(e, v) < least) {
                        least = slack(e, v);
                        best = e;
                    }
                }
                y[v] += least;
                if (blossoms.mate(blossoms.other(best, v)) == NONE) {
                    blossoms.match(best);
                }
            }
        }
        return true;
    }

    /** Of an edge whose ends are in different outermost blossoms. */
    private long slack(int e, int end) {
        return weight[e] - y[end] - y[blossoms.other(e, end)];
    }

    /** Slack of any edge. */
    long slackOf(int e, int tail, int head) {
        long inside = 0;
        marks++;
        for (int b = tail; b != NONE; b = blossoms.parent(b)) {
            mark[b] = marks;
        }
        for (int b = head; b != NONE; b = blossoms.parent(b)) {
            inside += mark[b] == marks ? z[b] : 0;
        }
        return weight[e] - y[tail] - y[head] + 2 * inside;
    }

    /** Grows a tree from a node until it reaches another unmatched one. */
    private End stage(int root) {
        Arrays.fill(label, FREE);
        Arrays.fill(nearest, NONE);
        Arrays.fill(isActive, false);
        activeCount = 0;
        makeOuter(blossoms.outermost(root));
        while (true) {
            if (++steps % CHECK_EVERY == 0 && stop.isDue()) {
                return End.STOPPED;
            }
            long delta = nextEvent();
            if (delta == INFINITE) {
                return End.IMPOSSIBLE;
            }
            shift(delta);
            if (event == FREE) {
                int e = nearest[subject];
                int b = blossoms.outermost(subject);
                if (blossoms.mate(blossoms.base(b)) == NONE) {
                    augment(e, subject);
                    return End.MATCHED;
                }
                grow(b, e, subject);
            } else if (event == OUTER) {
                shrink(nearest[subject]);
            } else {
                expand(subject);
            }
        }
    }

    /** How far potentials can move, and what stops them: {@link #event} at {@link #subject}. */
    private long nextEvent() {
        long delta = INFINITE;
        for (int i = 0; i < activeCount; i++) {
            int v = active[i];
            int b = blossoms.outermost(v);
            byte l = label[b];
            if (l == INNER) {
                if (!blossoms.isNode(b) && z[b] < delta) {
                    delta = z[b];
                    event = INNER;
                    subject = b;
                }
                continue;
            }
            if (l == OUTER && nearest[v] != NONE && isInner(nearest[v], v)) {
                findNearest(v);
            }
            int e = nearest[v];
            if (e != NONE) {
                long d = l == OUTER ? slack(e, v) / 2 : slack(e, v);
                if (d < delta) {
                    delta = d;
                    event = l;
                    subject = v;
                }
            }
        }
        return delta;
    }

    /** Whether a blossom has swallowed both ends of an edge. */
    private boolean isInner(int e, int v) {
        return blossoms.outermost(blossoms.other(e, v)) == blossoms.outermost(v);
    }

    private void findNearest(int v) {
        int best = NONE;
        long least = INFINITE;
        for (int a = arcs.start()[v]; a < arcs.start()[v + 1]; a++) {
            int e = arcs.edge()[a];
            int other = blossoms.outermost(arcs.to()[a]);
            if (usable[e] && label[other] == OUTER && other != blossoms.outermost(v)) {
                long d = slack(e, v);
                if (d < least) {
                    least = d;
                    best = e;
                }
            }
        }
        nearest[v] = best;
    }

    private void shift(long delta) {
        if (delta == 0) {
            return;
        }
        marks++;
        for (int i = 0; i < activeCount; i++) {
            int v = active[i];
            int b = blossoms.outermost(v);
            if (label[b] != FREE) {
                long d = label[b] == OUTER ? delta : -delta;
                y[v] += d;
                if (!blossoms.isNode(b) && mark[b] != marks) {
                    mark[b] = marks;
                    z[b] += d;
                }
            }
        }
    }

    private void makeOuter(int b) {
        label[b] = OUTER;
        enter(b, true);
    }

    /** The nodes of a blossom enter the tree; the neighbours of outer ones are told. */
    private void enter(int b, boolean outer) {
        if (blossoms.isNode(b)) {
            activate(b);
            if (outer) {
                scan(b);
            }
            return;
        }
        int c = blossoms.firstChild(b);
        do {
            enter(c, outer);
            c = blossoms.nextChild(c);
        } while (c != blossoms.firstChild(b));
    }

    /** From now on this node can stop the potentials or is moved with them. */
    private void activate(int v) {
        if (!isActive[v]) {
            isActive[v] = true;
            active[activeCount++] = v;
        }
    }

    private void scan(int v) {
        int own = blossoms.outermost(v);
        for (int a = arcs.start()[v]; a < arcs.start()[v + 1]; a++) {
            int e = arcs.edge()[a];
            int w = arcs.to()[a];
            int other = blossoms.outermost(w);
            if (usable[e] && other != own) {
                long d = slack(e, v);
                if (isBetter(d, w)) {
                    nearest[w] = e;
                    activate(w);
                }
                if (label[other] == OUTER && isBetter(d, v)) {
                    nearest[v] = e;
                }
            }
        }
    }

    private boolean isBetter(long slack, int v) {
        return nearest[v] == NONE || isInner(nearest[v], v) || slack < slack(nearest[v], v);
    }

    /** A free blossom is reached by an edge at a node in it, and so is the one matched with it. */
    private void grow(int b, int e, int node) {
        label[b] = INNER;
        treeEdge[b] = e;
        entry[b] = node;
        enter(b, false);
        int base = blossoms.base(b);
        makeOuter(blossoms.outermost(blossoms.other(blossoms.mate(base), base)));
    }

    /** The next blossom on the way to the root, over the edge in {@link #treeEdge} or matched. */
    private int up(int b) {
        int e = upEdge(b);
        return e == NONE ? NONE : blossoms.outermost(blossoms.other(e, blossoms.endIn(e, b)));
    }

    private int upEdge(int b) {
        return label[b] == OUTER ? blossoms.mate(blossoms.base(b)) : treeEdge[b];
    }

    /** Two outer blossoms of the tree are joined by an edge: with the ways up, an odd cycle. */
    private void shrink(int e) {
        int a = blossoms.outermost(blossoms.other(e, subject));
        int b = blossoms.outermost(subject);
        int top = meet(a, b);
        for (int c = a; c != top; c = up(c)) {
            blossoms.join(up(c), upEdge(c), c);
        }
        blossoms.join(a, e, b);
        for (int c = b; c != top; ) {
            int above = up(c);
            blossoms.join(c, upEdge(c), above);
            c = above;
        }
        int blossom = blossoms.close(top);
        z[blossom] = 0;
        label[blossom] = OUTER;
        int c = top;
        do {
            if (label[c] == INNER) {
                enter(c, true);
            }
            c = blossoms.nextChild(c);
        } while (c != top);
    }

    /** The first blossom on both ways up. */
    private int meet(int a, int b) {
        marks++;
        for (int c = a; c != NONE; c = up(c)) {
            mark[c] = marks;
        }
        int c = b;
        while (mark[c] != marks) {
            c = up(c);
        }
        return c;
    }

    /**
     * An inner blossom is taken apart. The children on the even way from where the tree enters to
     * the base stay in the tree, the others are free.
     */
    private void expand(int b) {
        int enter = blossoms.childWith(entry[b], b);
        int base = blossoms.firstChild(b);
        boolean forward = blossoms.place(enter) % 2 == 1;
        blossoms.open(b);
        int c = base;
        do {
            label[c] = FREE;
            c = blossoms.nextChild(c);
        } while (c != base);
        label[enter] = INNER;
        treeEdge[enter] = treeEdge[b];
        entry[enter] = entry[b];
        for (c = enter; c != base; ) {
            int outer = forward ? blossoms.nextChild(c) : blossoms.previousChild(c);
            int inner = forward ? blossoms.nextChild(outer) : blossoms.previousChild(outer);
            int e = forward ? blossoms.link(outer) : blossoms.link(inner);
            label[inner] = INNER;
            treeEdge[inner] = e;
            entry[inner] = blossoms.endIn(e, inner);
            makeOuter(outer);
            c = inner;
        }
    }

    /** Swaps matched and other edges on the way from an unmatched node over an edge to the root. */
    private void augment(int edge, int free) {
        int e = edge;
        int b = blossoms.outermost(free);
        int node = free;
        while (true) {
            // b is free or inner; it gives up its mate for e
            int outerNode = blossoms.other(e, node);
            int outer = blossoms.outermost(outerNode);
            int old = blossoms.mate(blossoms.base(outer));
            int oldBase = blossoms.base(outer);
            blossoms.rebase(b, node);
            blossoms.rebase(outer, outerNode);
            blossoms.match(e);
            if (old == NONE) {
                return;
            }
            b = blossoms.outermost(blossoms.other(old, oldBase));
            e = treeEdge[b];
            node = entry[b];
        }
    }
}

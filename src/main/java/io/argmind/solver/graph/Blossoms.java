package io.argmind.solver.graph;

import java.util.Arrays;

/**
 * The nest of blossoms of a matching (Edmonds, Paths, trees, and flowers, 1965). Nodes are 0, ...,
 * n - 1; blossoms have numbers from n on. A blossom is an odd cycle of nodes and smaller blossoms,
 * kept as a ring from the one that holds its base: of the others, the 1st and 2nd are matched with
 * each other, the 3rd and 4th, and so on.
 */
final class Blossoms {
    static final int NONE = -1;

    private final int n;
    private final int[] tails;
    private final int[] heads;
    private final int[] mate;
    private final int[] outermost;
    private final int[] parent;
    private final int[] base;
    private final int[] first;
    private final int[] next;
    private final int[] previous;
    private final int[] link;
    private final int[] unused;
    private int unusedCount;

    /**
     * @param tails [E]
     * @param heads [E]
     */
    Blossoms(int n, int[] tails, int[] heads) {
        this.n = n;
        this.tails = tails;
        this.heads = heads;
        int most = n + n / 2 + 1;
        mate = new int[n];
        outermost = new int[n];
        parent = new int[most];
        base = new int[most];
        first = new int[most];
        next = new int[most];
        previous = new int[most];
        link = new int[most];
        unused = new int[most - n];
    }

    /** Nothing is matched, and there are no blossoms. */
    void clear() {
        Arrays.fill(mate, NONE);
        Arrays.fill(parent, NONE);
        for (int v = 0; v < n; v++) {
            outermost[v] = v;
            base[v] = v;
        }
        unusedCount = unused.length;
        for (int i = 0; i < unused.length; i++) {
            unused[i] = parent.length - 1 - i;
        }
    }

    /** How many numbers of nodes and blossoms there are. */
    int most() {
        return parent.length;
    }

    boolean isNode(int b) {
        return b < n;
    }

    /** The edge that matches a node, or NONE. */
    int mate(int v) {
        return mate[v];
    }

    /** Matches both ends of an edge. */
    void match(int e) {
        mate[tails[e]] = e;
        mate[heads[e]] = e;
    }

    int other(int e, int v) {
        return tails[e] ^ heads[e] ^ v;
    }

    /** The outermost blossom around a node, or the node. */
    int outermost(int v) {
        return outermost[v];
    }

    /** The blossom around a node or blossom, or NONE. */
    int parent(int b) {
        return parent[b];
    }

    int base(int b) {
        return base[b];
    }

    int firstChild(int b) {
        return first[b];
    }

    int nextChild(int c) {
        return next[c];
    }

    int previousChild(int c) {
        return previous[c];
    }

    /** The edge between a child and the next. */
    int link(int c) {
        return link[c];
    }

    /** Which end of an edge lies in an outermost blossom, if not both do. */
    int endIn(int e, int b) {
        return outermost[tails[e]] == b ? tails[e] : heads[e];
    }

    /** Puts one child behind another in the ring that is being made. */
    void join(int c, int e, int successor) {
        next[c] = successor;
        previous[successor] = c;
        link[c] = e;
    }

    /** Closes a ring to a new outermost blossom with the base of a child; its number. */
    int close(int withBase) {
        int b = unused[--unusedCount];
        first[b] = withBase;
        base[b] = base[withBase];
        parent[b] = NONE;
        int c = withBase;
        do {
            parent[c] = b;
            setOutermost(c, b);
            c = next[c];
        } while (c != withBase);
        return b;
    }

    /** Takes an outermost blossom apart: its children, which keep their ring, become outermost. */
    void open(int b) {
        int c = first[b];
        do {
            parent[c] = NONE;
            setOutermost(c, c);
            c = next[c];
        } while (c != first[b]);
        unused[unusedCount++] = b;
    }

    private void setOutermost(int b, int blossom) {
        if (isNode(b)) {
            outermost[b] = blossom;
            return;
        }
        int c = first[b];
        do {
            setOutermost(c, blossom);
            c = next[c];
        } while (c != first[b]);
    }

    /** The child of a blossom that holds a node. */
    int childWith(int v, int b) {
        int c = v;
        while (parent[c] != b) {
            c = parent[c];
        }
        return c;
    }

    /** How many steps a child is from the first. */
    int place(int c) {
        int steps = 0;
        for (int at = first[parent[c]]; at != c; at = next[at]) {
            steps++;
        }
        return steps;
    }

    /** Changes the matching inside a blossom so that this node is its base, free inside. */
    void rebase(int b, int v) {
        if (isNode(b)) {
            return;
        }
        int child = childWith(v, b);
        rebase(child, v);
        boolean even = place(child) % 2 == 0;
        // between the old base and the new one, on the side with an odd number of others
        int from = even ? first[b] : next[child];
        int end = even ? child : next[first[b]];
        for (int c = from; c != end; c = next[next[c]]) {
            pair(c);
        }
        first[b] = child;
        base[b] = v;
    }

    /** Matches a child with the next. */
    private void pair(int c) {
        int e = link[c];
        boolean forward = isInside(tails[e], c);
        rebase(c, forward ? tails[e] : heads[e]);
        rebase(next[c], forward ? heads[e] : tails[e]);
        match(e);
    }

    private boolean isInside(int v, int b) {
        int at = v;
        while (at != NONE && at != b) {
            at = parent[at];
        }
        return at == b;
    }
}

package io.argmind.solver.graph;

import java.util.Arrays;

/** Rooted trees whose nodes know parent, depth and children, and can be moved. */
final class SpanningForest {
    private static final int NONE = -1;

    private final int[] parent;
    private final int[] edge;
    private final int[] depth;
    private final int[] firstChild;
    private final int[] nextSibling;
    private final int[] lastSibling;

    SpanningForest(int nodes) {
        parent = new int[nodes];
        edge = new int[nodes];
        depth = new int[nodes];
        firstChild = new int[nodes];
        nextSibling = new int[nodes];
        lastSibling = new int[nodes];
    }

    /** Every node is a root. */
    void clear() {
        Arrays.fill(parent, NONE);
        Arrays.fill(depth, 0);
        Arrays.fill(firstChild, NONE);
    }

    int parent(int v) {
        return parent[v];
    }

    /** The edge to the parent. */
    int edge(int v) {
        return edge[v];
    }

    int depth(int v) {
        return depth[v];
    }

    void setDepth(int v, int newDepth) {
        depth[v] = newDepth;
    }

    int firstChild(int v) {
        return firstChild[v];
    }

    int nextSibling(int v) {
        return nextSibling[v];
    }

    /** A root becomes a child; depths are left to the caller. */
    void hang(int v, int under, int byEdge) {
        parent[v] = under;
        edge[v] = byEdge;
        lastSibling[v] = NONE;
        nextSibling[v] = firstChild[under];
        if (firstChild[under] != NONE) {
            lastSibling[firstChild[under]] = v;
        }
        firstChild[under] = v;
    }

    /** A child becomes a root. */
    void unhang(int v) {
        if (lastSibling[v] == NONE) {
            firstChild[parent[v]] = nextSibling[v];
        } else {
            nextSibling[lastSibling[v]] = nextSibling[v];
        }
        if (nextSibling[v] != NONE) {
            lastSibling[nextSibling[v]] = lastSibling[v];
        }
        parent[v] = NONE;
    }

    /** The lowest node above both. */
    int join(int a, int b) {
        int u = a;
        int v = b;
        while (u != v) {
            if (depth[u] >= depth[v]) {
                u = parent[u];
            } else {
                v = parent[v];
            }
        }
        return u;
    }
}

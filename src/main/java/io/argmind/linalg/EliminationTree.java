package io.argmind.linalg;

import java.util.Arrays;

/**
 * The elimination tree of a symmetric matrix given by its upper triangle, and what follows from it
 * (Liu, The role of elimination trees in sparse factorization, SIAM J. Matrix Anal. Appl. 11,
 * 1990).
 */
final class EliminationTree {
    private static final int NONE = -1;

    private EliminationTree() {}

    /** parent[j] is the first row below the diagonal in column j of L, or -1. */
    static int[] parents(int n, int[] colStart, int[] row, Patience patience) {
        int[] parent = new int[n];
        int[] ancestor = new int[n]; // shortcuts to the root of the tree so far
        Arrays.fill(parent, NONE);
        Arrays.fill(ancestor, NONE);
        for (int j = 0; j < n; j++) {
            patience.spend(colStart[j + 1] - colStart[j]);
            for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                int i = row[k];
                while (i != NONE && i < j) {
                    int up = ancestor[i];
                    ancestor[i] = j;
                    if (up == NONE) {
                        parent[i] = j;
                    }
                    i = up;
                }
            }
        }
        return parent;
    }

    /** How many entries column j of L has below the diagonal; takes as many steps. */
    static int[] counts(int n, int[] colStart, int[] row, int[] parent, Patience patience) {
        int[] count = new int[n];
        int[] reached = new int[n];
        Arrays.fill(reached, NONE);
        for (int j = 0; j < n; j++) {
            reached[j] = j;
            int steps = colStart[j + 1] - colStart[j];
            for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                for (int i = row[k]; reached[i] != j; i = parent[i]) {
                    reached[i] = j;
                    count[i]++;
                    steps++;
                }
            }
            patience.spend(steps);
        }
        return count;
    }

    /** Children before parents, the child with the largest count right before its parent. */
    static int[] postorder(int[] parent, int[] count) {
        int n = parent.length;
        int[] firstChild = new int[n + 1];
        int[] next = new int[n];
        Arrays.fill(firstChild, NONE);
        for (int j = n - 1; j >= 0; j--) {
            int p = parent[j] == NONE ? n : parent[j];
            int first = firstChild[p];
            if (first != NONE && count[first] < count[j]) { // the largest stays in front for now
                next[j] = first;
                firstChild[p] = j;
            } else if (first == NONE) {
                next[j] = NONE;
                firstChild[p] = j;
            } else {
                next[j] = next[first];
                next[first] = j;
            }
        }
        int[] order = new int[n];
        int[] stack = new int[n + 1];
        int at = n;
        int top = 0;
        stack[top++] = n;
        // A preorder that visits the largest child first, written backwards, is the postorder.
        while (top > 0) {
            int j = stack[--top];
            if (j < n) {
                order[--at] = j;
            }
            int largest = firstChild[j];
            for (int c = largest == NONE ? NONE : next[largest]; c != NONE; c = next[c]) {
                stack[top++] = c;
            }
            if (largest != NONE) {
                stack[top++] = largest;
            }
        }
        return order;
    }
}

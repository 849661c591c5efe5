package io.argmind.linalg;

import java.util.Arrays;

/** Variables by degree: a doubly linked list for each degree. */
final class DegreeLists {
    private static final int NONE = -1;

    private final int[] degree; // [n] of each variable; not to change while it is in a list
    private final int[] head; // [n + 1] the first variable of each degree
    private final int[] next; // [n]
    private final int[] previous; // [n]
    private int least; // lists of smaller degree are empty

    DegreeLists(int n, int[] degree) {
        this.degree = degree;
        head = new int[n + 1];
        next = new int[n];
        previous = new int[n];
        Arrays.fill(head, NONE);
    }

    void add(int i) {
        int d = degree[i];
        next[i] = head[d];
        previous[i] = NONE;
        if (head[d] != NONE) {
            previous[head[d]] = i;
        }
        head[d] = i;
        least = Math.min(least, d);
    }

    void remove(int i) {
        if (next[i] != NONE) {
            previous[next[i]] = previous[i];
        }
        if (previous[i] != NONE) {
            next[previous[i]] = next[i];
        } else {
            head[degree[i]] = next[i];
        }
    }

    /** Removes and returns a variable of least degree; there must be one. */
    int removeLeast() {
        while (head[least] == NONE) {
            least++;
        }
        int i = head[least];
        remove(i);
        return i;
    }
}

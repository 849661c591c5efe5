package io.argmind.solver.graph;

import java.util.Arrays;

/**
 * A heap of nodes 0, ..., n - 1 with keys that can be lowered. Four children per entry: half the
 * levels of a binary heap, and siblings lie in one cache line.
 */
final class IndexedHeap {
    private static final int ABSENT = -1;

    private final double[] key;
    private final int[] heap;
    private final int[] position;
    private int size;

    IndexedHeap(int nodes) {
        key = new double[nodes];
        heap = new int[nodes];
        position = new int[nodes];
        Arrays.fill(position, ABSENT);
    }

    boolean isEmpty() {
        return size == 0;
    }

    int capacity() {
        return heap.length;
    }

    /** In time proportional to what is left. */
    void clear() {
        for (int i = 0; i < size; i++) {
            position[heap[i]] = ABSENT;
        }
        size = 0;
    }

    /** Adds a node, or gives it a smaller key. */
    void offer(int node, double newKey) {
        int at = position[node];
        if (at == ABSENT) {
            at = size++;
        }
        key[node] = newKey;
        rise(at, node, newKey);
    }

    private void rise(int from, int node, double newKey) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >> 2;
            int other = heap[parent];
            if (key[other] <= newKey) {
                break;
            }
            heap[at] = other;
            position[other] = at;
            at = parent;
        }
        heap[at] = node;
        position[node] = at;
    }

    /** Takes out the node with the smallest key. */
    int poll() {
        int least = heap[0];
        position[least] = ABSENT;
        int last = heap[--size];
        if (size > 0) {
            sink(last);
        }
        return least;
    }

    private void sink(int node) {
        double sunk = key[node];
        int at = 0;
        while (true) {
            int first = 4 * at + 1;
            if (first >= size) {
                break;
            }
            int best = first;
            double bestKey = key[heap[first]];
            int end = Math.min(first + 4, size);
            for (int child = first + 1; child < end; child++) {
                if (key[heap[child]] < bestKey) {
                    best = child;
                    bestKey = key[heap[child]];
                }
            }
            if (sunk <= bestKey) {
                break;
            }
            heap[at] = heap[best];
            position[heap[at]] = at;
            at = best;
        }
        heap[at] = node;
        position[node] = at;
    }
}

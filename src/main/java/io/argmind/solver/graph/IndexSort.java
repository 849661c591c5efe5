package io.argmind.solver.graph;

/** Sorts indices by their keys, equal keys by index, in memory that is kept: a merge sort. */
final class IndexSort {
    private static final int SHORT = 12;

    private final int[] order;
    private final int[] spare;

    IndexSort(int n) {
        order = new int[n];
        spare = new int[n];
    }

    /**
     * Sorts.
     *
     * @param key [n] not NaN
     * @return [n] the indices from the smallest key to the largest; valid until the next call
     */
    int[] ascending(double[] key) {
        int n = order.length;
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int from = 0; from < n; from += SHORT) {
            insert(key, from, Math.min(n, from + SHORT));
        }
        int[] source = order;
        int[] sink = spare;
        for (int width = SHORT; width < n; width *= 2) {
            for (int from = 0; from < n; from += 2 * width) {
                int middle = Math.min(n, from + width);
                merge(key, source, sink, from, middle, Math.min(n, middle + width));
            }
            int[] t = source;
            source = sink;
            sink = t;
        }
        return source;
    }

    private void insert(double[] key, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int index = order[i];
            double k = key[index];
            int at = i;
            while (at > from && key[order[at - 1]] > k) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = index;
        }
    }

    private static void merge(
            double[] key, int[] source, int[] sink, int from, int middle, int to) {
        int a = from;
        int b = middle;
        for (int at = from; at < to; at++) {
            boolean left = b >= to || (a < middle && key[source[a]] <= key[source[b]]);
            sink[at] = source[left ? a++ : b++];
        }
    }
}

package io.argmind.linalg;

import java.util.Arrays;

/**
 * A fill-reducing elimination order of a symmetric matrix by approximate minimum degree (Amestoy,
 * Davis, Duff, An approximate minimum degree ordering algorithm, SIAM J. Matrix Anal. Appl. 17,
 * 1996): a quotient graph in which an eliminated pivot becomes an element, the list of variables it
 * couples. Elements inside a newer one are absorbed, variables that cannot be told apart are merged
 * into one supervariable, and degrees are bounded from above instead of computed.
 */
final class MinimumDegree {
    private static final int NONE = -1;

    /** Rows with more than this many times sqrt(n) entries go last, unlooked at. */
    private static final double DENSE = 10;

    private final int n;
    private final Patience patience;

    /** The lists of all variables and elements, and free room at the end. */
    private int[] lists;

    private int free; // the first unused place of lists
    private final int[] start; // [n] where the list of a variable or element begins
    private final int[] length; // [n] its length; of a variable: elements first, then variables
    private final int[] elements; // [n] how many of a variable's entries are elements
    private final int[] size; // [n] variables merged into this one; 0: merged away or eliminated
    private final int[] degree; // [n] of variables: bound of external degree; of elements: size
    private final boolean[] element; // [n] is a live element
    private final DegreeLists queue;
    private final int[] next; // [n] the next variable in the same hash bucket
    private final int[] bucket; // [n] the first variable of each hash value
    private final int[] hash; // [n]
    private final int[] outside; // [n] stamp + |Le \ Lp| of each element that touches the pivot's
    private final int[] seen; // [n] stamps
    private final int[] sibling; // [n] the next variable merged into the same one
    private final int[] last; // [n] the last of those
    private final boolean[] inPivot; // [n] is a variable of the pivot's element
    private int outsideStamp = 1;
    private int seenStamp;
    private int remaining; // variables, merged ones counted, neither ordered nor dense
    private final int[] order;
    private int ordered;

    private MinimumDegree(int n, int[] colStart, int[] row, Patience patience) {
        this.n = n;
        this.patience = patience;
        start = new int[n + 1];
        length = new int[n];
        elements = new int[n];
        size = new int[n];
        degree = new int[n];
        element = new boolean[n];
        queue = new DegreeLists(n, degree);
        next = new int[n];
        bucket = new int[n];
        hash = new int[n];
        outside = new int[n];
        seen = new int[n];
        sibling = new int[n];
        last = new int[n];
        inPivot = new boolean[n];
        order = new int[n];
        Arrays.fill(bucket, NONE);
        Arrays.fill(sibling, NONE);
        Arrays.fill(size, 1);
        lists = adjacency(colStart, row);
    }

    /**
     * The order in which to eliminate.
     *
     * @param n the matrix has n rows and columns
     * @param colStart [n + 1] the upper triangle by columns: column j holds the entries colStart[j]
     *     .. colStart[j + 1] - 1
     * @param row [nnz] their rows, at most j, each once; the diagonal does not matter
     * @return [n] position k eliminates row and column order[k]
     * @throws StoppedException if it takes longer than it is wanted
     */
    static int[] order(int n, int[] colStart, int[] row, Patience patience) {
        MinimumDegree run = new MinimumDegree(n, colStart, row, patience);
        run.begin();
        run.eliminateAll();
        return run.order;
    }

    /** Both triangles without the diagonal, and room to work in. */
    private int[] adjacency(int[] colStart, int[] row) {
        for (int j = 0; j < n; j++) {
            for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                if (row[k] != j) {
                    length[j]++;
                    length[row[k]]++;
                }
            }
        }
        for (int j = 0; j < n; j++) {
            start[j + 1] = Math.addExact(start[j], length[j]);
            next[j] = start[j];
        }
        free = start[n];
        int[] full = new int[Math.addExact(Math.addExact(free, free / 4), n + 1)];
        for (int j = 0; j < n; j++) {
            for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                int i = row[k];
                if (i != j) {
                    full[next[j]++] = i;
                    full[next[i]++] = j;
                }
            }
        }
        return full;
    }

    private void begin() {
        int dense = (int) Math.min(n - 1, Math.max(16, DENSE * Math.sqrt(n)));
        int top = n;
        for (int i = 0; i < n; i++) {
            last[i] = i;
            degree[i] = length[i];
            if (degree[i] > dense) {
                order[--top] = i;
                size[i] = 0;
            }
        }
        for (int i = 0; i < n; i++) {
            if (size[i] > 0) {
                queue.add(i);
            }
        }
        remaining = top;
    }

    private void eliminateAll() {
        while (remaining > 0) {
            int pivot = queue.removeLeast();
            remaining -= size[pivot];
            formElement(pivot);
            measureOutsides(pivot);
            updateDegrees(pivot);
            mergeAlike(pivot);
            finish(pivot);
        }
    }

    /** Lp: the variables coupled to the pivot, directly or through an element, which it absorbs. */
    private void formElement(int pivot) {
        int most = length[pivot] - elements[pivot];
        for (int k = start[pivot]; k < start[pivot] + elements[pivot]; k++) {
            most = Math.addExact(most, length[lists[k]]);
        }
        patience.spend(most);
        if (elements[pivot] > 0 && free + most > lists.length) {
            compact(most);
        }
        int from = start[pivot];
        int to = from + length[pivot];
        int own = from + elements[pivot];
        int at = elements[pivot] == 0 ? from : free;
        int begin = at;
        degree[pivot] = 0;
        inPivot[pivot] = true;
        for (int k = from; k < own; k++) {
            int e = lists[k];
            for (int q = start[e]; q < start[e] + length[e]; q++) {
                at = take(lists[q], pivot, at);
            }
            element[e] = false;
            length[e] = 0;
        }
        for (int k = own; k < to; k++) {
            at = take(lists[k], pivot, at);
        }
        inPivot[pivot] = false;
        if (elements[pivot] > 0) {
            free = at;
        }
        start[pivot] = begin;
        length[pivot] = at - begin;
        elements[pivot] = 0;
        element[pivot] = true;
    }

    private int take(int i, int pivot, int at) {
        if (size[i] == 0 || inPivot[i]) {
            return at;
        }
        inPivot[i] = true;
        degree[pivot] += size[i];
        queue.remove(i);
        lists[at] = i;
        return at + 1;
    }

    /** |Le \ Lp| of every element e that has a variable in common with the pivot's. */
    private void measureOutsides(int pivot) {
        if (outsideStamp > Integer.MAX_VALUE - 3 * n - 3) {
            Arrays.fill(outside, 0);
            outsideStamp = 1;
        }
        for (int k = start[pivot]; k < start[pivot] + length[pivot]; k++) {
            int i = lists[k];
            for (int q = start[i]; q < start[i] + elements[i]; q++) {
                int e = lists[q];
                if (element[e]) {
                    int known = outside[e] >= outsideStamp ? outside[e] : degree[e] + outsideStamp;
                    outside[e] = known - size[i];
                }
            }
        }
    }

    /** Bounds the degrees of the pivot's variables; drops dead entries from their lists. */
    private void updateDegrees(int pivot) {
        for (int k = start[pivot]; k < start[pivot] + length[pivot]; k++) {
            int i = lists[k];
            int from = start[i];
            int to = from + length[i];
            patience.spend(length[i]);
            int at = from;
            int bound = 0;
            int sum = 0;
            for (int q = from; q < from + elements[i]; q++) {
                int e = lists[q];
                if (!element[e]) {
                    continue;
                }
                int beyond = outside[e] - outsideStamp;
                if (beyond > 0) {
                    bound = Math.min(n, bound + beyond);
                    lists[at++] = e;
                    sum += e;
                } else {
                    element[e] = false; // inside the pivot's element: absorbed
                    length[e] = 0;
                }
            }
            int kept = at - from;
            for (int q = from + elements[i]; q < to; q++) {
                int j = lists[q];
                if (size[j] > 0 && !inPivot[j] && j != pivot) {
                    bound = Math.min(n, bound + size[j]);
                    lists[at++] = j;
                    sum += j;
                }
            }
            if (at == from) {
                swallow(pivot, i); // coupled to nothing else: eliminated together with the pivot
                continue;
            }
            degree[i] = Math.min(degree[i], bound);
            insertPivot(i, pivot, at, kept);
            int bin = (int) (Integer.toUnsignedLong(sum + pivot) % n);
            hash[i] = bin;
            next[i] = bucket[bin];
            bucket[bin] = i;
        }
        outsideStamp += n + 1;
    }

    /**
     * Puts the new element first in i's list; room is left because the pivot or an element went.
     */
    private void insertPivot(int i, int pivot, int end, int kept) {
        int from = start[i];
        lists[end] = lists[from + kept];
        lists[from + kept] = lists[from];
        lists[from] = pivot;
        elements[i] = kept + 1;
        length[i] = end + 1 - from;
    }

    private void swallow(int pivot, int i) {
        remaining -= size[i];
        degree[pivot] -= size[i];
        merge(pivot, i);
    }

    /** Variables of the pivot's element with equal lists become one. */
    private void mergeAlike(int pivot) {
        for (int k = start[pivot]; k < start[pivot] + length[pivot]; k++) {
            if (size[lists[k]] == 0) {
                continue;
            }
            int i = bucket[hash[lists[k]]];
            bucket[hash[lists[k]]] = NONE;
            while (i != NONE && next[i] != NONE) {
                patience.spend(length[i]);
                mark(i);
                int before = i;
                for (int j = next[i]; j != NONE; j = next[j]) {
                    patience.spend(length[j]);
                    if (isMarkedAlike(i, j)) {
                        merge(i, j);
                        next[before] = next[j];
                    } else {
                        before = j;
                    }
                }
                i = next[i];
            }
        }
    }

    private void mark(int i) {
        seenStamp++;
        for (int q = start[i] + 1; q < start[i] + length[i]; q++) {
            seen[lists[q]] = seenStamp;
        }
    }

    private boolean isMarkedAlike(int i, int j) {
        if (length[i] != length[j] || elements[i] != elements[j]) {
            return false;
        }
        for (int q = start[j] + 1; q < start[j] + length[j]; q++) {
            if (seen[lists[q]] != seenStamp) {
                return false;
            }
        }
        return true;
    }

    private void merge(int i, int j) {
        size[i] += size[j];
        size[j] = 0;
        length[j] = 0;
        elements[j] = 0;
        inPivot[j] = false;
        sibling[last[i]] = j;
        last[i] = last[j];
    }

    /** Gives the pivot's variables back to the degree lists and orders the pivot. */
    private void finish(int pivot) {
        int at = start[pivot];
        for (int k = at; k < start[pivot] + length[pivot]; k++) {
            int i = lists[k];
            if (size[i] == 0) {
                continue;
            }
            inPivot[i] = false;
            int bound = degree[i] + degree[pivot] - size[i];
            degree[i] = Math.max(0, Math.min(bound, remaining - size[i]));
            queue.add(i);
            lists[at++] = i;
        }
        length[pivot] = at - start[pivot];
        element[pivot] = length[pivot] > 0;
        size[pivot] = 0;
        for (int i = pivot; i != NONE; i = sibling[i]) {
            order[ordered++] = i;
        }
    }

    /** Moves all live lists to the front of an array with enough room behind them. */
    private void compact(int need) {
        int total = 0;
        for (int i = 0; i < n; i++) {
            total += isLive(i) ? length[i] : 0;
        }
        int enough = Math.addExact(total + total / 4, need);
        int[] packed = new int[Math.max(lists.length, enough)];
        int at = 0;
        for (int i = 0; i < n; i++) {
            if (isLive(i)) {
                System.arraycopy(lists, start[i], packed, at, length[i]);
                start[i] = at;
                at += length[i];
            }
        }
        lists = packed;
        free = at;
    }

    private boolean isLive(int i) {
        return size[i] > 0 || element[i];
    }
}

package io.argmind.linalg;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Consecutive columns of L with (nearly) the same rows, stored as one dense panel. Columns are
 * joined where their rows are equal, and small neighbours in the tree also where that stores a few
 * zeros (relaxed supernodes; Ashcraft and Grimes, ACM TOMS 15, 1989). Immutable.
 */
final class Supernodes {
    /** Wider ones are cut, so that most of the work is products of panels that fit the cache. */
    private static final int WIDEST = 64;

    /** What sorting a row takes, in steps of other loops. */
    private static final int SORTING = 4;

    final int count;
    final int[] first; // [count + 1] the first column of each
    final int[] of; // [n] the supernode of each column
    final int[] rowStart; // [count + 1] where the rows of each begin
    final int[] rows; // ascending; a supernode's own columns come first
    final long[] panelStart; // [count + 1] where the entries of each begin: column-major

    /**
     * Finds them for a postordered matrix.
     *
     * @param n the number of rows and columns
     * @param colStart [n + 1] the lower triangle by columns, without the diagonal
     * @param row the rows of its entries
     * @param parent [n] the elimination tree
     * @param counts [n] entries of L below the diagonal
     * @throws StoppedException if it takes longer than it is wanted
     */
    Supernodes(int n, int[] colStart, int[] row, int[] parent, int[] counts, Patience patience) {
        int[] starts = cut(relaxed(n, parent, counts), n);
        count = starts.length - 1;
        first = starts;
        of = new int[n];
        for (int s = 0; s < count; s++) {
            Arrays.fill(of, first[s], first[s + 1], s);
        }
        rowStart = new int[count + 1];
        rows = collectRows(n, colStart, row, patience);
        panelStart = new long[count + 1];
        for (int s = 0; s < count; s++) {
            panelStart[s + 1] = panelStart[s] + (long) height(s) * width(s);
        }
    }

    int width(int s) {
        return first[s + 1] - first[s];
    }

    int height(int s) {
        return rowStart[s + 1] - rowStart[s];
    }

    /** The largest width. */
    int widest() {
        return IntStream.range(0, count).map(this::width).max().orElse(0);
    }

    /** The largest height. */
    int tallest() {
        return IntStream.range(0, count).map(this::height).max().orElse(0);
    }

    private static int[] relaxed(int n, int[] parent, int[] counts) {
        int[] begin = new int[n + 1];
        int[] below = new int[n]; // rows below the supernode's own columns
        long[] zeros = new long[n];
        int top = 0;
        for (int j = 0; j < n; j++) {
            boolean same = j > 0 && parent[j - 1] == j && counts[j - 1] == counts[j] + 1;
            if (same) {
                below[top - 1] = counts[j];
            } else {
                begin[top] = j;
                below[top] = counts[j];
                zeros[top] = 0;
                top++;
            }
            boolean ends = j + 1 == n || parent[j] != j + 1 || counts[j] != counts[j + 1] + 1;
            while (ends && top > 1 && parent[begin[top - 1] - 1] >= 0) {
                if (parent[begin[top - 1] - 1] > j) {
                    break;
                }
                long width = j + 1L - begin[top - 1];
                long narrow = (long) begin[top - 1] - begin[top - 2];
                long added = narrow * (width + below[top - 1] - below[top - 2]);
                long empty = zeros[top - 1] + zeros[top - 2] + added;
                long wide = width + narrow;
                long entries = wide * (wide + 1) / 2 + wide * below[top - 1];
                if (!worthJoining(wide, (double) empty / entries)) {
                    break;
                }
                top--;
                below[top - 1] = below[top];
                zeros[top - 1] = empty;
            }
        }
        begin[top] = n;
        return Arrays.copyOf(begin, top + 1);
    }

    private static boolean worthJoining(long width, double share) {
        if (width <= 4) {
            return share < 0.7;
        }
        if (width <= 16) {
            return share < 0.4;
        }
        return share < (width <= 48 ? 0.1 : 0.03);
    }

    private static int[] cut(int[] starts, int n) {
        int[] result = new int[n + 1];
        int at = 0;
        for (int s = 0; s + 1 < starts.length; s++) {
            int width = starts[s + 1] - starts[s];
            int parts = (width + WIDEST - 1) / WIDEST;
            for (int q = 0; q < parts; q++) {
                result[at++] = starts[s] + (int) ((long) width * q / parts);
            }
        }
        result[at] = n;
        return Arrays.copyOf(result, at + 1);
    }

    /** The rows of each: those of its columns and of its children in the tree of supernodes. */
    private int[] collectRows(int n, int[] colStart, int[] row, Patience patience) {
        int[] all = new int[Math.max(16, 2 * n)];
        int[] seen = new int[n];
        int[] firstChild = new int[count];
        int[] next = new int[count];
        Arrays.fill(seen, -1);
        Arrays.fill(firstChild, -1);
        int at = 0;
        for (int s = 0; s < count; s++) {
            if (all.length - at < n) {
                all = Arrays.copyOf(all, Math.addExact(all.length, Math.max(all.length / 2, n)));
            }
            for (int j = first[s]; j < first[s + 1]; j++) {
                seen[j] = s;
                all[at++] = j;
            }
            int from = at;
            patience.spend(colStart[first[s + 1]] - colStart[first[s]]);
            for (int k = colStart[first[s]]; k < colStart[first[s + 1]]; k++) {
                at = add(row[k], s, seen, all, at);
            }
            for (int c = firstChild[s]; c >= 0; c = next[c]) {
                patience.spend(height(c));
                for (int k = rowStart[c] + width(c); k < rowStart[c + 1]; k++) {
                    at = add(all[k], s, seen, all, at);
                }
            }
            patience.spend(SORTING * (at - from));
            Arrays.sort(all, from, at);
            rowStart[s + 1] = at;
            if (from < at) {
                int p = of[all[from]];
                next[s] = firstChild[p];
                firstChild[p] = s;
            }
        }
        return Arrays.copyOf(all, at);
    }

    private static int add(int i, int s, int[] seen, int[] all, int at) {
        if (seen[i] == s) {
            return at;
        }
        seen[i] = s;
        all[at] = i;
        return at + 1;
    }
}

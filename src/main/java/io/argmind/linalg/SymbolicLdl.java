package io.argmind.linalg;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * What can be said about the factorization of a symmetric matrix from its pattern alone: the
 * elimination order, the tree, the rows of every panel of L, and where each entry of the matrix
 * goes. Made once per pattern; immutable, so that any number of threads and instances share it.
 */
public final class SymbolicLdl {
    /** What finding an entry's place takes, in steps of other loops. */
    private static final int SEARCH = 8;

    private final int n;
    private final int[] colStart; // [n + 1] the pattern: upper triangle by columns
    private final int[] row; // [nnz]
    final int[] order; // [n] position k eliminates order[k]
    final Supernodes nodes;
    final int[] place; // [nnz] the place of each entry among the panels

    /**
     * Analyses a pattern.
     *
     * @param n the number of rows and columns
     * @param colStart [n + 1] the upper triangle by columns; kept, not copied
     * @param row [nnz] rows, at most the column, each once; kept, not copied
     * @param stopped looked at every millisecond or so; true ends the analysis
     * @throws NotEnoughMemoryException if the factor would have more than 2^31 - 1 entries
     * @throws StoppedException if it was ended
     */
    public SymbolicLdl(int n, int[] colStart, int[] row, BooleanSupplier stopped) {
        this.n = n;
        this.colStart = colStart;
        this.row = row;
        Patience patience = new Patience(stopped);
        int[] degreeOrder = MinimumDegree.order(n, colStart, row, patience);
        Permuted first = new Permuted(degreeOrder, patience);
        int[] parent = EliminationTree.parents(n, first.start, first.rows, patience);
        int[] count = EliminationTree.counts(n, first.start, first.rows, parent, patience);
        int[] post = EliminationTree.postorder(parent, count);
        order = new int[n];
        int[] rank = inverse(post);
        int[] parents = new int[n];
        int[] counts = new int[n];
        for (int k = 0; k < n; k++) {
            order[k] = degreeOrder[post[k]];
            parents[k] = parent[post[k]] < 0 ? -1 : rank[parent[post[k]]];
            counts[k] = count[post[k]];
        }
        int[] position = inverse(order);
        int[] lowStart = new int[n + 1];
        int[] lowRows = lower(position, lowStart, patience);
        nodes = new Supernodes(n, lowStart, lowRows, parents, counts, patience);
        if (nodes.panelStart[nodes.count] > Integer.MAX_VALUE) {
            throw new NotEnoughMemoryException(
                    "its factor would have "
                            + nodes.panelStart[nodes.count]
                            + " entries, more than 2^31 - 1");
        }
        place = places(position, patience);
    }

    public int size() {
        return n;
    }

    /** The number of stored entries of L, with the zeros inside panels. */
    public int entries() {
        return Math.toIntExact(nodes.panelStart[nodes.count]);
    }

    /** How many bytes a {@link SparseLdl} takes. */
    public long factorBytes() {
        long widest = nodes.widest();
        return 8 * (entries() + widest * (nodes.tallest() + widest) + 6L * n);
    }

    /** How many integers this analysis and its pattern hold, about. */
    public long footprint() {
        return 2L * row.length + 6L * n + nodes.rows.length + 4L * nodes.count;
    }

    private static int[] inverse(int[] order) {
        int[] position = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            position[order[k]] = k;
        }
        return position;
    }

    /** The upper triangle, without the diagonal, after reordering. */
    private final class Permuted {
        private final int[] start = new int[n + 1];
        private final int[] rows;

        Permuted(int[] order, Patience patience) {
            int[] position = inverse(order);
            for (int j = 0; j < n; j++) {
                for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                    if (row[k] != j) {
                        start[Math.max(position[j], position[row[k]]) + 1]++;
                    }
                }
            }
            for (int j = 0; j < n; j++) {
                start[j + 1] += start[j];
            }
            rows = new int[start[n]];
            int[] at = start.clone();
            for (int j = 0; j < n; j++) {
                patience.spend(colStart[j + 1] - colStart[j]);
                for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                    int p = position[j];
                    int q = position[row[k]];
                    if (p != q) {
                        rows[at[Math.max(p, q)]++] = Math.min(p, q);
                    }
                }
            }
        }
    }

    private int[] lower(int[] position, int[] start, Patience patience) {
        for (int j = 0; j < n; j++) {
            for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                if (row[k] != j) {
                    start[Math.min(position[j], position[row[k]]) + 1]++;
                }
            }
        }
        for (int j = 0; j < n; j++) {
            start[j + 1] += start[j];
        }
        int[] rows = new int[start[n]];
        int[] at = start.clone();
        for (int j = 0; j < n; j++) {
            patience.spend(colStart[j + 1] - colStart[j]);
            for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                int p = position[j];
                int q = position[row[k]];
                if (p != q) {
                    rows[at[Math.min(p, q)]++] = Math.max(p, q);
                }
            }
        }
        return rows;
    }

    private int[] places(int[] position, Patience patience) {
        int[] result = new int[row.length];
        for (int j = 0; j < n; j++) {
            patience.spend(SEARCH * (colStart[j + 1] - colStart[j]));
            for (int k = colStart[j]; k < colStart[j + 1]; k++) {
                int c = Math.min(position[j], position[row[k]]);
                int r = Math.max(position[j], position[row[k]]);
                int s = nodes.of[c];
                int from = nodes.rowStart[s];
                int at = Arrays.binarySearch(nodes.rows, from, nodes.rowStart[s + 1], r) - from;
                int panel = Math.toIntExact(nodes.panelStart[s]);
                result[k] = panel + (c - nodes.first[s]) * nodes.height(s) + at;
            }
        }
        return result;
    }
}

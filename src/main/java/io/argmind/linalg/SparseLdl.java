package io.argmind.linalg;

import java.util.Arrays;

/**
 * The numeric factorization L D L' of a symmetric quasi-definite matrix, whose pivots have known
 * signs in any order (Vanderbei, Symmetric quasidefinite matrices, SIAM J. Optim. 5, 1995), so that
 * no pivoting is needed and the analysis is done once. Left-looking by supernodes. A workspace:
 * made once per analysis and thread, then used without allocation.
 */
public final class SparseLdl {
    private static final double TINY = 1e-13;
    private static final double REPLACEMENT = 2e-7;

    private final SymbolicLdl symbolic;
    private final Supernodes nodes;
    private final int n;
    private final double[] panels; // L by supernodes, column-major; the unit diagonal holds D
    private final double[] inverse; // [n] 1 / D in elimination order
    private final int[] local; // [n] where a row stands in the current panel
    private final int[] head; // [count] finished supernodes whose next update goes to this one
    private final int[] next; // [count]
    private final int[] reached; // [count] their next row
    private final double[] update; // what one finished supernode takes from the current one
    private final double[] factors; // D L' of its rows in the current supernode's columns
    private final double[] w; // [n] right-hand side in elimination order
    private final double[] gathered; // [n]
    private int regularized;

    public SparseLdl(SymbolicLdl symbolic) {
        this.symbolic = symbolic;
        nodes = symbolic.nodes;
        n = symbolic.size();
        panels = new double[symbolic.entries()];
        inverse = new double[n];
        local = new int[n];
        head = new int[nodes.count];
        next = new int[nodes.count];
        reached = new int[nodes.count];
        int widest = nodes.widest();
        update = new double[Math.multiplyExact(widest, nodes.tallest())];
        factors = new double[widest * widest];
        w = new double[n];
        gathered = new double[Math.max(n, widest)];
    }

    /** How many pivots of the last factorization had the wrong sign or were tiny. */
    public int regularized() {
        return regularized;
    }

    /**
     * Factors a matrix with the pattern that was analysed.
     *
     * @param values [nnz] its entries in the order of the pattern
     * @param sign [n] +1 or -1: the sign each diagonal pivot must have; a pivot that has not, or is
     *     smaller than 1e-13, is replaced by that sign times 2e-7
     * @return false if an entry of the factor is not finite
     */
    public boolean factor(double[] values, byte[] sign) {
        Arrays.fill(panels, 0);
        int[] place = symbolic.place;
        for (int k = 0; k < place.length; k++) {
            panels[place[k]] += values[k];
        }
        Arrays.fill(head, -1);
        regularized = 0;
        for (int s = 0; s < nodes.count; s++) {
            int from = nodes.rowStart[s];
            int height = nodes.height(s);
            for (int i = 0; i < height; i++) {
                local[nodes.rows[from + i]] = i;
            }
            int d = head[s];
            while (d >= 0) {
                int after = next[d];
                subtract(d, s);
                d = after;
            }
            factorPanel(s, sign);
            if (!Double.isFinite(inverse[nodes.first[s + 1] - 1])) {
                return false;
            }
            reached[s] = nodes.width(s);
            link(s);
        }
        return true;
    }

    private void link(int d) {
        if (reached[d] < nodes.height(d)) {
            int s = nodes.of[nodes.rows[nodes.rowStart[d] + reached[d]]];
            next[d] = head[s];
            head[s] = d;
        }
    }

    /** Panel s -= L[rows, d] D[d] L[columns of s, d]'. */
    private void subtract(int d, int s) {
        int height = nodes.height(d);
        int width = nodes.width(d);
        int rows = nodes.rowStart[d];
        int p = reached[d];
        int q = p;
        int end = nodes.first[s + 1];
        while (q < height && nodes.rows[rows + q] < end) {
            q++;
        }
        int m = height - p;
        int cols = q - p;
        int panel = (int) nodes.panelStart[d];
        for (int j = 0; j < cols; j++) {
            for (int k = 0; k < width; k++) {
                int at = panel + k * height;
                factors[j * width + k] = panels[at + p + j] * panels[at + k];
            }
        }
        int target = (int) nodes.panelStart[s];
        int tall = nodes.height(s);
        int begin = nodes.first[s];
        if (width == 1) {
            for (int j = 0; j < cols; j++) {
                int to = target + (nodes.rows[rows + p + j] - begin) * tall;
                double f = factors[j];
                for (int i = j; i < m; i++) {
                    panels[to + local[nodes.rows[rows + p + i]]] -= f * panels[panel + p + i];
                }
            }
        } else {
            DenseKernels.outer(panels, panel + p, height, m, width, factors, cols, update);
            for (int j = 0; j < cols; j++) {
                int to = target + (nodes.rows[rows + p + j] - begin) * tall;
                for (int i = j; i < m; i++) {
                    panels[to + local[nodes.rows[rows + p + i]]] -= update[j * m + i];
                }
            }
        }
        reached[d] = q;
        link(d);
    }

    /** L D L' of the panel's own columns, and the rows below. */
    private void factorPanel(int s, byte[] sign) {
        int height = nodes.height(s);
        int width = nodes.width(s);
        int panel = (int) nodes.panelStart[s];
        for (int j = 0; j < width; j++) {
            int column = panel + j * height;
            for (int k = 0; k < j; k++) {
                factors[k] = panels[panel + k * height + j] * panels[panel + k * height + k];
            }
            DenseKernels.subtractColumns(panels, panel, height, j, factors, column, j, height);
            double pivot = panels[column + j];
            int c = nodes.first[s] + j;
            int wanted = sign[symbolic.order[c]];
            if (!(pivot * wanted > TINY)) {
                pivot = Double.isNaN(pivot) ? pivot : wanted * REPLACEMENT;
                regularized++;
            }
            panels[column + j] = pivot;
            double f = 1 / pivot;
            inverse[c] = f;
            for (int i = j + 1; i < height; i++) {
                panels[column + i] *= f;
            }
        }
    }

    /** Overwrites r[n] with the solution of L D L' u = r. */
    public void solve(double[] r) {
        int[] order = symbolic.order;
        for (int k = 0; k < n; k++) {
            w[k] = r[order[k]];
        }
        for (int s = 0; s < nodes.count; s++) {
            forward(s);
        }
        for (int k = 0; k < n; k++) {
            w[k] *= inverse[k];
        }
        for (int s = nodes.count - 1; s >= 0; s--) {
            backward(s);
        }
        for (int k = 0; k < n; k++) {
            r[order[k]] = w[k];
        }
    }

    private void forward(int s) {
        int height = nodes.height(s);
        int width = nodes.width(s);
        int rows = nodes.rowStart[s];
        int first = nodes.first[s];
        int panel = (int) nodes.panelStart[s];
        if (width == 1) {
            double f = w[first];
            for (int i = 1; i < height; i++) {
                w[nodes.rows[rows + i]] -= f * panels[panel + i];
            }
            return;
        }
        Arrays.fill(gathered, 0, height, 0);
        for (int j = 0; j < width; j++) {
            double f = w[first + j] - gathered[j];
            w[first + j] = f;
            int at = panel + j * height;
            for (int i = j + 1; i < height; i++) {
                gathered[i] += f * panels[at + i];
            }
        }
        for (int i = width; i < height; i++) {
            w[nodes.rows[rows + i]] -= gathered[i];
        }
    }

    private void backward(int s) {
        int height = nodes.height(s);
        int width = nodes.width(s);
        int rows = nodes.rowStart[s];
        int first = nodes.first[s];
        int panel = (int) nodes.panelStart[s];
        for (int i = 0; i < height; i++) {
            gathered[i] = w[nodes.rows[rows + i]];
        }
        for (int j = width - 1; j >= 0; j--) {
            double f =
                    gathered[j]
                            - DenseKernels.dot(panels, panel + j * height, gathered, j + 1, height);
            gathered[j] = f;
            w[first + j] = f;
        }
    }
}

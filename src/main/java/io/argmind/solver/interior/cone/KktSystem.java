package io.argmind.solver.interior.cone;

import io.argmind.linalg.LdlCache;
import io.argmind.linalg.SparseLdl;
import io.argmind.linalg.SymbolicLdl;
import java.util.Arrays;
import java.util.List;

/**
 * K = [P M'; M -H], with two more unknowns for each long second-order cone: factored after a small
 * shift of the diagonal that makes it quasi-definite, and solved with iterative refinement on the
 * unshifted K.
 */
final class KktSystem {
    private static final double SHIFT = 1e-8;
    private static final double PROPORTIONAL = 5e-32;
    private static final int REFINEMENTS = 10;
    private static final double ABSOLUTE = 1e-13;
    private static final double RELATIVE = 1e-14;
    private static final double WORTHWHILE = 3;

    private final int size;
    private final List<ConeBlock> blocks;
    private final int[] start; // [size + 1] the upper triangle of K by columns
    private final int[] row;
    private final double[] values;
    private final double[] shifted;
    private final int[] diagonal; // [size] where the diagonal stands
    private final byte[] sign; // [size] of the pivots
    private final int[][] places; // where the entries of each block's H stand
    private final double[] h; // the largest block's entries
    private final SparseLdl ldl;
    private final double[] u; // [size] work, as all below
    private final double[] residual;
    private final double[] best;

    KktSystem(StandardForm form, LdlCache cache) {
        blocks = form.blocks;
        int extra = 0;
        int most = 0;
        long entries = (long) form.p.length + form.n + form.a.length;
        for (ConeBlock block : blocks) {
            int count = block.layout().entries(block.dim());
            most = Math.max(most, count);
            entries += count;
            extra += block.layout() == ConeBlock.Layout.EXPANDED ? 2 : 0;
        }
        size = form.n + form.m + extra;
        start = new int[size + 1];
        int[] rows = new int[Math.toIntExact(entries)];
        double[] v = new double[rows.length];
        diagonal = new int[size];
        sign = new byte[size];
        places = new int[blocks.size()][];
        h = new double[most];
        int at = fillVariables(form, rows, v);
        at = fillRows(form, rows, v, at);
        row = Arrays.copyOf(rows, at);
        values = Arrays.copyOf(v, at);
        shifted = new double[at];
        SymbolicLdl symbolic = cache.analysis(size, start, row);
        ldl = new SparseLdl(symbolic);
        u = new double[size];
        residual = new double[size];
        best = new double[size];
    }

    private int fillVariables(StandardForm form, int[] rows, double[] v) {
        int at = 0;
        for (int j = 0; j < form.n; j++) {
            diagonal[j] = -1;
            for (int k = form.pStart[j]; k < form.pStart[j + 1]; k++) {
                if (form.pRow[k] == j) {
                    diagonal[j] = at;
                }
                rows[at] = form.pRow[k];
                v[at++] = form.p[k];
            }
            if (diagonal[j] < 0) {
                diagonal[j] = at;
                rows[at++] = j;
            }
            sign[j] = 1;
            start[j + 1] = at;
        }
        return at;
    }

    private int fillRows(StandardForm form, int[] rows, double[] v, int from) {
        int at = from;
        for (int b = 0; b < places.length; b++) {
            ConeBlock block = blocks.get(b);
            int[] place = new int[block.layout().entries(block.dim())];
            places[b] = place;
            int filled = 0;
            for (int i = block.at(); i < block.at() + block.dim(); i++) {
                for (int k = form.start[i]; k < form.start[i + 1]; k++) {
                    rows[at] = form.col[k];
                    v[at++] = form.a[k];
                }
                boolean dense = block.layout() == ConeBlock.Layout.DENSE;
                for (int q = dense ? block.at() : i; q <= i; q++) {
                    place[filled++] = at;
                    rows[at++] = form.n + q;
                }
                close(form.n + i, at, -1);
            }
        }
        int next = form.n + form.m;
        for (int b = 0; b < places.length; b++) {
            ConeBlock block = blocks.get(b);
            if (block.layout() == ConeBlock.Layout.EXPANDED) {
                at = fillExpansion(form.n + block.at(), block.dim(), next, places[b], rows, at);
                next += 2;
            }
        }
        return at;
    }

    private int fillExpansion(int first, int dim, int next, int[] place, int[] rows, int from) {
        int at = from;
        int filled = dim;
        for (int q = 0; q < 2; q++) {
            for (int i = 0; i < dim; i++) {
                place[filled++] = at;
                rows[at++] = first + i;
            }
            place[filled++] = at;
            rows[at++] = next + q;
            close(next + q, at, q == 0 ? -1 : 1);
        }
        return at;
    }

    private void close(int column, int end, int pivot) {
        start[column + 1] = end;
        diagonal[column] = end - 1;
        sign[column] = (byte) pivot;
    }

    /** Takes the blocks' scalings and factors; false if that fails. */
    boolean update() {
        for (int b = 0; b < places.length; b++) {
            blocks.get(b).hessian(h);
            int[] place = places[b];
            for (int k = 0; k < place.length; k++) {
                values[place[k]] = -h[k];
            }
        }
        System.arraycopy(values, 0, shifted, 0, values.length);
        double largest = 0;
        for (int j = 0; j < size; j++) {
            largest = Math.max(largest, Math.abs(values[diagonal[j]]));
        }
        double shift = SHIFT + PROPORTIONAL * largest;
        for (int j = 0; j < size; j++) {
            shifted[diagonal[j]] += sign[j] * shift;
        }
        return Double.isFinite(largest) && ldl.factor(shifted, sign);
    }

    /**
     * Solves K [x; z] = [rx; rz].
     *
     * @param rx [n]
     * @param rz [m]
     * @param x [n] overwritten
     * @param z [m] overwritten
     */
    boolean solve(double[] rx, double[] rz, double[] x, double[] z) {
        int n = x.length;
        int m = z.length;
        System.arraycopy(rx, 0, u, 0, n);
        System.arraycopy(rz, 0, u, n, m);
        Arrays.fill(u, n + m, size, 0);
        double norm = normInf(u);
        ldl.solve(u);
        System.arraycopy(u, 0, best, 0, size);
        double error = residual(rx, rz, n, m);
        for (int k = 0; k < REFINEMENTS && error > ABSOLUTE + RELATIVE * norm; k++) {
            ldl.solve(residual);
            for (int i = 0; i < size; i++) {
                u[i] += residual[i];
            }
            double next = residual(rx, rz, n, m);
            if (!(next < error)) {
                break;
            }
            System.arraycopy(u, 0, best, 0, size);
            boolean slow = error < WORTHWHILE * next;
            error = next;
            if (slow) {
                break;
            }
        }
        System.arraycopy(best, 0, x, 0, n);
        System.arraycopy(best, n, z, 0, m);
        return Double.isFinite(error);
    }

    /** residual = r - K u; its largest entry. */
    private double residual(double[] rx, double[] rz, int n, int m) {
        System.arraycopy(rx, 0, residual, 0, n);
        System.arraycopy(rz, 0, residual, n, m);
        Arrays.fill(residual, n + m, size, 0);
        for (int j = 0; j < size; j++) {
            double sum = 0;
            double uj = u[j];
            int last = diagonal[j];
            for (int k = start[j]; k < start[j + 1]; k++) {
                int i = row[k];
                sum += values[k] * u[i];
                if (k != last) {
                    residual[i] -= values[k] * uj;
                }
            }
            residual[j] -= sum;
        }
        return normInf(residual);
    }

    private static double normInf(double[] v) {
        double most = 0;
        for (double vi : v) {
            most = vi == vi ? Math.max(most, Math.abs(vi)) : Double.NaN;
        }
        return most;
    }
}

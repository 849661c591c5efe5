package io.argmind.solver.interior.cone;

import io.argmind.linalg.LdlCache;
import io.argmind.linalg.MinimalResidual;
import io.argmind.linalg.SparseLdl;
import io.argmind.linalg.SymbolicLdl;
import io.argmind.linalg.Vectors;
import io.argmind.linalg.WorkingMemory;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * K = [P M'; M -H], with two more unknowns for each long second-order cone: factored after a small
 * shift of the diagonal that makes it quasi-definite, and solved with iterative refinement on the
 * unshifted K.
 */
final class KktSystem {
    private static final double SHIFT = 1e-8;

    /** The shift of a second attempt. */
    private static final double CAREFUL = 1e-7;

    /** The shift after a factorization that did not even solve roughly. */
    private static final double STRONGER = 1e-6;

    /** The error, relative to the right-hand side, from which on that is so. */
    private static final double ROUGH = 1e-10;

    private static final double PROPORTIONAL = 5e-32;
    private static final int REFINEMENTS = 10;
    private static final int KRYLOV = 12;
    private static final double ABSOLUTE = 1e-13;
    private static final double RELATIVE = 1e-14;
    private static final double WORTHWHILE = 3;

    /** Up to this many times the target are not worth a Krylov method. */
    private static final double COARSE = 100;

    private final StandardForm form;
    private final int size;
    private final List<ConeBlock> blocks;
    private final int[] start; // [size + 1] the upper triangle of K by columns
    private final int[] row;
    private final double[] values;
    private final double[] shifted;
    private final int[] diagonal; // [size] where the diagonal stands
    private final byte[] sign; // [size] of the pivots
    private final int[][] places; // where the entries of each block's H stand
    private final @Nullable RotatedRows[] rotatedRows; // [blocks] null for other layouts
    private final double[] h; // the largest block's entries
    private final double[] axes; // [m] the eigenvalues of H in rotated coordinates
    private final SparseLdl ldl;
    private final double[] full; // [size] work
    private final double[] right; // [n + m] work, as all below
    private final double[] u;
    private final double[] residual;
    private final double[] best;
    private final double[] work;

    /** Whether to start from a stronger shift. */
    boolean careful;

    private final double[] turned;
    private final double[] rough;
    private boolean stronger; // whether the factorization is one with the stronger shift
    private final double[] vx; // [n]
    private final double[] kx; // [n]
    private final double[] vz; // [m]
    private final double[] kz; // [m]
    private final double[] hz; // [m]
    private @Nullable MinimalResidual krylov;

    /**
     * A system without numbers.
     *
     * @param memory from which the factor's is taken
     * @param stopped ends the analysis of the pattern
     * @throws io.argmind.linalg.NotEnoughMemoryException if there is never so much
     * @throws io.argmind.linalg.StoppedException if the analysis or the wait for memory was ended
     */
    KktSystem(
            StandardForm form,
            LdlCache cache,
            WorkingMemory.Share memory,
            BooleanSupplier stopped) {
        this.form = form;
        blocks = form.blocks;
        places = new int[blocks.size()][];
        rotatedRows = new RotatedRows[blocks.size()];
        int rotatedCount = 0;
        int extra = 0;
        int most = 0;
        long entries = (long) form.p.length + form.n + form.a.length;
        for (ConeBlock block : blocks) {
            int count = block.layout().entries(block.dim());
            most = Math.max(most, count);
            entries += count;
            RotatedRows rotated = null;
            if (block.layout() == ConeBlock.Layout.ROTATED) {
                rotated = new RotatedRows(form, block);
                entries += rotated.entries();
            }
            rotatedRows[rotatedCount++] = rotated;
            extra += block.layout() == ConeBlock.Layout.EXPANDED ? 2 : 0;
        }
        size = form.n + form.m + extra;
        start = new int[size + 1];
        int[] rows = new int[Math.toIntExact(entries)];
        double[] v = new double[rows.length];
        diagonal = new int[size];
        sign = new byte[size];
        h = new double[most];
        axes = new double[form.m];
        int at = fillVariables(form, rows, v);
        at = fillRows(form, rows, v, at);
        row = Arrays.copyOf(rows, at);
        values = Arrays.copyOf(v, at);
        shifted = new double[at];
        SymbolicLdl symbolic = cache.analysis(size, start, row, stopped);
        memory.take(symbolic.factorBytes());
        ldl = new SparseLdl(symbolic);
        full = new double[size];
        right = new double[form.n + form.m];
        u = new double[right.length];
        residual = new double[right.length];
        best = new double[right.length];
        work = new double[right.length];
        turned = new double[right.length];
        rough = new double[right.length];
        vx = new double[form.n];
        kx = new double[form.n];
        vz = new double[form.m];
        kz = new double[form.m];
        hz = new double[form.m];
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
            places[b] = new int[block.layout().entries(block.dim())];
            RotatedRows rotated = rotatedRows[b];
            for (int i = 0; i < block.dim(); i++) {
                int begin = at;
                if (rotated != null) {
                    at = rotated.fill(rows, at);
                } else {
                    at = fillRow(form, block.at() + i, rows, v, at);
                }
                start[form.n + block.at() + i] = begin;
                places[b][i] = at;
                rows[at++] = form.n + block.at() + i;
                close(form.n + block.at() + i, at, -1);
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

    private static int fillRow(StandardForm form, int i, int[] rows, double[] v, int from) {
        int at = from;
        for (int k = form.start[i]; k < form.start[i + 1]; k++) {
            rows[at] = form.col[k];
            v[at++] = form.a[k];
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
            RotatedRows rotated = rotatedRows[b];
            if (rotated != null) {
                rotated.update(values, start);
                System.arraycopy(h, 0, axes, blocks.get(b).at(), blocks.get(b).dim());
            }
        }
        return factor(careful ? CAREFUL : SHIFT);
    }

    private boolean factor(double least) {
        stronger = least == STRONGER;
        System.arraycopy(values, 0, shifted, 0, values.length);
        double largest = 0;
        for (int j = 0; j < size; j++) {
            largest = Math.max(largest, Math.abs(values[diagonal[j]]));
        }
        double shift = least + PROPORTIONAL * largest;
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
     * @param enough the error at which to stop, or a little more where that is not to be had
     * @return false if the solution is not finite
     */
    boolean solve(double[] rx, double[] rz, double[] x, double[] z, double enough) {
        int n = form.n;
        int m = form.m;
        System.arraycopy(rx, 0, right, 0, n);
        System.arraycopy(rz, 0, right, n, m);
        rotate(right, false);
        double size = normInf(right);
        double target = Math.max(enough, ABSOLUTE + RELATIVE * size);
        double error = refined(target);
        if (!(error <= ROUGH * Math.max(1, size)) && !stronger && factor(STRONGER)) {
            System.arraycopy(best, 0, rough, 0, n + m);
            double again = refined(target);
            if (error < again) {
                System.arraycopy(rough, 0, best, 0, n + m);
            } else {
                error = again;
            }
        }
        rotate(best, true);
        System.arraycopy(best, 0, x, 0, n);
        System.arraycopy(best, n, z, 0, m);
        return Double.isFinite(error);
    }

    /** Solves for right into best; the error of that. */
    private double refined(double target) {
        inverse(right, u);
        double error = residual();
        System.arraycopy(u, 0, best, 0, u.length);
        boolean slow = false;
        for (int k = 0; k < REFINEMENTS && error > (slow ? COARSE * target : target); k++) {
            if (slow) {
                krylov().improve(this::times, this::inverse, residual, u, target);
            } else {
                inverse(residual, work);
                Vectors.addTimes(1, work, u);
            }
            double next = residual();
            boolean again = slow;
            slow = !(WORTHWHILE * next < error);
            if (next < error) {
                System.arraycopy(u, 0, best, 0, u.length);
                error = next;
            } else {
                System.arraycopy(best, 0, u, 0, u.length);
                residual();
            }
            if (slow && again) {
                break;
            }
        }
        return error;
    }

    private MinimalResidual krylov() {
        MinimalResidual made = krylov;
        if (made == null) {
            made = new MinimalResidual(form.n + form.m, KRYLOV);
            krylov = made;
        }
        return made;
    }

    /** out = (K + shift)^-1 v, the unknowns of the expansions left out. */
    private void inverse(double[] v, double[] out) {
        int length = form.n + form.m;
        System.arraycopy(v, 0, full, 0, length);
        Arrays.fill(full, length, size, 0);
        ldl.solve(full);
        System.arraycopy(full, 0, out, 0, length);
    }

    private void rotate(double[] v, boolean back) {
        for (RotatedRows rotated : rotatedRows) {
            if (rotated != null) {
                rotated.rotate(v, back);
            }
        }
    }

    /**
     * out = K v, both in rotated coordinates, where each product with an eigenvalue of H is as
     * precise as its factors; for expanded cones with H as a product, which is more precise than
     * its entries.
     */
    private void times(double[] v, double[] out) {
        System.arraycopy(v, 0, turned, 0, turned.length);
        rotate(turned, true);
        System.arraycopy(v, 0, vx, 0, form.n);
        System.arraycopy(turned, form.n, vz, 0, form.m);
        form.timesP(vx, kx);
        System.arraycopy(kx, 0, out, 0, form.n);
        form.timesTransposed(vz, kx);
        for (int j = 0; j < form.n; j++) {
            out[j] += kx[j];
        }
        form.times(vx, kz);
        System.arraycopy(kz, 0, out, form.n, form.m);
        rotate(out, false);
        for (int b = 0; b < places.length; b++) {
            ConeBlock block = blocks.get(b);
            int at = block.at();
            if (rotatedRows[b] == null) {
                block.times(vz, hz);
            }
            for (int i = at; i < at + block.dim(); i++) {
                out[form.n + i] -= rotatedRows[b] == null ? hz[i] : axes[i] * v[form.n + i];
            }
        }
    }

    /** residual = right - K u; its largest entry. */
    private double residual() {
        times(u, residual);
        for (int i = 0; i < right.length; i++) {
            residual[i] = right[i] - residual[i];
        }
        return normInf(residual);
    }

    private static double normInf(double[] v) {
        double most = 0;
        for (double vi : v) {
            most = Math.max(most, Math.abs(vi)); // NaN stays NaN
        }
        return most;
    }
}

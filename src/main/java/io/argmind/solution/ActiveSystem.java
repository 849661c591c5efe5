package io.argmind.solution;

import io.argmind.linalg.Cholesky;
import io.argmind.linalg.LinearSystem;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.MinimumNorm;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The optimality conditions of a continuous program at a point, as equations: active inequalities
 * are equalities, variables at an active bound are constants. With F the free variables and a the
 * active rows, the symmetric system is
 *
 * <pre>
 *   [ P_FF  A_F'  G_aF' ] [dx_F]   [r_x]
 *   [ A_F    0     0    ] [ dy ] = [r_y]
 *   [ G_aF   0     0    ] [dz_a]   [r_z]
 * </pre>
 *
 * <p>A row is active if its multiplier exceeds its slack, each in units of the row's norm; weakly
 * active rows count as inactive. Where the system is singular (redundant rows, non-unique x)
 * answers are minimum-norm least-squares solutions.
 */
public final class ActiveSystem implements OptimalitySystem {
    /** Larger systems are not formed: they are dense here. */
    public static final int MAX_SIZE = 3000;

    private static final int VECTORS = 32;

    private final Program program;
    private final int[] free; // indices of free variables
    private final int[] rows; // indices of active inequalities
    private final int[] side; // [n] 0 free, -1 at lb, +1 at ub
    private final boolean weaklyActive;
    private final int size;
    private @Nullable LinearSystem system;

    /** Reads the active set off a point; nothing is factored yet. */
    public ActiveSystem(Program program, double[] x, double[] z, double[] zBox) {
        this.program = program;
        ActiveBounds bounds = new ActiveBounds(program, x, zBox);
        this.side = bounds.side();
        this.free = bounds.free();
        boolean weak = bounds.isWeak();
        double costScale = 1 + Vectors.normInf(program.c());
        double[] s = program.slack(x);
        double[] norms = rowNorms(program.G());
        boolean[] active = new boolean[z.length];
        int activeCount = 0;
        for (int i = 0; i < z.length; i++) {
            double norm = norms[i] > 0 ? norms[i] : 1;
            active[i] = z[i] * norm > s[i] / norm;
            activeCount += active[i] ? 1 : 0;
            weak |=
                    norms[i] > 0
                            && s[i] / norm
                                    < ActiveBounds.WEAK * (1 + Math.abs(program.h()[i]) / norm)
                            && z[i] * norm < ActiveBounds.WEAK * costScale;
        }
        this.rows = new int[activeCount];
        for (int i = 0, k = 0; i < z.length; i++) {
            if (active[i]) {
                rows[k++] = i;
            }
        }
        this.weaklyActive = weak;
        this.size = free.length + program.p() + activeCount;
    }

    /** The Euclidean norm of each row. */
    static double[] rowNorms(Matrix matrix) {
        double[] norms = new double[matrix.rows()];
        matrix.forEach((i, j, v) -> norms[i] += v * v);
        for (int i = 0; i < norms.length; i++) {
            norms[i] = Math.sqrt(norms[i]);
        }
        return norms;
    }

    /** The number of unknowns: free variables, equalities and active rows. */
    int size() {
        return size;
    }

    @Override
    public boolean isTractable() {
        return size <= MAX_SIZE;
    }

    /** Whether some constraint holds with equality and a zero multiplier. */
    @Override
    public boolean isWeaklyActive() {
        return weaklyActive;
    }

    @Override
    public int side(int variable) {
        return side[variable];
    }

    /** The active inequalities, ascending. */
    public int[] activeRows() {
        return rows;
    }

    /** The variables that are not at an active bound, ascending. */
    public int[] freeVariables() {
        return free;
    }

    /**
     * Whether the exact derivative of x with respect to the cost vanishes or is not unique here:
     * the active constraints leave no direction, or the objective has no curvature in one of those
     * left, or a constraint is weakly active.
     */
    @Override
    public boolean isDegenerate() {
        return isDegenerate(false);
    }

    /**
     * As {@link #isDegenerate()}.
     *
     * @param definite whether P is known to be positive definite; false where that is not known
     */
    @Override
    public boolean isDegenerate(boolean definite) {
        if (weaklyActive || free.length == 0 || program.P().isZero()) {
            return true;
        }
        int[] place = places();
        int height = program.p() + rows.length;
        boolean curved = definite || isCurved(place);
        if (height < free.length && curved) {
            return false;
        }
        double[] constraints = new double[height * free.length];
        fill(program.A(), null, place, (i, j, v) -> constraints[i * free.length + j] += v);
        fill(
                program.G(),
                rows,
                place,
                (i, j, v) -> constraints[(program.p() + i) * free.length + j] += v);
        if (height > 0
                && new MinimumNorm(constraints.clone(), height, free.length).rank()
                        == free.length) {
            return true;
        }
        if (curved) {
            return false;
        }
        // x is unique exactly if [P_FF; A_F; G_aF] has full column rank (P is positive
        // semidefinite)
        double[] stacked = new double[(free.length + height) * free.length];
        fill(program.P(), free, place, (i, j, v) -> stacked[i * free.length + j] += v);
        System.arraycopy(constraints, 0, stacked, free.length * free.length, constraints.length);
        return new MinimumNorm(stacked, free.length + height, free.length).rank() < free.length;
    }

    /** Whether P_FF is positive definite. */
    private boolean isCurved(int[] place) {
        if (free.length == program.n() && program.P().pattern().isDense()) {
            return Cholesky.isPositiveDefinite(program.P().toDense(), free.length);
        }
        double[] full = new double[free.length * free.length];
        fill(program.P(), free, place, (i, j, v) -> full[i * free.length + j] += v);
        return Cholesky.isPositiveDefinite(full, free.length);
    }

    /**
     * The matrix, its factors, those that tell its rank if it is singular, and vectors; or the
     * constraints on the free variables twice, and once more over P, and P_FF twice before.
     */
    @Override
    public long bytes() {
        long columns = free.length;
        long height = (long) program.p() + rows.length;
        long ranks = columns * (2 * height + Math.max(2 * columns, columns + height));
        long solve = isTractable() ? (3L * size + VECTORS) * size : 0;
        return Double.BYTES * Math.max(ranks, solve);
    }

    @Override
    public Direction solve(double[] rx, double[] ry, double[] rz) {
        LinearSystem factored = factored();
        double[] r = new double[size];
        int p = program.p();
        for (int i = 0; i < free.length; i++) {
            r[i] = rx[free[i]];
        }
        System.arraycopy(ry, 0, r, free.length, p);
        for (int i = 0; i < rows.length; i++) {
            r[free.length + p + i] = rz[rows[i]];
        }
        double[] u = factored.solve(r);
        double[] dx = new double[program.n()];
        double[] dz = new double[program.m()];
        for (int i = 0; i < free.length; i++) {
            dx[free[i]] = u[i];
        }
        for (int i = 0; i < rows.length; i++) {
            dz[rows[i]] = u[free.length + p + i];
        }
        return new Direction(dx, Arrays.copyOfRange(u, free.length, free.length + p), dz);
    }

    private LinearSystem factored() {
        if (system == null) {
            double[] k = new double[size * size];
            int[] place = places();
            int top = free.length;
            fill(program.P(), free, place, (i, j, v) -> k[i * size + j] += v);
            fill(program.A(), null, place, (i, j, v) -> mirror(k, top + i, j, v));
            fill(program.G(), rows, place, (i, j, v) -> mirror(k, top + program.p() + i, j, v));
            system = new LinearSystem(k, size);
        }
        return system;
    }

    private void mirror(double[] k, int i, int j, double v) {
        k[i * size + j] += v;
        k[j * size + i] += v;
    }

    /** Where each variable stands among the free ones, -1 if it is not. */
    private int[] places() {
        int[] place = new int[side.length];
        Arrays.fill(place, -1);
        for (int i = 0; i < free.length; i++) {
            place[free[i]] = i;
        }
        return place;
    }

    /** Visits the entries in the chosen rows (null: all) and free columns, renumbered. */
    private static void fill(
            Matrix matrix, int @Nullable [] chosen, int[] place, Matrix.EntryVisitor visitor) {
        int count = chosen == null ? matrix.rows() : chosen.length;
        for (int i = 0; i < count; i++) {
            int row = chosen == null ? i : chosen[i];
            for (int k = matrix.pattern().start(row); k < matrix.pattern().start(row + 1); k++) {
                int j = place[matrix.pattern().col(row, k)];
                if (j >= 0) {
                    visitor.visit(i, j, matrix.values()[matrix.offset() + k]);
                }
            }
        }
    }
}

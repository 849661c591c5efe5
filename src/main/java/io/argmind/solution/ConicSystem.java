package io.argmind.solution;

import io.argmind.linalg.LinearSystem;
import io.argmind.linalg.Matrix;
import io.argmind.linalg.MinimumNorm;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import io.argmind.solution.cone.ConeProjection;
import io.argmind.solution.cone.ProjectionDerivative;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The optimality conditions of a program with cones at a solution, linearized by the derivative of
 * the projections (Busseti, Moursi, Boyd 2019; Agrawal, Barratt, Boyd, Busseti, Moursi 2019). With
 * u = s - r z for any r > 0, s = P_K(u) and r z = s - u, so ds = D du and r dz = (D - I) du, or
 *
 * <pre>
 *   (I - D) ds + r D dz = 0,   D = Q diag(d) Q'
 * </pre>
 *
 * <p>which the eigenvectors q of D take apart: those with d = 1 carry no multiplier, those with d =
 * 0 no movement of the slack, and in between q'ds = -r d / (1 - d) q'dz. With T the rows q'G of all
 * d &lt; 1 and F the free variables, the system is symmetric:
 *
 * <pre>
 *   [ P_FF  A_F'  T_F'  ] [dx_F]   [r_x]
 *   [ A_F    0     0    ] [ dy ] = [r_y]        S = diag(r d / (1 - d))
 *   [ T_F    0    -S    ] [ dt ]   [q'r_z],     dz = sum of q dt
 * </pre>
 *
 * <p>Each cone has its own r, the square of its largest row norm, which puts slacks and multipliers
 * into comparable units. Rows of nonnegative cones are active or not, as in {@link ActiveSystem}.
 */
final class ConicSystem implements OptimalitySystem {
    /** Directions along which the projection moves like this are inactive. */
    private static final double MOVES = 1 - 1e-10;

    /** Directions along which the projection moves no more than this stand still. */
    private static final double STANDS = 1e-7;

    private final Program program;
    private final ActiveBounds bounds;
    private final double[] x;
    private final double[] z;
    private final List<Normal> normals = new ArrayList<>();
    private boolean hasNormals;
    private boolean weak;
    private @Nullable LinearSystem system;

    /**
     * A direction in the rows of a cone that carries a multiplier.
     *
     * @param q [dim] the direction, of length 1
     * @param start the cone's first row
     * @param give r d / (1 - d): how far the slack moves against the multiplier
     * @param hard whether it does not move
     * @param row [free] q'G in the columns of the free variables
     */
    private record Normal(double[] q, int start, double give, boolean hard, double[] row) {}

    ConicSystem(Program program, double[] x, double[] z, double[] zBox) {
        this.program = program;
        this.bounds = new ActiveBounds(program, x, zBox);
        this.x = x;
        this.z = z;
        this.weak = bounds.isWeak();
    }

    /** Looks at the cones, once somebody asks. */
    private void findNormals() {
        if (hasNormals) {
            return;
        }
        hasNormals = true;
        double[] s = program.slack(x);
        double[] norms = ActiveSystem.rowNorms(program.G());
        program.forEachCone((cone, start) -> {
            if (cone instanceof Cone.Nonnegative) {
                addRows(cone, start, s, z, norms);
            } else {
                addDirections(cone, start, s, z, norms);
            }
        });
    }

    private int size() {
        return bounds.free().length + program.p() + program.m();
    }

    private void addRows(Cone cone, int start, double[] s, double[] z, double[] norms) {
        for (int i = start; i < start + cone.dim(); i++) {
            double norm = norms[i] > 0 ? norms[i] : 1;
            if (z[i] * norm > s[i] / norm) {
                add(new double[] {1}, i, 0, true);
            }
            double scale = ActiveBounds.WEAK * (1 + Math.abs(program.h()[i]) / norm);
            weak |= norms[i] > 0 && Math.max(z[i] * norm, s[i] / norm) < scale;
        }
    }

    private void addDirections(Cone cone, int start, double[] s, double[] z, double[] norms) {
        int dim = cone.dim();
        double norm = 0;
        for (int i = start; i < start + dim; i++) {
            norm = Math.max(norm, norms[i]);
        }
        double r = norm > 0 ? norm * norm : 1;
        double[] u = new double[dim];
        for (int i = 0; i < dim; i++) {
            u[i] = s[start + i] - r * z[start + i];
        }
        ProjectionDerivative derivative = ConeProjection.onto(cone).derivative(u);
        weak |= !derivative.smooth();
        for (int k = 0; k < dim; k++) {
            double d = derivative.gain()[k];
            if (d < MOVES) {
                double[] q = new double[dim];
                for (int i = 0; i < dim; i++) {
                    q[i] = derivative.basis()[i * dim + k];
                }
                add(q, start, r * d / (1 - d), d <= STANDS);
            }
        }
    }

    private void add(double[] q, int start, double give, boolean hard) {
        Matrix g = program.G();
        double[] all = new double[program.n()];
        for (int i = 0; i < q.length; i++) {
            int row = start + i;
            for (int k = g.pattern().start(row); k < g.pattern().start(row + 1); k++) {
                all[g.pattern().col(row, k)] += q[i] * g.values()[g.offset() + k];
            }
        }
        normals.add(new Normal(q, start, give, hard, onFree(all)));
    }

    private double[] onFree(double[] all) {
        double[] out = new double[bounds.free().length];
        for (int j = 0; j < out.length; j++) {
            out[j] = all[bounds.free()[j]];
        }
        return out;
    }

    @Override
    public boolean isTractable() {
        return size() <= ActiveSystem.MAX_SIZE;
    }

    /**
     * Rows of P, A and the cones' directions one by one and together, the directions themselves and
     * what they come from, the matrix, its factors and those that tell its rank.
     */
    @Override
    public long bytes() {
        return 5L * Double.BYTES * size() * size();
    }

    @Override
    public int side(int variable) {
        return bounds.side()[variable];
    }

    /** Kinks of the projection are what {@link #isDegenerate} looks at. */
    @Override
    public boolean isWeaklyActive() {
        return false;
    }

    /**
     * Equalities and directions that stand still leave no movement, or P and the curvature of the
     * cones' boundaries leave one free, or a projection has a kink here.
     */
    @Override
    public boolean isDegenerate() {
        findNormals();
        int n = bounds.free().length;
        if (weak || n == 0) {
            return true;
        }
        List<double[]> fixed = new ArrayList<>(freeColumns(program.A(), null));
        List<double[]> curved = new ArrayList<>(freeColumns(program.P(), bounds.free()));
        for (Normal normal : normals) {
            (normal.hard ? fixed : curved).add(normal.row);
        }
        if (rank(fixed, n) == n) {
            return true;
        }
        fixed.addAll(curved);
        return rank(fixed, n) < n;
    }

    private List<double[]> freeColumns(Matrix matrix, int @Nullable [] chosen) {
        Pattern pattern = matrix.pattern();
        double[] all = new double[program.n()];
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < (chosen == null ? matrix.rows() : chosen.length); i++) {
            int row = chosen == null ? i : chosen[i];
            Arrays.fill(all, 0);
            for (int k = pattern.start(row); k < pattern.start(row + 1); k++) {
                all[pattern.col(row, k)] = matrix.values()[matrix.offset() + k];
            }
            rows.add(onFree(all));
        }
        return rows;
    }

    private static int rank(List<double[]> rows, int n) {
        double[] full = new double[rows.size() * n];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, full, i * n, n);
        }
        return new MinimumNorm(full, rows.size(), n).rank();
    }

    @Override
    public Direction solve(double[] rx, double[] ry, double[] rz) {
        findNormals();
        int top = bounds.free().length;
        int p = program.p();
        double[] r = new double[top + p + normals.size()];
        System.arraycopy(onFree(rx), 0, r, 0, top);
        System.arraycopy(ry, 0, r, top, p);
        for (int k = 0; k < normals.size(); k++) {
            Normal normal = normals.get(k);
            for (int i = 0; i < normal.q.length; i++) {
                r[top + p + k] += normal.q[i] * rz[normal.start + i];
            }
        }
        double[] u = factored(r.length).solve(r);
        double[] dx = new double[program.n()];
        for (int j = 0; j < top; j++) {
            dx[bounds.free()[j]] = u[j];
        }
        double[] dz = new double[program.m()];
        for (int k = 0; k < normals.size(); k++) {
            Normal normal = normals.get(k);
            for (int i = 0; i < normal.q.length; i++) {
                dz[normal.start + i] += normal.q[i] * u[top + p + k];
            }
        }
        return new Direction(dx, Arrays.copyOfRange(u, top, top + p), dz);
    }

    private LinearSystem factored(int size) {
        if (system == null) {
            int top = bounds.free().length;
            double[] k = new double[size * size];
            List<double[]> curvature = freeColumns(program.P(), bounds.free());
            for (int i = 0; i < top; i++) {
                System.arraycopy(curvature.get(i), 0, k, i * size, top);
            }
            List<double[]> rows = new ArrayList<>(freeColumns(program.A(), null));
            normals.forEach(normal -> rows.add(normal.row));
            for (int i = 0; i < rows.size(); i++) {
                for (int j = 0; j < top; j++) {
                    k[(top + i) * size + j] = rows.get(i)[j];
                    k[j * size + top + i] = rows.get(i)[j];
                }
            }
            for (int i = 0; i < normals.size(); i++) {
                int at = top + program.p() + i;
                k[at * size + at] = -normals.get(i).give;
            }
            system = new LinearSystem(k, size);
        }
        return system;
    }
}

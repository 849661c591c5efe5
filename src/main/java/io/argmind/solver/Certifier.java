package io.argmind.solver;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Certificate;
import io.argmind.solution.CertificateCheck;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds proofs of infeasibility and unboundedness that need no trust in any status: both are optima
 * of linear programs that are feasible and bounded by construction, so their own optimality
 * conditions can be checked.
 */
final class Certifier {
    private final Session lp;

    Certifier(Session lp) {
        this.lp = lp;
    }

    /**
     * The smallest total violation of the constraints: min 1'u+ + 1'u- + 1'v with A x + u+ - u- =
     * b, G x - v &lt;= h, lb &lt;= x &lt;= ub. Where it is positive, its multipliers are a Farkas
     * certificate.
     *
     * @return a solution of the elastic program, or null if even that could not be solved
     */
    private @Nullable Solution elastic(Program program, Limits limits) {
        int n = program.n();
        int p = program.p();
        int m = program.m();
        int wide = n + 2 * p + m;
        double[] c = new double[wide];
        Arrays.fill(c, n, wide, 1);
        double[] lb = Arrays.copyOf(program.lb(), wide);
        double[] ub = Arrays.copyOf(program.ub(), wide);
        Arrays.fill(ub, n, wide, Double.POSITIVE_INFINITY);
        Matrix a =
                extended(
                        program.A(),
                        wide,
                        (i, row) -> {
                            row.add(n + i, 1);
                            row.add(n + p + i, -1);
                        });
        Matrix g = extended(program.G(), wide, (i, row) -> row.add(n + 2 * p + i, -1));
        Program elastic =
                new Program(
                        Matrix.empty(wide, wide),
                        c,
                        a,
                        program.b(),
                        g,
                        program.h(),
                        lb,
                        ub,
                        new int[0]);
        return verified(elastic, limits);
    }

    private @Nullable Solution verified(Program program, Limits limits) {
        Claim claim = lp.solve(program, null, limits);
        if (claim.status() != Status.OPTIMAL
                || claim.x() == null
                || claim.y() == null
                || claim.z() == null) {
            return null;
        }
        return Verifier.optimal(
                program, claim.x(), claim.y(), claim.z(), claim.zBox(), 1e-8, claim.iterations());
    }

    /** What the elastic program says: infeasible with proof, feasible with a point, or nothing. */
    record Feasibility(Certificate.@Nullable Farkas proof, double @Nullable [] x) {}

    Feasibility feasibility(Program program, Limits limits) {
        Solution solution = elastic(program, limits);
        if (solution == null || solution.point() == null) {
            return new Feasibility(null, null);
        }
        int n = program.n();
        double[] x = Arrays.copyOf(solution.point().x(), n);
        if (Verifier.isFeasible(program, x, limits.tolerance())) {
            return new Feasibility(null, x);
        }
        Certificate.Farkas farkas =
                new Certificate.Farkas(
                        solution.point().y(),
                        solution.point().z(),
                        Arrays.copyOf(solution.point().zBox(), n));
        return new Feasibility(CertificateCheck.holds(program, farkas) ? farkas : null, null);
    }

    /**
     * A direction of endless descent, from min c'd over the recession cone cut to the unit box;
     * null if there is none.
     */
    Certificate.@Nullable Ray ray(Program program, Limits limits) {
        int n = program.n();
        double[] lb = new double[n];
        double[] ub = new double[n];
        for (int i = 0; i < n; i++) {
            lb[i] = Double.isInfinite(program.lb()[i]) ? -1 : 0;
            ub[i] = Double.isInfinite(program.ub()[i]) ? 1 : 0;
        }
        double scale = Vectors.normInf(program.c());
        if (scale == 0) {
            return null;
        }
        double[] c = program.c().clone();
        for (int i = 0; i < n; i++) {
            c[i] /= scale;
        }
        double[] h = new double[program.m()];
        for (int i = 0; i < h.length; i++) {
            h[i] = Double.isInfinite(program.h()[i]) ? Double.POSITIVE_INFINITY : 0;
        }
        Matrix a = stacked(program.A(), program.P());
        Program recession =
                new Program(
                        Matrix.empty(n, n),
                        c,
                        a,
                        new double[a.rows()],
                        program.G(),
                        h,
                        lb,
                        ub,
                        new int[0]);
        Solution solution = verified(recession, limits);
        if (solution == null || solution.point() == null) {
            return null;
        }
        Certificate.Ray ray = new Certificate.Ray(solution.point().x());
        return CertificateCheck.holds(program, ray) ? ray : null;
    }

    private interface RowExtension {
        void extend(int row, Row target);
    }

    /** One row of a sparse matrix under construction. */
    private static final class Row {
        private final int[] col;
        private final double[] value;
        private int at;

        Row(int capacity) {
            this.col = new int[capacity];
            this.value = new double[capacity];
        }

        void add(int j, double v) {
            col[at] = j;
            value[at++] = v;
        }
    }

    private static Matrix extended(Matrix matrix, int wide, RowExtension extension) {
        Row target = new Row(matrix.nnz() + 2 * matrix.rows());
        int[] rowStart = new int[matrix.rows() + 1];
        copyRows(matrix, target, rowStart, 0, extension);
        return sparse(matrix.rows(), wide, rowStart, target);
    }

    private static Matrix stacked(Matrix top, Matrix bottom) {
        if (bottom.isZero()) {
            return top;
        }
        Row target = new Row(top.nnz() + bottom.nnz());
        int[] rowStart = new int[top.rows() + bottom.rows() + 1];
        RowExtension nothing = (i, row) -> {};
        copyRows(top, target, rowStart, 0, nothing);
        copyRows(bottom, target, rowStart, top.rows(), nothing);
        return sparse(top.rows() + bottom.rows(), top.cols(), rowStart, target);
    }

    private static void copyRows(
            Matrix matrix, Row target, int[] rowStart, int first, RowExtension extension) {
        for (int i = 0; i < matrix.rows(); i++) {
            for (int k = matrix.pattern().start(i); k < matrix.pattern().start(i + 1); k++) {
                double v = matrix.values()[matrix.offset() + k];
                if (v != 0) {
                    target.add(matrix.pattern().col(i, k), v);
                }
            }
            extension.extend(i, target);
            rowStart[first + i + 1] = target.at;
        }
    }

    private static Matrix sparse(int rows, int cols, int[] rowStart, Row target) {
        return new Matrix(
                Pattern.sparse(rows, cols, rowStart, Arrays.copyOf(target.col, target.at)),
                Arrays.copyOf(target.value, target.at),
                0);
    }
}

package io.argmind.solver.ortools;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The same program with new variables w = F x, where F'F = P, and the objective 1/2 w'w + c'x. This
 * SCIP does not see that x'Px is convex and branches on products; on squares of single variables it
 * needs tangents only, and what took forever takes milliseconds.
 */
final class SumOfSquares {
    private static final double RANK = 1e-13;
    private static final double INDEFINITE = 1e-9;

    private SumOfSquares() {}

    /** Whether P has, beyond rounding, no negative eigenvalue. */
    static boolean isConvex(Matrix P) {
        return factor(P) != null;
    }

    /**
     * The lifted program, whose first n variables are x; the program itself if P is diagonal or
     * indefinite.
     */
    static Program lift(Program program) {
        double[] f = program.P().isDiagonal() ? null : factor(program.P());
        return f == null ? program : lift(program, f, f.length / program.n());
    }

    /**
     * F[r, n] with F'F = P by Cholesky with diagonal pivoting (Golub and Van Loan, 4.2.8); null if
     * P is indefinite.
     */
    private static double @Nullable [] factor(Matrix P) {
        int n = P.cols();
        double[] s = P.toDense(); // what F'F still lacks
        double[] f = new double[n * n];
        double scale = P.maxAbs();
        for (int r = 0; r < n; r++) {
            int pivot = 0;
            for (int i = 1; i < n; i++) {
                pivot = s[i * n + i] > s[pivot * n + pivot] ? i : pivot;
            }
            double d = s[pivot * n + pivot];
            if (!(d > RANK * scale)) {
                return isNegligible(s, INDEFINITE * scale) ? Arrays.copyOf(f, r * n) : null;
            }
            for (int j = 0; j < n; j++) {
                f[r * n + j] = s[pivot * n + j] / Math.sqrt(d);
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    s[i * n + j] -= f[r * n + i] * f[r * n + j];
                }
            }
        }
        return f;
    }

    private static boolean isNegligible(double[] s, double threshold) {
        return Arrays.stream(s).allMatch(v -> Math.abs(v) <= threshold);
    }

    private static Program lift(Program q, double[] f, int r) {
        int n = q.n();
        int wide = n + r;
        double[] lb = Arrays.copyOf(q.lb(), wide);
        double[] ub = Arrays.copyOf(q.ub(), wide);
        Arrays.fill(lb, n, wide, Double.NEGATIVE_INFINITY);
        Arrays.fill(ub, n, wide, Double.POSITIVE_INFINITY);
        double[] d = new double[wide];
        Arrays.fill(d, n, wide, 1);
        return new Program(
                Matrix.diagonal(d),
                Arrays.copyOf(q.c(), wide),
                widened(q.A(), f, r),
                Arrays.copyOf(q.b(), q.p() + r),
                widened(q.G(), f, 0),
                q.h(),
                lb,
                ub,
                q.integers());
    }

    /** The rows of a matrix, then r rows F x - w = 0. */
    private static Matrix widened(Matrix matrix, double[] f, int r) {
        int n = matrix.cols();
        int wide = f.length / n + n;
        double[] full = new double[(matrix.rows() + r) * wide];
        matrix.forEach((i, j, v) -> full[i * wide + j] = v);
        for (int k = 0; k < r; k++) {
            int at = (matrix.rows() + k) * wide;
            System.arraycopy(f, k * n, full, at, n);
            full[at + n + k] = -1;
        }
        return new Matrix(Pattern.dense(matrix.rows() + r, wide), full, 0);
    }
}

package io.argmind.solver.interior.cone;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import java.util.Arrays;
import java.util.List;

/**
 * Programs without a quadratic term whose certificates are those of a given program. In the
 * homogeneous model P x vanishes only like the square root of tau, so that a quadratic program's
 * own iterates reach a precise certificate slowly or not at all.
 */
final class Certifying {
    private Certifying() {}

    /**
     * First the constraints with no objective, infeasible if and only if the program is; then its
     * linear cost over its recession directions with P d = 0, unbounded if there is a ray.
     */
    static List<ConicProgram> programs(ConicProgram program) {
        int n = program.c().length;
        Matrix none = Matrix.empty(n, n);
        ConicProgram feasibility =
                new ConicProgram(
                        none,
                        new double[n],
                        program.A(),
                        program.b(),
                        program.G(),
                        program.h(),
                        program.cones(),
                        program.lb(),
                        program.ub());
        Matrix flat = stacked(program.A(), program.P());
        ConicProgram recession =
                new ConicProgram(
                        none,
                        program.c(),
                        flat,
                        new double[flat.rows()],
                        program.G(),
                        homogeneous(program.h()),
                        program.cones(),
                        homogeneous(program.lb()),
                        homogeneous(program.ub()));
        return List.of(feasibility, recession);
    }

    /** A ray of the recession program as one of the program. */
    static ConicResult ray(ConicProgram program, ConicResult found) {
        ConicPoint point = found.point();
        double[] y = Arrays.copyOf(point.y(), program.b().length);
        return new ConicResult(
                found.status(),
                new ConicPoint(point.x(), y, point.z(), point.zBox()),
                found.iterations(),
                found.primal(),
                found.dual(),
                found.gap());
    }

    private static double[] homogeneous(double[] v) {
        return Arrays.stream(v).map(vi -> Double.isInfinite(vi) ? vi : 0).toArray();
    }

    private static Matrix stacked(Matrix top, Matrix bottom) {
        int rows = top.rows() + bottom.rows();
        int[] rowStart = new int[rows + 1];
        int[] col = new int[top.nnz() + bottom.nnz()];
        double[] values = new double[col.length];
        int[] at = {0};
        int first = 0;
        for (Matrix matrix : List.of(top, bottom)) {
            int offset = first;
            matrix.forEach((i, j, v) -> {
                col[at[0]] = j;
                values[at[0]++] = v;
                rowStart[offset + i + 1] = at[0];
            });
            first += matrix.rows();
        }
        for (int i = 0; i < rows; i++) {
            rowStart[i + 1] = Math.max(rowStart[i + 1], rowStart[i]);
        }
        return new Matrix(Pattern.sparse(rows, top.cols(), rowStart, col), values, 0);
    }
}

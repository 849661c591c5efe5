package io.argmind.solver.interior;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Pattern;
import io.argmind.problem.Program;

/**
 * Rows that the bounds allow at one point only, such as x_1 + x_2 = 0 with x >= 0. A program with
 * one has no point inside, so that interior-point methods without an embedding get stuck (Andersen
 * and Andersen 1995 call these rows forcing).
 */
final class ForcingRows {
    private static final double ROUNDING = 1e-12;

    private ForcingRows() {}

    static boolean any(Program program) {
        return any(program, program.A(), program.b(), true)
                || any(program, program.G(), program.h(), false);
    }

    private static boolean any(Program program, Matrix rows, double[] side, boolean equal) {
        for (int i = 0; i < rows.rows(); i++) {
            if (closes(least(program, rows, i, 1), side[i])
                    || (equal && closes(-least(program, rows, i, -1), side[i]))) {
                return true;
            }
        }
        return false;
    }

    /** The least of sign times a row's activity that the bounds allow. */
    private static double least(Program program, Matrix rows, int i, int sign) {
        Pattern pattern = rows.pattern();
        double sum = 0;
        for (int k = pattern.start(i); k < pattern.start(i + 1) && Double.isFinite(sum); k++) {
            double a = sign * rows.values()[rows.offset() + k];
            int j = pattern.col(i, k);
            sum += a == 0 ? 0 : a * (a > 0 ? program.lb()[j] : program.ub()[j]);
        }
        return sum;
    }

    private static boolean closes(double activity, double side) {
        return Double.isFinite(activity)
                && Math.abs(activity - side) <= ROUNDING * (1 + Math.abs(side));
    }
}

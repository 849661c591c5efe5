package io.argmind.solution;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;

/**
 * How far a point is from satisfying the optimality conditions, in the units of the problem as it
 * was sent; the same definition for every solver (it is that of qpsolvers):
 *
 * <ul>
 *   <li>primal: max of |Ax - b|, max(Gx - h, 0), max(lb - x, 0), max(x - ub, 0); for each cone
 *       other than the nonnegative one the Euclidean distance of its part of h - Gx from it
 *   <li>dual: max of |Px + c + A'y + G'z + z_box|, max(-z, 0), and |z_box| where the bound it
 *       speaks of is infinite; for each cone other than the nonnegative one the Euclidean distance
 *       of its part of z from the dual cone
 *   <li>gap: |x'Px + c'x + b'y + h'z + ub'z_ub - lb'z_lb|
 * </ul>
 *
 * @param primal see above
 * @param dual see above
 * @param gap see above
 */
public record Residuals(double primal, double dual, double gap) {

    /** max(primal, dual, gap). */
    public double max() {
        return Math.max(primal, Math.max(dual, gap));
    }

    /** The residuals of (x, y, z, z_box) for the continuous part of a program. */
    public static Residuals of(Program program, double[] x, double[] y, double[] z, double[] zBox) {
        double[] px = program.P().times(x);
        double[] aty = program.A().transposeTimes(y);
        double[] gtz = program.G().transposeTimes(z);
        return new Residuals(
                primal(program, x),
                dual(program, px, aty, gtz, z, zBox),
                gap(program, x, px, y, z, zBox));
    }

    /** The primal residual alone. */
    public static double primal(Program program, double[] x) {
        return primal(program, x, program.A().times(x), program.slack(x));
    }

    static double primal(Program program, double[] x, double[] ax, double[] s) {
        double worst = 0;
        for (int i = 0; i < ax.length; i++) {
            worst = Math.max(worst, Math.abs(ax[i] - program.b()[i]));
        }
        worst = Math.max(worst, Membership.primal(program, s));
        for (int i = 0; i < x.length; i++) {
            worst = Math.max(worst, Math.max(program.lb()[i] - x[i], x[i] - program.ub()[i]));
        }
        return worst;
    }

    static double dual(
            Program program, double[] px, double[] aty, double[] gtz, double[] z, double[] zBox) {
        double worst = 0;
        for (int i = 0; i < px.length; i++) {
            double r = px[i] + program.c()[i] + aty[i] + gtz[i] + zBox[i];
            worst = Math.max(worst, Math.abs(r));
        }
        worst = Math.max(worst, Membership.dual(program, z));
        for (int i = 0; i < zBox.length; i++) {
            boolean free = Double.isInfinite(zBox[i] > 0 ? program.ub()[i] : program.lb()[i]);
            worst = free ? Math.max(worst, Math.abs(zBox[i])) : worst;
        }
        return worst;
    }

    static double gap(
            Program program, double[] x, double[] px, double[] y, double[] z, double[] zBox) {
        double sum = Vectors.dot(x, px) + Vectors.dot(program.c(), x);
        sum += Vectors.dot(program.b(), y);
        for (int i = 0; i < z.length; i++) {
            sum += z[i] == 0 ? 0 : program.h()[i] * z[i];
        }
        for (int i = 0; i < zBox.length; i++) {
            double bound = zBox[i] > 0 ? program.ub()[i] : program.lb()[i];
            sum += zBox[i] == 0 || Double.isInfinite(bound) ? 0 : bound * zBox[i];
        }
        return Math.abs(sum);
    }
}

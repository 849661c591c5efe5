package io.argmind.lpgd;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;

/**
 * Differences of the Lagrangian's partial derivatives between two points, which are what LPGD calls
 * the gradient:
 *
 * <pre>
 *   dP = (x1 x1' - x0 x0') / (2 den)    dc = (x1 - x0) / den
 *   dA = (y1 x1' - y0 x0') / den        db = -(y1 - y0) / den
 *   dG = (z1 x1' - z0 x0') / den        dh = -(z1 - z0) / den
 *   dlb = (z_lb1 - z_lb0) / den         dub = -(z_ub1 - z_ub0) / den
 * </pre>
 *
 * <p>Products are written with differences and means, u1 v1' - u0 v0' = du vm' + um dv', so that a
 * tiny tau costs no digits.
 */
final class LagrangianDifference {
    private LagrangianDifference() {}

    /** A point with the multipliers z that count for the difference. */
    record End(double[] x, double[] y, double[] z, double[] zBox) {
        static End of(Point point) {
            return new End(point.x(), point.y(), point.z(), point.zBox());
        }
    }

    /** Adds the difference (one - zero) / den. */
    static void add(InstanceGradient out, Program program, End one, End zero, double den) {
        double[] dx = difference(one.x, zero.x, den);
        double[] dy = difference(one.y, zero.y, den);
        double[] dz = difference(one.z, zero.z, den);
        double[] mx = mean(one.x, zero.x);
        out.P.add(1, dx, mx);
        out.A.add(1, dy, mx);
        out.A.add(1, mean(one.y, zero.y), dx);
        out.G.add(1, dz, mx);
        out.G.add(1, mean(one.z, zero.z), dx);
        addTimes(1, dx, out.c);
        addTimes(-1, dy, out.b);
        addTimes(-1, dz, out.h);
        boolean[] integer = integers(program);
        for (int i = 0; i < dx.length; i++) {
            if (!integer[i]) {
                out.lb[i] += (Math.max(-one.zBox[i], 0) - Math.max(-zero.zBox[i], 0)) / den;
                out.ub[i] -= (Math.max(one.zBox[i], 0) - Math.max(zero.zBox[i], 0)) / den;
            }
        }
    }

    /**
     * Adds weight times the gradient of the optimal value, which is the Lagrangian's at the
     * solution (envelope theorem).
     */
    static void addValueGradient(InstanceGradient out, Program program, Point star, double weight) {
        out.P.add(0.5 * weight, star.x(), star.x());
        out.A.add(weight, star.y(), star.x());
        out.G.add(weight, star.z(), star.x());
        addTimes(weight, star.x(), out.c);
        addTimes(-weight, star.y(), out.b);
        addTimes(-weight, star.z(), out.h);
        boolean[] integer = integers(program);
        for (int i = 0; i < out.lb.length; i++) {
            if (!integer[i]) {
                out.lb[i] += weight * Math.max(-star.zBox()[i], 0);
                out.ub[i] -= weight * Math.max(star.zBox()[i], 0);
            }
        }
    }

    private static boolean[] integers(Program program) {
        boolean[] integer = new boolean[program.n()];
        for (int i : program.integers()) {
            integer[i] = true;
        }
        return integer;
    }

    private static void addTimes(double alpha, double[] from, double[] to) {
        Vectors.addTimes(alpha, from, to);
    }

    private static double[] difference(double[] one, double[] zero, double den) {
        double[] d = new double[one.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = (one[i] - zero[i]) / den;
        }
        return d;
    }

    private static double[] mean(double[] one, double[] zero) {
        double[] d = new double[one.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = 0.5 * (one[i] + zero[i]);
        }
        return d;
    }
}

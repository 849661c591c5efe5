package io.argmind.problem;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;

/**
 * One program in the one standard form of this service:
 *
 * <pre>
 *   minimize    1/2 x'P x + c'x
 *   subject to  A x = b                 dual y      (free)
 *               h - G x = s, s >= 0     dual z      (>= 0)
 *               lb &lt;= x &lt;= ub          dual z_box  (z_ub - z_lb: > 0 at an upper bound, &lt; 0 at a lower bound)
 *               x_i integer for i in integers
 * </pre>
 *
 * <p>The Lagrangian fixes every sign: L = 1/2 x'Px + c'x + y'(Ax - b) + z'(Gx - h) + z_ub'(x - ub)
 * + z_lb'(lb - x).
 *
 * <p>A program owns nothing: its arrays may be shared with other instances of its batch, and nobody
 * writes to them.
 *
 * @param P [n, n] symmetric positive semidefinite; without entries for a linear objective
 * @param c [n] finite
 * @param A [p, n]
 * @param b [p]
 * @param G [m, n]
 * @param h [m]; +Infinity means that the row does not bind
 * @param lb [n]; -Infinity means none
 * @param ub [n]; +Infinity means none
 * @param integers indices of integer variables, ascending
 */
public record Program(
        Matrix P,
        double[] c,
        Matrix A,
        double[] b,
        Matrix G,
        double[] h,
        double[] lb,
        double[] ub,
        int[] integers) {

    /** The number of variables. */
    public int n() {
        return c.length;
    }

    /** The number of equalities. */
    public int p() {
        return b.length;
    }

    /** The number of inequalities. */
    public int m() {
        return h.length;
    }

    public boolean hasIntegers() {
        return integers.length > 0;
    }

    /** The class that a solver must be able to do; a P of zeros counts as none. */
    public ProblemClass problemClass() {
        boolean quadratic = !P.isZero();
        if (hasIntegers()) {
            return quadratic ? ProblemClass.MIQP : ProblemClass.MILP;
        }
        return quadratic ? ProblemClass.QP : ProblemClass.LP;
    }

    /** 1/2 x'Px + c'x. */
    public double objective(double[] x) {
        return 0.5 * Vectors.dot(x, P.times(x)) + Vectors.dot(c, x);
    }

    /** P x + c, as a new array. */
    public double[] objectiveGradient(double[] x) {
        double[] g = c.clone();
        P.addTimes(1, x, g);
        return g;
    }

    /** h - G x, as a new array. */
    public double[] slack(double[] x) {
        double[] s = h.clone();
        G.addTimes(-1, x, s);
        return s;
    }

    public Program withObjective(Matrix newP, double[] newC) {
        return new Program(newP, newC, A, b, G, h, lb, ub, integers);
    }

    public Program withCost(double[] newC) {
        return withObjective(P, newC);
    }

    public Program withRightHandSides(double[] newB, double[] newH) {
        return new Program(P, c, A, newB, G, newH, lb, ub, integers);
    }

    public Program withBounds(double[] newLb, double[] newUb) {
        return new Program(P, c, A, b, G, h, newLb, newUb, integers);
    }

    public Program withoutIntegers() {
        return new Program(P, c, A, b, G, h, lb, ub, new int[0]);
    }

    /**
     * The continuous program in which the integer variables are fixed at their values in x,
     * rounded.
     */
    public Program withIntegersFixed(double[] x) {
        double[] newLb = lb.clone();
        double[] newUb = ub.clone();
        for (int i : integers) {
            newLb[i] = Math.rint(x[i]);
            newUb[i] = newLb[i];
        }
        return withBounds(newLb, newUb).withoutIntegers();
    }
}

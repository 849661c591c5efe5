package io.argmind.problem;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import java.util.List;

/**
 * One program in the one standard form of this service:
 *
 * <pre>
 *   minimize    1/2 x'P x + c'x
 *   subject to  A x = b                 dual y      (free)
 *               h - G x = s, s in K     dual z      (in K*)
 *               lb &lt;= x &lt;= ub          dual z_box  (z_ub - z_lb: > 0 at an upper bound, &lt; 0 at a lower bound)
 *               x_i integer for i in integers
 * </pre>
 *
 * <p>K is the nonnegative orthant, or the product of {@code cones} in the order of the rows.
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
 * @param h [m]; +Infinity means that the row does not bind (of the nonnegative cone alone)
 * @param lb [n]; -Infinity means none
 * @param ub [n]; +Infinity means none
 * @param integers indices of integer variables, ascending; none where there are cones
 * @param cones a partition of the m rows in order; empty where K is the nonnegative orthant, also
 *     if it was given as one or more nonnegative cones
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
        int[] integers,
        List<Cone> cones) {

    public Program {
        cones = partition(cones, h.length);
        if (!cones.isEmpty() && integers.length > 0) {
            throw new IllegalArgumentException("cones go with continuous variables only");
        }
    }

    /** A program whose K is the nonnegative orthant. */
    public Program(
            Matrix P,
            double[] c,
            Matrix A,
            double[] b,
            Matrix G,
            double[] h,
            double[] lb,
            double[] ub,
            int[] integers) {
        this(P, c, A, b, G, h, lb, ub, integers, List.of());
    }

    /** The cones, checked to have m rows; none if all are nonnegative. */
    static List<Cone> partition(List<Cone> cones, int m) {
        if (cones.isEmpty() || cones.stream().allMatch(Cone.Nonnegative.class::isInstance)) {
            return List.of();
        }
        long rows = cones.stream().mapToLong(Cone::dim).sum();
        if (rows != m) {
            throw new IllegalArgumentException("cones of " + rows + " rows for " + m);
        }
        return List.copyOf(cones);
    }

    /** The number of variables. */
    public int n() {
        return c.length;
    }

    /** The number of equalities. */
    public int p() {
        return b.length;
    }

    /** The number of inequalities, or rows of cones. */
    public int m() {
        return h.length;
    }

    /** Whether K is more than the nonnegative orthant. */
    public boolean isConic() {
        return !cones.isEmpty();
    }

    public boolean hasIntegers() {
        return integers.length > 0;
    }

    /** The class that a solver must be able to do; a P of zeros counts as none. */
    public ProblemClass problemClass() {
        if (isConic()) {
            return ProblemClass.CONIC;
        }
        boolean quadratic = !P.isZero();
        if (hasIntegers()) {
            return quadratic ? ProblemClass.MIQP : ProblemClass.MILP;
        }
        return quadratic ? ProblemClass.QP : ProblemClass.LP;
    }

    /** What is done with one cone and its rows. */
    @FunctionalInterface
    public interface ConeVisitor {
        /**
         * Visits a cone.
         *
         * @param start its first row
         */
        void visit(Cone cone, int start);
    }

    /** Visits the cones in the order of their rows; the one of all rows where it is the orthant. */
    public void forEachCone(ConeVisitor visitor) {
        if (!isConic()) {
            visitor.visit(new Cone.Nonnegative(m()), 0);
            return;
        }
        int start = 0;
        for (Cone cone : cones) {
            visitor.visit(cone, start);
            start += cone.dim();
        }
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
        return new Program(newP, newC, A, b, G, h, lb, ub, integers, cones);
    }

    public Program withCost(double[] newC) {
        return withObjective(P, newC);
    }

    public Program withRightHandSides(double[] newB, double[] newH) {
        return new Program(P, c, A, newB, G, newH, lb, ub, integers, cones);
    }

    public Program withBounds(double[] newLb, double[] newUb) {
        return new Program(P, c, A, b, G, h, newLb, newUb, integers, cones);
    }

    public Program withoutIntegers() {
        return new Program(P, c, A, b, G, h, lb, ub, new int[0], cones);
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

package io.argmind.solution;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Cone;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import org.jspecify.annotations.Nullable;

/**
 * Judges points of continuous programs by their residuals alone, and sharpens them where their
 * active set says how: one Newton step on the optimality conditions of the active set takes an
 * answer that is good to 1e-6 to rounding error. Programs with other cones than the nonnegative one
 * have no active set; their points are left as they are.
 */
public final class Verifier {
    /** Points better than this (relative) are left as they are. */
    private static final double SHARP = 1e-12;

    /** From points worse than this (relative) the active set cannot be read. */
    private static final double COARSE = 1e-2;

    /** Larger systems take longer to factor than a solve is allowed to be late. */
    private static final int MAX_POLISH = 1000;

    private static final int POLISH_STEPS = 3;

    private Verifier() {}

    /**
     * A verified optimum, or null if the point is none.
     *
     * @param tolerance bounds each residual relative to one plus the largest of the terms that
     *     cancel in it
     */
    public static @Nullable Solution optimal(
            Program program,
            double[] x,
            double[] y,
            double[] z,
            double @Nullable [] zBox,
            double tolerance,
            long iterations) {
        if (!isFinite(x, y, z, zBox)) {
            return null;
        }
        Evaluation best = sharpened(evaluated(program, x, y, z, zBox));
        if (!(best.relativeError() <= tolerance)) {
            return null;
        }
        return new Solution(Status.OPTIMAL, best.point(), best.residuals(), iterations, null);
    }

    /**
     * The point, or a better one near it that solves the optimality conditions of the same active
     * set to rounding error. Points of programs with cones are returned as they are.
     */
    public static Point sharpened(Program program, Point given) {
        return sharpened(Evaluation.of(program, given)).point();
    }

    /**
     * As {@link #sharpened}, where that solves the program at least roughly.
     *
     * @param tolerance bounds the relative residuals
     * @return null where they are larger
     */
    public static @Nullable Point sharpenedWithin(Program program, Point given, double tolerance) {
        Evaluation best = sharpened(Evaluation.of(program, given));
        return best.relativeError() <= tolerance ? best.point() : null;
    }

    private static Evaluation sharpened(Evaluation given) {
        Evaluation best = given;
        double error = best.relativeError();
        boolean conic = given.program().isConic();
        for (int k = 0; k < POLISH_STEPS && !conic && error > SHARP && error < COARSE; k++) {
            Point next = newtonStep(given.program(), best.point());
            Evaluation there = next == null ? null : Evaluation.of(given.program(), next);
            double nextError = there == null ? Double.POSITIVE_INFINITY : there.relativeError();
            if (there == null || !(nextError < error)) {
                break;
            }
            best = there;
            error = nextError;
        }
        return best;
    }

    /**
     * A feasible point with whatever duals it has (zeros where none), or null if it violates the
     * constraints.
     */
    public static @Nullable Solution feasible(
            Program program,
            double[] x,
            double @Nullable [] y,
            double @Nullable [] z,
            double @Nullable [] zBox,
            double tolerance,
            long iterations) {
        if (!isFeasible(program, x, tolerance)) {
            return null;
        }
        Point point =
                complete(
                        program,
                        x,
                        y == null || !Vectors.allFinite(y) ? new double[program.p()] : y,
                        z == null || !Vectors.allFinite(z) ? new double[program.m()] : z,
                        zBox == null || !Vectors.allFinite(zBox) ? null : zBox);
        return solution(program, Status.FEASIBLE, point, iterations);
    }

    /** Whether x satisfies the constraints to the tolerance, relative to the scale of the rows. */
    public static boolean isFeasible(Program program, double[] x, double tolerance) {
        if (!Vectors.allFinite(x)) {
            return false;
        }
        double[] ax = program.A().times(x);
        double[] s = program.slack(x);
        return Residuals.primal(program, x, ax, s)
                <= tolerance * Evaluation.primalScale(program, x, ax, s);
    }

    /** A solution with these residuals attached. */
    public static Solution solution(Program program, Status status, Point point, long iterations) {
        Residuals residuals = Residuals.of(program, point.x(), point.y(), point.z(), point.zBox());
        return new Solution(status, point, residuals, iterations, null);
    }

    /** The largest residual relative to its scale. */
    public static double relativeError(Program program, Point point) {
        return Evaluation.of(program, point).relativeError();
    }

    /**
     * Adds slack, objective and, where missing, bound multipliers; clips multipliers that rounding
     * made negative, and those of rows that do not exist.
     */
    public static Point complete(
            Program program, double[] x, double[] y, double[] z, double @Nullable [] zBox) {
        return evaluated(program, x, y, z, zBox).point();
    }

    private static Evaluation evaluated(
            Program program, double[] x, double[] y, double[] z, double @Nullable [] zBox) {
        double[] z2 = z.clone();
        program.forEachCone((cone, start) -> {
            for (int i = start; cone instanceof Cone.Nonnegative && i < start + cone.dim(); i++) {
                boolean rounding = z2[i] < 0 && z2[i] > -1e-12;
                z2[i] = rounding || Double.isInfinite(program.h()[i]) ? 0 : z2[i];
            }
        });
        double[] box = zBox == null ? boundMultipliers(program, x, y, z2) : zBox;
        double[] px = program.P().times(x);
        double objective = 0.5 * Vectors.dot(x, px) + Vectors.dot(program.c(), x);
        return Evaluation.of(program, new Point(x, y, z2, program.slack(x), box, objective), px);
    }

    /** z_box from stationarity, zero where a variable has no bound. */
    private static double[] boundMultipliers(Program program, double[] x, double[] y, double[] z) {
        double[] r = program.objectiveGradient(x);
        program.A().addTransposeTimes(1, y, r);
        program.G().addTransposeTimes(1, z, r);
        for (int i = 0; i < r.length; i++) {
            boolean bounded = !Double.isInfinite(r[i] < 0 ? program.ub()[i] : program.lb()[i]);
            r[i] = bounded && r[i] != 0 ? -r[i] : 0;
        }
        return r;
    }

    private static @Nullable Point newtonStep(Program program, Point point) {
        ActiveSystem active = new ActiveSystem(program, point.x(), point.z(), point.zBox());
        if (active.size() > MAX_POLISH) {
            return null;
        }
        double[] x = point.x().clone();
        double[] y = point.y().clone();
        double[] z = new double[point.z().length];
        for (int i = 0; i < x.length; i++) {
            x[i] =
                    active.side(i) == 0
                            ? x[i]
                            : active.side(i) < 0 ? program.lb()[i] : program.ub()[i];
        }
        for (int i : active.activeRows()) {
            z[i] = point.z()[i];
        }
        double[] rx = stationarity(program, x, y, z);
        double[] ry = Vectors.minus(program.b(), program.A().times(x));
        for (int i = 0; i < rx.length; i++) {
            rx[i] = -rx[i];
        }
        OptimalitySystem.Direction d = active.solve(rx, ry, program.slack(x));
        Vectors.addTimes(1, d.x(), x);
        Vectors.addTimes(1, d.y(), y);
        Vectors.addTimes(1, d.z(), z);
        double[] zBox = stationarity(program, x, y, z);
        for (int i = 0; i < zBox.length; i++) {
            zBox[i] = active.side(i) == 0 ? 0 : -zBox[i];
        }
        return isFinite(x, y, z, zBox) ? complete(program, x, y, z, zBox) : null;
    }

    private static double[] stationarity(Program program, double[] x, double[] y, double[] z) {
        double[] r = program.objectiveGradient(x);
        program.A().addTransposeTimes(1, y, r);
        program.G().addTransposeTimes(1, z, r);
        return r;
    }

    private static boolean isFinite(double[] x, double[] y, double[] z, double @Nullable [] zBox) {
        return Vectors.allFinite(x)
                && Vectors.allFinite(y)
                && Vectors.allFinite(z)
                && (zBox == null || Vectors.allFinite(zBox));
    }
}

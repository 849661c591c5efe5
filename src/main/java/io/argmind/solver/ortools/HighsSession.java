package io.argmind.solver.ortools;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solution.Verifier;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import org.jspecify.annotations.Nullable;

/**
 * One HiGHS object at work: which attempts are made at a program, in which order. Only {@link
 * #resolve} builds on the past.
 */
final class HighsSession implements Session {
    /**
     * What to add to the diagonal of P, in this order: nothing is exact, HiGHS' default gets over
     * many a singular P.
     */
    private static final double[] REGULARIZATIONS = {0, 1e-7};

    /** How many iterations of the QP method to do in one go, in this order. */
    private static final int[] SLICES = {100, 4};

    /** An error from which a Newton step on the active set leads to rounding error. */
    private static final double SHARPENABLE = 1e-6;

    private final HighsRuns runs;
    private volatile boolean cancelled;
    private @Nullable Program last; // the linear program whose basis HiGHS has
    private double @Nullable [] incumbent; // of the program with integers solved last

    HighsSession() {
        this.runs = new HighsRuns(() -> cancelled);
    }

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        cancelled = false;
        return attempt(program, warm, limits);
    }

    @Override
    public Claim resolve(Program program, Limits limits) {
        cancelled = false;
        if (program.hasIntegers()) {
            double[] x = incumbent;
            WarmStart warm = x == null ? null : new WarmStart(x, null, null, null);
            return attempt(program, warm, limits);
        }
        if (last == null || !sameShape(program, last) || program.problemClass().isQuadratic()) {
            return attempt(program, null, limits);
        }
        Claim claim = runs.changed(program, limits);
        return isOpen(claim) ? attempt(program, null, limits) : claim;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void close() {
        runs.close();
    }

    private static boolean sameShape(Program one, Program other) {
        return one.n() == other.n() && one.p() == other.p() && one.m() == other.m();
    }

    private Claim attempt(Program program, @Nullable WarmStart warm, Limits limits) {
        last = null;
        incumbent = null;
        return switch (program.problemClass()) {
            case LP -> linear(program, warm, limits);
            case QP -> quadratic(program, limits);
            case MILP -> integer(program, warm, limits);
            case MIQP, CONIC ->
                    Claim.none(
                            Status.NUMERICAL_ERROR, 0, "HiGHS solves no " + program.problemClass());
        };
    }

    /**
     * Presolve causes most of HiGHS' wrong verdicts, and settles a few programs that have none
     * without it: so it comes last.
     */
    private Claim linear(Program program, @Nullable WarmStart warm, Limits limits) {
        HighsBasis basis = warm == null ? null : HighsBasis.of(program, warm);
        Claim claim = runs.linear(program, basis, "off", limits);
        if (isOpen(claim) && basis != null) {
            claim = runs.linear(program, null, "off", limits);
        }
        if (isOpen(claim)) {
            claim = runs.linear(program, null, "on", limits);
        }
        last = program;
        return claim;
    }

    private Claim integer(Program program, @Nullable WarmStart warm, Limits limits) {
        double[] hint = warm == null || warm.x().length != program.n() ? null : warm.x();
        Claim claim = runs.integer(program, hint, "choose", limits);
        if (isOpen(claim) && hint != null) {
            claim = runs.integer(program, null, "choose", limits);
        }
        if (isOpen(claim)) {
            claim = runs.integer(program, null, "off", limits);
        }
        incumbent = claim.x();
        return claim;
    }

    /**
     * Until an attempt gives a point that is optimal, since this method's verdicts are often wrong;
     * if none does, the best. A guess is of no use to it.
     */
    private Claim quadratic(Program program, Limits limits) {
        Claim best = Claim.none(Status.NUMERICAL_ERROR, 0, null);
        double least = Double.POSITIVE_INFINITY;
        for (int slice : SLICES) {
            for (double regularization : REGULARIZATIONS) {
                Claim claim = quadratic(program, regularization, slice, limits);
                double error = error(program, claim);
                if (error <= least) {
                    best = claim;
                    least = error;
                }
                if (least <= Math.max(limits.tolerance(), SHARPENABLE) || isFinal(claim)) {
                    return best;
                }
            }
        }
        return best;
    }

    /**
     * A regularized optimum x' is followed by a step of the proximal point method, with c -
     * regularization x' for c: that is exact.
     */
    private Claim quadratic(Program program, double regularization, int slice, Limits limits) {
        Claim claim = runs.quadratic(program, regularization, slice, limits);
        double[] x = claim.x();
        if (regularization == 0 || claim.status() != Status.OPTIMAL || x == null || cancelled) {
            return claim;
        }
        double[] c = program.c().clone();
        Vectors.addTimes(-regularization, x, c);
        Claim next = runs.quadratic(program.withCost(c), regularization, slice, limits);
        return error(program, next) < error(program, claim) ? next : claim;
    }

    /** Whether a limit ended the attempt, or a proof. */
    private boolean isFinal(Claim claim) {
        return switch (claim.status()) {
            case OPTIMAL, NUMERICAL_ERROR, UNBOUNDED -> cancelled;
            case INFEASIBLE -> claim.certificate() != null;
            case FEASIBLE, ITERATION_LIMIT, TIME_LIMIT -> true;
        };
    }

    private static double error(Program program, Claim claim) {
        double[] x = claim.x();
        double[] y = claim.y();
        double[] z = claim.z();
        if (x == null || y == null || z == null) {
            return Double.POSITIVE_INFINITY;
        }
        double error =
                Verifier.relativeError(program, Verifier.complete(program, x, y, z, claim.zBox()));
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private boolean isOpen(Claim claim) {
        return claim.status() == Status.NUMERICAL_ERROR && !cancelled;
    }
}

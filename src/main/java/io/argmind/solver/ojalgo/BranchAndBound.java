package io.argmind.solver.ojalgo;

import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.VerifiedSession;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Best-first branch and bound with dives, on relaxations whose answers are verified: a branch is
 * cut off only with a proof of infeasibility or a bound, so that wrong verdicts of a relaxation
 * cost time, not the optimum.
 *
 * <p>A branch whose relaxation finds no verdict keeps its parent's bound and is split further; if
 * nothing is left to split, the search is incomplete and claims no optimum.
 */
final class BranchAndBound {
    /**
     * Relative to 1 + |objective|: how much better than the incumbent a branch must promise to be.
     */
    private static final double GAP = 1e-7;

    private static final double INTEGRAL = 1e-6;
    private static final int MOST_OPEN = 500_000;

    private final Program program;
    private final Limits limits;
    private final VerifiedSession relaxations;
    private final BooleanSupplier cancelled;
    private final boolean integralObjective;
    private final PriorityQueue<Branch> open = new PriorityQueue<>();
    private double @Nullable [] best;
    private double bestObjective = Double.POSITIVE_INFINITY;
    private long nodes;
    private boolean incomplete;
    private @Nullable Status ended; // why the search stops early

    BranchAndBound(
            Program program,
            Limits limits,
            VerifiedSession relaxations,
            BooleanSupplier cancelled) {
        this.program = program;
        this.limits = limits;
        this.relaxations = relaxations;
        this.cancelled = cancelled;
        this.integralObjective = hasIntegralObjective(program);
    }

    /** Whether the objective takes integer values only, so that bounds can be rounded up. */
    private static boolean hasIntegralObjective(Program program) {
        boolean[] integer = new boolean[program.n()];
        for (int j : program.integers()) {
            integer[j] = true;
        }
        boolean integral = program.P().isZero();
        for (int j = 0; j < integer.length; j++) {
            double c = program.c()[j];
            integral &= c == 0 || (integer[j] && c == Math.rint(c) && Math.abs(c) < 1e6);
        }
        return integral;
    }

    Claim run() {
        open.add(Branch.root());
        while (!open.isEmpty() && ended == null) {
            Branch dive = open.poll();
            while (dive != null && isPromising(dive.bound()) && ended == null) {
                dive = explore(dive);
            }
        }
        if (ended != null) {
            return ended == Status.UNBOUNDED
                    ? Claim.none(Status.UNBOUNDED, nodes, null)
                    : claim(ended, cancelled.getAsBoolean() ? "cancelled" : null);
        }
        if (incomplete) {
            return claim(
                    Status.NUMERICAL_ERROR, "some branches could neither be solved nor excluded");
        }
        return best == null
                ? Claim.none(Status.INFEASIBLE, nodes, null)
                : claim(Status.OPTIMAL, null);
    }

    private Claim claim(Status status, @Nullable String detail) {
        double bound =
                status == Status.OPTIMAL
                        ? bestObjective - GAP * (1 + Math.abs(bestObjective))
                        : Double.NaN;
        return new Claim(status, best, null, null, null, null, bound, nodes, detail);
    }

    private boolean isPromising(double bound) {
        return best == null || bound < bestObjective - GAP * (1 + Math.abs(bestObjective));
    }

    /** Solves a branch's relaxation and splits it; the child to go on with, or null. */
    private @Nullable Branch explore(Branch branch) {
        if (isOver()) {
            return null;
        }
        nodes++;
        Program relaxation = branch.relaxation(program);
        if (hasCrossedBounds(relaxation)) {
            return null;
        }
        Solution solution = solve(relaxation);
        if (ended != null || solution.status() == Status.INFEASIBLE) {
            return null;
        }
        Solution.Point point = solution.point();
        if (solution.status() != Status.OPTIMAL || point == null) {
            return split(branch, relaxation, middle(relaxation), branch.bound());
        }
        double bound = Math.max(branch.bound(), sharpened(point.objective()));
        if (!isPromising(bound)) {
            return null;
        }
        if (isIntegral(point.x()) && takeFixed(point.x(), bound)) {
            return null;
        }
        return split(branch, relaxation, point.x(), bound);
    }

    private boolean isOver() {
        if (cancelled.getAsBoolean() || limits.isOver()) {
            ended = Status.TIME_LIMIT;
        } else if (nodes >= limits.maxIterations() || open.size() > MOST_OPEN) {
            ended = Status.ITERATION_LIMIT;
        }
        return ended != null;
    }

    private Solution solve(Program relaxation) {
        Limits each =
                new Limits(limits.tolerance(), Limits.NO_ITERATION_LIMIT, limits.deadlineNanos());
        Solution solution = relaxations.solve(relaxation, null, each);
        if (solution.status() == Status.UNBOUNDED) {
            ended = Status.UNBOUNDED;
        } else if (solution.status() == Status.TIME_LIMIT || cancelled.getAsBoolean()) {
            ended = Status.TIME_LIMIT;
        }
        return solution;
    }

    private double sharpened(double objective) {
        return integralObjective ? Math.ceil(objective - 1e-6) : objective;
    }

    private boolean isIntegral(double[] x) {
        for (int j : program.integers()) {
            if (Math.abs(x[j] - Math.rint(x[j])) > INTEGRAL) {
                return false;
            }
        }
        return true;
    }

    /**
     * Takes the program with integers fixed at x, rounded, as incumbent; whether it reaches the
     * bound, so that nothing is left.
     */
    private boolean takeFixed(double[] x, double bound) {
        Solution solution = solve(program.withIntegersFixed(x));
        Solution.Point point = solution.point();
        if (ended != null || solution.status() != Status.OPTIMAL || point == null) {
            return false;
        }
        if (point.objective() < bestObjective) {
            best = point.x();
            for (int j : program.integers()) {
                best[j] = Math.rint(x[j]);
            }
            bestObjective = point.objective();
        }
        return !isPromising(bound);
    }

    /** Two children around x; the nearer one is returned, the other waits. */
    private @Nullable Branch split(Branch branch, Program relaxation, double[] x, double bound) {
        int variable = -1;
        double most = -1;
        for (int j : program.integers()) {
            double distance = Math.abs(x[j] - Math.rint(x[j]));
            if (relaxation.lb()[j] < relaxation.ub()[j] && distance > most) {
                most = distance;
                variable = j;
            }
        }
        if (variable < 0) {
            incomplete = true; // all integers are fixed, and still no verdict
            return null;
        }
        double lb = relaxation.lb()[variable];
        double ub = relaxation.ub()[variable];
        double floor = Math.clamp(Math.floor(x[variable]), lb, Math.max(lb, ub - 1));
        Branch below = new Branch(branch, variable, true, floor, bound, 2 * nodes);
        Branch above = new Branch(branch, variable, false, floor + 1, bound, 2 * nodes + 1);
        boolean down = x[variable] - floor <= 0.5;
        open.add(down ? above : below);
        return down ? below : above;
    }

    /** Some point between the bounds, where the relaxation gave none. */
    private static double[] middle(Program relaxation) {
        double[] x = new double[relaxation.n()];
        for (int j = 0; j < x.length; j++) {
            double lb = Math.max(relaxation.lb()[j], -1e9);
            double ub = Math.min(relaxation.ub()[j], 1e9);
            x[j] = lb + (ub - lb) / 2;
        }
        return x;
    }

    private static boolean hasCrossedBounds(Program relaxation) {
        for (int j = 0; j < relaxation.n(); j++) {
            if (relaxation.lb()[j] > relaxation.ub()[j]) {
                return true;
            }
        }
        return false;
    }
}

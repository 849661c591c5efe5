package io.argmind.solver.ortools.discrete;

import com.google.ortools.algorithms.KnapsackSolver;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.solver.ortools.OrToolsLibrary;
import org.jspecify.annotations.Nullable;

/**
 * OR-Tools' {@code KnapsackSolver}, its branch and bound for any number of rows. Profits are
 * rounded to integers of 40 bits, so that the answer is optimal up to n / 2 units of 2^-39 of the
 * largest profit; the bound says so. Items without profit, and those that do not fit, stay outside.
 * There are no iterations, and a running solve stops at its time limit only.
 */
final class KnapsackSolverSession implements OracleSession {
    static final int BITS = 40;

    private final @Nullable IntegerKnapsack set;

    KnapsackSolverSession(@Nullable IntegerKnapsack set) {
        this.set = set;
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (limits.isOver()) {
            return Selection.none(Status.TIME_LIMIT, 0, null);
        }
        if (set == null) {
            return Selection.none(Status.NUMERICAL_ERROR, 0, IntegerKnapsack.OBSTACLE);
        }
        int[] items = new int[cost.length];
        int count = 0;
        double[] worth = new double[cost.length];
        for (int j = 0; j < cost.length; j++) {
            if (cost[j] < 0 && set.fits(j)) {
                worth[count] = -cost[j];
                items[count++] = j;
            }
        }
        if (count == 0) {
            return Selection.optimal(new double[cost.length], 0, 0);
        }
        return run(cost, items, count, CostScale.of(worth, BITS), limits);
    }

    private Selection run(double[] cost, int[] items, int count, CostScale scale, Limits limits) {
        IntegerKnapsack knapsack = java.util.Objects.requireNonNull(set);
        long[] profit = new long[count];
        long[][] weight = new long[knapsack.capacity().length][count];
        for (int i = 0; i < count; i++) {
            profit[i] = scale.toInteger(-cost[items[i]]);
            for (int r = 0; r < weight.length; r++) {
                weight[r][i] = knapsack.weight()[r][items[i]];
            }
        }
        KnapsackSolver solver =
                new KnapsackSolver(
                        KnapsackSolver.SolverType.KNAPSACK_MULTIDIMENSION_BRANCH_AND_BOUND_SOLVER,
                        "argmind");
        OrToolsLibrary.created();
        try {
            solver.setTimeLimit(limits.secondsLeft());
            solver.init(profit, weight, knapsack.capacity());
            solver.solve();
            double[] x = new double[cost.length];
            double objective = 0;
            for (int i = 0; i < count; i++) {
                if (solver.bestSolutionContains(i)) {
                    x[items[i]] = 1;
                    objective += cost[items[i]];
                }
            }
            return solver.isSolutionOptimal()
                    ? new Selection(
                            Status.OPTIMAL, x, objective - scale.toCost(0.5 * count), 0, null)
                    : Selection.feasible(
                            x, knapsack.relaxation(cost), 0, "the time limit was reached");
        } finally {
            solver.delete();
            OrToolsLibrary.deleted();
        }
    }
}

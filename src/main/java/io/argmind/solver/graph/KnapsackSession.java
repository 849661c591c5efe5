package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import java.util.Arrays;

/**
 * 0/1 knapsacks with any number of capacities, real weights and real profits, by branch and bound
 * on the items that the surrogate relaxation does not settle; see {@link Surrogate} and {@link
 * KnapsackSearch}. Items that cost nothing or more are never taken. The optimum is exact up to a
 * relative 1.2e-13 of the profit. Iterations are nodes.
 */
final class KnapsackSession implements OracleSession {
    /** Of the second greedy solution, in steps; about a millisecond. */
    private static final double MOST_WORK = 1e6;

    private final KnapsackRows rows;
    private final Surrogate surrogate;
    private final KnapsackSearch search;
    private final double[] profit;
    private final boolean[] taken;
    private final boolean[] other;
    private final double[] load;
    private final int[] core;
    private final Stop stop = new Stop();

    KnapsackSession(Discrete.Knapsack set) {
        rows = KnapsackRows.of(set);
        surrogate = new Surrogate(rows);
        search = new KnapsackSearch(rows, stop);
        profit = new double[set.items()];
        taken = new boolean[set.items()];
        other = new boolean[set.items()];
        load = new double[rows.count()];
        core = new int[set.items()];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        Arrays.fill(taken, false);
        for (int j = 0; j < profit.length; j++) {
            profit[j] = rows.fits()[j] && cost[j] < 0 ? -cost[j] : 0;
        }
        if (rows.count() == 0) {
            for (int j = 0; j < profit.length; j++) {
                taken[j] = profit[j] > 0;
            }
            return optimal(cost, 0);
        }
        surrogate.fit(profit);
        double known = start();
        settle(known);
        boolean done = search.run(known, limits.maxIterations());
        if (search.improved()) {
            take();
        }
        return done ? optimal(cost, search.nodes()) : limited(cost, limits.maxIterations());
    }

    /** The better of two greedy solutions is taken; its profit. */
    private double start() {
        greedy();
        double known = value();
        if (rows.count() > 1
                && (double) profit.length * profit.length * rows.count() <= MOST_WORK) {
            System.arraycopy(taken, 0, other, 0, taken.length);
            evenly();
            double value = value();
            if (value >= known) {
                return value;
            }
            System.arraycopy(other, 0, taken, 0, taken.length);
        }
        return known;
    }

    /** In the order of profit per weight, whatever fits. */
    private void greedy() {
        Arrays.fill(load, 0);
        int[] order = surrogate.order();
        for (int i = 0; i < surrogate.count(); i++) {
            if (fits(order[i])) {
                add(order[i]);
            }
        }
    }

    /**
     * One after another whatever brings most for the parts that it takes of what is left in each
     * row: better than a fixed order where the rows fill up unevenly.
     */
    private void evenly() {
        Arrays.fill(load, 0);
        Arrays.fill(taken, false);
        int best;
        do {
            best = -1;
            double most = 0;
            for (int j = 0; j < profit.length; j++) {
                if (profit[j] > 0 && !taken[j] && fits(j)) {
                    double parts = 0;
                    for (int r = 0; r < load.length; r++) {
                        parts += rows.weight()[r][j] / (rows.limit()[r] - load[r]);
                    }
                    // at nothing left and nothing taken parts is NaN, which is no reason to wait
                    double worth = parts > 0 ? profit[j] / parts : Double.POSITIVE_INFINITY;
                    if (best < 0 || worth > most) {
                        best = j;
                        most = worth;
                    }
                }
            }
            if (best >= 0) {
                add(best);
            }
        } while (best >= 0);
    }

    private void add(int item) {
        taken[item] = true;
        for (int r = 0; r < load.length; r++) {
            load[r] += rows.weight()[r][item];
        }
    }

    private boolean fits(int item) {
        for (int r = 0; r < load.length; r++) {
            if (load[r] + rows.weight()[r][item] > rows.limit()[r]) {
                return false;
            }
        }
        return true;
    }

    private double value() {
        double sum = 0;
        for (int j = 0; j < profit.length; j++) {
            sum += taken[j] ? profit[j] : 0;
        }
        return sum;
    }

    /**
     * With the profit per weight at which the relaxation is full as the price of weight, whoever
     * decides against the price about one item loses the difference. If that is more than what
     * separates the bound from what is known, the item is settled; the others are the core.
     */
    private void settle(double known) {
        int[] order = surrogate.order();
        double[] weight = surrogate.weights();
        double price = price(order, weight);
        double bound = price;
        for (int i = 0; i < surrogate.count(); i++) {
            bound += Math.max(0, profit[order[i]] - price * weight[order[i]]);
        }
        double slack = (bound - known) + 1e-12 * bound;
        search.begin(profit, weight, surrogate.multipliers());
        int size = 0;
        for (int i = 0; i < surrogate.count(); i++) {
            int j = order[i];
            double gain = profit[j] - price * weight[j];
            if (Math.abs(gain) <= slack) {
                core[size++] = j;
            } else if (gain > 0) {
                search.settle(j);
            }
        }
        search.over(core, size);
    }

    private double price(int[] order, double[] weight) {
        double left = 1;
        for (int i = 0; i < surrogate.count(); i++) {
            int j = order[i];
            if (weight[j] > left) {
                return profit[j] / weight[j];
            }
            left -= weight[j];
        }
        return 0;
    }

    private void take() {
        Arrays.fill(taken, false);
        search.mark(taken);
    }

    private Selection optimal(double[] cost, long nodes) {
        double[] x = new double[cost.length];
        return Selection.optimal(x, fill(x, cost), nodes);
    }

    private Selection limited(double[] cost, int maxIterations) {
        double[] x = new double[cost.length];
        double objective = fill(x, cost);
        String detail =
                search.nodes() >= maxIterations
                        ? Status.ITERATION_LIMIT.key() + " of " + maxIterations
                        : stop.reason();
        return Selection.feasible(
                x, Math.min(objective, -search.openBound()), search.nodes(), detail);
    }

    private double fill(double[] x, double[] cost) {
        double objective = 0;
        for (int j = 0; j < x.length; j++) {
            if (taken[j]) {
                x[j] = 1;
                objective += cost[j];
            }
        }
        return objective;
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

package io.argmind.solver.ortools.discrete;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solver.ortools.Grid;
import org.jspecify.annotations.Nullable;

/**
 * A knapsack whose weights and capacities lie on a grid, row by row, as integers; see {@link Grid}.
 *
 * @param weight [k][n]
 * @param capacity [k]
 */
record IntegerKnapsack(long[][] weight, long[] capacity) {
    /** Sums of weights stay far from the largest integer. */
    private static final double MOST = 0x1p53;

    /** The integers, or null if there are none. */
    static @Nullable IntegerKnapsack of(Discrete.Knapsack set) {
        int k = set.capacities().length;
        long[][] weight = new long[k][set.items()];
        long[] capacity = new long[k];
        for (int r = 0; r < k; r++) {
            double scale = Grid.of(set.weights()[r]);
            double sum = 0;
            for (int j = 0; j < set.items(); j++) {
                double w = Math.rint(set.weights()[r][j] * scale);
                sum += w;
                weight[r][j] = (long) w;
            }
            if (!(sum <= MOST)) { // also where the scale is NaN
                return null;
            }
            // what rounding leaves below an integer is that integer: 0.3 * 10
            double c = set.capacities()[r] * scale * (1 + 5e-13);
            capacity[r] = (long) Math.floor(Math.min(c, MOST));
        }
        return new IntegerKnapsack(weight, capacity);
    }

    /** Why there are no integers. */
    static final String OBSTACLE =
            "its weights must be integers, or become integers when a row is multiplied by a power of two up to 2^40 or"
                    + " by a power of ten up to 10^9";

    boolean fits(int item) {
        for (int r = 0; r < capacity.length; r++) {
            if (weight[r][item] > capacity[r]) {
                return false;
            }
        }
        return true;
    }

    /** In the order of profit per share of the capacities, whatever fits; at least 0 is known. */
    double[] greedy(double[] cost) {
        int n = cost.length;
        double[] worth = new double[n];
        for (int j = 0; j < n; j++) {
            double share = 0;
            for (int r = 0; r < capacity.length; r++) {
                share += weight[r][j] / Math.max(1.0, (double) capacity[r]);
            }
            worth[j] = cost[j] >= 0 ? -1 : -cost[j] / share;
        }
        double[] x = new double[n];
        long[] left = capacity.clone();
        Integer[] order = new Integer[n];
        java.util.Arrays.setAll(order, j -> j);
        java.util.Arrays.sort(order, (a, b) -> Double.compare(worth[b], worth[a]));
        for (int j : order) {
            boolean fits = cost[j] < 0;
            for (int r = 0; r < left.length; r++) {
                fits &= weight[r][j] <= left[r];
            }
            if (fits) {
                x[j] = 1;
                for (int r = 0; r < left.length; r++) {
                    left[r] -= weight[r][j];
                }
            }
        }
        return x;
    }

    /**
     * A lower bound on the cost from each row alone: items by profit per weight, the last in part.
     */
    double relaxation(double[] cost) {
        double bound = Double.NEGATIVE_INFINITY;
        for (int r = 0; r < capacity.length; r++) {
            bound = Math.max(bound, relaxation(cost, weight[r], capacity[r]));
        }
        return bound;
    }

    private static double relaxation(double[] cost, long[] weight, long capacity) {
        Integer[] order = new Integer[cost.length];
        java.util.Arrays.setAll(order, j -> j);
        java.util.Arrays.sort(
                order, (a, b) -> Double.compare(cost[a] / weight[a], cost[b] / weight[b]));
        double left = capacity;
        double sum = 0;
        for (int j : order) {
            if (cost[j] < 0) {
                double part = weight[j] <= left ? 1 : left / weight[j];
                sum += part * cost[j];
                left -= part * weight[j];
            }
        }
        return sum;
    }
}

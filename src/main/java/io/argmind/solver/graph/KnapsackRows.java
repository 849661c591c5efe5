package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;

/**
 * The capacities of a knapsack that can matter. A load counts as within a capacity if it is not
 * above it by more than a relative 5e-13, so that 0.1 and 0.2 fit into 0.3 although their sum in
 * double precision does not.
 *
 * @param weight [rows][items]
 * @param limit [rows] the capacities with what rounding may add
 * @param share [rows][items] weight / capacity
 * @param fits [items] whether an item can be taken at all
 */
record KnapsackRows(double[][] weight, double[] limit, double[][] share, boolean[] fits) {
    private static final double ROUNDING = 5e-13;

    static KnapsackRows of(Discrete.Knapsack set) {
        int items = set.items();
        boolean[] fits = new boolean[items];
        for (int j = 0; j < items; j++) {
            fits[j] = fits(set, j);
        }
        int rows = 0;
        double[][] weight = new double[set.capacities().length][];
        double[] limit = new double[weight.length];
        double[][] share = new double[weight.length][];
        for (int k = 0; k < weight.length; k++) {
            double total = 0;
            for (int j = 0; j < items; j++) {
                total += fits[j] ? set.weights()[k][j] : 0;
            }
            double most = set.capacities()[k] * (1 + ROUNDING);
            if (total > most) { // and so a capacity above 0: nothing else fits into 0
                weight[rows] = set.weights()[k];
                limit[rows] = most;
                share[rows] = new double[items];
                for (int j = 0; j < items; j++) {
                    share[rows][j] = weight[rows][j] / most;
                }
                rows++;
            }
        }
        return new KnapsackRows(
                java.util.Arrays.copyOf(weight, rows),
                java.util.Arrays.copyOf(limit, rows),
                java.util.Arrays.copyOf(share, rows),
                fits);
    }

    private static boolean fits(Discrete.Knapsack set, int item) {
        for (int k = 0; k < set.capacities().length; k++) {
            if (set.weights()[k][item] > set.capacities()[k] * (1 + ROUNDING)) {
                return false;
            }
        }
        return true;
    }

    int count() {
        return limit.length;
    }

    int items() {
        return fits.length;
    }
}

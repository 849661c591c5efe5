package io.argmind.solver.graph;

import java.util.Arrays;

/**
 * One row that stands for all rows of a knapsack: their sum with multipliers mu &gt;= 0, sum mu =
 * 1, over the rows' shares, with capacity 1 (Glover, A multiphase-dual algorithm for the zero-one
 * integer programming problem, 1965). Its continuous relaxation is Dantzig's: items by profit per
 * weight until one fits in part. The best multipliers make that as tight as the linear relaxation
 * of all rows. For two rows they are found by halving: where the relaxed solution exceeds the first
 * row, it is to weigh more. For more rows by steps along the excess, shorter and shorter.
 */
final class Surrogate {
    private static final int HALVINGS = 24;
    private static final int STEPS = 60;

    /** The same multipliers with every digit known are no better: the last ones are noise. */
    private static final double NEARLY_FULL = 1e-9;

    private final KnapsackRows rows;
    private final IndexSort sort;
    private final double[] key;
    private final double[] multiplier;
    private final double[] tried;
    private final double[] load;
    private final double[] weight;
    private int[] order = {};
    private int count;

    Surrogate(KnapsackRows rows) {
        this.rows = rows;
        sort = new IndexSort(rows.items());
        key = new double[rows.items()];
        multiplier = new double[rows.count()];
        tried = new double[rows.count()];
        load = new double[rows.count()];
        weight = new double[rows.items()];
    }

    /** mu [rows] */
    double[] multipliers() {
        return multiplier;
    }

    /** [items] the weights in the surrogate row. */
    double[] weights() {
        return weight;
    }

    /** [items] items by falling profit per weight; the first {@link #count()} have a profit. */
    int[] order() {
        return order;
    }

    int count() {
        return count;
    }

    /**
     * Chooses the multipliers.
     *
     * @param profit [items] of what may be taken, 0 for the others
     */
    void fit(double[] profit) {
        int k = rows.count();
        Arrays.fill(multiplier, 1.0 / k);
        if (k == 2) {
            halve(profit);
        } else if (k > 2) {
            step(profit);
        }
        relax(multiplier, profit);
    }

    private void halve(double[] profit) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = 0.5 * (low + high);
            multiplier[0] = middle;
            multiplier[1] = 1 - middle;
            relax(multiplier, profit);
            if (Math.abs(load[0] - 1) <= NEARLY_FULL) {
                return;
            }
            if (load[0] > 1) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    private void step(double[] profit) {
        double best = Double.POSITIVE_INFINITY;
        double length = 1;
        System.arraycopy(multiplier, 0, tried, 0, tried.length);
        for (int i = 0; i < STEPS; i++) {
            double bound = relax(tried, profit);
            if (bound < best) {
                best = bound;
                System.arraycopy(tried, 0, multiplier, 0, tried.length);
            } else {
                length *= 0.8;
            }
            double sum = 0;
            for (int r = 0; r < tried.length; r++) {
                tried[r] *= Math.exp(length * Math.min(1, load[r] - 1));
                sum += tried[r];
            }
            for (int r = 0; r < tried.length; r++) {
                tried[r] /= sum;
            }
        }
    }

    /** Dantzig's relaxation: leaves order, weights and the loads of the rows behind. */
    private double relax(double[] mu, double[] profit) {
        count = 0;
        for (int j = 0; j < key.length; j++) {
            double sum = 0;
            for (int r = 0; r < mu.length; r++) {
                sum += mu[r] * rows.share()[r][j];
            }
            weight[j] = sum;
            boolean wanted = profit[j] > 0;
            count += wanted ? 1 : 0;
            key[j] =
                    !wanted
                            ? Double.POSITIVE_INFINITY
                            : sum == 0 ? Double.NEGATIVE_INFINITY : -profit[j] / sum;
        }
        order = sort.ascending(key);
        Arrays.fill(load, 0);
        double left = 1;
        double value = 0;
        for (int i = 0; i < count && left > 0; i++) {
            int j = order[i];
            double part = weight[j] <= left ? 1 : left / weight[j];
            value += part * profit[j];
            left = part < 1 ? 0 : left - weight[j];
            for (int r = 0; r < load.length; r++) {
                load[r] += part * rows.share()[r][j];
            }
        }
        return value;
    }
}

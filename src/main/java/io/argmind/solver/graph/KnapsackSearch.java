package io.argmind.solver.graph;

import java.util.Arrays;

/**
 * Depth first over the core of a knapsack, in the order of profit per weight, taking before leaving
 * (Horowitz and Sahni, Computing partitions with applications to the knapsack problem, 1974), with
 * Dantzig's bound on the surrogate row read off sums over the order.
 */
final class KnapsackSearch {
    private static final int CHECK_EVERY = 1024;

    /** What a node must promise beyond the best known, relative to it. */
    private static final double WORTHWHILE = 1.2e-13;

    /** More than what rounding can add to the rows' loads, as shares of the capacity. */
    private static final double ROOM = 1 + 1e-12;

    private final KnapsackRows rows;
    private final Stop stop;
    private final boolean[] settled;
    private final int[] item;
    private final double[] profitSum;
    private final double[] weightSum;
    private final boolean[] taken;
    private final boolean[] best;
    private final double[] value;
    private final double[] load;
    private double[] profit = {};
    private double[] weight = {};
    private double[] multiplier = {};
    private int size;
    private int depth;
    private double most;
    private boolean improved;
    private long nodes;

    KnapsackSearch(KnapsackRows rows, Stop stop) {
        this.rows = rows;
        this.stop = stop;
        int n = rows.items();
        settled = new boolean[n];
        item = new int[n];
        profitSum = new double[n + 1];
        weightSum = new double[n + 1];
        taken = new boolean[n];
        best = new boolean[n];
        value = new double[n + 1];
        load = new double[(n + 1) * rows.count()];
    }

    /** A new search, with nothing taken and an empty core. */
    void begin(double[] profits, double[] weights, double[] multipliers) {
        profit = profits;
        weight = weights;
        multiplier = multipliers;
        Arrays.fill(settled, false);
        Arrays.fill(load, 0, rows.count(), 0);
        value[0] = 0;
        size = 0;
    }

    /** This item is taken in any case. */
    void settle(int j) {
        settled[j] = true;
        value[0] += profit[j];
        for (int r = 0; r < rows.count(); r++) {
            load[r] += rows.weight()[r][j];
        }
    }

    /** The core: {@code items[0..count)} by falling profit per weight. */
    void over(int[] items, int count) {
        size = count;
        for (int i = 0; i < count; i++) {
            item[i] = items[i];
            profitSum[i + 1] = profitSum[i] + profit[items[i]];
            weightSum[i + 1] = weightSum[i] + weight[items[i]];
        }
    }

    /**
     * Looks for more than what is known.
     *
     * @return whether all was seen
     */
    boolean run(double known, int maxNodes) {
        most = known;
        improved = false;
        nodes = 0;
        depth = 0;
        while (true) {
            nodes++;
            if (bound(depth, value[depth], depth) > most + WORTHWHILE * most) {
                branch();
            } else if (!back()) {
                return true;
            }
            if (nodes >= maxNodes || (nodes % CHECK_EVERY == 0 && stop.isDue())) {
                return false;
            }
        }
    }

    /** Takes the item at this depth if it fits, and otherwise leaves it. */
    private void branch() {
        int k = rows.count();
        int j = item[depth];
        int from = depth * k;
        boolean fits = true;
        for (int r = 0; r < k; r++) {
            double next = load[from + r] + rows.weight()[r][j];
            load[from + k + r] = next;
            fits &= next <= rows.limit()[r];
        }
        taken[depth] = fits;
        depth++;
        if (fits) {
            value[depth] = value[depth - 1] + profit[j];
            if (value[depth] > most) {
                keep();
            }
        } else {
            leave(depth - 1);
        }
    }

    private void leave(int at) {
        int k = rows.count();
        value[at + 1] = value[at];
        System.arraycopy(load, at * k, load, (at + 1) * k, k);
    }

    private void keep() {
        most = value[depth];
        improved = true;
        System.arraycopy(taken, 0, best, 0, depth);
        Arrays.fill(best, depth, size, false);
    }

    /** To the other branch of the last item taken. */
    private boolean back() {
        int at = depth - 1;
        while (at >= 0 && !taken[at]) {
            at--;
        }
        if (at < 0) {
            return false;
        }
        taken[at] = false;
        leave(at);
        depth = at + 1;
        return true;
    }

    /** Dantzig's bound on the profit with the items from a place on, and the loads of a depth. */
    private double bound(int place, double sum, int loads) {
        double left = ROOM;
        int from = loads * rows.count();
        for (int r = 0; r < rows.count(); r++) {
            left -= multiplier[r] * load[from + r] / rows.limit()[r];
        }
        if (place == size) {
            return sum;
        }
        double full = weightSum[place] + left;
        int low = place;
        int high = size;
        while (low < high) { // the last place whose sum is not above
            int middle = (low + high + 1) >>> 1;
            if (weightSum[middle] <= full) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        double bound = sum + (profitSum[low] - profitSum[place]);
        return low == size
                ? bound
                : bound
                        + Math.max(0, full - weightSum[low])
                                * (profit[item[low]] / weight[item[low]]);
    }

    /** An upper bound on the profit after a search that was ended: of what is still open. */
    double openBound() {
        double bound = Math.max(most, bound(depth, value[depth], depth));
        for (int at = 0; at < depth; at++) {
            if (taken[at]) {
                bound = Math.max(bound, bound(at + 1, value[at], at));
            }
        }
        return bound;
    }

    boolean improved() {
        return improved;
    }

    long nodes() {
        return nodes;
    }

    /** What was best. */
    void mark(boolean[] items) {
        System.arraycopy(settled, 0, items, 0, items.length);
        for (int i = 0; i < size; i++) {
            items[item[i]] |= best[i];
        }
    }
}

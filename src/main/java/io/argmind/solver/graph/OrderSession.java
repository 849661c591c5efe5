package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;

/**
 * What is read off the order of the costs: the k smallest, or ranks. Equal costs are in the order
 * of their indices: the first of them are chosen, and the first gets the smaller rank. No
 * arithmetic on costs is involved in the choice. There are no iterations.
 */
final class OrderSession implements OracleSession {
    private final IndexSort sort;
    private final int k;
    private final boolean ranks;
    private final double[] key;
    private final Stop stop = new Stop();

    OrderSession(Discrete.TopK set) {
        this(set.items(), set.k(), false);
    }

    OrderSession(Discrete.Ranking set) {
        this(set.items(), 0, true);
    }

    private OrderSession(int items, int k, boolean ranks) {
        this.sort = new IndexSort(items);
        this.k = k;
        this.ranks = ranks;
        this.key = new double[items];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        double[] x = new double[cost.length];
        double objective = 0;
        int[] order = order(cost);
        int count = ranks ? order.length : k;
        for (int r = 0; r < count; r++) {
            x[order[r]] = ranks ? r + 1 : 1;
            objective += cost[order[r]] * x[order[r]];
        }
        return Selection.optimal(x, objective, 0);
    }

    /** Ascending; descending for ranks, where equal costs are in the order of their indices too. */
    private int[] order(double[] cost) {
        if (!ranks) {
            return sort.ascending(cost);
        }
        for (int i = 0; i < key.length; i++) {
            key[i] = -cost[i];
        }
        return sort.ascending(key);
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

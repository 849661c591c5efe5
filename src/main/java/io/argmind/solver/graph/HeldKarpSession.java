package io.argmind.solver.graph;

import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;

/**
 * Shortest tours by dynamic programming over sets of nodes (Held and Karp, A dynamic programming
 * approach to sequencing problems, 1962): best[S, j] is the least cost of a path from the last node
 * through all of S that ends in j in S. 2^(n-1) (n-1) numbers; arcs both ways may differ in cost.
 * Ties go to the smaller index, from the end of the tour. Iterations are sets.
 */
final class HeldKarpSession implements OracleSession {
    /** 8 MB of memory per session. */
    static final int MOST_NODES = 17;

    private static final int CHECK_EVERY = 1024;

    private final int n;
    private final int m;
    private final double[] best;
    private final double[] into;
    private final Stop stop = new Stop();

    HeldKarpSession(int n) {
        this.n = n;
        this.m = n - 1;
        int sets = 1 << m;
        best = new double[m * sets];
        into = new double[m * m];
    }

    @Override
    public Selection solve(double[] cost, Limits limits) {
        if (!stop.begin(limits)) {
            return Stop.late();
        }
        if (n == 1) {
            return Selection.optimal(new double[1], 0, 0);
        }
        for (int j = 0; j < m; j++) {
            for (int k = 0; k < m; k++) {
                into[j * m + k] = cost[k * n + j];
            }
        }
        for (int set = 1; set < 1 << m; set++) {
            if (set % CHECK_EVERY == 0 && stop.isDue()) {
                return stop.withoutAnswer(set);
            }
            extend(set, cost);
        }
        return tour(cost);
    }

    private void extend(int set, double[] cost) {
        int row = set * m;
        for (int ends = set; ends != 0; ends &= ends - 1) {
            int j = Integer.numberOfTrailingZeros(ends);
            int rest = set & ~(1 << j);
            double least = rest == 0 ? cost[m * n + j] : Double.POSITIVE_INFINITY;
            int before = rest * m;
            int arcs = j * m;
            for (int others = rest; others != 0; others &= others - 1) {
                int k = Integer.numberOfTrailingZeros(others);
                least = Math.min(least, best[before + k] + into[arcs + k]);
            }
            best[row + j] = least;
        }
    }

    /** Backwards from the last node: which end of each set had the least cost. */
    private Selection tour(double[] cost) {
        double[] x = new double[n * n];
        double objective = 0;
        int set = (1 << m) - 1;
        int next = m;
        while (set != 0) {
            int end = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int ends = set; ends != 0; ends &= ends - 1) {
                int j = Integer.numberOfTrailingZeros(ends);
                double d = best[set * m + j] + cost[j * n + next];
                if (end < 0 || d < least) {
                    least = d;
                    end = j;
                }
            }
            x[end * n + next] = 1;
            objective += cost[end * n + next];
            set &= ~(1 << end);
            next = end;
        }
        x[m * n + next] = 1;
        return Selection.optimal(x, objective + cost[m * n + next], 1L << m);
    }

    @Override
    public void cancel() {
        stop.press();
    }
}

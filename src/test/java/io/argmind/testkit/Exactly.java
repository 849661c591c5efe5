package io.argmind.testkit;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Costs of elements and of cycles without rounding. */
public final class Exactly {
    private Exactly() {}

    /** {@code <cost, x>} */
    public static BigDecimal cost(double[] cost, double[] x) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < x.length; i++) {
            if (x[i] != 0) {
                sum = sum.add(new BigDecimal(cost[i]).multiply(new BigDecimal(x[i])));
            }
        }
        return sum;
    }

    /** The absolute costs that x takes. */
    public static double scale(double[] cost, double[] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += Math.abs(cost[i] * x[i]);
        }
        return sum;
    }

    /** An element of least cost; null if there is none. */
    public static double @Nullable [] best(List<double[]> elements, double[] cost) {
        double[] best = null;
        BigDecimal least = BigDecimal.ZERO;
        double rough = 0;
        for (double[] x : elements) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += cost[i] * x[i];
            }
            if (best != null && sum > rough + 1e-9 * (scale(cost, x) + scale(cost, best))) {
                continue;
            }
            BigDecimal c = cost(cost, x);
            if (best == null || c.compareTo(least) < 0) {
                best = x;
                least = c;
                rough = c.doubleValue();
            }
        }
        return best;
    }

    /** Whether walks from source to target have no least cost. */
    public static boolean isUnbounded(Discrete set, double[] cost) {
        return switch (set) {
            case Discrete.ShortestPath s -> isUnbounded(s, cost);
            case Discrete.GridShortestPath s -> {
                boolean negative = false;
                for (int a = 0; a < cost.length; a++) {
                    for (int b = 0; b < a; b++) {
                        negative |= Elements.areNeighbours(s, a, b) && cost[a] + cost[b] < 0;
                    }
                }
                yield negative;
            }
            default -> false;
        };
    }

    /** By Floyd and Warshall. */
    private static boolean isUnbounded(Discrete.ShortestPath s, double[] cost) {
        Graph g = s.graph();
        int n = g.nodes();
        @Nullable BigDecimal[][] d = new BigDecimal[n][n];
        boolean[][] reach = new boolean[n][n];
        for (int e = 0; e < g.edges(); e++) {
            lower(d, g.tails()[e], g.heads()[e], new BigDecimal(cost[e]));
            reach[g.tails()[e]][g.heads()[e]] = true;
            if (!s.directed()) {
                lower(d, g.heads()[e], g.tails()[e], new BigDecimal(cost[e]));
                reach[g.heads()[e]][g.tails()[e]] = true;
            }
        }
        for (int k = 0; k < n; k++) {
            reach[k][k] = true;
        }
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    reach[i][j] |= reach[i][k] && reach[k][j];
                    BigDecimal a = d[i][k];
                    BigDecimal b = d[k][j];
                    if (a != null && b != null) {
                        lower(d, i, j, a.add(b));
                    }
                }
            }
        }
        boolean unbounded = false;
        for (int v = 0; v < n; v++) {
            BigDecimal round = d[v][v];
            unbounded |=
                    round != null
                            && round.signum() < 0
                            && reach[s.source()][v]
                            && reach[v][s.target()];
        }
        return unbounded;
    }

    private static void lower(@Nullable BigDecimal[][] d, int i, int j, BigDecimal value) {
        BigDecimal old = d[i][j];
        if (old == null || value.compareTo(old) < 0) {
            d[i][j] = value;
        }
    }
}

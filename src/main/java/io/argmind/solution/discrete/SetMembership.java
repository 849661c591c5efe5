package io.argmind.solution.discrete;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;

/**
 * Whether x is an element of a set, looked at without knowing how it was found. Keeps arrays
 * between calls, so it belongs to one thread.
 */
public final class SetMembership {
    private static final double OUTSIDE = 1;

    /** Of a knapsack's weights, which are sums of rounded numbers. */
    private static final double ROUNDING = 1e-12;

    private final Discrete set;
    private final GraphMembership graphs;
    private final GridMembership grids;

    public SetMembership(Discrete set) {
        this.set = set;
        this.graphs = new GraphMembership();
        this.grids = new GridMembership();
    }

    /**
     * How far x is from the set.
     *
     * @param x row-major
     * @return 0 if x is in it, NaN if an entry is, the largest violation of a number's range or a
     *     capacity if there is one, and otherwise at least 1
     */
    public double violation(double[] x) {
        double largest =
                set instanceof Discrete.MinCostFlow || set instanceof Discrete.Ranking
                        ? fractional(x)
                        : binary(x);
        return largest == 0 ? structure(x) : largest;
    }

    private double structure(double[] x) {
        return switch (set) {
            case Discrete.ShortestPath s ->
                    inside(graphs.isSimplePath(s.graph(), s.source(), s.target(), s.directed(), x));
            case Discrete.GridShortestPath s -> inside(grids.isPath(s, x));
            case Discrete.Assignment s -> inside(isAssignment(s.rows(), s.cols(), x));
            case Discrete.Matching s -> inside(graphs.isPerfectMatching(s.graph(), x));
            case Discrete.MinCostFlow s -> flow(s, x);
            case Discrete.SpanningTree s -> inside(graphs.isSpanningTree(s.graph(), x));
            case Discrete.Tour s -> inside(isTour(s.nodes(), x));
            case Discrete.Knapsack s -> overweight(s, x);
            case Discrete.TopK s -> Math.abs(sum(x) - s.k());
            case Discrete.Ranking s -> inside(isPermutation(x));
        };
    }

    /** Whether the set can be empty, as far as that is known for little. */
    public boolean mayBeEmpty() {
        return switch (set) {
            case Discrete.ShortestPath s ->
                    !graphs.isReachable(s.graph(), s.source(), s.target(), s.directed());
            case Discrete.SpanningTree s -> !graphs.isConnected(s.graph());
            case Discrete.Matching s -> true;
            case Discrete.MinCostFlow s -> true;
            case Discrete.GridShortestPath s -> false;
            case Discrete.Assignment s -> false;
            case Discrete.Tour s -> false;
            case Discrete.Knapsack s -> false;
            case Discrete.TopK s -> false;
            case Discrete.Ranking s -> false;
        };
    }

    private static double inside(boolean is) {
        return is ? 0 : OUTSIDE;
    }

    private static double binary(double[] x) {
        double largest = 0;
        for (double v : x) {
            if (v != 0 && v != 1) {
                largest = Math.max(largest, Math.min(Math.abs(v), Math.abs(v - 1)));
            }
        }
        return largest;
    }

    private static double fractional(double[] x) {
        double largest = 0;
        for (double v : x) {
            largest = Math.max(largest, Math.abs(v - Math.rint(v)));
        }
        return largest;
    }

    private static double sum(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v;
        }
        return sum;
    }

    /** Of x that is known to be binary. */
    private static boolean isAssignment(int rows, int cols, double[] x) {
        boolean[] taken = new boolean[cols];
        int matched = 0;
        for (int i = 0; i < rows; i++) {
            double chosen = 0;
            double at = 0; // the column, where one is chosen
            for (int j = 0; j < cols; j++) {
                chosen += x[i * cols + j];
                at += j * x[i * cols + j];
            }
            if (chosen > 1 || (chosen == 1 && taken[(int) at])) {
                return false;
            }
            if (chosen == 1) {
                taken[(int) at] = true;
                matched++;
            }
        }
        return matched == Math.min(rows, cols);
    }

    private static boolean isTour(int n, double[] x) {
        if (n == 1) {
            return x[0] == 0;
        }
        if (!isAssignment(n, n, x)) {
            return false;
        }
        int at = 0;
        int steps = 0;
        do {
            int next = 0;
            while (x[at * n + next] == 0) {
                next++;
            }
            at = next;
            steps++;
        } while (at != 0 && steps < n);
        return at == 0 && steps == n;
    }

    private static double flow(Discrete.MinCostFlow s, double[] x) {
        Graph graph = s.graph();
        double[] left = new double[graph.nodes()];
        double largest = 0;
        for (int e = 0; e < x.length; e++) {
            largest = Math.max(largest, Math.max(-x[e], x[e] - s.capacity()[e]));
            left[graph.tails()[e]] += x[e];
            left[graph.heads()[e]] -= x[e];
        }
        for (int v = 0; v < left.length; v++) {
            largest = Math.max(largest, Math.abs(left[v] - s.supply()[v]));
        }
        return largest;
    }

    private static double overweight(Discrete.Knapsack s, double[] x) {
        double largest = 0;
        for (int k = 0; k < s.capacities().length; k++) {
            double weight = 0;
            for (int i = 0; i < x.length; i++) {
                weight += x[i] == 1 ? s.weights()[k][i] : 0;
            }
            double over = weight - s.capacities()[k];
            largest = Math.max(largest, over > ROUNDING * weight ? over : 0);
        }
        return largest;
    }

    private static boolean isPermutation(double[] x) {
        boolean[] seen = new boolean[x.length];
        for (double v : x) {
            if (!(v >= 1 && v <= x.length) || seen[(int) v - 1]) {
                return false;
            }
            seen[(int) v - 1] = true;
        }
        return true;
    }
}

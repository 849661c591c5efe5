package io.argmind.testkit;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.problem.discrete.Kind;

/** Random sets of every kind; the small ones have few enough elements to try them all. */
public final class Sets {
    private Sets() {}

    public static Discrete small(Kind kind, Draw draw) {
        return switch (kind) {
            case SHORTEST_PATH -> {
                int n = draw.integer(1, 6);
                yield new Discrete.ShortestPath(
                        graph(draw, n, draw.integer(0, 10)),
                        draw.integer(0, n - 1),
                        draw.integer(0, n - 1),
                        draw.chance(0.7));
            }
            case GRID_SHORTEST_PATH ->
                    new Discrete.GridShortestPath(
                            draw.integer(1, 3), draw.integer(1, 4), draw.chance(0.5) ? 4 : 8);
            case ASSIGNMENT -> new Discrete.Assignment(draw.integer(1, 6), draw.integer(1, 6));
            case MATCHING -> {
                int n = draw.chance(0.1) ? draw.integer(1, 8) : 2 * draw.integer(1, 4);
                yield new Discrete.Matching(graph(draw, n, draw.integer(0, 4 * n)));
            }
            case MIN_COST_FLOW -> smallFlow(draw);
            case SPANNING_TREE -> {
                int n = draw.integer(1, 6);
                yield new Discrete.SpanningTree(graph(draw, n, draw.integer(0, 11)));
            }
            case TSP -> new Discrete.Tour(draw.integer(1, 6));
            case KNAPSACK -> knapsack(draw, draw.integer(0, 10), draw.integer(1, 3));
            case TOP_K -> {
                int n = draw.integer(1, 8);
                yield new Discrete.TopK(n, draw.integer(0, n));
            }
            case RANKING -> new Discrete.Ranking(draw.integer(1, 6));
        };
    }

    /** Too large to enumerate. */
    public static Discrete medium(Kind kind, Draw draw) {
        return switch (kind) {
            case SHORTEST_PATH -> {
                int n = draw.integer(20, 80);
                yield new Discrete.ShortestPath(graph(draw, n, 4 * n), 0, n - 1, draw.chance(0.5));
            }
            case GRID_SHORTEST_PATH ->
                    new Discrete.GridShortestPath(
                            draw.integer(8, 20), draw.integer(8, 20), draw.chance(0.5) ? 4 : 8);
            case ASSIGNMENT -> new Discrete.Assignment(draw.integer(10, 40), draw.integer(10, 40));
            case MATCHING -> {
                int n = 2 * draw.integer(5, 25);
                yield new Discrete.Matching(graph(draw, n, n * draw.integer(2, 8)));
            }
            case MIN_COST_FLOW -> flow(draw, draw.integer(10, 40));
            case SPANNING_TREE -> {
                int n = draw.integer(20, 80);
                yield new Discrete.SpanningTree(graph(draw, n, 4 * n));
            }
            case TSP -> new Discrete.Tour(draw.integer(7, 10));
            case KNAPSACK -> knapsack(draw, draw.integer(15, 30), draw.integer(1, 3));
            case TOP_K -> {
                int n = draw.integer(20, 100);
                yield new Discrete.TopK(n, draw.integer(0, n));
            }
            case RANKING -> new Discrete.Ranking(draw.integer(20, 100));
        };
    }

    /** With loops and parallel edges, connected or not. */
    public static Graph graph(Draw draw, int nodes, int edges) {
        int[] tails = new int[edges];
        int[] heads = new int[edges];
        for (int e = 0; e < edges; e++) {
            tails[e] = draw.integer(0, nodes - 1);
            heads[e] = draw.integer(0, nodes - 1);
        }
        return new Graph(nodes, tails, heads);
    }

    private static Discrete smallFlow(Draw draw) {
        int n = draw.integer(1, 5);
        Graph g = graph(draw, n, draw.integer(0, 7));
        long[] capacity = new long[g.edges()];
        long[] supply = new long[n];
        boolean feasible = draw.chance(0.8);
        for (int e = 0; e < capacity.length; e++) {
            capacity[e] = draw.integer(0, 2);
            long f = draw.integer(0, (int) capacity[e]);
            supply[feasible ? g.tails()[e] : draw.integer(0, n - 1)] += f;
            supply[feasible ? g.heads()[e] : draw.integer(0, n - 1)] -= f;
        }
        return new Discrete.MinCostFlow(g, capacity, supply);
    }

    private static Discrete flow(Draw draw, int n) {
        Graph g = graph(draw, n, 6 * n);
        long[] capacity = new long[g.edges()];
        long[] supply = new long[n];
        for (int e = 0; e < capacity.length; e++) {
            capacity[e] = draw.integer(0, 20);
            long f = draw.integer(0, (int) capacity[e]);
            supply[g.tails()[e]] += f;
            supply[g.heads()[e]] -= f;
        }
        return new Discrete.MinCostFlow(g, capacity, supply);
    }

    private static Discrete knapsack(Draw draw, int n, int k) {
        double[][] weights = new double[k][n];
        double[] capacities = new double[k];
        int sort = draw.integer(0, 3);
        for (int r = 0; r < k; r++) {
            double total = 0;
            for (int j = 0; j < n; j++) {
                weights[r][j] =
                        switch (sort) {
                            case 0 -> draw.integer(0, 9);
                            case 1 -> draw.integer(0, 9) / 10.0;
                            case 2 -> draw.integer(0, 1 << 20) * 0x1p-20;
                            default -> 1e6 * draw.integer(1, 1000);
                        };
                total += weights[r][j];
            }
            double scale = sort == 1 ? 10 : sort == 2 ? 0x1p20 : 1;
            capacities[r] =
                    draw.chance(0.1)
                            ? 0
                            : Math.floor(scale * total * draw.integer(1, 9) / 10) / scale;
        }
        return new Discrete.Knapsack(weights, capacities, n);
    }
}

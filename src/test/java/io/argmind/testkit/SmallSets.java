package io.argmind.testkit;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import java.util.List;

/** Small sets of every kind, some of them at the edge. */
public final class SmallSets {
    private SmallSets() {}

    /** Nodes 0, ..., 4 with a parallel edge and a loop. */
    public static Graph graph() {
        return new Graph(
                5, new int[] {0, 0, 1, 1, 2, 3, 3, 0, 2}, new int[] {1, 2, 2, 3, 3, 4, 0, 1, 2});
    }

    /** A ring of four nodes with both diagonals. */
    public static Graph ring() {
        return new Graph(4, new int[] {0, 1, 2, 3, 0, 1}, new int[] {1, 2, 3, 0, 2, 3});
    }

    public static List<Discrete> all() {
        return List.of(
                new Discrete.ShortestPath(graph(), 0, 4, true),
                new Discrete.ShortestPath(graph(), 0, 4, false),
                new Discrete.ShortestPath(graph(), 2, 2, true),
                new Discrete.ShortestPath(graph(), 2, 2, false),
                new Discrete.ShortestPath(graph(), 4, 0, true),
                new Discrete.GridShortestPath(3, 3, 8),
                new Discrete.GridShortestPath(3, 4, 4),
                new Discrete.GridShortestPath(1, 1, 8),
                new Discrete.GridShortestPath(1, 5, 8),
                new Discrete.Assignment(3, 3),
                new Discrete.Assignment(2, 4),
                new Discrete.Assignment(4, 2),
                new Discrete.Assignment(1, 1),
                new Discrete.Matching(ring()),
                new Discrete.Matching(graph()),
                new Discrete.SpanningTree(graph()),
                new Discrete.SpanningTree(ring()),
                new Discrete.SpanningTree(new Graph(1, new int[] {0}, new int[] {0})),
                new Discrete.SpanningTree(new Graph(3, new int[] {0}, new int[] {1})),
                new Discrete.Tour(1),
                new Discrete.Tour(2),
                new Discrete.Tour(3),
                new Discrete.Knapsack(
                        new double[][] {{2, 3, 1, 0, 4}, {1, 1, 1, 1, 1}}, new double[] {5, 3}, 5),
                new Discrete.Knapsack(new double[][] {{2, 3}}, new double[] {0}, 2),
                new Discrete.TopK(5, 2),
                new Discrete.TopK(3, 0),
                new Discrete.TopK(3, 3),
                new Discrete.Ranking(4),
                new Discrete.Ranking(1),
                new Discrete.MinCostFlow(
                        ring(), new long[] {2, 1, 2, 0, 1, 3}, new long[] {2, 0, 0, -2}),
                new Discrete.MinCostFlow(
                        ring(), new long[] {1, 1, 1, 1, 1, 1}, new long[] {1, -1, 1, -1}));
    }
}

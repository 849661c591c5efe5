package io.argmind.config;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.problem.discrete.Kind;
import io.argmind.solution.Status;
import io.argmind.solution.discrete.DiscreteSolution;
import io.argmind.solver.Limits;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleLadder;
import io.argmind.solver.OraclePlan;
import java.util.List;

/** Solves a small problem of every kind that an oracle knows. */
final class OracleSelfTest {

    /** A set with costs and their minimum. */
    private record Sample(Discrete set, double[] cost, double minimum) {}

    private OracleSelfTest() {}

    /** "ok", or what is wrong. */
    static String test(Oracle oracle) {
        for (Kind kind : oracle.kinds()) {
            Sample sample = sample(kind);
            OraclePlan alone = new OraclePlan(List.of(oracle), "self-test");
            try (OracleLadder ladder = new OracleLadder(alone, sample.set)) {
                DiscreteSolution solution = ladder.minimize(sample.cost, Limits.generous());
                if (solution.status() != Status.OPTIMAL) {
                    return kind.key() + ": expected an optimum, got " + solution.status().key();
                }
                if (Math.abs(solution.objective() - sample.minimum) > 1e-9) {
                    return kind.key()
                            + ": expected "
                            + sample.minimum
                            + ", got "
                            + solution.objective();
                }
            }
        }
        return "ok";
    }

    private static Sample sample(Kind kind) {
        // a square 0-1-2-3 with the diagonal 0-2
        Graph square = new Graph(4, new int[] {0, 1, 2, 3, 0}, new int[] {1, 2, 3, 0, 2});
        return switch (kind) {
            case SHORTEST_PATH ->
                    new Sample(
                            new Discrete.ShortestPath(square, 0, 3, true),
                            new double[] {1, 1, 1, 1, 3},
                            3);
            case GRID_SHORTEST_PATH ->
                    new Sample(
                            new Discrete.GridShortestPath(2, 3, 4),
                            new double[] {1, 1, 5, 2, 2, 1},
                            5);
            case ASSIGNMENT ->
                    new Sample(new Discrete.Assignment(2, 2), new double[] {1, 2, 3, 5}, 5);
            case MATCHING ->
                    new Sample(new Discrete.Matching(square), new double[] {1, 5, 2, 4, 0}, 3);
            case MIN_COST_FLOW ->
                    new Sample(
                            new Discrete.MinCostFlow(
                                    square, new long[] {1, 1, 2, 0, 2}, new long[] {2, 0, 0, -2}),
                            new double[] {1, 1, 1, 0, 3},
                            7);
            case SPANNING_TREE ->
                    new Sample(new Discrete.SpanningTree(square), new double[] {1, 2, 3, 4, 5}, 6);
            case TSP ->
                    new Sample(new Discrete.Tour(3), new double[] {9, 1, 2, 2, 9, 1, 1, 2, 9}, 3);
            case KNAPSACK ->
                    new Sample(
                            new Discrete.Knapsack(
                                    new double[][] {{5, 7, 4, 3}}, new double[] {14}, 4),
                            new double[] {-8, -11, -6, -4},
                            -21);
            case TOP_K -> new Sample(new Discrete.TopK(3, 2), new double[] {3, 1, 2}, 3);
            case RANKING -> new Sample(new Discrete.Ranking(3), new double[] {3, 1, 2}, 10);
        };
    }
}

package io.argmind.solver.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.OracleSession;
import io.argmind.solver.Selection;
import io.argmind.testkit.Costs;
import io.argmind.testkit.Draw;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Cases whose answers are known by hand, and limits. */
class GraphOracleCasesTest {

    private static Selection solve(Discrete set, double... cost) {
        try (OracleSession session = new GraphOracle().open(set)) {
            return session.solve(cost, Limits.generous());
        }
    }

    private static Discrete path(boolean directed, int source, int target, int[]... edges) {
        int[] tails = Arrays.stream(edges).mapToInt(e -> e[0]).toArray();
        int[] heads = Arrays.stream(edges).mapToInt(e -> e[1]).toArray();
        return new Discrete.ShortestPath(new Graph(4, tails, heads), source, target, directed);
    }

    @Test
    void negativeCyclesCountOnTheWayOnly() {
        int[][] edges = {{0, 1}, {2, 3}, {3, 2}, {1, 2}, {3, 1}};
        assertThat(solve(path(true, 0, 1, edges[0], edges[1], edges[2]), 5, -1, -1).bound())
                .as("a cycle that the source cannot reach")
                .isEqualTo(5.0);
        assertThat(
                        solve(
                                        path(true, 0, 1, edges[0], edges[1], edges[2], edges[3]),
                                        5,
                                        -1,
                                        -1,
                                        0)
                                .x())
                .as("a cycle that cannot reach the target")
                .containsExactly(1, 0, 0, 0);
        Selection unbounded = solve(path(true, 0, 1, edges), 5, -1, -1, 0, 0);
        assertThat(unbounded.status()).isEqualTo(Status.UNBOUNDED);
        assertThat(unbounded.detail()).contains("negative cost");
    }

    @Test
    void cyclesOfNoCostAreNoReasonToStop() {
        // 0.1 + 0.2 - 0.3 is not 0 in double precision
        Discrete set = path(true, 0, 3, new int[][] {{0, 1}, {1, 2}, {2, 0}, {1, 3}});
        Selection answer = solve(set, 0.1, 0.2, -0.3, 1);
        assertThat(answer.status()).isEqualTo(Status.OPTIMAL);
        assertThat(answer.x()).containsExactly(1, 0, 0, 1);
    }

    @Test
    void sourceAsTarget() {
        assertThat(solve(path(true, 1, 1, new int[][] {{1, 2}, {2, 1}}), 1, -1).x())
                .containsExactly(0, 0);
        assertThat(solve(path(true, 1, 1, new int[][] {{1, 2}, {2, 1}}), 1, -2).status())
                .isEqualTo(Status.UNBOUNDED);
        assertThat(solve(path(false, 1, 1, new int[][] {{1, 2}}), -1e-30).status())
                .isEqualTo(Status.UNBOUNDED);
        assertThat(solve(path(true, 1, 1, new int[][] {{1, 1}}), -1e-30).status())
                .isEqualTo(Status.UNBOUNDED);
    }

    @Test
    void negativeCellsThatAreWorthADetour() {
        Discrete grid = new Discrete.GridShortestPath(2, 3, 4);
        assertThat(solve(grid, 3, 1, 4, 3, -0.5, 1).x()).containsExactly(1, 1, 0, 0, 1, 1);
        assertThat(solve(grid, 3, 1, 4, 3, -1.5, 1).detail()).contains("to and fro");
        assertThat(solve(new Discrete.GridShortestPath(1, 1, 8), -7).bound()).isEqualTo(-7.0);
    }

    @Test
    void tiesGoToTheSmallerIndex() {
        assertThat(solve(new Discrete.TopK(5, 2), 1, 0, 0, -0.0, 2).x())
                .containsExactly(0, 1, 1, 0, 0);
        assertThat(solve(new Discrete.Ranking(4), 1, 3, 1, 3).x()).containsExactly(3, 1, 4, 2);
    }

    @Test
    void knapsackEdges() {
        Discrete set =
                new Discrete.Knapsack(new double[][] {{0.1, 0.2, 0, 5}}, new double[] {0.3}, 4);
        assertThat(solve(set, -1, -1, -1, -100).x()).containsExactly(1, 1, 1, 0);
        assertThat(solve(set, 0, -0.0, 1, -100).x()).containsExactly(0, 0, 0, 0);
        Discrete empty = new Discrete.Knapsack(new double[][] {{1, 0}}, new double[] {0}, 2);
        assertThat(solve(empty, -1, -1).x()).containsExactly(0, 1);
    }

    @Test
    void matchingsOfOddOrSplitGraphs() {
        Graph triangle = new Graph(3, new int[] {0, 1, 2}, new int[] {1, 2, 0});
        assertThat(solve(new Discrete.Matching(triangle), 1, 1, 1).status())
                .isEqualTo(Status.INFEASIBLE);
        int[] tails = {0, 1, 2, 3, 4, 5};
        int[] heads = {1, 2, 0, 4, 5, 3};
        assertThat(
                        solve(new Discrete.Matching(new Graph(6, tails, heads)), 1, 1, 1, 1, 1, 1)
                                .status())
                .as("two triangles")
                .isEqualTo(Status.INFEASIBLE);
    }

    /** Weights that are nearly profits: bounds are of little use. */
    private static Discrete.Knapsack hard(int items, double[] cost) {
        Draw draw = new Draw(1);
        double[][] weights = new double[3][items];
        double[] capacities = new double[3];
        for (int j = 0; j < items; j++) {
            for (int r = 0; r < 3; r++) {
                weights[r][j] = draw.integer(1000, 2000);
                capacities[r] += weights[r][j] / 2;
                cost[j] -= weights[r][j] / 3;
            }
        }
        return new Discrete.Knapsack(weights, capacities, items);
    }

    @Test
    void limitsLeaveAnAnswerWithABound() {
        double[] cost = new double[120];
        Discrete.Knapsack set = hard(120, cost);
        try (OracleSession session = new GraphOracle().open(set)) {
            Selection byCount =
                    session.solve(cost, new Limits(1e-8, 5000, System.nanoTime() + (long) 1e11));
            Selection byTime =
                    session.solve(
                            cost, Limits.generous().withDeadline(System.nanoTime() + (long) 5e7));
            for (Selection answer : new Selection[] {byCount, byTime}) {
                assertThat(answer.status()).isEqualTo(Status.FEASIBLE);
                double objective = 0;
                double[] x = Objects.requireNonNull(answer.x());
                for (int j = 0; j < x.length; j++) {
                    objective += cost[j] * x[j];
                }
                assertThat(answer.bound()).isLessThan(objective).isGreaterThan(1.02 * objective);
            }
            assertThat(byCount.iterations()).isEqualTo(5000);
            assertThat(byTime.detail()).contains("time limit");
        }
    }

    @Test
    void cancelStopsASearch() throws InterruptedException {
        double[] cost = new double[120];
        Discrete.Knapsack set = hard(120, cost);
        CountDownLatch begun = new CountDownLatch(1);
        try (OracleSession session = new GraphOracle().open(set)) {
            Thread other =
                    new Thread(() -> {
                        try {
                            begun.await();
                            Thread.sleep(50);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        session.cancel();
                    });
            other.start();
            begun.countDown();
            Selection answer = session.solve(cost, Limits.generous());
            other.join();
            assertThat(answer.status()).isEqualTo(Status.FEASIBLE);
            assertThat(answer.detail()).isEqualTo("cancelled");
        }
    }

    @Test
    void costsBeyondDoublePrecisionAreSaidToBeSo() {
        Discrete set = path(true, 0, 2, new int[][] {{0, 1}, {1, 2}});
        assertThat(solve(set, 1.7e308, 1.7e308).status()).isEqualTo(Status.NUMERICAL_ERROR);
    }

    @Test
    void shortestToursOfNearlyEqualCosts() {
        Draw draw = new Draw(9);
        double[] cost = Costs.NEAR_TIES.draw(draw, 13 * 13);
        Selection answer = solve(new Discrete.Tour(13), cost);
        assertThat(answer.status()).isEqualTo(Status.OPTIMAL);
        assertThat(Arrays.stream(Objects.requireNonNull(answer.x())).sum()).isEqualTo(13.0);
    }

    @Test
    void assignmentsOfTheLargestNumbers() {
        double most = Double.MAX_VALUE;
        Discrete set = new Discrete.Assignment(3, 3);
        double[] costs = {most, -most, most, -most, -most, most, most, most, -most / 2};
        assertThat(solve(set, costs).x()).containsExactly(0, 1, 0, 1, 0, 0, 0, 0, 1);
        costs[4] = Double.NaN;
        assertThat(solve(set, costs).status()).isEqualTo(Status.NUMERICAL_ERROR);
        costs[4] = Double.NEGATIVE_INFINITY;
        assertThat(solve(set, costs).status()).isEqualTo(Status.NUMERICAL_ERROR);
    }
}

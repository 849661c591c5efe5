package io.argmind.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Graph;
import io.argmind.problem.discrete.Kind;
import io.argmind.solution.Status;
import io.argmind.solver.graph.GraphOracle;
import io.argmind.solver.graph.JgraphtOracle;
import io.argmind.solver.ortools.discrete.CpSatOracle;
import io.argmind.solver.ortools.discrete.OrToolsGraphOracle;
import io.argmind.solver.ortools.discrete.OrToolsKnapsackOracle;
import io.argmind.testkit.Costs;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Exactly;
import io.argmind.testkit.Sets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jgrapht.alg.shortestpath.BellmanFordShortestPath;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedWeightedPseudograph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sets too large to enumerate: independent oracles must find equally good answers. */
class OracleAgreementTest {
    private static final Oracle OURS = new GraphOracle();
    private static final List<Oracle> OTHERS =
            List.of(
                    new JgraphtOracle(),
                    new OrToolsGraphOracle(),
                    new OrToolsKnapsackOracle(),
                    new CpSatOracle());

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ASSIGNMENT", "MATCHING", "MIN_COST_FLOW", "SPANNING_TREE", "KNAPSACK", "TSP"})
    void oraclesAgree(Kind kind) {
        int seeds = kind == Kind.TSP ? 4 : 25;
        for (int seed = 0; seed < seeds; seed++) {
            Draw draw = new Draw(17L * seed + kind.key().hashCode());
            Discrete set = Sets.medium(kind, draw);
            for (Costs costs : Costs.values()) {
                double[] cost = costs.draw(draw, set.length());
                for (Oracle other : OTHERS) {
                    if (other.kinds().contains(kind)
                            && other.refuse(set).isEmpty()
                            && !isHardFor(other, set)) {
                        compare(set, cost, other, kind + " " + seed + " " + costs);
                    }
                }
            }
        }
    }

    /** OR-Tools' branch and bound has a weak bound for several capacities. */
    private static boolean isHardFor(Oracle other, Discrete set) {
        return other instanceof OrToolsKnapsackOracle
                && set instanceof Discrete.Knapsack k
                && k.capacities().length > 1
                && k.items() > 20;
    }

    private static void compare(Discrete set, double[] cost, Oracle other, String name) {
        Selection ours = solve(OURS, set, cost);
        Selection theirs = solve(other, set, cost);
        assertThat(theirs.status()).as("%s %s", name, other.name()).isEqualTo(ours.status());
        if (ours.status() != Status.OPTIMAL) {
            return;
        }
        double[] x = Objects.requireNonNull(ours.x());
        double[] y = Objects.requireNonNull(theirs.x());
        double largest = Arrays.stream(cost).map(Math::abs).max().orElse(0);
        double difference = Exactly.cost(cost, x).subtract(Exactly.cost(cost, y)).doubleValue();
        double scale = Exactly.scale(cost, x);
        String what = name + " " + other.name();
        assertThat(difference).as(what).isLessThanOrEqualTo(1e-12 * scale);
        assertThat(-difference).as(what).isLessThanOrEqualTo(1e-12 * scale + 1e-9 * largest);
    }

    private static Selection solve(Oracle oracle, Discrete set, double[] cost) {
        try (OracleSession session = oracle.open(set)) {
            return session.solve(cost, Limits.generous());
        }
    }

    /** With potentials that shift costs below zero, but no cycle. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void shortestPathsAgreeWithJgrapht(boolean negative) {
        for (int seed = 0; seed < 200; seed++) {
            Draw draw = new Draw(seed);
            int n = draw.integer(2, 60);
            Graph graph = Sets.graph(draw, n, draw.integer(n, 5 * n));
            double[] potential = draw.gaussians(n);
            double[] cost = Costs.NONNEGATIVE.draw(draw, graph.edges());
            var other = new DirectedWeightedPseudograph<Integer, DefaultEdge>(DefaultEdge.class);
            for (int v = 0; v < n; v++) {
                other.addVertex(v);
            }
            for (int e = 0; e < cost.length; e++) {
                int tail = graph.tails()[e];
                int head = graph.heads()[e];
                cost[e] += negative ? potential[tail] - potential[head] : 0;
                other.setEdgeWeight(other.addEdge(tail, head), cost[e]);
            }
            var path = new BellmanFordShortestPath<>(other).getPath(0, n - 1);
            Selection ours = solve(OURS, new Discrete.ShortestPath(graph, 0, n - 1, true), cost);
            if (path == null) {
                assertThat(ours.status()).isEqualTo(Status.INFEASIBLE);
            } else {
                assertThat(ours.status()).isEqualTo(Status.OPTIMAL);
                double[] x = Objects.requireNonNull(ours.x());
                assertThat(Exactly.cost(cost, x).doubleValue() - path.getWeight())
                        .as("seed %s", seed)
                        .isBetween(-1e-9, 1e-12);
            }
        }
    }

    /** The same grid as a graph whose edges cost what the cells cost that they enter. */
    @ParameterizedTest
    @EnumSource(
            value = Costs.class,
            names = {"NONNEGATIVE", "NONNEGATIVE_INTEGER", "FORBIDDING"})
    void gridsAgreeWithTheirGraphs(Costs costs) {
        for (int seed = 0; seed < 100; seed++) {
            Draw draw = new Draw(seed);
            var grid = (Discrete.GridShortestPath) Sets.medium(Kind.GRID_SHORTEST_PATH, draw);
            int cells = grid.length();
            double[] cost = costs.draw(draw, cells);
            int[] tails = new int[cells * cells];
            int[] heads = new int[cells * cells];
            int count = 0;
            for (int a = 0; a < cells; a++) {
                for (int b = 0; b < cells; b++) {
                    int rows = Math.abs(a / grid.width() - b / grid.width());
                    int cols = Math.abs(a % grid.width() - b % grid.width());
                    boolean near =
                            grid.neighbourhood() == 4
                                    ? rows + cols == 1
                                    : Math.max(rows, cols) == 1;
                    if (near) {
                        tails[count] = a;
                        heads[count++] = b;
                    }
                }
            }
            int[] to = Arrays.copyOf(heads, count);
            Graph graph = new Graph(cells, Arrays.copyOf(tails, count), to);
            double[] entering = new double[count];
            Arrays.setAll(entering, e -> cost[to[e]]);
            Selection asGraph =
                    solve(OURS, new Discrete.ShortestPath(graph, 0, cells - 1, true), entering);
            Selection asGrid = solve(OURS, grid, cost);
            double expected = asGraph.bound() + cost[0];
            assertThat(asGrid.bound())
                    .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-12 * expected));
        }
    }
}

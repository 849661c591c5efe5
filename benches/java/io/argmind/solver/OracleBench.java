package io.argmind.solver;

import io.argmind.problem.discrete.Discrete;
import io.argmind.solver.graph.GraphOracle;
import io.argmind.solver.ortools.discrete.CpSatOracle;
import io.argmind.solver.ortools.discrete.OrToolsGraphOracle;
import io.argmind.solver.ortools.discrete.OrToolsKnapsackOracle;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One instance with random costs through an open session, by the oracles that can do it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OracleBench {
    private static final int INSTANCES = 64;

    @Param({
        "graph grid 12",
        "graph assignment 20",
        "ortools-graph assignment 20",
        "graph knapsack 50",
        "ortools-knapsack knapsack 50",
        "ortools-cp-sat knapsack 50",
        "graph tsp 8",
        "ortools-cp-sat tsp 8",
        "graph tsp 12",
        "ortools-cp-sat tsp 12"
    })
    String task = "";

    private final double[][] costs = new double[INSTANCES][];
    private OracleSession session = (cost, limits) -> Selection.optimal(cost, 0, 0);
    private int next;

    @Setup
    public void setUp() {
        String[] words = task.split(" ", -1);
        int size = Integer.parseInt(words[2]);
        Random random = new Random(size);
        Discrete set =
                switch (words[1]) {
                    case "grid" -> new Discrete.GridShortestPath(size, size, 8);
                    case "assignment" -> new Discrete.Assignment(size, size);
                    case "knapsack" -> knapsack(size, random);
                    case "tsp" -> new Discrete.Tour(size);
                    default -> throw new IllegalArgumentException(words[1]);
                };
        double sign = words[1].equals("knapsack") ? -1 : 1;
        for (int i = 0; i < INSTANCES; i++) {
            costs[i] = random.doubles(set.length()).map(v -> sign * (0.1 + v)).toArray();
        }
        Oracle oracle =
                List.of(
                                new GraphOracle(),
                                new OrToolsGraphOracle(),
                                new OrToolsKnapsackOracle(),
                                new CpSatOracle())
                        .stream()
                        .filter(o -> o.name().equals(words[0]))
                        .findFirst()
                        .orElseThrow();
        session = oracle.open(set);
    }

    private static Discrete knapsack(int items, Random random) {
        double[][] weights = new double[2][];
        double[] capacities = new double[2];
        for (int k = 0; k < 2; k++) {
            weights[k] = random.ints(items, 10, 100).asDoubleStream().toArray();
            capacities[k] = 0.5 * random.ints(items, 10, 100).sum();
        }
        return new Discrete.Knapsack(weights, capacities, items);
    }

    @TearDown
    public void tearDown() {
        session.close();
    }

    @Benchmark
    public Selection solve() {
        next = (next + 1) % INSTANCES;
        return session.solve(costs[next], Limits.generous());
    }
}

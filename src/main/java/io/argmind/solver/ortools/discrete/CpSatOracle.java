package io.argmind.solver.ortools.discrete;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import io.argmind.solver.ortools.OrToolsLibrary;
import java.util.Optional;
import java.util.Set;

/** CP-SAT for tours, by its circuit constraint, and for knapsacks with weights on a grid. */
public final class CpSatOracle implements Oracle {

    private final String version = OrToolsLibrary.version();

    @Override
    public String name() {
        return "ortools-cp-sat";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Set<Kind> kinds() {
        return Set.of(Kind.TSP, Kind.KNAPSACK);
    }

    @Override
    public String notes() {
        return "Constraint programming; costs are rounded to "
                + CpSatRun.BITS
                + " bits, tours start from a local search and always have one to show at a time limit.";
    }

    @Override
    public Optional<String> refuse(Discrete set) {
        return set instanceof Discrete.Knapsack k && IntegerKnapsack.of(k) == null
                ? Optional.of(IntegerKnapsack.OBSTACLE)
                : Optional.empty();
    }

    @Override
    public double estimateSeconds(Discrete set) {
        return switch (set) {
            case Discrete.Tour s -> 1e-3 + 2.4e-6 * Math.pow(s.nodes(), 3);
            case Discrete.Knapsack s when s.capacities().length > 1 ->
                    1e-3 + 1.2e-4 * s.capacities().length * s.items();
            default -> 4e-4 + 1e-5 * set.length();
        };
    }

    @Override
    public OracleSession open(Discrete set) {
        OrToolsLibrary.load();
        return switch (set) {
            case Discrete.Tour s -> new CpSatTourSession(s.nodes());
            case Discrete.Knapsack s -> new CpSatKnapsackSession(IntegerKnapsack.of(s));
            default ->
                    throw new IllegalArgumentException("not a kind of this oracle: " + set.kind());
        };
    }
}

package io.argmind.solver.ortools.discrete;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import io.argmind.solver.ortools.OrToolsLibrary;
import java.util.Optional;
import java.util.Set;

/** OR-Tools' branch and bound for knapsacks with weights on a grid. */
public final class OrToolsKnapsackOracle implements Oracle {

    private final String version = OrToolsLibrary.version();

    @Override
    public String name() {
        return "ortools-knapsack";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Set<Kind> kinds() {
        return Set.of(Kind.KNAPSACK);
    }

    @Override
    public String notes() {
        return "Branch and bound in 64-bit integers, for weights that are integers after scaling; profits are rounded to "
                + KnapsackSolverSession.BITS
                + " bits.";
    }

    @Override
    public Optional<String> refuse(Discrete set) {
        return set instanceof Discrete.Knapsack k && IntegerKnapsack.of(k) == null
                ? Optional.of(IntegerKnapsack.OBSTACLE)
                : Optional.empty();
    }

    /** It keeps time limits, but nobody can stop it before. */
    @Override
    public boolean interruptible() {
        return false;
    }

    /** Its bound is good for one capacity; with more it comes close to trying everything. */
    @Override
    public double estimateSeconds(Discrete set) {
        int n = set.length();
        boolean one = set instanceof Discrete.Knapsack k && k.capacities().length <= 1;
        return 1e-6 + (one ? 6e-7 * n : Math.min(100, 1e-6 * n * Math.pow(2, n / 4.0)));
    }

    @Override
    public OracleSession open(Discrete set) {
        OrToolsLibrary.load();
        if (!(set instanceof Discrete.Knapsack k)) {
            throw new IllegalArgumentException("not a kind of this oracle: " + set.kind());
        }
        return new KnapsackSolverSession(IntegerKnapsack.of(k));
    }
}

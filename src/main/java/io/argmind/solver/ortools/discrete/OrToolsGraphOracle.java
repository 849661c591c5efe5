package io.argmind.solver.ortools.discrete;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import io.argmind.solver.ortools.OrToolsLibrary;
import java.util.Optional;
import java.util.Set;

/**
 * OR-Tools' graph algorithms: push-relabel by cost scaling for assignment (Goldberg and Kennedy,
 * 1995) and for flows of least cost. They work in 64-bit integers; see the sessions for what
 * rounding does.
 */
public final class OrToolsGraphOracle implements Oracle {

    private final String version = OrToolsLibrary.version();

    @Override
    public String name() {
        return "ortools-graph";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Set<Kind> kinds() {
        return Set.of(Kind.ASSIGNMENT, Kind.MIN_COST_FLOW);
    }

    @Override
    public String notes() {
        return "Cost scaling in 64-bit integers: costs are rounded to as many bits as its arithmetic has room for, 53 for a few"
                + " nodes and 44 for a hundred. Cannot be interrupted.";
    }

    @Override
    public Optional<String> refuse(Discrete set) {
        if (set instanceof Discrete.Assignment a && Math.min(a.rows(), a.cols()) == 0) {
            return Optional.of("it takes at least one row and one column");
        }
        return Optional.empty();
    }

    @Override
    public boolean interruptible() {
        return false;
    }

    @Override
    public double estimateSeconds(Discrete set) {
        if (set instanceof Discrete.MinCostFlow s) {
            return 2e-5 + 3.6e-7 * Math.pow(s.graph().edges(), 1.33);
        }
        return set instanceof Discrete.Assignment s
                ? 2e-6 + 1.3e-7 * Math.pow(Math.max(s.rows(), s.cols()), 2)
                : Double.POSITIVE_INFINITY;
    }

    @Override
    public OracleSession open(Discrete set) {
        OrToolsLibrary.load();
        return switch (set) {
            case Discrete.Assignment s -> new LinearAssignmentSession(s);
            case Discrete.MinCostFlow s -> new CostScalingFlowSession(s);
            default ->
                    throw new IllegalArgumentException("not a kind of this oracle: " + set.kind());
        };
    }
}

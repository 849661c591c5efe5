package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import java.util.Optional;
import java.util.Set;
import org.jgrapht.Graph;

/** JGraphT's Blossom V and Kruskal, as a second opinion. */
public final class JgraphtOracle implements Oracle {

    /** Blossom V cannot be interrupted; this many edges take it seconds at most. */
    private static final int MOST_EDGES = 100_000;

    @Override
    public String name() {
        return "jgrapht";
    }

    @Override
    public String version() {
        String version = Graph.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    @Override
    public Set<Kind> kinds() {
        return Set.of(Kind.MATCHING, Kind.SPANNING_TREE);
    }

    @Override
    public String notes() {
        return "Blossom V on costs that are rounded to "
                + JgraphtMatchingSession.BITS
                + " bits, and Kruskal's algorithm. Cannot be interrupted.";
    }

    @Override
    public Optional<String> refuse(Discrete set) {
        return set.length() > MOST_EDGES
                ? Optional.of("it takes at most " + MOST_EDGES + " edges, got " + set.length())
                : Optional.empty();
    }

    @Override
    public boolean interruptible() {
        return false;
    }

    @Override
    public double estimateSeconds(Discrete set) {
        return switch (set) {
            case Discrete.Matching s -> 1e-5 + 4e-6 * s.graph().nodes() + 4.5e-7 * set.length();
            default -> 2e-5 + 7e-7 * set.length();
        };
    }

    @Override
    public OracleSession open(Discrete set) {
        return switch (set) {
            case Discrete.Matching s -> new JgraphtMatchingSession(s.graph());
            case Discrete.SpanningTree s -> new JgraphtTreeSession(s.graph());
            default ->
                    throw new IllegalArgumentException("not a kind of this oracle: " + set.kind());
        };
    }
}

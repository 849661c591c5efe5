package io.argmind.solver.graph;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Discrete.Assignment;
import io.argmind.problem.discrete.Discrete.GridShortestPath;
import io.argmind.problem.discrete.Discrete.Knapsack;
import io.argmind.problem.discrete.Discrete.Matching;
import io.argmind.problem.discrete.Discrete.MinCostFlow;
import io.argmind.problem.discrete.Discrete.Ranking;
import io.argmind.problem.discrete.Discrete.ShortestPath;
import io.argmind.problem.discrete.Discrete.SpanningTree;
import io.argmind.problem.discrete.Discrete.TopK;
import io.argmind.problem.discrete.Discrete.Tour;
import io.argmind.problem.discrete.Kind;
import io.argmind.solver.Oracle;
import io.argmind.solver.OracleSession;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Exact algorithms of our own for every kind, in plain Java and double precision. */
public final class GraphOracle implements Oracle {

    @Override
    public String name() {
        return "graph";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Set<Kind> kinds() {
        return EnumSet.allOf(Kind.class);
    }

    @Override
    public String notes() {
        return "Exact algorithms in plain Java: Dijkstra, Bellman-Ford, shortest augmenting paths, blossoms, network simplex,"
                + " Kruskal, Held-Karp up to "
                + HeldKarpSession.MOST_NODES
                + " nodes, branch and bound for knapsacks.";
    }

    @Override
    public Optional<String> refuse(Discrete set) {
        return set instanceof Tour tour && tour.nodes() > HeldKarpSession.MOST_NODES
                ? Optional.of(
                        "dynamic programming over sets of nodes takes at most "
                                + HeldKarpSession.MOST_NODES
                                + " nodes, got "
                                + tour.nodes())
                : Optional.empty();
    }

    @Override
    public double estimateSeconds(Discrete set) {
        return Estimates.seconds(set);
    }

    @Override
    public OracleSession open(Discrete set) {
        return switch (set) {
            case ShortestPath s -> new ShortestPathSession(s);
            case GridShortestPath s -> new GridPathSession(s);
            case Assignment s -> new AssignmentSession(s);
            case Matching s -> new MatchingSession(s);
            case MinCostFlow s -> new FlowSession(s);
            case SpanningTree s -> new SpanningTreeSession(s);
            case Tour s -> new HeldKarpSession(s.nodes());
            case Knapsack s -> new KnapsackSession(s);
            case TopK s -> new OrderSession(s);
            case Ranking s -> new OrderSession(s);
        };
    }
}

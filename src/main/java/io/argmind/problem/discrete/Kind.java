package io.argmind.problem.discrete;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The combinatorial kinds, by the {@code type} that selects them. */
public enum Kind {
    SHORTEST_PATH(1),
    GRID_SHORTEST_PATH(2),
    ASSIGNMENT(2),
    MATCHING(1),
    MIN_COST_FLOW(1),
    SPANNING_TREE(1),
    TSP(2),
    KNAPSACK(1),
    TOP_K(1),
    RANKING(1);

    /** What every kind has, and the only thing that a gradient may be asked for. */
    public static final String COST = "cost";

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final int costRank;

    Kind(int costRank) {
        this.costRank = costRank;
    }

    /** The name on the wire. */
    public String key() {
        return key;
    }

    /** The axes of one instance's costs. */
    public int costRank() {
        return costRank;
    }

    /** The names of the fields that make the set, without the costs. */
    public List<String> fields() {
        return switch (this) {
            case SHORTEST_PATH -> List.of("edges", "nodes", "source", "target", "directed");
            case GRID_SHORTEST_PATH -> List.of("neighbourhood");
            case MATCHING, SPANNING_TREE -> List.of("edges", "nodes");
            case MIN_COST_FLOW -> List.of("edges", "nodes", "capacity", "supply");
            case KNAPSACK -> List.of("weights", "capacities");
            case TOP_K -> List.of("k");
            case ASSIGNMENT, TSP, RANKING -> List.of();
        };
    }

    /** Whether perturbed costs are clamped at 0 where they have no shortest path. */
    public boolean isPath() {
        return this == SHORTEST_PATH || this == GRID_SHORTEST_PATH;
    }

    public static Optional<Kind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findFirst();
    }
}

package io.argmind.problem.discrete;

import java.util.Locale;

/** The combinatorial kinds, by the {@code type} that selects them. */
public enum Kind {
    SHORTEST_PATH,
    GRID_SHORTEST_PATH,
    ASSIGNMENT,
    MATCHING,
    MIN_COST_FLOW,
    SPANNING_TREE,
    TSP,
    KNAPSACK,
    TOP_K,
    RANKING;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name on the wire. */
    public String key() {
        return key;
    }
}

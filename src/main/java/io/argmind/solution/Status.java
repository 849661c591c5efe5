package io.argmind.solution;

import java.util.Locale;

/** How the solve of one instance ended, after verification. */
public enum Status {
    /** The optimality conditions hold to the tolerance. */
    OPTIMAL,
    /** A limit ended the solve; x is feasible, perhaps not optimal. */
    FEASIBLE,
    /** No x satisfies the constraints: shown by a certificate or confirmed by a second solve. */
    INFEASIBLE,
    /** Feasible, and the objective falls without end: shown by a ray. */
    UNBOUNDED,
    ITERATION_LIMIT,
    TIME_LIMIT,
    /** The solver gave up, or its answer did not pass verification. */
    NUMERICAL_ERROR;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name on the wire. */
    public String key() {
        return key;
    }

    /** Whether an instance with this status has x. */
    public boolean hasSolution() {
        return this == OPTIMAL || this == FEASIBLE;
    }
}

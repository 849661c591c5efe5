package io.argmind.solver.interior.cone;

/** How a solve ended. */
public enum ConicStatus {
    OPTIMAL,
    /** y, z, zBox are a certificate. */
    INFEASIBLE,
    /** x is a ray along which the objective falls forever. */
    UNBOUNDED,
    ITERATION_LIMIT,
    TIME_LIMIT,
    CANCELLED,
    /** No further progress; the point is the best one found and may be nearly optimal. */
    NUMERICAL_ERROR
}

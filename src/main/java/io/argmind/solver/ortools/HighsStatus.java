package io.argmind.solver.ortools;

/** HiGHS' model statuses, as far as we tell them apart. */
enum HighsStatus {
    OPTIMAL,
    INFEASIBLE,
    UNBOUNDED_OR_INFEASIBLE,
    UNBOUNDED,
    TIME_LIMIT,
    /** Of iterations or of nodes. */
    ITERATION_LIMIT,
    CANCELLED,
    /** Errors of loading, presolve, solve or postsolve, and "unknown". */
    UNDECIDED;

    static HighsStatus of(int modelStatus) {
        return switch (modelStatus) {
            case 7 -> OPTIMAL;
            case 8 -> INFEASIBLE;
            case 9 -> UNBOUNDED_OR_INFEASIBLE;
            case 10 -> UNBOUNDED;
            case 13 -> TIME_LIMIT;
            case 14, 16 -> ITERATION_LIMIT;
            case 17 -> CANCELLED;
            default -> UNDECIDED;
        };
    }
}

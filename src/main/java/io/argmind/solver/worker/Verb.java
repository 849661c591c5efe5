package io.argmind.solver.worker;

/** What a worker is told; each message is {@link Wire#MARK}, the verb, and what the verb needs. */
enum Verb {
    /** (session, name of the solver). */
    OPEN_SOLVER,
    /** (session, name of the oracle, set). */
    OPEN_ORACLE,
    /** (session, number, limits, program, guess); answered. */
    SOLVE,
    /** (session, number, limits, program); answered. */
    RESOLVE,
    /** (session, number, limits, costs); answered. */
    MINIMIZE,
    /** (session). */
    CLOSE
}

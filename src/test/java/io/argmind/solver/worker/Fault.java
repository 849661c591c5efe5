package io.argmind.solver.worker;

import java.util.List;

/** What {@link FaultySolver} does to its process, by the first cost of the program. */
enum Fault {
    /** Writes to address 0. */
    SEGV,
    /** As glog and assertions of native code do. */
    ABORT,
    EXIT,
    HALT,
    OUT_OF_MEMORY,
    /** Writes to the socket of the worker, as code with a wrong file descriptor. */
    GARBLE,
    /** Ignores limits and cancellations. */
    HANG,
    /** Takes until its deadline, or until it is cancelled. */
    SLEEP,
    /** Throws. */
    THROW,
    /** Prints a lot, and then solves. */
    CHATTER,
    /** SEGV for the first process that gets it; later ones solve. */
    SEGV_ONCE,
    /** SLEEP for the first process that gets it; later ones solve. */
    SLEEP_ONCE;

    double cost() {
        return -(8000 + List.of(values()).indexOf(this));
    }
}

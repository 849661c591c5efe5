package io.argmind.solver;

import io.argmind.problem.discrete.Discrete;
import io.argmind.problem.discrete.Kind;
import java.util.Optional;
import java.util.Set;

/**
 * A back-end for combinatorial kinds. Implementations are immutable and shared by all threads; the
 * work happens in thread-confined {@link OracleSession}s.
 */
public interface Oracle {

    /** On the wire, such as {@code graph}. */
    String name();

    String version();

    Set<Kind> kinds();

    /** A sentence for people, for {@code GET /solvers}. */
    String notes();

    /**
     * Why this set cannot be given to this back-end although it knows the kind; empty if it can.
     */
    default Optional<String> refuse(Discrete set) {
        return Optional.empty();
    }

    /**
     * Whether its sessions keep deadlines and stop when they are cancelled; {@code auto} takes no
     * others.
     */
    default boolean interruptible() {
        return true;
    }

    /** Whether its sessions work in other processes, which they may take with them. */
    default boolean isolated() {
        return false;
    }

    /** The seconds that one instance is expected to take on one core, from measurements. */
    double estimateSeconds(Discrete set);

    /**
     * Opens a session for one set on the calling thread; what depends on the set alone (graphs,
     * orders) is built here, once.
     */
    OracleSession open(Discrete set);
}

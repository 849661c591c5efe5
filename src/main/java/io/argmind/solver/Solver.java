package io.argmind.solver;

import io.argmind.problem.Program;
import java.util.Optional;

/**
 * A back-end. Implementations are immutable and shared by all threads; the work happens in
 * thread-confined {@link Session}s.
 *
 * <p>Backend exceptions never leave a back-end: outcomes are statuses in the claim.
 */
public interface Solver {

    Capabilities capabilities();

    default String name() {
        return capabilities().name();
    }

    /**
     * Why this program cannot be given to this back-end although it solves the class; empty if it
     * can.
     *
     * @param program one whose class is among the capabilities
     */
    default Optional<String> refuse(Program program) {
        return Optional.empty();
    }

    /**
     * The seconds that a cold solve is expected to take on one core, from measurements; {@code
     * auto} takes the least.
     *
     * @param program one whose class is among the capabilities
     */
    double estimateSeconds(Program program);

    /**
     * How many programs of one structure it likes to be given at once; more than one where it
     * solves them side by side.
     */
    default int width() {
        return 1;
    }

    /** Whether its sessions know how solutions move; see {@link Session#directions}. */
    default boolean givesDirections() {
        return false;
    }

    /** Whether its sessions work in other processes, which they may take with them. */
    default boolean isolated() {
        return false;
    }

    /** Opens a session for use on the calling thread alone. */
    Session open();
}

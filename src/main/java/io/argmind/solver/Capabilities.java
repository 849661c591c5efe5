package io.argmind.solver;

import io.argmind.problem.ProblemClass;
import java.util.Set;

/**
 * What a back-end can be trusted with. Solvers are told apart by this, never by name.
 *
 * @param name on the wire, such as {@code ortools-glop}
 * @param version of the library behind it
 * @param classes what it solves
 * @param limited the classes in which it keeps time limits and can be interrupted; in others {@code
 *     auto} does not use it
 * @param duals which multipliers it gives for continuous programs
 * @param warmStart how it goes on from what is known
 * @param certificates whether it proves infeasibility and unboundedness itself
 * @param nonconvex whether it solves programs whose P has negative eigenvalues
 * @param notes a sentence for people, for {@code GET /solvers}
 */
public record Capabilities(
        String name,
        String version,
        Set<ProblemClass> classes,
        Set<ProblemClass> limited,
        Duals duals,
        WarmStarts warmStart,
        boolean certificates,
        boolean nonconvex,
        String notes) {

    /** Which multipliers a back-end gives. */
    public enum Duals {
        NONE,
        ROWS,
        ROWS_AND_BOUNDS
    }

    /** How a back-end goes on from what is known. */
    public enum WarmStarts {
        /** Every solve is cold. */
        NONE,
        /** {@link Session#resolve} goes on from the last optimum. */
        SAME_SESSION,
        /** Also from a {@link WarmStart} that the caller brings. */
        EXPLICIT
    }

    public Capabilities {
        classes = Set.copyOf(classes);
        limited = Set.copyOf(limited);
    }

    public boolean solves(ProblemClass problemClass) {
        return classes.contains(problemClass);
    }

    /** Whether {@code auto} may pick it for a class. */
    public boolean isSafeFor(ProblemClass problemClass) {
        return classes.contains(problemClass) && limited.contains(problemClass);
    }
}

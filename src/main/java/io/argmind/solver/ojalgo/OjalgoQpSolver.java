package io.argmind.solver.ojalgo;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Optional;
import java.util.Set;

/**
 * Convex quadratic programs by ojAlgo's direct active set or, from {@link QpSession#CROSSOVER}
 * variables on, its ADMM.
 */
public final class OjalgoQpSolver implements Solver {
    /** ojAlgo takes P dense, and copies it. */
    private static final int MOST_VARIABLES = 3000;

    /** Before its first iteration ADMM factors, which no limit ends: 0.2 s for this many. */
    private static final int MOST_ENTRIES = 250_000;

    private static final Capabilities CAPABILITIES =
            new Capabilities(
                    "ojalgo-qp",
                    Run.version(),
                    Set.of(ProblemClass.QP),
                    Set.of(ProblemClass.QP),
                    Capabilities.Duals.ROWS_AND_BOUNDS,
                    Capabilities.WarmStarts.EXPLICIT,
                    false,
                    false,
                    "Active set (few variables) and ADMM (many) of ojAlgo, pure Java, each checked and helped out by the other.");

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Optional<String> refuse(Program program) {
        if (program.n() > MOST_VARIABLES) {
            return Optional.of(
                    "ojalgo-qp takes at most "
                            + MOST_VARIABLES
                            + " variables, because it stores P densely");
        }
        return entries(program) > MOST_ENTRIES
                ? Optional.of(
                        "ojalgo-qp takes at most "
                                + MOST_ENTRIES
                                + " entries in P, A and G, because it could not keep time limits")
                : Optional.empty();
    }

    private static double entries(Program program) {
        return (double) program.P().nnz() + program.A().nnz() + program.G().nnz();
    }

    /**
     * The active set solves a dense system per change of it; ADMM's time is mostly its factor and,
     * if that is sparse, copying P.
     */
    @Override
    public double estimateSeconds(Program program) {
        double n = program.n();
        double rows = program.p() + program.m();
        return n < QpSession.CROSSOVER
                ? 1.5e-4 + 4e-8 * n * n * (n + rows)
                : 2e-4 + 1e-7 * n * n + 1.5e-6 * entries(program);
    }

    @Override
    public Session open() {
        return new QpSession();
    }
}

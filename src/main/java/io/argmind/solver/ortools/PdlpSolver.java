package io.argmind.solver.ortools;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Optional;
import java.util.Set;

/**
 * PDLP, the first-order method of OR-Tools for large linear programs, also with a diagonal
 * quadratic objective.
 */
public final class PdlpSolver implements Solver {
    private final Capabilities capabilities;

    public PdlpSolver() {
        this.capabilities =
                new Capabilities(
                        "ortools-pdlp",
                        OrToolsLibrary.version(),
                        Set.of(ProblemClass.LP, ProblemClass.QP),
                        Set.of(ProblemClass.LP),
                        Capabilities.Duals.ROWS_AND_BOUNDS,
                        Capabilities.WarmStarts.NONE,
                        false,
                        false,
                        "First-order method for large sparse programs; answers are not vertices. Quadratic objectives must"
                                + " be diagonal, and their solves cannot be interrupted.");
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Optional<String> refuse(Program program) {
        if (!program.P().isDiagonal()) {
            return Optional.of("P has entries off its diagonal; PDLP takes diagonal P only");
        }
        for (double d : program.P().diagonal()) {
            if (d < 0) {
                return Optional.of(
                        "P has a negative entry on its diagonal; PDLP takes convex programs only");
            }
        }
        return Optional.empty();
    }

    /** 0.5 ms + 3 us per entry, more with many rows. */
    @Override
    public double estimateSeconds(Program program) {
        double rows = (double) program.p() + program.m();
        double entries = (double) program.A().nnz() + program.G().nnz() + program.n();
        return 5e-4 + 3e-6 * entries * (1 + rows / 100);
    }

    @Override
    public Session open() {
        return new PdlpSession();
    }
}

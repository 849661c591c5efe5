package io.argmind.solver.ortools;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Set;

/**
 * GLOP, the revised simplex method of OR-Tools: vertices, exact to rounding, with all multipliers;
 * re-solves go on from the last basis.
 */
public final class GlopSolver implements Solver {
    private final Capabilities capabilities;

    public GlopSolver() {
        this.capabilities =
                new Capabilities(
                        "ortools-glop",
                        OrToolsLibrary.version(),
                        Set.of(ProblemClass.LP),
                        Set.of(ProblemClass.LP),
                        Capabilities.Duals.ROWS_AND_BOUNDS,
                        Capabilities.WarmStarts.SAME_SESSION,
                        false,
                        false,
                        "Revised simplex; answers are vertices. Re-solves with other costs or right-hand sides start"
                                + " from the last basis.");
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /** Iterations, about 1.2 rows^1.13, times 10 us + 2.3 ns per entry + 80 ns per row. */
    @Override
    public double estimateSeconds(Program program) {
        double rows = (double) program.p() + program.m();
        double entries = (double) program.A().nnz() + program.G().nnz();
        double iterations = 1 + 1.2 * Math.pow(rows, 1.13);
        return 4e-5 + iterations * (1e-5 + 2.3e-9 * entries + 8e-8 * rows);
    }

    @Override
    public Session open() {
        return new GlopSession();
    }
}

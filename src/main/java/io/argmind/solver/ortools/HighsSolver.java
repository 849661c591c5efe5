package io.argmind.solver.ortools;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Set;

/**
 * HiGHS: simplex, branch and cut, and an active-set method for quadratic objectives. It is called
 * through its C functions in the native library of OR-Tools, since OR-Tools' own Java classes give
 * no HiGHS duals, no bases and no rays.
 */
public final class HighsSolver implements Solver {
    private final Capabilities capabilities;

    /**
     * Links HiGHS.
     *
     * @throws IllegalStateException with the reason if that is impossible
     */
    public HighsSolver() {
        this.capabilities =
                new Capabilities(
                        "ortools-highs",
                        HighsLibrary.version(),
                        Set.of(ProblemClass.LP, ProblemClass.QP, ProblemClass.MILP),
                        Set.of(ProblemClass.LP, ProblemClass.QP, ProblemClass.MILP),
                        Capabilities.Duals.ROWS_AND_BOUNDS,
                        Capabilities.WarmStarts.EXPLICIT,
                        true,
                        false,
                        "Simplex with certificates, and branch and cut; guesses become bases and incumbents."
                                + " Its QP method suits up to some 200 variables and knows no warm start; it stops between"
                                + " slices of its work.");
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /** Fitted to dense random programs with 10 to 500 variables, networks and Sudokus. */
    @Override
    public double estimateSeconds(Program program) {
        double n = program.n();
        double rows = (double) program.p() + program.m();
        double nnz = (double) program.A().nnz() + program.G().nnz();
        double node = 5e-5 + (n + rows) * (5e-6 + 8e-10 * nnz);
        return switch (program.problemClass()) {
            case LP -> 3e-4 + 1e-6 * n + pivots(program) * (1.5e-5 + 4e-9 * nnz);
            case QP -> 4e-4 + n * n * (1e-7 + 5e-8 * rows);
            case MILP, MIQP -> 3e-3 + node * (10 + program.integers().length);
            case CONIC -> Double.POSITIVE_INFINITY;
        };
    }

    /**
     * Of the dual simplex method: about one for every equality of a network, three where variables
     * are in several of them (Sudokus), and few for inequalities.
     */
    private static double pivots(Program program) {
        double rowsOfOne = (double) program.A().nnz() / Math.max(1, program.n());
        return program.p() * Math.clamp(rowsOfOne - 1, 1, 3) + 0.3 * program.m();
    }

    @Override
    public Session open() {
        return new HighsSession();
    }
}

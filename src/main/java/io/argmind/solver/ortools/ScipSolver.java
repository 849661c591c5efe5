package io.argmind.solver.ortools;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Optional;
import java.util.Set;

/** SCIP, branch and cut for linear and quadratic programs with integers. */
public final class ScipSolver implements Solver {
    private final Capabilities capabilities;

    public ScipSolver() {
        this.capabilities =
                new Capabilities(
                        "ortools-scip",
                        OrToolsLibrary.version(),
                        Set.of(ProblemClass.MILP, ProblemClass.MIQP),
                        Set.of(ProblemClass.MILP),
                        Capabilities.Duals.NONE,
                        Capabilities.WarmStarts.NONE,
                        false,
                        true,
                        "Branch and cut. Programs with a quadratic objective keep time limits but cannot be interrupted;"
                                + " their P may be indefinite if every variable is an integer.");
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Optional<String> refuse(Program program) {
        boolean mixed = program.integers().length < program.n();
        return mixed && !SumOfSquares.isConvex(program.P())
                ? Optional.of(
                        "P is indefinite; SCIP is trusted with that only if every variable is an integer")
                : Optional.empty();
    }

    /**
     * 5 ms for a small program, 50 ms with a quadratic objective; what a large one takes nobody
     * knows.
     */
    @Override
    public double estimateSeconds(Program program) {
        double entries = (double) program.A().nnz() + program.G().nnz() + program.P().nnz();
        double base = program.P().isZero() ? 5e-3 : 5e-2;
        return base * (1 + program.integers().length / 50.0) * (1 + entries / 1000);
    }

    @Override
    public Session open() {
        return new ScipSession();
    }
}

package io.argmind.solver.ortools;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Optional;
import java.util.Set;

/**
 * CP-SAT, for programs in bounded integers whose data are integers after scaling: each row of A and
 * G and the costs by a factor of their own, see {@link Grid}. Programs that cannot be scaled
 * exactly are refused, rather than solved nearly.
 */
public final class CpSatSolver implements Solver {
    private final Capabilities capabilities;

    public CpSatSolver() {
        this.capabilities =
                new Capabilities(
                        "ortools-cp-sat",
                        OrToolsLibrary.version(),
                        Set.of(ProblemClass.MILP),
                        Set.of(ProblemClass.MILP),
                        Capabilities.Duals.NONE,
                        Capabilities.WarmStarts.NONE,
                        false,
                        false,
                        "Constraint programming, for programs in bounded integers whose coefficients and costs are multiples"
                                + " of a power of two or have few decimals.");
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Optional<String> refuse(Program program) {
        return Optional.ofNullable(IntegerModel.obstacle(program));
    }

    /** 0.8 ms and 55 us per entry; what a hard program takes nobody knows. */
    @Override
    public double estimateSeconds(Program program) {
        double entries = (double) program.A().nnz() + program.G().nnz() + program.n();
        return 8e-4 + 5.5e-5 * entries;
    }

    @Override
    public Session open() {
        return new CpSatSession();
    }
}

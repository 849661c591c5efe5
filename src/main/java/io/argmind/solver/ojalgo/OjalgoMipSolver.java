package io.argmind.solver.ojalgo;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Capabilities;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import java.util.Optional;
import java.util.Set;

/**
 * Programs with integers by branch and bound on ojAlgo's linear and quadratic programs. The search
 * is our own, because ojAlgo's gives wrong optima for one or two in a hundred tiny linear programs
 * with integers and for one in five quadratic ones.
 */
public final class OjalgoMipSolver implements Solver {
    private static final Capabilities CAPABILITIES =
            new Capabilities(
                    "ojalgo-mip",
                    Run.version(),
                    Set.of(ProblemClass.MILP, ProblemClass.MIQP),
                    Set.of(ProblemClass.MILP, ProblemClass.MIQP),
                    Capabilities.Duals.NONE,
                    Capabilities.WarmStarts.NONE,
                    false,
                    false,
                    "Branch and bound without cuts on verified relaxations by ojAlgo, pure Java; for small programs. Iterations are nodes.");

    private final OjalgoLpSolver linear = new OjalgoLpSolver();
    private final OjalgoQpSolver quadratic = new OjalgoQpSolver();

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Optional<String> refuse(Program program) {
        return program.P().isZero() ? linear.refuse(program) : quadratic.refuse(program);
    }

    /**
     * A relaxation per node, a second one to prove that a branch is empty, and a number of nodes
     * that nobody can know.
     */
    @Override
    public double estimateSeconds(Program program) {
        double node =
                program.P().isZero()
                        ? linear.estimateSeconds(program)
                        : quadratic.estimateSeconds(program);
        double integers = program.integers().length;
        return 2 * node * (2 + integers * integers);
    }

    @Override
    public Session open() {
        return new MipSession();
    }
}

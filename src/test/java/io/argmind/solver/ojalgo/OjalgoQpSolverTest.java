package io.argmind.solver.ojalgo;

import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Referees;
import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;
import io.argmind.testkit.HardPrograms;
import java.util.List;

class OjalgoQpSolverTest extends SolverContract {
    @Override
    protected Solver solver() {
        return new OjalgoQpSolver();
    }

    @Override
    protected Referees referees() {
        return new Referees(
                new OjalgoLpSolver(), new OjalgoQpSolver(), List.of(new OjalgoMipSolver()));
    }

    /** As hard as it takes. */
    @Override
    protected Program hard(ProblemClass problemClass) {
        return HardPrograms.quadratic(450, true);
    }
}

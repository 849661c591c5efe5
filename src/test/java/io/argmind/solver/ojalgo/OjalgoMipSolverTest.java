package io.argmind.solver.ojalgo;

import io.argmind.solver.Referees;
import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;
import java.util.List;

class OjalgoMipSolverTest extends SolverContract {
    @Override
    protected Solver solver() {
        return new OjalgoMipSolver();
    }

    @Override
    protected Referees referees() {
        return new Referees(
                new OjalgoLpSolver(), new OjalgoQpSolver(), List.of(new OjalgoMipSolver()));
    }
}

package io.argmind.solver.interior;

import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;

class InteriorSolverTest extends SolverContract {
    @Override
    protected Solver solver() {
        return new InteriorSolver();
    }
}

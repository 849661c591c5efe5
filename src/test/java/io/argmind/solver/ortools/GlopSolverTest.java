package io.argmind.solver.ortools;

import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;

class GlopSolverTest extends SolverContract {
    @Override
    protected Solver solver() {
        return new GlopSolver();
    }
}

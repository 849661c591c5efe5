package io.argmind.solver.ortools;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import io.argmind.solver.Limits;
import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;
import io.argmind.testkit.Draw;
import io.argmind.testkit.HardPrograms;
import io.argmind.testkit.Sort;
import org.junit.jupiter.api.Test;

class PdlpSolverTest extends SolverContract {
    @Override
    protected Solver solver() {
        return new PdlpSolver();
    }

    /** A first-order method: 1e-8 is within its reach, but not always within this test's time. */
    @Override
    protected Limits limits() {
        Limits limits = super.limits();
        return new Limits(1e-6, limits.maxIterations(), limits.deadlineNanos());
    }

    @Override
    protected double accuracy() {
        return 1e-4;
    }

    @Override
    protected boolean findsPoints() {
        return false;
    }

    @Override
    protected boolean masters(Sort sort) {
        return sort != Sort.BADLY_SCALED;
    }

    @Test
    void refusesWhatItWouldGetWrong() {
        Program program = HardPrograms.quadratic(3, false);
        assertThat(solver().refuse(program).orElse("")).contains("diagonal");
        Matrix concave = Draw.dense(new double[] {1, 0, 0, 0, -1, 0, 0, 0, 1}, 3, 3);
        Program saddle = program.withObjective(concave, program.c());
        assertThat(solver().refuse(saddle).orElse("")).contains("negative");
    }
}

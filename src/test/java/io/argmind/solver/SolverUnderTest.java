package io.argmind.solver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solution.Solution;
import io.argmind.solver.ortools.GlopSolver;
import io.argmind.testkit.HardPrograms;
import io.argmind.testkit.Sort;
import java.util.List;

/** The back-end that a suite is about, and how it is asked. */
abstract class SolverUnderTest {
    protected static final int SEEDS = 25;

    /** The back-end under test. */
    protected abstract Solver solver();

    /** Who gives second opinions. */
    protected Referees referees() {
        return new Referees(new GlopSolver(), null, List.of());
    }

    /** How well answers agree with the known ones, relative to the largest entry. */
    protected double accuracy() {
        return 1e-6;
    }

    /**
     * Whether small residuals mean that x is near the known one too; a first-order method stops
     * short of the vertex.
     */
    protected boolean findsPoints() {
        return true;
    }

    /** Whether every program of a sort is solved; what is not must still be reported as such. */
    protected boolean masters(Sort sort) {
        return true;
    }

    protected Limits limits() {
        return Limits.generous().withDeadline(System.nanoTime() + 60_000_000_000L);
    }

    /** A program that keeps this back-end busy for a second at least. */
    protected Program hard(ProblemClass problemClass) {
        return switch (problemClass) {
            case LP -> HardPrograms.linear(700);
            case QP -> {
                Program dense = HardPrograms.quadratic(500, false);
                yield isOurs(dense) ? dense : HardPrograms.quadratic(700, true);
            }
            case MILP -> HardPrograms.marketSplit(5, 40);
            case MIQP -> HardPrograms.quadraticMarketSplit(5, 40);
            case CONIC -> HardPrograms.conic(700);
        };
    }

    /** Answers to mixed quadratic programs need a second opinion. */
    private boolean isJudged(Program program) {
        Solver qp = referees().qp();
        return program.problemClass() != ProblemClass.MIQP
                || program.integers().length == program.n()
                || (qp != null && qp.refuse(program.withoutIntegers()).isEmpty());
    }

    protected final VerifiedSession open() {
        return new VerifiedSession(solver(), referees());
    }

    protected final Solution solve(Program program) {
        try (VerifiedSession session = open()) {
            return session.solve(program, null, limits());
        }
    }

    /**
     * Whether a program is this back-end's; one that is not must be refused when it is asked for by
     * name.
     */
    protected final boolean isOurs(Program program) {
        boolean taken =
                solver().capabilities().solves(program.problemClass())
                        && solver().refuse(program).isEmpty();
        if (!taken) {
            Solvers only = new Solvers(List.of(solver()));
            assertThatThrownBy(() ->
                            only.plan(solver().name(), program.problemClass(), List.of(program)))
                    .isInstanceOf(InvalidProblemException.class)
                    .hasMessageContaining("/solver");
        }
        return taken && isJudged(program);
    }

    /**
     * Whether limits are kept for a class; where they are not, {@code auto} must not use the
     * back-end.
     */
    protected final boolean isSafe(ProblemClass problemClass) {
        boolean safe = solver().capabilities().isSafeFor(problemClass);
        if (!safe) {
            Solvers only = new Solvers(List.of(solver()));
            assertThatThrownBy(() -> only.plan(Solvers.AUTO, problemClass, List.of()))
                    .isInstanceOf(InvalidProblemException.class);
        }
        return safe;
    }
}

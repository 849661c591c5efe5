package io.argmind.solver.ortools;

import static io.argmind.testkit.Answers.optimal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Referees;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Enumerated;
import io.argmind.testkit.Known;
import io.argmind.testkit.Manufactured;
import io.argmind.testkit.Shape;
import io.argmind.testkit.Shape.Curvature;
import io.argmind.testkit.Sort;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScipSolverTest extends SolverContract {
    @Override
    protected Solver solver() {
        return new ScipSolver();
    }

    @Override
    protected Referees referees() {
        return new Referees(new GlopSolver(), new PdlpSolver(), List.of());
    }

    @Test
    void findsOptimaOfIndefiniteProgramsInIntegers() {
        for (int seed = 0; seed < 20; seed++) {
            Program linear = Enumerated.random(seed, 5, 0, 2, false).program();
            Enumerated known = Enumerated.of(linear.withObjective(indefinite(seed, 5), linear.c()));
            double objective = optimal(solve(known.program())).objective();
            assertThat(objective).as("seed %s", seed).isCloseTo(known.objective(), within(1e-6));
        }
    }

    /** No second opinion here takes a dense P, so this asks the back-end itself. */
    @ParameterizedTest
    @EnumSource(names = {"DENSE", "SINGULAR"})
    void solvesMixedConvexProgramsInTime(Curvature curvature) {
        for (int seed = 0; seed < 20; seed++) {
            Shape shape = Sort.BOXED.shape(new Draw(seed), curvature).withIntegers(1);
            Known known = Manufactured.of(seed, shape);
            try (Session session = solver().open()) {
                Claim claim = session.solve(known.program(), null, limits());
                assertThat(claim.status()).isEqualTo(Status.OPTIMAL);
                double[] x = Objects.requireNonNull(claim.x());
                double tolerance = 1e-6 * (1 + Math.abs(known.objective()));
                assertThat(x).hasSize(known.x().length);
                assertThat(known.program().objective(x))
                        .isCloseTo(known.objective(), within(tolerance));
                assertThat(claim.bound()).isCloseTo(known.objective(), within(tolerance));
            }
        }
    }

    @Test
    void refusesIndefiniteProgramsWithContinuousVariables() {
        Shape shape = Shape.vertex(5, 0, 2, 1).withIntegers(2).withCurvature(Curvature.SINGULAR);
        Program convex = Manufactured.of(1, shape).program();
        assertThat(solver().refuse(convex)).isEmpty();
        assertThat(solver().refuse(convex.withObjective(indefinite(1, 5), convex.c()))).isPresent();
    }

    private static Matrix indefinite(int seed, int n) {
        Draw draw = new Draw(seed);
        double[] full = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                full[i * n + j] = draw.integer(-4, 4);
                full[j * n + i] = full[i * n + j];
            }
        }
        full[0] = -1;
        return Draw.dense(full, n, n);
    }
}

package io.argmind.solver.ortools;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Answers.optimal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import io.argmind.solution.Solution.Point;
import io.argmind.solution.Status;
import io.argmind.solver.Solver;
import io.argmind.solver.SolverContract;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Enumerated;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CpSatSolverTest extends SolverContract {
    @Override
    protected Solver solver() {
        return new CpSatSolver();
    }

    @Test
    void scalesDecimalsAndBinaryFractions() {
        for (int seed = 0; seed < 20; seed++) {
            Enumerated known = Enumerated.random(seed, 5, 1, 2, false);
            for (double k : new double[] {10, 1000, 8, 0x1p-10}) {
                Program scaled = divided(known.program(), k);
                Point point = optimal(solve(scaled));
                assertThat(point.objective()).isCloseTo(known.objective() / k, within(1e-9 / k));
                if (known.unique()) {
                    assertClose("x", point.x(), known.x(), 0);
                }
            }
        }
    }

    @Test
    void takesCostsInSinglePrecision() {
        for (int seed = 0; seed < 20; seed++) {
            double[] c = new Draw(seed).gaussians(6);
            for (int i = 0; i < c.length; i++) {
                c[i] = (float) c[i];
            }
            Enumerated known =
                    Enumerated.of(Enumerated.random(seed, 6, 0, 2, false).program().withCost(c));
            Point point = optimal(solve(known.program()));
            assertThat(point.objective()).isCloseTo(known.objective(), within(1e-12));
        }
    }

    @Test
    void saysWhatItCannotTake() {
        Program program = Enumerated.random(1, 3, 1, 1, false).program();
        assertRefused(program.withoutIntegers(), "every variable is an integer; here 0 of 3 are");
        assertRefused(program.withCost(new double[] {1, Math.PI, 0}), "c cannot be scaled");
        assertRefused(program.withCost(new double[] {1e16, 0, 0}), "c");
        double[] free = {0, Double.POSITIVE_INFINITY, 1};
        assertRefused(program.withBounds(new double[3], free), "variable 1 are 0.0 and Infinity");
        Program tall = divided(program, 3);
        assertRefused(tall, "row 0 of A cannot be scaled");
    }

    @Test
    void sidesOffTheGrid() {
        Program base = Enumerated.random(1, 2, 0, 0, false).program();
        double[] lb = {0, 0};
        double[] ub = {5, 5};
        Matrix row = Draw.dense(new double[] {0.5, 0.5}, 1, 2);
        double[] none = {};
        Program below =
                new Program(
                        base.P(),
                        new double[] {-1, -1},
                        Matrix.empty(0, 2),
                        none,
                        row,
                        new double[] {Math.PI},
                        lb,
                        ub,
                        base.integers());
        assertThat(optimal(solve(below)).objective()).isEqualTo(-6);
        Program equal =
                new Program(
                        base.P(),
                        base.c(),
                        row,
                        new double[] {Math.PI},
                        Matrix.empty(0, 2),
                        none,
                        lb,
                        ub,
                        base.integers());
        assertThat(solve(equal).status()).isEqualTo(Status.INFEASIBLE);
        Program noRow = below.withRightHandSides(none, new double[] {Double.POSITIVE_INFINITY});
        assertThat(optimal(solve(noRow)).objective()).isEqualTo(-10);
        Program between = below.withBounds(new double[] {0.2, 0}, new double[] {0.8, 5});
        assertThat(solve(between).status()).isEqualTo(Status.INFEASIBLE);
    }

    private void assertRefused(Program program, String reason) {
        assertThat(solver().refuse(program).orElse("")).contains(reason);
    }

    private static Program divided(Program q, double k) {
        return new Program(
                q.P(),
                divided(q.c(), k),
                divided(q.A(), k),
                divided(q.b(), k),
                divided(q.G(), k),
                divided(q.h(), k),
                q.lb(),
                q.ub(),
                q.integers());
    }

    private static Matrix divided(Matrix matrix, double k) {
        return Draw.dense(divided(matrix.toDense(), k), matrix.rows(), matrix.cols());
    }

    private static double[] divided(double[] values, double k) {
        return Arrays.stream(values).map(v -> v / k).toArray();
    }
}

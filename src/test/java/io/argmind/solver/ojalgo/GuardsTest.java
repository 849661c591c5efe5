package io.argmind.solver.ojalgo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Program;
import io.argmind.solution.CertificateCheck;
import io.argmind.solution.Claim;
import io.argmind.solution.Solution;
import io.argmind.solution.Status;
import io.argmind.solver.Limits;
import io.argmind.solver.Session;
import io.argmind.solver.Solver;
import io.argmind.solver.VerifiedSession;
import io.argmind.solver.WarmStart;
import io.argmind.testkit.Draw;
import io.argmind.testkit.HardPrograms;
import io.argmind.testkit.Hopeless;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which ojAlgo is known to go wrong, one test each. */
class GuardsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    private static Solution verified(Solver solver, Program program) {
        try (VerifiedSession session = new VerifiedSession(solver, new OjalgoLpSolver())) {
            return session.solve(program, null, Limits.generous());
        }
    }

    private static Claim claim(Solver solver, Program program) {
        try (Session session = solver.open()) {
            return session.solve(program, null, Limits.generous());
        }
    }

    private static double[] optimum(Solution solution) {
        assertThat(solution.status()).as("%s", solution.detail()).isEqualTo(Status.OPTIMAL);
        return Objects.requireNonNull(solution.point()).x();
    }

    private static double[] filled(int n, double value) {
        double[] x = new double[n];
        Arrays.fill(x, value);
        return x;
    }

    /** min 1/2 |x|^2 + c'x without constraints but these. */
    private static Program ball(double[] c, Matrix a, double[] b, double lb, double ub) {
        int n = c.length;
        return new Program(
                Matrix.diagonal(filled(n, 1)),
                c,
                a,
                b,
                Matrix.empty(0, n),
                new double[0],
                filled(n, lb),
                filled(n, ub),
                new int[0]);
    }

    @Test
    void repeatedEqualitiesAreNoContradiction() {
        double[] rows = {1, 1, 0, 1, 1, 0, -2, -2, 0};
        Program program =
                ball(new double[3], Draw.dense(rows, 3, 3), new double[] {2, 2, -4}, -INF, INF);
        assertThat(optimum(verified(new OjalgoQpSolver(), program)))
                .containsExactly(new double[] {1, 1, 0}, within(1e-9));
    }

    @Test
    void contradictionsAmongEqualitiesComeWithProof() {
        double[] rows = {1, 1, 0, 1, 1, 0};
        Program program =
                ball(new double[3], Draw.dense(rows, 2, 3), new double[] {2, 2.001}, -INF, INF);
        Claim claim = claim(new OjalgoQpSolver(), program);
        assertThat(claim.status()).isEqualTo(Status.INFEASIBLE);
        assertThat(CertificateCheck.holds(program, Objects.requireNonNull(claim.certificate())))
                .isTrue();
    }

    @Test
    void fixedVariablesContradictEqualitiesWithProof() {
        double[] row = {1, 1e-3};
        Program program = ball(new double[2], Draw.dense(row, 1, 2), new double[] {3}, 1, 1);
        Claim claim = claim(new OjalgoQpSolver(), program);
        assertThat(claim.status()).isEqualTo(Status.INFEASIBLE);
        assertThat(CertificateCheck.holds(program, Objects.requireNonNull(claim.certificate())))
                .isTrue();
    }

    @Test
    void unboundedQuadraticProgramsAreNeverOptimal() {
        for (int seed = 0; seed < 60; seed++) {
            Program program = Hopeless.unbounded(seed, true);
            if (!program.P().isZero()) {
                assertThat(claim(new OjalgoQpSolver(), program).status())
                        .isNotEqualTo(Status.OPTIMAL);
                assertThat(verified(new OjalgoQpSolver(), program).status())
                        .isEqualTo(Status.UNBOUNDED);
            }
        }
    }

    /** On some of these ojAlgo's active set never ends by itself. */
    @Test
    void singularObjectivesEnd() {
        for (int seed = 0; seed < 120; seed++) {
            Draw draw = new Draw(seed);
            int n = draw.integer(5, 19);
            double[] v = draw.gaussians(n);
            double[] full = new double[n * n];
            for (int i = 0; i < n * n; i++) {
                full[i] = v[i / n] * v[i % n];
            }
            Matrix g = Draw.dense(draw.gaussians(n * n), n, n);
            Program program =
                    new Program(
                            Draw.dense(full, n, n),
                            draw.gaussians(n),
                            Matrix.empty(0, n),
                            new double[0],
                            g,
                            filled(n, 0.5),
                            filled(n, -1),
                            filled(n, 1),
                            new int[0]);
            long start = System.nanoTime();
            optimum(verified(new OjalgoQpSolver(), program));
            assertThat((System.nanoTime() - start) * 1e-9).as("seed %s", seed).isLessThan(10);
        }
    }

    /** ojAlgo hands an optimal kick-start back as the answer, whatever the costs are now. */
    @ParameterizedTest
    @ValueSource(ints = {6, 50, 80})
    void guessesAreNotAnswers(int n) {
        Program first = HardPrograms.quadratic(n, true);
        Program next = first.withCost(new Draw(n).gaussians(n));
        try (Session session = new OjalgoQpSolver().open()) {
            Claim old = session.solve(first, null, Limits.generous());
            double[] x = Objects.requireNonNull(old.x());
            WarmStart warm = new WarmStart(x, old.y(), old.z(), old.zBox());
            Claim cold = session.solve(next, null, Limits.generous());
            Claim warmed = session.solve(next, warm, Limits.generous());
            assertThat(warmed.status()).isEqualTo(Status.OPTIMAL);
            assertThat(warmed.x()).containsExactly(Objects.requireNonNull(cold.x()), within(1e-6));
            assertThat(Arrays.equals(x, warmed.x())).isFalse();
        }
    }

    /**
     * Rows scaled by 1e4 and 1e-4 make ojAlgo's simplex, which does not scale, infeasible or
     * unbounded.
     */
    @Test
    void linearProgramsAreEquilibrated() {
        double[] rows = {1e4, 2e4, 3e-4, -1e-4};
        Program program =
                new Program(
                        Matrix.empty(2, 2),
                        new double[] {-1, -1},
                        Matrix.empty(0, 2),
                        new double[0],
                        Draw.dense(rows, 2, 2),
                        new double[] {4e4, 2e-4},
                        filled(2, 0),
                        filled(2, INF),
                        new int[0]);
        double[] x = optimum(verified(new OjalgoLpSolver(), program));
        assertThat(x).containsExactly(new double[] {8.0 / 7, 10.0 / 7}, within(1e-12));
    }

    @Test
    void crossedBoundsAreInfeasible() {
        Program program = ball(new double[1], Matrix.empty(0, 1), new double[0], 1, 0);
        assertThat(claim(new OjalgoQpSolver(), program).status()).isEqualTo(Status.INFEASIBLE);
        assertThat(
                        claim(
                                        new OjalgoLpSolver(),
                                        program.withObjective(Matrix.empty(1, 1), new double[1]))
                                .status())
                .isEqualTo(Status.INFEASIBLE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingButVariables(boolean quadratic) {
        Program free = ball(new double[] {-3}, Matrix.empty(0, 1), new double[0], -INF, INF);
        Program boxed = free.withBounds(new double[] {0}, new double[] {2});
        Program fixed = free.withBounds(new double[] {1}, new double[] {1});
        Matrix none = Matrix.empty(1, 1);
        if (quadratic) {
            assertThat(optimum(verified(new OjalgoQpSolver(), free)))
                    .containsExactly(new double[] {3}, within(1e-9));
            assertThat(optimum(verified(new OjalgoQpSolver(), boxed)))
                    .containsExactly(new double[] {2}, within(1e-9));
            assertThat(optimum(verified(new OjalgoQpSolver(), fixed)))
                    .containsExactly(new double[] {1}, within(1e-9));
        } else {
            Solver lp = new OjalgoLpSolver();
            assertThat(verified(lp, free.withObjective(none, free.c())).status())
                    .isEqualTo(Status.UNBOUNDED);
            assertThat(optimum(verified(lp, boxed.withObjective(none, boxed.c()))))
                    .containsExactly(2);
            assertThat(optimum(verified(lp, fixed.withObjective(none, fixed.c()))))
                    .containsExactly(1);
        }
    }

    @Test
    void rowsWithoutLimitDoNotBind() {
        Program boxed = ball(new double[] {-3}, Matrix.empty(0, 1), new double[0], 0, 2);
        Program program =
                new Program(
                        boxed.P(),
                        boxed.c(),
                        boxed.A(),
                        boxed.b(),
                        Draw.dense(new double[] {1, 1}, 2, 1),
                        new double[] {INF, 1.5},
                        boxed.lb(),
                        boxed.ub(),
                        new int[0]);
        Solution solution = verified(new OjalgoQpSolver(), program);
        assertThat(optimum(solution)).containsExactly(new double[] {1.5}, within(1e-9));
        assertThat(Objects.requireNonNull(solution.point()).z())
                .containsExactly(new double[] {0, 1.5}, within(1e-9));
    }

    /** ojAlgo's own branch and bound, whose answers are not, is not in use. */
    @Test
    void mixedIntegersAgainstFixingThemAll() {
        for (int seed = 0; seed < 40; seed++) {
            Program program = mixed(seed);
            double least = INF;
            for (int k = 0; k < 49; k++) {
                double[] x = new double[program.n()];
                x[0] = k / 7 - 3;
                x[1] = k % 7 - 3;
                Solution fixed = verified(continuous(program), program.withIntegersFixed(x));
                if (fixed.status() == Status.OPTIMAL) {
                    least = Math.min(least, Objects.requireNonNull(fixed.point()).objective());
                }
            }
            Claim claim = claim(new OjalgoMipSolver(), program);
            assertThat(claim.status()).isEqualTo(least == INF ? Status.INFEASIBLE : Status.OPTIMAL);
            if (least < INF) {
                assertThat(program.objective(Objects.requireNonNull(claim.x())))
                        .isCloseTo(least, within(1e-6));
                assertThat(claim.bound()).isLessThanOrEqualTo(least).isCloseTo(least, within(1e-5));
            }
        }
    }

    private static Solver continuous(Program program) {
        return program.P().isZero() ? new OjalgoLpSolver() : new OjalgoQpSolver();
    }

    private static Program mixed(int seed) {
        Draw draw = new Draw(seed);
        int n = draw.integer(2, 5);
        Matrix p = seed % 2 == 0 ? Matrix.empty(n, n) : Matrix.diagonal(filled(n, 1));
        return new Program(
                p,
                draw.gaussians(n),
                Draw.dense(draw.gaussians(n), 1, n),
                draw.gaussians(1),
                Draw.dense(draw.gaussians(2 * n), 2, n),
                draw.gaussians(2),
                filled(n, -3),
                filled(n, 3),
                new int[] {0, 1});
    }

    static Stream<Solver> all() {
        return Stream.of(new OjalgoLpSolver(), new OjalgoQpSolver(), new OjalgoMipSolver());
    }

    @ParameterizedTest
    @MethodSource("all")
    void cancellingLeavesNoMarkOnTheThread(Solver solver) throws InterruptedException {
        Program program =
                switch (solver.name()) {
                    case "ojalgo-lp" -> HardPrograms.linear(700);
                    case "ojalgo-qp" -> HardPrograms.quadratic(450, true);
                    default -> HardPrograms.marketSplit(5, 40);
                };
        try (Session session = solver.open()) {
            Thread canceller =
                    Thread.ofPlatform()
                            .start(() -> {
                                pause(100);
                                session.cancel();
                            });
            Claim claim = session.solve(program, null, Limits.generous());
            canceller.join();
            assertThat(claim.status()).isEqualTo(Status.TIME_LIMIT);
            assertThat(claim.detail()).isEqualTo("cancelled");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

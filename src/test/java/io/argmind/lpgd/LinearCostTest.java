package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.linalg.Matrix;
import io.argmind.linalg.Vectors;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.solver.Solver;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Tiny;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Known methods that LPGD contains, for linear programs and for programs without constraints. */
class LinearCostTest {
    private static final int N = 3;

    static Stream<Solver> linear() {
        return Backends.taking(List.of(program(0))).stream();
    }

    static Stream<Solver> proximal() {
        return Backends.taking(List.of(program(0), projection(program(0), new double[N]))).stream();
    }

    private static Program program(long seed) {
        return Tiny.random(seed + 200, N, 1, 2, false);
    }

    private static double[] vertex(Program q, double... c) {
        return Objects.requireNonNull(ActiveSets.solve(q.withCost(c))).x();
    }

    private static double[] plus(double[] v, double a, double[] w) {
        double[] sum = v.clone();
        Vectors.addTimes(a, w, sum);
        return sum;
    }

    /** min |x - v|^2 / 2 over the feasible set. */
    private static Program projection(Program q, double[] v) {
        double[] ones = new double[v.length];
        Arrays.fill(ones, 1);
        double[] c = new double[v.length];
        Vectors.addTimes(-1, v, c);
        return q.withObjective(Matrix.diagonal(ones), c);
    }

    @ParameterizedTest
    @MethodSource("linear")
    void blackboxDifferentiation(Solver solver) {
        for (int seed = 0; seed < 4; seed++) {
            Program q = program(seed);
            double[] g = new Draw(seed).gaussians(N);
            for (double tau : new double[] {.05, 1, 30}) {
                LpgdSettings lower = LpgdSettings.of(Envelope.LOWER, tau, 0);
                double[] expected = Vectors.minus(vertex(q, plus(q.c(), tau, g)), vertex(q, q.c()));
                for (int i = 0; i < N; i++) {
                    expected[i] /= tau;
                }
                Gradients actual = Backward.of(solver, q, Backward.x(g), lower);
                assertClose("c", Backward.of(actual, Field.C), expected, 1e-7);
                assertThat(actual.degenerate()).containsExactly(true);
            }
        }
    }

    /**
     * 2 [x(c_true) - x(2c - c_true)] is 2 [x(c_true) - x(c)] plus the upper envelope's gradient at
     * tau = 1/2.
     */
    @ParameterizedTest
    @MethodSource("linear")
    void spoPlus(Solver solver) {
        for (int seed = 0; seed < 4; seed++) {
            Program q = program(seed);
            double[] truth = new Draw(seed + 40).gaussians(N);
            double[] far = new double[N];
            for (int i = 0; i < N; i++) {
                far[i] = 2 * q.c()[i] - truth[i];
            }
            Gradients upper =
                    Backward.of(
                            solver, q, Backward.x(truth), LpgdSettings.of(Envelope.UPPER, .5, 0));
            double[] sum = Backward.of(upper, Field.C).clone();
            for (int i = 0; i < N; i++) {
                sum[i] += 2 * (vertex(q, truth)[i] - vertex(q, q.c())[i]);
            }
            double[] spo = Vectors.minus(vertex(q, truth), vertex(q, far));
            assertClose("spo+", sum, plus(spo, 1, spo), 1e-7);
        }
    }

    /** With rho the perturbed solution of a linear program is Proj(x* - (c + tau g) / rho). */
    @ParameterizedTest
    @MethodSource("proximal")
    void proximalLinearProgramsProject(Solver solver) {
        for (int seed = 0; seed < 4; seed++) {
            Program q = program(seed);
            double[] g = new Draw(seed + 3).gaussians(N);
            double[] star = vertex(q, q.c());
            for (double rho : new double[] {.2, 5}) {
                double tau = 1.5;
                double[] to = plus(star, -1 / rho, plus(q.c(), tau, g));
                double[] projected =
                        Objects.requireNonNull(ActiveSets.solve(projection(q, to))).x();
                double[] expected = Vectors.minus(projected, star);
                for (int i = 0; i < N; i++) {
                    expected[i] /= tau;
                }
                Gradients actual =
                        Backward.of(
                                solver,
                                q,
                                Backward.x(g),
                                LpgdSettings.of(Envelope.LOWER, tau, rho));
                assertClose("c", Backward.of(actual, Field.C), expected, 1e-6);
            }
        }
    }

    /** Without cost and constraints: the negative identity, scaled. */
    @ParameterizedTest
    @MethodSource("proximal")
    void proximalWithoutCostIsTheNegativeIdentity(Solver solver) {
        Program nothing = cost(0, 0, 0);
        double[] g = {1, -2, .5};
        for (double tau : new double[] {1e-3, 1, 100}) {
            Gradients actual =
                    Backward.of(
                            solver,
                            nothing,
                            Backward.x(g),
                            LpgdSettings.of(Envelope.LOWER, tau, 4));
            assertClose("c", Backward.of(actual, Field.C), new double[] {-.25, .5, -.125}, 1e-7);
        }
    }

    @ParameterizedTest
    @MethodSource("proximal")
    void withoutConstraintsTheGradientIsThatOfTheInverse(Solver solver) {
        Program q = curved(cost(1, -2), 2, 0, 0, .5);
        double[] x = {-.5, 4};
        double[] d = {-.5, 6}; // -P^-1 g for g = (1, -3)
        for (double tau : new double[] {1e-2, 1, 50}) {
            for (Envelope envelope : Envelope.values()) {
                Gradients actual =
                        Backward.of(
                                solver, q, Backward.x(1, -3), LpgdSettings.of(envelope, tau, 0));
                assertClose("c", Backward.of(actual, Field.C), d, 1e-7);
                if (envelope == Envelope.AVERAGE) {
                    double[] p = {
                        x[0] * d[0],
                        .5 * (x[0] * d[1] + x[1] * d[0]),
                        .5 * (x[0] * d[1] + x[1] * d[0]),
                        x[1] * d[1]
                    };
                    assertClose("P", Backward.of(actual, Field.P), p, 1e-6);
                }
            }
        }
    }
}

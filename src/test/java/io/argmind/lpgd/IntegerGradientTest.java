package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.argmind.linalg.Matrix;
import io.argmind.problem.Field;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.Program;
import io.argmind.solver.Solver;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Differences;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Enumerated;
import io.argmind.testkit.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs in integers, against every point of their sets. */
class IntegerGradientTest {

    /** A knapsack of n items with two capacities, costs on a grid on which ties are rare. */
    private static Program knapsack(long seed, int n) {
        Draw draw = new Draw(seed + 900);
        double[] weights = new double[2 * n];
        double[] total = new double[2];
        for (int k = 0; k < weights.length; k++) {
            weights[k] = draw.integer(1, 9);
            total[k / n] += weights[k];
        }
        int[] integers = new int[n];
        for (int i = 0; i < n; i++) {
            integers[i] = i;
        }
        Program q =
                Write.below(
                        Write.cost(coarse(draw, n)),
                        weights,
                        Math.floor(.5 * total[0]),
                        Math.floor(.6 * total[1]));
        return Write.integer(Write.box(q, 0, 1), integers);
    }

    /** Numbers with few digits, so that every back-end reads the same ones. */
    private static double[] coarse(Draw draw, int n) {
        double[] c = draw.gaussians(n);
        for (int i = 0; i < n; i++) {
            c[i] = Math.rint(c[i] * 1024 - 300) / 1024;
        }
        return c;
    }

    static Stream<Solver> linear() {
        return Backends.taking(List.of(knapsack(0, 5))).stream();
    }

    private static double[] best(Program q, double[] c) {
        Enumerated all = Enumerated.of(q.withCost(c));
        assertThat(all.unique()).isTrue();
        return all.x();
    }

    private static double[] moved(double[] c, double sigma, double[] g) {
        double[] sum = c.clone();
        for (int i = 0; i < c.length; i++) {
            sum[i] += sigma * g[i];
        }
        return sum;
    }

    private static double[] quotient(double[] one, double[] zero, double den) {
        double[] d = new double[one.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = (one[i] - zero[i]) / den;
        }
        return d;
    }

    @ParameterizedTest
    @MethodSource("linear")
    void costsAgainstEnumeration(Solver solver) {
        int moves = 0;
        for (int seed = 0; seed < 5; seed++) {
            Program q = knapsack(seed, 5);
            double[] g = coarse(new Draw(seed), 5);
            double[] star = best(q, q.c());
            for (double tau : new double[] {.25, 2}) {
                double[] lower = best(q, moved(q.c(), tau, g));
                double[] upper = best(q, moved(q.c(), -tau, g));
                moves += Arrays.equals(star, lower) ? 0 : 1;
                assertCost(solver, q, g, Envelope.LOWER, tau, 0, quotient(lower, star, tau));
                assertCost(solver, q, g, Envelope.UPPER, tau, 0, quotient(star, upper, tau));
                assertCost(solver, q, g, Envelope.AVERAGE, tau, 0, quotient(lower, upper, 2 * tau));
            }
        }
        assertThat(moves).isGreaterThan(3);
    }

    private static void assertCost(
            Solver solver,
            Program q,
            double[] g,
            Envelope envelope,
            double tau,
            double rho,
            double[] expected) {
        Gradients actual =
                Backward.of(solver, q, Backward.x(g), LpgdSettings.of(envelope, tau, rho));
        assertThat(actual.status()).containsExactly(BackwardStatus.OK);
        assertClose("c", Backward.of(actual, Field.C), expected, 1e-9);
        assertThat(Backward.of(actual, Field.LB)).containsOnly(0);
        assertThat(Backward.of(actual, Field.UB)).containsOnly(0);
    }

    /** On binaries the proximal term is linear, and exactly the quadratic one. */
    @ParameterizedTest
    @MethodSource("linear")
    void proximalOnBinariesIsExact(Solver solver) {
        int differences = 0;
        for (int seed = 0; seed < 5; seed++) {
            Program q = knapsack(seed, 5);
            double[] g = coarse(new Draw(seed), 5);
            double[] star = best(q, q.c());
            double tau = 2;
            for (double rho : new double[] {.3125, 2.0625}) {
                double[] lower = proximal(q, g, star, tau, rho);
                assertCost(solver, q, g, Envelope.LOWER, tau, rho, quotient(lower, star, tau));
                boolean same = Arrays.equals(lower, best(q, moved(q.c(), tau, g)));
                differences += same ? 0 : 1;
            }
        }
        assertThat(differences).as("rho changed something").isPositive();
    }

    /** min (c + sigma g)'x + rho/2 |x - x*|^2 by trying every point. */
    private static double[] proximal(
            Program q, double[] g, double[] star, double sigma, double rho) {
        int n = q.n();
        double[] c = moved(q.c(), sigma, g);
        double[] ones = new double[n];
        Arrays.fill(ones, rho);
        Enumerated all =
                Enumerated.of(q.withObjective(Matrix.diagonal(ones), moved(c, -rho, star)));
        assertThat(all.unique()).isTrue();
        return all.x();
    }

    /** With general integers the proximal term stays quadratic. */
    @Test
    void proximalOnIntegers() {
        Program wide =
                Write.integer(Write.box(Write.below(Write.cost(-2, -1), v(2, 1), 7), 0, 4), 0, 1);
        for (Solver solver :
                Backends.taking(
                        List.of(wide, wide.withObjective(Matrix.diagonal(v(1, 1)), wide.c())))) {
            double[] g = {3, -1.125};
            double[] star = Backward.star(solver, wide).x();
            for (double rho : new double[] {.4375, 3}) {
                double[] lower = proximal(wide, g, star, 1, rho);
                assertCost(solver, wide, g, Envelope.LOWER, 1, rho, quotient(lower, star, 1));
            }
        }
    }

    /**
     * x_0 binary, x_1 and x_2 continuous: everything that is continuous has the gradient of the
     * value.
     */
    @Test
    void mixedProgramsHaveTheGradientOfTheValue() {
        Program q =
                Write.integer(
                        Write.box(
                                Write.below(
                                        Write.cost(-1.3, -.7, .4),
                                        v(2, 1, -1, .5, 1, .25),
                                        2.3,
                                        1.9),
                                -.5,
                                1.6),
                        0);
        Upstream g = new Upstream(v(1.1, -.3, -.9), null, null, v(.2, -.1), null);
        double tau = .8;
        for (Solver solver : Backends.taking(List.of(q))) {
            Gradients actual = Backward.of(solver, q, g, LpgdSettings.of(Envelope.LOWER, tau, 0));
            for (Field field : new Field[] {Field.C, Field.H, Field.G}) {
                double[] expected =
                        Differences.gradient(
                                q, field, 1e-6, p -> (value(p, g, tau) - value(p, g, 0)) / tau);
                assertClose(field.key(), Backward.of(actual, field), expected, 1e-6);
            }
            for (Field field : new Field[] {Field.LB, Field.UB}) {
                double[] expected =
                        Differences.gradient(
                                q, field, 1e-6, p -> (value(p, g, tau) - value(p, g, 0)) / tau);
                expected[0] = 0;
                assertClose(field.key(), Backward.of(actual, field), expected, 1e-6);
            }
        }
    }

    private static double value(Program q, Upstream g, double sigma) {
        double least = Double.POSITIVE_INFINITY;
        double[] c = moved(q.c(), sigma, Objects.requireNonNull(g.x()));
        double[] gs = Objects.requireNonNull(g.s());
        q.G().addTransposeTimes(-sigma, gs, c);
        double constant = 0;
        for (int i = 0; i < gs.length; i++) {
            constant += sigma * gs[i] * q.h()[i];
        }
        for (double first : new double[] {0, 1}) {
            ActiveSets.Optimum o =
                    ActiveSets.solve(q.withCost(c).withIntegersFixed(v(first, 0, 0)));
            least = o == null ? least : Math.min(least, o.value() + constant);
        }
        return least;
    }

    @Test
    void integersHaveNoMultipliers() {
        Program q = knapsack(0, 3);
        Solver solver = Backends.taking(List.of(q)).getFirst();
        Upstream g = new Upstream(null, null, v(1, 1), null, null);
        assertThatThrownBy(() -> Backward.of(solver, q, g, LpgdSettings.of(Envelope.LOWER, 1, 0)))
                .isInstanceOf(InvalidProblemException.class)
                .hasMessageContaining("/gradient/z");
    }
}

package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.solver.Solver;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Tiny;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must not matter, or matter in a known way: scale of the loss and the objective, sign, order,
 * units of rows.
 */
class InvarianceTest {
    private static final int N = 3;

    static Stream<Solver> linear() {
        return Backends.taking(List.of(Tiny.random(0, N, 1, 2, false))).stream();
    }

    static Stream<Solver> quadratic() {
        return Backends.taking(List.of(Tiny.random(0, N, 1, 2, true))).stream();
    }

    private static Upstream upstream(long seed, double scale) {
        Draw draw = new Draw(seed + 9);
        double[] x = draw.gaussians(N);
        double[] y = draw.gaussians(1);
        double[] z = draw.gaussians(2);
        for (double[] part : new double[][] {y, z}) {
            for (int i = 0; i < part.length; i++) {
                part[i] *= .05 * scale;
            }
        }
        for (int i = 0; i < N; i++) {
            x[i] *= scale;
        }
        return new Upstream(x, y, z, null, null);
    }

    private static double[] times(double a, double @Nullable [] v) {
        double[] w = Objects.requireNonNull(v).clone();
        for (int i = 0; i < w.length; i++) {
            w[i] *= a;
        }
        return w;
    }

    @ParameterizedTest
    @MethodSource("quadratic")
    void scaleOfTheLoss(Solver solver) {
        for (int seed = 0; seed < 3; seed++) {
            Program q = Tiny.random(seed, N, 1, 2, true);
            double a = 40;
            double rho = seed == 0 ? 0 : .3;
            LpgdSettings tau = LpgdSettings.of(Envelope.LOWER, .01, rho);
            LpgdSettings aTau = LpgdSettings.of(Envelope.LOWER, .01 * a, rho);
            Gradients big = Backward.of(solver, q, upstream(seed, a), tau);
            Gradients small = Backward.of(solver, q, upstream(seed, 1), aTau);
            for (Field field : Field.values()) {
                double[] expected = times(a, Backward.of(small, field));
                assertClose(field.key(), Backward.of(big, field), expected, 1e-6);
            }
        }
    }

    /** k f has duals k times as large, so an upstream gradient on them is 1/k as large. */
    @ParameterizedTest
    @MethodSource("quadratic")
    void scaleOfTheObjective(Solver solver) {
        double k = 25;
        for (int seed = 0; seed < 3; seed++) {
            Program q = Tiny.random(seed, N, 1, 2, true);
            Program scaled =
                    q.withObjective(Draw.dense(times(k, q.P().toDense()), N, N), times(k, q.c()));
            Upstream g = upstream(seed, 1);
            Upstream dual =
                    new Upstream(g.x(), times(1 / k, g.y()), times(1 / k, g.z()), null, null);
            Gradients one = Backward.of(solver, q, g, LpgdSettings.of(Envelope.AVERAGE, .1, .2));
            // tau k f: tau g_x keeps its place beside k c where tau is k times as large; b moves by
            // tau g_y
            Gradients other =
                    Backward.of(
                            solver,
                            scaled,
                            dual,
                            LpgdSettings.of(Envelope.AVERAGE, .1 * k, .2 * k));
            double[] expected = times(1 / k, Backward.of(one, Field.C));
            assertClose("c", Backward.of(other, Field.C), expected, 1e-6);
            assertClose("b", Backward.of(other, Field.B), Backward.of(one, Field.B), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("linear")
    void upperIsLowerOfTheOppositeLoss(Solver solver) {
        for (boolean curved : new boolean[] {false, true}) {
            Program q = Tiny.random(4, N, 1, 2, curved);
            if (!Backends.taking(List.of(q)).contains(solver)) {
                continue;
            }
            Gradients upper =
                    Backward.of(solver, q, upstream(4, 1), LpgdSettings.of(Envelope.UPPER, .6, 0));
            Gradients lower =
                    Backward.of(solver, q, upstream(4, -1), LpgdSettings.of(Envelope.LOWER, .6, 0));
            Gradients right =
                    Backward.of(solver, q, upstream(4, 1), LpgdSettings.of(Envelope.LOWER, .6, 0));
            Gradients average =
                    Backward.of(
                            solver, q, upstream(4, 1), LpgdSettings.of(Envelope.AVERAGE, .6, 0));
            for (Field field : Field.values()) {
                double[] up = Backward.of(upper, field);
                assertClose(field.key(), up, times(-1, Backward.of(lower, field)), 1e-7);
                double[] mean = times(.5, up);
                Vectors.addTimes(.5, Backward.of(right, field), mean);
                assertClose(field.key(), Backward.of(average, field), mean, 1e-7);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("linear")
    void neverUphillAndNeverFurtherThanTheSetIsWide(Solver solver) {
        for (int seed = 0; seed < 4; seed++) {
            Program q = Tiny.random(seed, N, 1, 2, false);
            double[] g = new Draw(seed + 77).gaussians(N);
            double width = Vectors.norm2(Vectors.minus(q.ub(), q.lb()));
            double before = 0;
            for (double tau : new double[] {.01, .1, 1, 10, 1000}) {
                for (Envelope envelope : Envelope.values()) {
                    Gradients d =
                            Backward.of(
                                    solver, q, Backward.x(g), LpgdSettings.of(envelope, tau, 0));
                    double[] dc = Backward.of(d, Field.C);
                    assertThat(Vectors.dot(g, dc)).isLessThan(1e-7);
                    assertThat(Vectors.norm2(dc)).isLessThan(width / tau + 1e-9);
                    if (envelope == Envelope.LOWER) {
                        double along = tau * Vectors.dot(g, dc);
                        assertThat(along).isLessThan(before + 1e-7);
                        before = along;
                        assertThat(d.displacement()[0])
                                .isCloseTo(tau * Vectors.norm2(dc), within(1e-7));
                    }
                }
            }
            // far enough, the perturbed solution is the lowest point of the loss
            double lowest = ActiveSets.value(q.withCost(g));
            double here = Vectors.dot(g, Backward.star(solver, q).x());
            assertThat(before).isCloseTo(lowest - here, within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("quadratic")
    void unitsOfARow(Solver solver) {
        double k = 8;
        Program q = Tiny.random(2, N, 1, 2, true);
        double[] a = times(k, q.A().toDense());
        double[] h = q.h().clone();
        double[] rows = q.G().toDense();
        h[0] *= k;
        for (int j = 0; j < N; j++) {
            rows[j] *= k;
        }
        Program scaled = Tiny.with(Tiny.with(q, Field.A, a), Field.G, rows);
        scaled = scaled.withRightHandSides(times(k, q.b()), h);
        Upstream g = Backward.x(times(1, upstream(2, 1).x()));
        LpgdSettings settings = LpgdSettings.of(Envelope.AVERAGE, .8, .1);
        Gradients one = Backward.of(solver, q, g, settings);
        Gradients other = Backward.of(solver, scaled, g, settings);
        assertClose("c", Backward.of(other, Field.C), Backward.of(one, Field.C), 1e-6);
        assertClose(
                "A", Backward.of(other, Field.A), times(1 / k, Backward.of(one, Field.A)), 1e-6);
        assertClose(
                "b", Backward.of(other, Field.B), times(1 / k, Backward.of(one, Field.B)), 1e-6);
        double[] expected = Backward.of(one, Field.H).clone();
        expected[0] /= k;
        assertClose("h", Backward.of(other, Field.H), expected, 1e-6);
    }

    @ParameterizedTest
    @MethodSource("linear")
    void orderOfVariables(Solver solver) {
        for (boolean curved : new boolean[] {false, true}) {
            Program q = Tiny.random(6, N, 1, 2, curved);
            if (!Backends.taking(List.of(q)).contains(solver)) {
                continue;
            }
            int[] order = {2, 0, 1};
            Upstream g = upstream(6, 1);
            Upstream moved = new Upstream(permuted(g.x(), order), g.y(), g.z(), null, null);
            LpgdSettings settings = LpgdSettings.of(Envelope.AVERAGE, .9, curved ? .1 : 0);
            Gradients one = Backward.of(solver, q, g, settings);
            Gradients other = Backward.of(solver, permuted(q, order), moved, settings);
            for (Field field : new Field[] {Field.C, Field.LB, Field.UB}) {
                double[] expected = permuted(Backward.of(one, field), order);
                assertClose(field.key(), Backward.of(other, field), expected, 1e-6);
            }
            assertClose("b", Backward.of(other, Field.B), Backward.of(one, Field.B), 1e-6);
            double[] rows = permutedRows(Backward.of(one, Field.G), order);
            assertClose("G", Backward.of(other, Field.G), rows, 1e-6);
        }
    }

    private static double[] permuted(double @Nullable [] given, int[] order) {
        double[] v = Objects.requireNonNull(given);
        double[] w = new double[v.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = v[order[i]];
        }
        return w;
    }

    private static double[] permutedRows(double[] full, int[] order) {
        double[] w = new double[full.length];
        for (int k = 0; k < w.length; k++) {
            w[k] = full[k / N * N + order[k % N]];
        }
        return w;
    }

    private static Program permuted(Program q, int[] order) {
        double[] p = permutedRows(q.P().toDense(), order);
        double[] both = new double[p.length];
        for (int k = 0; k < p.length; k++) {
            both[k] = p[order[k / N] * N + k % N];
        }
        Program r = q.P().isZero() ? q : Tiny.with(q, Field.P, both);
        r = Tiny.with(r, Field.A, permutedRows(q.A().toDense(), order));
        r = Tiny.with(r, Field.G, permutedRows(q.G().toDense(), order));
        return r.withCost(permuted(q.c(), order))
                .withBounds(permuted(q.lb(), order), permuted(q.ub(), order));
    }

    @ParameterizedTest
    @MethodSource("linear")
    void noUpstreamGradientGivesExactZeros(Solver solver) {
        Program q = Tiny.random(1, N, 1, 2, false);
        Upstream nothing = new Upstream(v(0, -0.0, 0), v(0), v(0, 0), v(0, 0), v(0));
        for (Method method : Method.values()) {
            Gradients g = Backward.of(solver, q, nothing, Backward.with(method));
            for (Field field : Field.values()) {
                assertThat(Backward.of(g, field)).containsOnly(0);
            }
            assertThat(g.status()).containsExactly(BackwardStatus.OK);
            assertThat(g.iterations()).containsExactly(0);
        }
    }
}

package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.problem.Field;
import io.argmind.problem.ProblemClass;
import io.argmind.problem.Program;
import io.argmind.solver.Solver;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Differences;
import io.argmind.testkit.Draw;
import io.argmind.testkit.Tiny;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With rho = 0 LPGD is the gradient of a finite difference of the optimal value with respect to
 * every parameter, at any tau and across changes of the active set: lower (L*(tau) - L*(0)) / tau,
 * upper (L*(0) - L*(-tau)) / tau, average (L*(tau) - L*(-tau)) / (2 tau).
 */
class ValueFunctionTest {
    private static final double STEP = 1e-5;

    static Stream<Arguments> linear() {
        return arguments(ProblemClass.LP);
    }

    static Stream<Arguments> quadratic() {
        return arguments(ProblemClass.QP);
    }

    private static Stream<Arguments> arguments(ProblemClass problemClass) {
        return Backends.solving(problemClass)
                .flatMap(s -> Stream.of(Envelope.values()).map(e -> Arguments.of(s.name(), s, e)));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource
    void linear(String name, Solver solver, Envelope envelope) {
        for (int seed = 0; seed < 6; seed++) {
            Program program = Tiny.random(seed, 3, 1, 2, false);
            Upstream g = upstream(seed, program, 0.02);
            assertIsGradient(solver, program, g, envelope, new double[] {0.05, 1, 6}[seed % 3]);
        }
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource
    void quadratic(String name, Solver solver, Envelope envelope) {
        int changes = 0;
        for (int seed = 0; seed < 6; seed++) {
            Program program = Tiny.random(seed, 3, 1, 2, true);
            if (!Backends.taking(List.of(program)).contains(solver)) {
                continue;
            }
            Upstream g = upstream(seed, program, 0.02);
            double tau = new double[] {0.05, 1, 6}[seed % 3];
            changes += assertIsGradient(solver, program, g, envelope, tau) ? 1 : 0;
        }
        if (Backends.taking(List.of(Tiny.random(0, 3, 1, 2, true))).contains(solver)) {
            assertThat(changes).as("changes of the active set").isPositive();
        }
    }

    /** Upstream gradients on everything; those that move constraints are small. */
    private static Upstream upstream(long seed, Program program, double small) {
        Draw draw = new Draw(seed + 100);
        double[] y = draw.gaussians(program.p());
        double[] z = draw.gaussians(program.m());
        for (int i = 0; i < y.length; i++) {
            y[i] *= small;
        }
        for (int i = 0; i < z.length; i++) {
            z[i] *= small;
        }
        return new Upstream(draw.gaussians(program.n()), y, z, draw.gaussians(program.m()), null);
    }

    private static boolean assertIsGradient(
            Solver solver, Program program, Upstream g, Envelope envelope, double tau) {
        Gradients actual = Backward.of(solver, program, g, LpgdSettings.of(envelope, tau, 0));
        assertThat(actual.status()).containsExactly(BackwardStatus.OK);
        ToDoubleFunction<Program> value =
                q ->
                        switch (envelope) {
                            case LOWER -> (moved(q, g, tau) - moved(q, g, 0)) / tau;
                            case UPPER -> (moved(q, g, 0) - moved(q, g, -tau)) / tau;
                            case AVERAGE -> (moved(q, g, tau) - moved(q, g, -tau)) / (2 * tau);
                        };
        for (Field field : Field.values()) {
            if (field == Field.P && program.P().nnz() == 0) {
                continue;
            }
            double[] expected = Differences.gradient(program, field, STEP, value);
            double[] got = Backward.of(actual, field);
            assertClose(field + " at tau " + tau, got, expected, 2e-5);
        }
        return !Arrays.equals(
                side(program, g, 0), side(program, g, envelope == Envelope.UPPER ? -tau : tau));
    }

    /** The optimal value at sigma, the slack's cost sigma g_s's written as a cost of x. */
    private static double moved(Program q, Upstream g, double sigma) {
        Program moved = program(q, g, sigma);
        double constant = 0;
        double[] gs = g.s();
        for (int i = 0; gs != null && i < gs.length; i++) {
            constant += sigma * gs[i] * moved.h()[i];
        }
        return ActiveSets.value(moved) + constant;
    }

    private static Program program(Program q, Upstream g, double sigma) {
        double[] c = q.c().clone();
        double[] b = q.b().clone();
        double[] h = q.h().clone();
        for (int j = 0; g.x() != null && j < c.length; j++) {
            c[j] += sigma * g.x()[j];
        }
        for (int i = 0; g.y() != null && i < b.length; i++) {
            b[i] -= sigma * g.y()[i];
        }
        for (int i = 0; g.z() != null && i < h.length; i++) {
            h[i] -= sigma * g.z()[i];
        }
        double[] gs = g.s();
        if (gs != null) {
            q.G().forEach((i, j, v) -> c[j] -= sigma * gs[i] * v);
        }
        return q.withCost(c).withRightHandSides(b, h);
    }

    /** Which constraints bind. */
    private static boolean[] side(Program q, Upstream g, double sigma) {
        ActiveSets.Optimum optimum = Objects.requireNonNull(ActiveSets.solve(program(q, g, sigma)));
        boolean[] binds = new boolean[q.m() + q.n()];
        for (int i = 0; i < q.m(); i++) {
            binds[i] = optimum.z()[i] > 0;
        }
        for (int i = 0; i < q.n(); i++) {
            binds[q.m() + i] = optimum.zBox()[i] != 0;
        }
        return binds;
    }
}

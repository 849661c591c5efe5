package io.argmind.lpgd;

import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.solver.Solver;
import io.argmind.testkit.Backends;
import io.argmind.testkit.Backward;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients worked out by hand, for every back-end. */
class GoldenGradientsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /** min c'x over the simplex of R^3; x* = e2. */
    private static final Program SIMPLEX = box(equal(cost(-.1, -.2, .1), v(1, 1, 1), 1), 0, INF);

    private static final Upstream SIMPLEX_G = Backward.x(.1, .1, -.5);

    /** min x1^2/2 + x2^2 + x1 + x2 over x1 + x2 = 1, -x &lt;= 0; x* = (2/3, 1/3). */
    private static final Program SEGMENT =
            below(equal(curved(cost(1, 1), 1, 0, 0, 2), v(1, 1), 1), v(-1, 0, 0, -1), 0, 0);

    static Stream<Solver> linear() {
        return Backends.taking(List.of(SIMPLEX)).stream();
    }

    static Stream<Solver> quadratic() {
        return Backends.taking(List.of(SEGMENT)).stream();
    }

    static Stream<Solver> both() {
        return Backends.taking(List.of(SIMPLEX, SEGMENT)).stream();
    }

    private static void assertGradient(Gradients g, Field field, double... expected) {
        assertThat(g.status()).containsExactly(BackwardStatus.OK);
        assertThat(Backward.of(g, field)).as("%s", field).containsExactly(expected, within(1e-8));
    }

    private static Gradients simplex(Solver solver, Envelope envelope, double tau, double rho) {
        return Backward.of(solver, SIMPLEX, SIMPLEX_G, LpgdSettings.of(envelope, tau, rho));
    }

    @ParameterizedTest
    @MethodSource("linear")
    void simplex(Solver solver) {
        assertGradient(simplex(solver, Envelope.LOWER, .45, 0), Field.C, 0, 0, 0);
        for (double tau : new double[] {.55, 1, 8}) {
            Gradients lower = simplex(solver, Envelope.LOWER, tau, 0);
            assertGradient(lower, Field.C, 0, -1 / tau, 1 / tau);
            assertThat(lower.displacement()[0]).isCloseTo(Math.sqrt(2), within(1e-8));
            assertGradient(simplex(solver, Envelope.UPPER, tau, 0), Field.C, 0, 0, 0);
            Gradients average = simplex(solver, Envelope.AVERAGE, tau, 0);
            assertGradient(average, Field.C, 0, -.5 / tau, .5 / tau);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void simplexProximal(Solver solver) {
        assertGradient(simplex(solver, Envelope.LOWER, 1, 1), Field.C, 0, -.15, .15);
        assertGradient(simplex(solver, Envelope.LOWER, 2, 1), Field.C, 0, -.225, .225);
    }

    private static Gradients segment(
            Solver solver, Upstream g, Envelope envelope, double tau, double rho) {
        return Backward.of(solver, SEGMENT, g, LpgdSettings.of(envelope, tau, rho));
    }

    @ParameterizedTest
    @MethodSource("quadratic")
    void segmentInsideItsCriticalRegion(Solver solver) {
        for (double t : new double[] {.25, .9, -.25, -.9}) {
            Envelope envelope = t > 0 ? Envelope.LOWER : Envelope.UPPER;
            Gradients g = segment(solver, Backward.x(1, 0), envelope, Math.abs(t), 0);
            assertGradient(g, Field.C, -1. / 3, 1. / 3);
            assertGradient(g, Field.B, 2. / 3);
            assertGradient(g, Field.A, (1 + 2 * t) / 9, -(7 + 2 * t) / 9);
            assertGradient(g, Field.P, (t - 4) / 18, (1 - t) / 18, (1 - t) / 18, (2 + t) / 18);
            assertGradient(g, Field.G, 0, 0, 0, 0);
            assertGradient(g, Field.H, 0, 0);
        }
        Gradients average = segment(solver, Backward.x(1, 0), Envelope.AVERAGE, .8, 0);
        assertGradient(average, Field.A, 1. / 9, -7. / 9);
        assertGradient(average, Field.P, -2. / 9, 1. / 18, 1. / 18, 1. / 9);
    }

    @ParameterizedTest
    @MethodSource("quadratic")
    void segmentBeyondItsCriticalRegion(Solver solver) {
        double tau = 4;
        Gradients g = segment(solver, Backward.x(1, 0), Envelope.LOWER, tau, 0);
        assertGradient(g, Field.C, -1. / 6, 1. / 6);
        assertGradient(g, Field.B, 1. / 3);
        assertGradient(g, Field.A, 10. / 36, -22. / 36);
        assertGradient(g, Field.H, -.5, 0);
        assertGradient(g, Field.G, 0, .5, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("quadratic")
    void segmentProximal(Solver solver) {
        for (double rho : new double[] {.1, 1, 10}) {
            Gradients g = segment(solver, Backward.x(1, 0), Envelope.LOWER, .1, rho);
            assertGradient(g, Field.C, -1 / (3 + 2 * rho), 1 / (3 + 2 * rho));
            assertGradient(g, Field.B, (2 + rho) / (3 + 2 * rho));
        }
    }

    @ParameterizedTest
    @MethodSource("quadratic")
    void segmentWithDualUpstream(Solver solver) {
        for (Envelope envelope : Envelope.values()) {
            Gradients g = segment(solver, Backward.y(1), envelope, .5, 0);
            assertGradient(g, Field.C, -2. / 3, -1. / 3);
            assertGradient(g, Field.B, -2. / 3);
        }
    }

    /** min q/2 x^2 + p x, x &lt;= h as a row and as a bound. */
    @ParameterizedTest
    @MethodSource("quadratic")
    void scalarAtItsBound(Solver solver) {
        double q = 2;
        double slackMultiplier = 1; // -(p + q h) for p = -4, h = 1.5
        Program free = curved(cost(-4), q);
        Program row = below(free, v(1), 1.5);
        Program bound = box(free, -INF, 1.5);
        for (double tau : new double[] {.5, 1, 3}) {
            double dp = tau <= slackMultiplier ? 0 : (slackMultiplier - tau) / (q * tau);
            double dh = tau <= slackMultiplier ? 1 : slackMultiplier / tau;
            LpgdSettings lower = LpgdSettings.of(Envelope.LOWER, tau, 0);
            LpgdSettings upper = LpgdSettings.of(Envelope.UPPER, tau, 0);
            for (Program program : new Program[] {row, bound}) {
                Field side = program.m() > 0 ? Field.H : Field.UB;
                Gradients g = Backward.of(solver, program, Backward.x(1), lower);
                assertGradient(g, Field.C, dp);
                assertGradient(g, side, dh);
                Gradients u = Backward.of(solver, program, Backward.x(1), upper);
                assertGradient(u, Field.C, 0);
                assertGradient(u, side, 1);
            }
        }
    }

    /** The projection of w onto the unit box: P = I, c = -w. */
    @ParameterizedTest
    @MethodSource("quadratic")
    void boxProjection(Solver solver) {
        double[] w = {-.7, .2, .6, 1.4};
        double[] g = {-2, .5, -1, .3};
        double[] c = {.7, -.2, -.6, -1.4};
        Program program =
                box(curved(cost(c), 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1), 0, 1);
        for (double tau : new double[] {.1, .45, 3}) {
            double[] lower = new double[4];
            double[] upper = new double[4];
            for (int i = 0; i < 4; i++) {
                lower[i] = (clip(w[i] - tau * g[i]) - clip(w[i])) / tau;
                upper[i] = (clip(w[i]) - clip(w[i] + tau * g[i])) / tau;
            }
            LpgdSettings right = LpgdSettings.of(Envelope.LOWER, tau, 0);
            assertGradient(Backward.of(solver, program, Backward.x(g), right), Field.C, lower);
            LpgdSettings left = LpgdSettings.of(Envelope.UPPER, tau, 0);
            assertGradient(Backward.of(solver, program, Backward.x(g), left), Field.C, upper);
        }
    }

    private static double clip(double v) {
        return Math.min(1, Math.max(0, v));
    }
}

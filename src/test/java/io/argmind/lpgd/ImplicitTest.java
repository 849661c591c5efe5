package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.equal;
import static io.argmind.testkit.Write.integer;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Field;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.Program;
import io.argmind.testkit.ActiveSets;
import io.argmind.testkit.ActiveSets.Optimum;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Differences;
import io.argmind.testkit.Draw;
import io.argmind.testkit.ReferenceSolver;
import io.argmind.testkit.Tiny;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImplicitTest {
    private static final ReferenceSolver SOLVER = new ReferenceSolver();
    private static final LpgdSettings IMPLICIT = Backward.with(Method.IMPLICIT);

    private static Upstream upstream(long seed, Program q) {
        Draw draw = new Draw(seed + 30);
        return new Upstream(
                draw.gaussians(q.n()),
                draw.gaussians(q.p()),
                draw.gaussians(q.m()),
                draw.gaussians(q.m()),
                draw.gaussians(1));
    }

    /** The loss that has these upstream gradients everywhere. */
    private static double loss(Program q, Upstream g) {
        Optimum o = Objects.requireNonNull(ActiveSets.solve(q));
        return along(g.x(), o.x())
                + along(g.y(), o.y())
                + along(g.z(), o.z())
                + along(g.s(), q.slack(o.x()))
                + along(g.objective(), v(o.value()));
    }

    private static double along(double @Nullable [] g, double[] v) {
        return g == null ? 0 : Vectors.dot(g, v);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isTheDerivativeWithRespectToEveryField(boolean quadratic) {
        for (int seed = 0; seed < 12; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, quadratic);
            Upstream g = upstream(seed, q);
            Gradients actual = Backward.of(SOLVER, q, g, IMPLICIT);
            assertThat(actual.status()).containsExactly(BackwardStatus.OK);
            for (Field field : Field.values()) {
                if (field == Field.P && !quadratic) {
                    continue;
                }
                double[] expected = Differences.gradient(q, field, 1e-6, p -> loss(p, g));
                assertClose(seed + " " + field, Backward.of(actual, field), expected, 1e-5);
            }
        }
    }

    @Test
    void isTheLimitOfSmallTau() {
        for (int seed = 0; seed < 12; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, true);
            Upstream g = upstream(seed, q);
            Gradients implicit = Backward.of(SOLVER, q, g, IMPLICIT);
            for (Field field : Field.values()) {
                double[] exact = Backward.of(implicit, field);
                double one = error(q, g, Envelope.LOWER, 1e-3, field, exact);
                double other = error(q, g, Envelope.LOWER, 1e-4, field, exact);
                assertThat(one).as("%s", field).isLessThan(.5);
                assertThat(other).as("%s is O(tau)", field).isLessThan(.2 * one + 1e-7);
                double average = error(q, g, Envelope.AVERAGE, 1e-3, field, exact);
                assertThat(average).as("%s is exact in its region", field).isLessThan(1e-8);
            }
        }
    }

    private static double error(
            Program q, Upstream g, Envelope envelope, double tau, Field field, double[] exact) {
        Gradients actual = Backward.of(SOLVER, q, g, LpgdSettings.of(envelope, tau, 0));
        return Vectors.normInf(Vectors.minus(Backward.of(actual, field), exact));
    }

    @Test
    void withFixedRhoTheLimitIsThatOfTheRegularizedProgram() {
        for (int seed = 0; seed < 6; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, true);
            Upstream g = Backward.x(new Draw(seed).gaussians(3));
            double rho = .7;
            Optimum o = Objects.requireNonNull(ActiveSets.solve(q));
            double[] p = q.P().toDense();
            double[] c = q.c().clone();
            for (int i = 0; i < 3; i++) {
                p[i * 3 + i] += rho;
                c[i] -= rho * o.x()[i];
            }
            Program regular = q.withObjective(Draw.dense(p, 3, 3), c);
            Gradients implicit = Backward.of(SOLVER, regular, g, IMPLICIT);
            Gradients lpgd = Backward.of(SOLVER, q, g, LpgdSettings.of(Envelope.LOWER, 1e-4, rho));
            assertClose("c", Backward.of(lpgd, Field.C), Backward.of(implicit, Field.C), 1e-6);
            Gradients coupled =
                    Backward.of(SOLVER, q, g, LpgdSettings.of(Envelope.LOWER, 1e-5, 1e-5 * rho));
            Gradients exact = Backward.of(SOLVER, q, g, IMPLICIT);
            assertClose("c", Backward.of(coupled, Field.C), Backward.of(exact, Field.C), 1e-3);
        }
    }

    @Test
    void redundantRowsShareTheirGradient() {
        Program once = equal(curved(cost(-1, -2), 1, 0, 0, 1), v(1, 1), 1);
        Program twice = equal(once, v(1, 1, 1, 1), 1, 1);
        Upstream g = Backward.x(1, -3);
        Gradients one = Backward.of(SOLVER, once, g, IMPLICIT);
        Gradients two = Backward.of(SOLVER, twice, g, IMPLICIT);
        assertThat(Backward.of(two, Field.C))
                .containsExactly(Backward.of(one, Field.C), within(1e-12));
        double[] b = Backward.of(two, Field.B);
        assertThat(b[0]).isCloseTo(b[1], within(1e-12));
        assertThat(b[0] + b[1]).isCloseTo(Backward.of(one, Field.B)[0], within(1e-12));
    }

    /** Where x is any point of a valley the gradient is the shortest, and nothing throws. */
    @Test
    void valleysGiveShortestGradients() {
        Program valley = curved(cost(-1, -1), 1, 1, 1, 1);
        Gradients across = Backward.of(SOLVER, valley, Backward.x(1, 1), IMPLICIT);
        assertThat(Backward.of(across, Field.C)).containsExactly(v(-.5, -.5), within(1e-12));
        Gradients along = Backward.of(SOLVER, valley, Backward.x(1, -1), IMPLICIT);
        assertThat(Backward.of(along, Field.C)).containsExactly(v(0, 0), within(1e-12));
        assertThat(along.degenerate()).containsExactly(true);
    }

    @Test
    void degenerateProgramsDoNotThrow() {
        Program round = curved(cost(-1, -2), 1, 0, 0, 1);
        Program[] programs = {
            cost(0, 0),
            box(cost(1, 0), 0, 1),
            box(round, 1, 1),
            box(round, 0, 2),
            below(round, v(0, 0), 0),
            below(round, v(1, 1, 1, 1, 2, 2), 3, 3, 6),
            equal(round, v(0, 0), 0),
            equal(box(round, 0, 1), v(1, 0, 1, 1, 2, 1), 1, 2, 3),
            below(round, v(1, 1), Double.POSITIVE_INFINITY)
        };
        for (Program q : programs) {
            Draw draw = new Draw(5);
            Upstream g =
                    new Upstream(
                            draw.gaussians(2),
                            draw.gaussians(q.p()),
                            draw.gaussians(q.m()),
                            draw.gaussians(q.m()),
                            null);
            Gradients gradients = Backward.of(SOLVER, q, g, IMPLICIT);
            assertThat(gradients.status()).containsExactly(BackwardStatus.OK);
            for (Field field : Field.values()) {
                assertThat(Vectors.allFinite(Backward.of(gradients, field))).isTrue();
            }
        }
    }

    /** Units of the objective and of the rows do not matter. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1e-3, 1e3, 1e6})
    void units(double unit) {
        for (int seed = 0; seed < 6; seed++) {
            Program q = Tiny.random(seed, 3, 1, 0, true);
            double[] p = q.P().toDense();
            double[] c = q.c().clone();
            for (int i = 0; i < 9; i++) {
                p[i] *= unit;
            }
            for (int i = 0; i < 3; i++) {
                c[i] *= unit;
            }
            Program scaled = q.withObjective(Draw.dense(p, 3, 3), c);
            Upstream g = Backward.x(new Draw(seed).gaussians(3));
            double[] expected = Backward.of(Backward.of(SOLVER, q, g, IMPLICIT), Field.C);
            double[] actual = Backward.of(Backward.of(SOLVER, scaled, g, IMPLICIT), Field.C);
            for (int i = 0; i < 3; i++) {
                assertThat(actual[i] * unit).isCloseTo(expected[i], within(1e-7));
            }
        }
    }

    @Test
    void isNotThereForIntegers() {
        Program q = integer(box(cost(1, 1), 0, 1), 0);
        assertThatThrownBy(() -> Backward.of(SOLVER, q, Backward.x(1, 1), IMPLICIT))
                .isInstanceOf(InvalidProblemException.class)
                .hasMessageContaining("/method");
    }
}

package io.argmind.lpgd;

import static io.argmind.testkit.Answers.assertClose;
import static io.argmind.testkit.Write.below;
import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.curved;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Batch;
import io.argmind.testkit.Draw;
import io.argmind.testkit.ReferenceSolver;
import io.argmind.testkit.Tiny;
import org.junit.jupiter.api.Test;

class TauRuleTest {
    private static final ReferenceSolver SOLVER = new ReferenceSolver();

    private static LpgdSettings auto(Envelope envelope) {
        return new LpgdSettings(Method.LPGD, envelope, null, 0, Projection.NONE);
    }

    @Test
    void byHand() {
        Program lp = box(below(cost(-1, 4), v(1, 1), 9), 0, 1);
        assertThat(tau(lp, Backward.x(2, -8))).isCloseTo(.5, within(1e-12)); // |c| / |g|
        Upstream z = new Upstream(v(2, -8), null, v(36), null, null);
        assertThat(tau(lp, z)).isCloseTo(.25, within(1e-12)); // |h| / |g_z|
        Program qp = curved(lp, 1, 0, 0, 1);
        assertThat(tau(qp, Backward.x(2, -8))).isCloseTo(.5e-3, within(1e-12));
        // the slack's gradient counts as one on x
        Upstream s = new Upstream(null, null, null, v(8), null);
        assertThat(tau(lp, s)).isCloseTo(.5, within(1e-12));
    }

    @Test
    void zerosAndInfinitiesAreNoScale() {
        Program free = box(below(cost(0, 0), v(1, 1), 1 / 0.), 0, 1);
        assertThat(tau(free, Backward.x(4, 0))).isCloseTo(.25, within(1e-12));
        assertThat(tau(free, Backward.objective(1))).isZero();
    }

    private static double tau(Program q, Upstream g) {
        return Backward.of(SOLVER, q, g, auto(Envelope.UPPER)).tau()[0];
    }

    /** Scaling the loss scales the gradient, and nothing else. */
    @Test
    void doesNotDependOnTheScaleOfTheLoss() {
        for (int seed = 0; seed < 6; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, seed % 2 == 0);
            double[] g = new Draw(seed).gaussians(3);
            double[] small = g.clone();
            for (int i = 0; i < 3; i++) {
                small[i] *= 1e-6;
            }
            Gradients one = Backward.of(SOLVER, q, Backward.x(g), auto(Envelope.AVERAGE));
            Gradients other = Backward.of(SOLVER, q, Backward.x(small), auto(Envelope.AVERAGE));
            for (Field field : Field.values()) {
                double[] scaled = Backward.of(other, field).clone();
                for (int k = 0; k < scaled.length; k++) {
                    scaled[k] *= 1e6;
                }
                assertClose(field.key(), scaled, Backward.of(one, field), 1e-6);
            }
        }
    }

    @Test
    void isCloseToTheDerivativeForQuadraticPrograms() {
        for (int seed = 0; seed < 10; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, true);
            Upstream g = Backward.x(new Draw(seed).gaussians(3));
            Gradients exact = Backward.of(SOLVER, q, g, Backward.with(Method.IMPLICIT));
            Gradients actual = Backward.of(SOLVER, q, g, auto(Envelope.AVERAGE));
            for (Field field : Field.values()) {
                assertClose(
                        field.key(), Backward.of(actual, field), Backward.of(exact, field), 1e-6);
            }
            assertThat(actual.noise()[0]).isLessThan(1e-9);
        }
    }

    @Test
    void movesLinearPrograms() {
        int moved = 0;
        for (int seed = 0; seed < 10; seed++) {
            Program q = Tiny.random(seed, 3, 1, 2, false);
            Upstream g = Backward.x(new Draw(seed).gaussians(3));
            moved +=
                    Backward.of(SOLVER, q, g, auto(Envelope.LOWER)).displacement()[0] > 1e-6
                            ? 1
                            : 0;
        }
        assertThat(moved).isGreaterThan(3);
    }

    @Test
    void oneTauPerInstance() {
        LpgdSettings settings =
                new LpgdSettings(Method.LPGD, Envelope.LOWER, v(.5, 2), 0, Projection.NONE);
        Program q = box(cost(-1, 1), 0, 1);
        Gradients g = Backward.of(SOLVER, Batch.of(q, q), Backward.x(1, 0, 1, 0), settings);
        assertThat(g.tau()).containsExactly(.5, 2);
        assertThat(Backward.of(g, Field.C)).containsExactly(v(0, 0, -.5, 0), within(1e-12));
    }
}

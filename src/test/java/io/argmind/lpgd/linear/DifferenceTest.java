package io.argmind.lpgd.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.BackwardStatus;
import io.argmind.lpgd.Envelope;
import io.argmind.lpgd.Projection;
import io.argmind.problem.discrete.Discrete;
import io.argmind.testkit.Draw;
import io.argmind.testkit.SmallSets;
import io.argmind.testkit.Tried;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Differences of solutions over every kind of set, against their formulas. */
class DifferenceTest {
    private static final int DRAWS = 40;

    static Stream<Discrete> sets() {
        return SmallSets.all().stream().filter(set -> Tried.of(set).size() > 1);
    }

    private static double[] gradient(Listed listed, double[] g, LinearSettings settings) {
        return listed.differentiate(g, settings).cost();
    }

    private interface Check {
        void on(Listed listed, double[] c, double[] g, double tau);
    }

    private static void drawn(Discrete set, Check check) {
        for (int k = 0; k < DRAWS; k++) {
            Draw draw = new Draw(k);
            double[] c = draw.gaussians(set.length());
            check.on(new Listed(set, c), c, draw.gaussians(set.length()), draw.positive());
        }
    }

    /** Vlastelica et al. 2020, algorithm 1: -(x - x_lambda)/lambda. */
    @ParameterizedTest
    @MethodSource("sets")
    void blackboxIsItsPublishedFormula(Discrete set) {
        drawn(
                set,
                (listed, c, g, lambda) -> {
                    LinearSettings settings =
                            new LinearSettings(
                                    LinearMethod.BLACKBOX,
                                    Envelope.LOWER,
                                    new double[] {lambda},
                                    null,
                                    0,
                                    Projection.NONE,
                                    null,
                                    true);
                    double[] moved = listed.x(Listed.plus(c, lambda, g));
                    double[] x = listed.x(c);
                    double[] expected = new double[c.length];
                    Arrays.setAll(expected, j -> -(x[j] - moved[j]) / lambda);
                    assertThat(gradient(listed, g, settings))
                            .containsExactly(expected, within(1e-14));
                    assertThat(gradient(listed, g, Listed.lpgd(Envelope.LOWER, lambda, 0)))
                            .containsExactly(expected, within(0.0));
                });
    }

    /** The left one at g is minus the right one at -g, and the average is the mean of both. */
    @ParameterizedTest
    @MethodSource("sets")
    void sidesMirrorEachOther(Discrete set) {
        drawn(
                set,
                (listed, c, g, tau) -> {
                    double[] lower = gradient(listed, g, Listed.lpgd(Envelope.LOWER, tau, 0));
                    double[] upper = gradient(listed, g, Listed.lpgd(Envelope.UPPER, tau, 0));
                    double[] average = gradient(listed, g, Listed.lpgd(Envelope.AVERAGE, tau, 0));
                    double[] back = Arrays.stream(g).map(v -> -v).toArray();
                    double[] mirrored = gradient(listed, back, Listed.lpgd(Envelope.LOWER, tau, 0));
                    for (int j = 0; j < c.length; j++) {
                        assertThat(upper[j]).isEqualTo(0 - mirrored[j], within(1e-15));
                        assertThat(average[j]).isEqualTo((lower[j] + upper[j]) / 2, within(1e-12));
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("sets")
    void gradientsDescend(Discrete set) {
        drawn(
                set,
                (listed, c, g, tau) -> {
                    for (Envelope envelope : Envelope.values()) {
                        for (double rho : new double[] {0, 0.3}) {
                            Proximal proximal = proximal(set);
                            double used = proximal == Proximal.QUADRATIC ? 0 : rho;
                            double[] dc =
                                    listed.differentiate(
                                                    listed.batch(false, proximal),
                                                    g,
                                                    Listed.lpgd(envelope, tau, used))
                                            .cost();
                            assertThat(Vectors.dot(g, dc)).isLessThanOrEqualTo(1e-12);
                        }
                    }
                    double before = 0;
                    for (double t = 0.01; t < 100; t *= 3) {
                        double[] dc = gradient(listed, g, Listed.lpgd(Envelope.LOWER, t, 0));
                        double now = t * Vectors.dot(g, dc);
                        assertThat(now).isLessThanOrEqualTo(before + 1e-12);
                        before = now;
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("sets")
    void largeTauEndsAtTheBestOfTheLoss(Discrete set) {
        drawn(
                set,
                (listed, c, g, tau) -> {
                    double[] dc = gradient(listed, g, Listed.lpgd(Envelope.LOWER, 1e9, 0));
                    double[] best = listed.x(g);
                    double[] x = listed.x(c);
                    for (int j = 0; j < c.length; j++) {
                        assertThat(1e9 * dc[j]).isEqualTo(best[j] - x[j], within(1e-6));
                    }
                    double[] tiny = gradient(listed, g, Listed.lpgd(Envelope.LOWER, 1e-9, 0));
                    assertThat(tiny).containsOnly(0);
                });
    }

    /** 2 [x(c) - x(2 c^ - c)] = LPGD's upper side at tau = 1/2 with g = c, and 2 [x(c) - x(c^)]. */
    @ParameterizedTest
    @MethodSource("sets")
    void spoPlus(Discrete set) {
        drawn(
                set,
                (listed, predicted, truth, tau) -> {
                    double[] upper = gradient(listed, truth, Listed.lpgd(Envelope.UPPER, 0.5, 0));
                    double[] best = listed.x(truth);
                    double[] here = listed.x(predicted);
                    double[] far =
                            listed.x(Listed.plus(Listed.plus(predicted, 1, predicted), -1, truth));
                    for (int j = 0; j < here.length; j++) {
                        double spo = 2 * (best[j] - far[j]);
                        assertThat(upper[j] + 2 * (best[j] - here[j]))
                                .isEqualTo(spo, within(1e-12));
                    }
                });
    }

    static Proximal proximal(Discrete set) {
        return io.argmind.dispatch.DiscreteService.proximal(set);
    }

    /** Minimizing <c', x> + rho/2 ||x - x*||^2 over the elements, written out. */
    @ParameterizedTest
    @MethodSource("sets")
    void theProximalTermIsExact(Discrete set) {
        Proximal proximal = proximal(set);
        if (proximal == Proximal.QUADRATIC) {
            return;
        }
        drawn(
                set,
                (listed, c, g, tau) -> {
                    double rho = 0.7;
                    double[] star = listed.x(c);
                    double[] moved = Listed.plus(c, tau, g);
                    double least = Double.POSITIVE_INFINITY;
                    double[] best = star;
                    for (double[] x : listed.elements()) {
                        double distance = Vectors.norm2(Vectors.minus(x, star));
                        double value = Vectors.dot(moved, x) + rho / 2 * distance * distance;
                        if (value < least) {
                            least = value;
                            best = x;
                        }
                    }
                    double[] expected = new double[c.length];
                    for (int j = 0; j < c.length; j++) {
                        expected[j] = (best[j] - star[j]) / tau;
                    }
                    assertThat(
                                    listed.differentiate(
                                                    listed.batch(false, proximal),
                                                    g,
                                                    Listed.lpgd(Envelope.LOWER, tau, rho))
                                            .cost())
                            .containsExactly(expected, within(1e-12));
                });
    }

    /**
     * With rho/tau = 1/beta fixed and tau large, x is the element nearest to x* - beta g: equation
     * (12) of the paper's proximal view, whose relaxation to all of R^n is the negative identity.
     */
    @ParameterizedTest
    @MethodSource("sets")
    void identityLimit(Discrete set) {
        Proximal proximal = proximal(set);
        if (proximal == Proximal.QUADRATIC) {
            return;
        }
        drawn(
                set,
                (listed, c, g, beta) -> {
                    double tau = 1e9;
                    double[] dc =
                            listed.differentiate(
                                            listed.batch(false, proximal),
                                            g,
                                            Listed.lpgd(Envelope.LOWER, tau, tau / beta))
                                    .cost();
                    double[] star = listed.x(c);
                    double[] wanted = Listed.plus(star, -beta, g);
                    double least = Double.POSITIVE_INFINITY;
                    double[] nearest = star;
                    for (double[] x : listed.elements()) {
                        double distance = Vectors.norm2(Vectors.minus(x, wanted));
                        if (distance < least) {
                            least = distance;
                            nearest = x;
                        }
                    }
                    for (int j = 0; j < star.length; j++) {
                        assertThat(tau * dc[j]).isEqualTo(nearest[j] - star[j], within(1e-6));
                    }
                });
    }

    @Test
    void identityIsMinusTheUpstreamGradient() {
        Listed listed = new Listed(new Discrete.TopK(3, 1), new double[] {3, 1, 2});
        double[] g = {0.5, 0, -1};
        LinearSettings settings =
                new LinearSettings(
                        LinearMethod.IDENTITY,
                        Envelope.AVERAGE,
                        null,
                        null,
                        0,
                        Projection.NONE,
                        null,
                        true);
        assertThat(gradient(listed, g, settings)).containsExactly(-0.5, 0, 1);
        assertThat(listed.solves).isZero();
    }

    @Test
    void zeroUpstreamSolvesNothing() {
        Listed listed = new Listed(new Discrete.TopK(3, 1), new double[] {3, 1, 2});
        LinearGradients out =
                listed.differentiate(new double[3], Listed.lpgd(Envelope.AVERAGE, 1, 0));
        assertThat(out.cost()).containsExactly(0, 0, 0);
        assertThat(out.status()).containsExactly(BackwardStatus.OK);
        assertThat(listed.solves).isZero();
    }

    @Test
    void automaticTauDoesNotDependOnTheScaleOfTheLoss() {
        double[] c = {3, 1, 2};
        LinearSettings auto =
                new LinearSettings(
                        LinearMethod.LPGD,
                        Envelope.AVERAGE,
                        null,
                        null,
                        0,
                        Projection.NONE,
                        null,
                        true);
        Listed listed = new Listed(new Discrete.TopK(3, 1), c);
        LinearGradients one = listed.differentiate(new double[] {-1, 0.5, 0}, auto);
        LinearGradients scaled = listed.differentiate(new double[] {-0.01, 0.005, 0}, auto);
        assertThat(one.tau()[0]).isEqualTo(3);
        assertThat(scaled.tau()[0]).isEqualTo(300, within(1e-9));
        for (int j = 0; j < 3; j++) {
            assertThat(scaled.cost()[j]).isEqualTo(0.01 * one.cost()[j], within(1e-15));
        }
        assertThat(one.lowerMoved()[0]).isTrue();
        assertThat(one.displacement()[0]).isEqualTo(Math.sqrt(2));
    }

    /** Where a side fails, half of tau is tried; then the other side alone. */
    @ParameterizedTest
    @EnumSource(Envelope.class)
    void failures(Envelope envelope) {
        double[] c = {3, 1, 2};
        double[] g = {-1, 0, 0};
        Discrete set = new Discrete.TopK(3, 1);
        LinearGradients half =
                new Listed(set, c)
                        .failingWhere(cost -> Math.abs(cost[0] - 3) > 5)
                        .differentiate(g, Listed.lpgd(envelope, 8, 0));
        assertThat(half.tau()[0]).isEqualTo(4);
        assertThat(half.status()).containsExactly(BackwardStatus.OK);
        LinearGradients none =
                new Listed(set, c)
                        .failingWhere(cost -> true)
                        .differentiate(g, Listed.lpgd(envelope, 8, 0));
        assertThat(none.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
        assertThat(none.cost()).containsOnly(0);
        LinearGradients oneSided =
                new Listed(set, c)
                        .failingWhere(cost -> cost[0] > 3)
                        .differentiate(g, Listed.lpgd(envelope, 8, 0));
        BackwardStatus expected =
                switch (envelope) {
                    case LOWER -> BackwardStatus.OK;
                    case UPPER -> BackwardStatus.SOLVER_FAILED;
                    case AVERAGE -> BackwardStatus.ONE_SIDED;
                };
        assertThat(oneSided.status()).containsExactly(expected);
        if (expected.hasGradient()) {
            assertThat(oneSided.cost()).containsExactly(1 / 8.0, -1 / 8.0, 0);
        }
    }

    /** A shortest path whose perturbed costs have a cycle of negative cost. */
    @Test
    void clamping() {
        double[] c = {1, 2, 0.5, 1, 3, 1};
        double[] g = {0, 0, -1, 0, 0, 0};
        Discrete set = new Discrete.ShortestPath(SmallSets.ring(), 0, 2, false);
        Listed listed =
                new Listed(set, c).unboundedWhere(cost -> Arrays.stream(cost).min().orElse(0) < 0);
        LinearGradients out =
                listed.differentiate(
                        listed.batch(true, Proximal.BINARY), g, Listed.lpgd(Envelope.LOWER, 2, 0));
        assertThat(out.clamped()).containsExactly(true);
        double[] clamped = c.clone();
        clamped[2] = 0;
        double[] expected = Vectors.minus(listed.x(clamped), listed.x(c));
        for (int j = 0; j < 6; j++) {
            assertThat(out.cost()[j]).isEqualTo(expected[j] / 2);
        }
        LinearGradients without =
                listed.differentiate(
                        listed.batch(false, Proximal.BINARY), g, Listed.lpgd(Envelope.LOWER, 2, 0));
        assertThat(without.clamped()).containsExactly(false);
        assertThat(without.tau()).containsExactly(0.5);
    }
}

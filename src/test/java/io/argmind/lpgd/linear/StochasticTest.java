package io.argmind.lpgd.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.BackwardStatus;
import io.argmind.lpgd.Envelope;
import io.argmind.lpgd.Projection;
import io.argmind.problem.discrete.Discrete;
import io.argmind.solution.Status;
import io.argmind.testkit.Draw;
import io.argmind.testkit.SmallSets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Means over noise, against sums that are written out, and against what they converge to. */
class StochasticTest {
    private static final Discrete PATHS = new Discrete.ShortestPath(SmallSets.ring(), 0, 2, true);

    private static Noise gaussian(int samples, double sigma) {
        return new Noise(Noise.Distribution.GAUSSIAN, samples, new long[] {3}, sigma);
    }

    private static double[] noisy(double[] c, Noise noise, int instance, int sample) {
        return Listed.plus(c, -noise.sigma(), noise.draw(instance, sample, c.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 17, 40, 100})
    void theForwardMeanIsTheMean(int samples) {
        Draw draw = new Draw(samples);
        double[][] costs = {draw.gaussians(6), draw.gaussians(6), draw.gaussians(6)};
        Noise noise = gaussian(samples, 0.5);
        Listed listed = new Listed(PATHS, costs);
        List<NoisySolves.Mean> means =
                NoisySolves.means(listed.batch(false, Proximal.BINARY), noise, listed.backwards());
        assertThat(listed.solves).isEqualTo(3 * samples);
        for (int i = 0; i < 3; i++) {
            double[] mean = new double[6];
            double smoothed = 0;
            for (int s = 0; s < samples; s++) {
                double[] c = noisy(costs[i], noise, i, s);
                double[] x = listed.x(c);
                smoothed += Vectors.dot(c, x) / samples;
                mean = Listed.plus(mean, 1.0 / samples, x);
            }
            assertThat(means.get(i).x()).containsExactly(mean, within(1e-14));
            assertThat(means.get(i).smoothed()).isEqualTo(smoothed, within(1e-13));
            assertThat(means.get(i).objective())
                    .isEqualTo(Vectors.dot(costs[i], mean), within(1e-13));
            assertThat(means.get(i).status()).isEqualTo(Status.OPTIMAL);
        }
    }

    /** The Gumbel trick: the least of c - sigma Z is item i with probability softmax(-c/sigma). */
    @Test
    void gumbelIsSoftmax() {
        double[] c = {0.3, -0.2, 0.9};
        double sigma = 0.5;
        Noise noise = new Noise(Noise.Distribution.GUMBEL, 40_000, new long[] {11}, sigma);
        Listed listed = new Listed(new Discrete.TopK(3, 1), c);
        double[] p = softmax(c, sigma);
        LinearBatch batch = listed.batch(false, Proximal.BINARY);
        NoisySolves.Mean mean = NoisySolves.means(batch, noise, listed).getFirst();
        assertThat(mean.x()).containsExactly(p, within(0.01));
        double[] g = {1, -2, 0.5};
        double[] dc =
                listed.differentiate(
                                g,
                                Listed.stochastic(
                                        LinearMethod.PERTURBED, Envelope.AVERAGE, 1, noise))
                        .cost();
        double along = Vectors.dot(p, g);
        for (int j = 0; j < 3; j++) {
            assertThat(dc[j]).isEqualTo(-p[j] * (g[j] - along) / sigma, within(0.06));
        }
    }

    private static double[] softmax(double[] c, double sigma) {
        double[] e = Arrays.stream(c).map(v -> Math.exp(-v / sigma)).toArray();
        double sum = Arrays.stream(e).sum();
        return Arrays.stream(e).map(v -> v / sum).toArray();
    }

    /**
     * Berthet et al. 2020: -1/(sigma S) sum <g, x_s> nu'(Z_s), and with the others' mean taken off.
     */
    @ParameterizedTest
    @CsvSource({"GAUSSIAN, 1, true", "GAUSSIAN, 9, false", "GAUSSIAN, 9, true", "GUMBEL, 30, true"})
    void perturbedJacobian(Noise.Distribution distribution, int samples, boolean variate) {
        Draw draw = new Draw(samples);
        double[] c = draw.gaussians(6);
        double[] g = draw.gaussians(6);
        Noise noise = new Noise(distribution, samples, new long[] {5}, 0.8);
        Listed listed = new Listed(PATHS, c);
        double[] seen = new double[samples];
        double[][] score = new double[samples][];
        for (int s = 0; s < samples; s++) {
            score[s] = noise.draw(0, s, 6);
            seen[s] = Vectors.dot(g, listed.x(Listed.plus(c, -0.8, score[s])));
            for (int j = 0; j < 6; j++) {
                score[s][j] = distribution.score(score[s][j]);
            }
        }
        double total = Arrays.stream(seen).sum();
        double[] expected = new double[6];
        for (int s = 0; s < samples; s++) {
            double others = variate && samples > 1 ? (total - seen[s]) / (samples - 1) : 0;
            expected = Listed.plus(expected, -(seen[s] - others) / (0.8 * samples), score[s]);
        }
        LinearSettings settings =
                new LinearSettings(
                        LinearMethod.PERTURBED,
                        Envelope.AVERAGE,
                        null,
                        null,
                        0,
                        Projection.NONE,
                        noise,
                        variate);
        LinearGradients out = listed.backwards().differentiate(g, settings);
        assertThat(out.cost()).containsExactly(expected, within(1e-12));
        assertThat(out.iterations()).containsExactly(samples);
    }

    /** What the loss sees of the objective of a mean: (d/dc) of c'x(c) is x and J'c. */
    @Test
    void perturbedObjective() {
        double[] c = {1, 2, 0.5, 1, 2.2, 1};
        Noise noise = gaussian(25, 0.5);
        Listed listed = new Listed(PATHS, c);
        LinearBatch batch = listed.batch(false, Proximal.BINARY);
        LinearSettings settings =
                Listed.stochastic(LinearMethod.PERTURBED, Envelope.AVERAGE, 1, noise);
        double[] mean =
                Objects.requireNonNull(NoisySolves.means(batch, noise, listed).getFirst().x());
        double[] both =
                new LinearBackward(batch, null, new double[] {2}, settings)
                        .differentiate(listed)
                        .cost();
        double[] twice = Arrays.stream(c).map(v -> 2 * v).toArray();
        double[] through = listed.differentiate(batch, twice, settings).cost();
        for (int j = 0; j < 6; j++) {
            assertThat(both[j]).isEqualTo(through[j] + 2 * mean[j], within(1e-12));
        }
    }

    /** Niepert et al. 2021: the mean of (x(c + eps + tau g) - x(c + eps))/tau. */
    @ParameterizedTest
    @EnumSource(Envelope.class)
    void implicitMaximumLikelihood(Envelope envelope) {
        Draw draw = new Draw(2);
        double[] c = draw.gaussians(6);
        double[] g = draw.gaussians(6);
        double tau = 1.5;
        int samples = 21;
        Noise noise = gaussian(samples, 0.6);
        Listed listed = new Listed(PATHS, c);
        double[] expected = new double[6];
        for (int s = 0; s < samples; s++) {
            double[] here = noisy(c, noise, 0, s);
            double[] x = listed.x(here);
            double[] lower = listed.x(Listed.plus(here, tau, g));
            double[] upper = listed.x(Listed.plus(here, -tau, g));
            double[] difference =
                    switch (envelope) {
                        case LOWER -> Vectors.minus(lower, x);
                        case UPPER -> Vectors.minus(x, upper);
                        case AVERAGE -> Vectors.minus(lower, upper);
                    };
            double den = envelope == Envelope.AVERAGE ? 2 * tau : tau;
            expected = Listed.plus(expected, 1 / (den * samples), difference);
        }
        LinearGradients out =
                listed.backwards()
                        .differentiate(
                                g, Listed.stochastic(LinearMethod.IMLE, envelope, tau, noise));
        assertThat(out.cost()).containsExactly(expected, within(1e-14));
        assertThat(out.tau()).containsExactly(tau);
        assertThat(listed.solves).isEqualTo(2 * samples);
    }

    /** Nothing that an instance gets depends on its neighbours, to the last bit. */
    @ParameterizedTest
    @EnumSource(
            value = LinearMethod.class,
            names = {"PERTURBED", "IMLE"})
    void neighboursDoNotMatter(LinearMethod method) {
        Draw draw = new Draw(8);
        double[] c = draw.gaussians(6);
        double[] g = draw.gaussians(12);
        Noise noise = gaussian(37, 1);
        LinearSettings settings = Listed.stochastic(method, Envelope.LOWER, 1, noise);
        double[] alone = new Listed(PATHS, c).differentiate(Arrays.copyOf(g, 6), settings).cost();
        double[] together =
                new Listed(PATHS, c, draw.gaussians(6))
                        .backwards()
                        .differentiate(g, settings)
                        .cost();
        assertThat(Arrays.copyOf(together, 6)).isEqualTo(alone);
    }

    @Test
    void oneFailedSampleFailsTheMean() {
        double[] c = {1, 2, 0.5, 1, 2.2, 1};
        Noise noise = gaussian(10, 1);
        double threshold = noisy(c, noise, 0, 6)[0];
        Listed listed = new Listed(PATHS, c).failingWhere(cost -> cost[0] == threshold);
        LinearBatch batch = listed.batch(false, Proximal.BINARY);
        NoisySolves.Mean mean = NoisySolves.means(batch, noise, listed).getFirst();
        assertThat(mean.x()).isNull();
        assertThat(mean.status()).isEqualTo(Status.NUMERICAL_ERROR);
        assertThat(mean.smoothed()).isNaN();
        for (LinearMethod method : List.of(LinearMethod.PERTURBED, LinearMethod.IMLE)) {
            LinearGradients out =
                    listed.differentiate(
                            new double[] {1, 0, 0, 0, 0, 0},
                            Listed.stochastic(method, Envelope.LOWER, 1, noise));
            assertThat(out.status()).containsExactly(BackwardStatus.SOLVER_FAILED);
            assertThat(out.cost()).containsOnly(0);
        }
    }

    /** The updates of AIMLE, by hand. */
    @Test
    void adaptiveTau() {
        double[] c = {3, 4, 0};
        double[] g = {0, -0.5, 0};
        AdaptiveTau state = new AdaptiveTau(1, 0.5, 0.1, 0.25, 0.5, 0.9, 1);
        Listed listed = new Listed(new Discrete.TopK(3, 1), c);
        LinearSettings settings =
                new LinearSettings(
                        LinearMethod.LPGD,
                        Envelope.LOWER,
                        null,
                        state,
                        0,
                        Projection.NONE,
                        null,
                        true);
        LinearGradients out = listed.differentiate(g, settings);
        assertThat(out.tau()[0]).isEqualTo(5 / 0.5);
        // 4 - 5 < 0: the second item takes over, and two entries change
        assertThat(out.cost()).containsExactly(0, 0.1, -0.1);
        AdaptiveTau next = Objects.requireNonNull(out.adaptive());
        assertThat(next.nonzeros()).isEqualTo(0.9 * 0.5 + 0.1 * 2, within(1e-15));
        assertThat(next.lastStep()).isEqualTo(0.5 * 0.1 + 0.25, within(1e-15));
        assertThat(next.beta()).isEqualTo(1.3, within(1e-15));
        AdaptiveTau zero = new AdaptiveTau(0, 0, 0, 0.25, 0, 0.9, 1);
        assertThat(zero.after(0).beta()).isEqualTo(0.25);
        assertThat(new AdaptiveTau(0.1, 9, 0, 0.25, 0, 0.9, 1).after(9).beta()).isZero();
    }
}

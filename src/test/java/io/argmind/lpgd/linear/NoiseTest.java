package io.argmind.lpgd.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseTest {
    private static final double EULER = 0.5772156649015329;

    private static Noise noise(Noise.Distribution distribution, long... seeds) {
        return new Noise(distribution, 1, seeds, 1);
    }

    private static double[] drawn(Noise noise, int instance, int sample, int n) {
        return noise.draw(instance, sample, n);
    }

    /** The first words of numpy.random.Philox(key=[7, 0], counter=[0, 3, 2, 0]), NumPy 2. */
    @Test
    void wordsAreThoseOfNumPy() {
        long[] words = new long[4];
        Philox.block(7, 0, 1, 3, 2, 0, words);
        assertThat(words)
                .containsExactly(
                        0x8f7e8c586bf56323L,
                        0x77493cb9af2be903L,
                        0x9fae440b45590877L,
                        0x6698ab2b3c355b27L);
        Philox.block(7, 0, 2, 3, 2, 0, words);
        assertThat(words).startsWith(0x22896abbd50b0b1eL, 0xdc9e23b5d65a8273L);
    }

    /** As the documentation's three lines of NumPy give it. */
    @Test
    void numbersAreThoseOfTheDocumentation() {
        assertThat(drawn(noise(Noise.Distribution.GAUSSIAN, 7), 2, 3, 6))
                .containsExactly(
                        new double[] {
                            -1.0514794312054345,
                            0.22837439477678237,
                            -0.788782286665677,
                            0.5672959349379944,
                            1.293097646223157,
                            -1.5278100004896724
                        },
                        within(1e-14));
        assertThat(drawn(noise(Noise.Distribution.GUMBEL, 7), 2, 3, 5))
                .containsExactly(
                        new double[] {
                            0.5466567441057963,
                            0.26964207090947606,
                            0.7507739909048391,
                            0.08951453769993997,
                            -0.6947221696792059
                        },
                        within(1e-14));
    }

    @ParameterizedTest
    @EnumSource(Noise.Distribution.class)
    void momentsAndScores(Noise.Distribution distribution) {
        int n = 400_000;
        double[] z = drawn(noise(distribution, 1), 0, 0, n);
        double mean = 0;
        double square = 0;
        double score = 0;
        double stein = 0;
        for (double v : z) {
            mean += v / n;
            square += v * v / n;
            score += distribution.score(v) / n;
            stein += v * distribution.score(v) / n;
        }
        boolean gumbel = distribution == Noise.Distribution.GUMBEL;
        assertThat(mean).isEqualTo(gumbel ? EULER : 0, within(0.01));
        assertThat(square - mean * mean)
                .isEqualTo(gumbel ? Math.PI * Math.PI / 6 : 1, within(0.02));
        assertThat(score).isEqualTo(0, within(0.01));
        assertThat(stein).as("E z score(z)").isEqualTo(1, within(0.02));
    }

    @Test
    void nothingIsDrawnTwice() {
        Noise one = noise(Noise.Distribution.GAUSSIAN, 1);
        double[] z = drawn(one, 0, 0, 3);
        assertThat(drawn(one, 0, 0, 3)).isEqualTo(z);
        assertThat(drawn(one, 0, 0, 5)).startsWith(z);
        assertThat(drawn(one, 1, 0, 3)).isNotEqualTo(z);
        assertThat(drawn(one, 0, 1, 3)).isNotEqualTo(z);
        assertThat(drawn(noise(Noise.Distribution.GAUSSIAN, 2), 0, 0, 3)).isNotEqualTo(z);
    }

    @Test
    void aSeedOfItsOwnGoesWithTheInstance() {
        Noise own = noise(Noise.Distribution.GAUSSIAN, 5, 6);
        Noise swapped = noise(Noise.Distribution.GAUSSIAN, 6, 5);
        assertThat(drawn(own, 0, 4, 7)).isEqualTo(drawn(swapped, 1, 4, 7));
        assertThat(drawn(own, 0, 4, 7))
                .isEqualTo(drawn(noise(Noise.Distribution.GAUSSIAN, 5), 0, 4, 7));
    }
}

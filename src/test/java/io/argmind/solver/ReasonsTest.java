package io.argmind.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonsTest {
    @ParameterizedTest
    @ValueSource(
            doubles = {
                1, 2, 9.94, 9.96, 10, 99.4, 99.6, 100, 1234, 0.1, 1e-4, 9.99e-5, 3.4e-5, 1e12
            })
    void writesAsTheFormatDoes(double number) {
        assertThat(Reasons.twoDigits(number)).isEqualTo(String.format(Locale.ROOT, "%.2g", number));
    }

    @Test
    void writesAsTheFormatDoesAtRandom() {
        Random random = new Random(7);
        for (int k = 0; k < 10_000; k++) {
            double number = Math.pow(10, random.nextDouble(-9, 6));
            assertThat(Reasons.twoDigits(number))
                    .isEqualTo(String.format(Locale.ROOT, "%.2g", number));
        }
    }

    @Test
    void writesWhatIsNoEstimateAsItIs() {
        assertThat(Reasons.twoDigits(0)).isEqualTo("0.0");
        assertThat(Reasons.twoDigits(Double.NaN)).isEqualTo("NaN");
        assertThat(Reasons.twoDigits(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
    }
}

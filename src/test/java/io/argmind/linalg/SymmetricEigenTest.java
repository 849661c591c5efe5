package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricEigenTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 40})
    void itPutsTheMatrixTogetherAgain(int n) {
        Draw draw = new Draw(n);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * n + j] = draw.gaussian();
                a[j * n + i] = a[i * n + j];
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(a, n);
        double[] v = eigen.vectors();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double dot = 0;
                for (int k = 0; k < n; k++) {
                    sum += eigen.values()[k] * v[i * n + k] * v[j * n + k];
                    dot += v[k * n + i] * v[k * n + j];
                }
                assertThat(sum).isCloseTo(a[i * n + j], within(1e-13 * n));
                assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-14 * n));
            }
        }
    }

    /** A graded matrix, whose small eigenvalue tridiagonalization would lose. */
    @Test
    void smallEigenvaluesKeepTheirDigits() {
        double[] a = {1e20, 1e9, 1e-1, 1e9, 1, 1e-11, 1e-1, 1e-11, 1e-20};
        double[] values = SymmetricEigen.of(a, 3).values();
        Arrays.sort(values);
        assertThat(values[2] / 1e20).isCloseTo(1, within(1e-15));
        assertThat(values[1] / 0.99).isCloseTo(1, within(1e-13));
    }

    @Test
    void diagonalAndZeroMatrices() {
        assertThat(SymmetricEigen.of(new double[] {-2, 0, 0, 3}, 2).values())
                .containsExactly(-2, 3);
        assertThat(SymmetricEigen.of(new double[4], 2).values()).containsExactly(0, 0);
    }
}

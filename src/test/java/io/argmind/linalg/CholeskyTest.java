package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import org.junit.jupiter.api.Test;

class CholeskyTest {
    /** F'F with F[rank, n]. */
    private static double[] gram(Draw draw, int rank, int n) {
        double[] f = draw.gaussians(rank * n);
        double[] k = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int q = 0; q < rank; q++) {
                    k[i * n + j] += f[q * n + i] * f[q * n + j];
                }
            }
        }
        return k;
    }

    @Test
    void grams() {
        for (int seed = 0; seed < 30; seed++) {
            int n = 2 + seed % 7;
            double[] full = gram(new Draw(seed), 2 * n, n);
            double[] kept = full.clone();
            assertThat(Cholesky.isPositiveDefinite(full, n)).isTrue();
            assertThat(Cholesky.isPositiveSemidefinite(full, n, 1e-12)).isTrue();
            assertThat(full).containsExactly(kept);
            double[] singular = gram(new Draw(seed), n - 1, n);
            double shift = 1e-8 * Vectors.normInf(singular);
            assertThat(Cholesky.isPositiveDefinite(singular, n)).isFalse();
            assertThat(Cholesky.isPositiveSemidefinite(singular, n, shift)).isTrue();
        }
    }

    @Test
    void negativeDirections() {
        double[] saddle = {1, 2, 2, 1};
        assertThat(Cholesky.isPositiveDefinite(saddle, 2)).isFalse();
        assertThat(Cholesky.isPositiveSemidefinite(saddle, 2, 1e-8)).isFalse();
        double[] barely = {1, 1 + 1e-6, 1 + 1e-6, 1};
        assertThat(Cholesky.isPositiveSemidefinite(barely, 2, 1e-8)).isFalse();
        assertThat(Cholesky.isPositiveSemidefinite(barely, 2, 1e-5)).isTrue();
    }

    @Test
    void edges() {
        assertThat(Cholesky.isPositiveDefinite(new double[0], 0)).isTrue();
        assertThat(Cholesky.isPositiveDefinite(new double[] {0}, 1)).isFalse();
        assertThat(Cholesky.isPositiveDefinite(new double[] {1e-200}, 1)).isTrue();
        assertThat(Cholesky.isPositiveDefinite(new double[] {Double.NaN}, 1)).isFalse();
        assertThat(Cholesky.isPositiveSemidefinite(new double[4], 2, 1e-8)).isTrue();
    }
}

package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link SingularValues}, {@link SmallestEigenvalue}, {@link MinimalResidual}. */
class SmallDenseTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 20})
    void singularValuesRebuildTheMatrix(int n) {
        double[] m = new Draw(n).gaussians(n * n);
        double[] u = m.clone();
        double[] v = new double[n * n];
        double[] sigma = new double[n];
        SingularValues.decompose(u, n, v, sigma);
        // M' = V diag(sigma) U'; rows of u and v are the singular vectors
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double dot = 0;
                for (int k = 0; k < n; k++) {
                    sum += v[k * n + i] * sigma[k] * u[k * n + j];
                    dot += u[i * n + k] * u[j * n + k];
                }
                assertThat(sum).isCloseTo(m[i * n + j], within(1e-12));
                assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 20})
    void smallestEigenvalueOfAKnownSpectrum(int n) {
        double[] q = new Draw(n).gaussians(n * n);
        double[] v = new double[n * n];
        double[] sigma = new double[n];
        SingularValues.decompose(q, n, v, sigma);
        double[] a = new double[n * n];
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n * n; i++) {
                a[i] += (k - 3.5) * v[k * n + i / n] * v[k * n + i % n];
            }
        }
        double found = SmallestEigenvalue.of(a, n, new double[n], new double[n]);
        assertThat(found).isCloseTo(-3.5, within(1e-12));
    }

    @Test
    void smallestEigenvalueOfDiagonalAndZeroMatrices() {
        double[] diagonal = {3, 0, 0, 0, -2, 0, 0, 0, 1};
        assertThat(SmallestEigenvalue.of(diagonal, 3, new double[3], new double[3])).isEqualTo(-2);
        assertThat(SmallestEigenvalue.of(new double[9], 3, new double[3], new double[3])).isZero();
    }

    /** An inverse that is wrong in two directions needs three steps. */
    @Test
    void minimalResidualRepairsAWrongInverse() {
        int n = 30;
        double[] d = new double[n];
        for (int i = 0; i < n; i++) {
            d[i] = i + 1;
        }
        double[] r = new Draw(1).gaussians(n);
        double[] u = new double[n];
        new MinimalResidual(n, 5)
                .improve(
                        (v, out) -> {
                            for (int i = 0; i < n; i++) {
                                out[i] = d[i] * v[i];
                            }
                        },
                        (v, out) -> {
                            for (int i = 0; i < n; i++) {
                                out[i] = v[i] / (i == 4 ? 1e-3 : i == 7 ? 100 : d[i]);
                            }
                        },
                        r,
                        u,
                        1e-13);
        for (int i = 0; i < n; i++) {
            assertThat(u[i] * d[i]).isCloseTo(r[i], within(1e-9));
        }
    }
}

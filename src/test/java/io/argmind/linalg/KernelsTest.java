package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels along one row against plain loops, over the sizes around a vector's. */
class KernelsTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100})
    void agreeWithLoops(int n) {
        Draw draw = new Draw(n);
        double[] x = draw.gaussians(n + 3);
        double[] y = draw.gaussians(n + 5);
        double[] raised = draw.gaussians(n);
        double dot = 0;
        double most = 0;
        double[] expected = raised.clone();
        for (int i = 0; i < n; i++) {
            dot += x[3 + i] * y[5 + i];
            most = Math.max(most, Math.abs(x[3 + i]));
            expected[i] = Math.max(expected[i], Math.abs(x[3 + i]));
        }
        assertThat(Kernels.dot(x, 3, y, 5, n)).isCloseTo(dot, within(1e-12));
        assertThat(Kernels.maxAbs(x, 3, n)).isEqualTo(most);
        Kernels.raise(x, 3, raised, n);
        assertThat(raised).containsExactly(expected);
    }

    /** Whoever runs it, interpreter or compiled code. */
    @Test
    void dotAlwaysHasTheSameBits() {
        Draw draw = new Draw(7);
        double[] x = draw.gaussians(64);
        double[] y = draw.gaussians(64);
        double first = Kernels.dot(x, 0, y, 0, 64);
        for (int k = 0; k < 50_000; k++) {
            assertThat(Kernels.dot(x, 0, y, 0, 64) == first).isTrue();
        }
    }
}

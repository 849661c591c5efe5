package io.argmind.lpgd;

import static io.argmind.testkit.Write.box;
import static io.argmind.testkit.Write.cost;
import static io.argmind.testkit.Write.v;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.linalg.Vectors;
import io.argmind.problem.Field;
import io.argmind.problem.Program;
import io.argmind.testkit.Backward;
import io.argmind.testkit.Draw;
import io.argmind.testkit.ReferenceSolver;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegativeIdentityTest {
    private static Gradients gradients(double[] c, double[] g, Projection projection) {
        LpgdSettings settings =
                new LpgdSettings(Method.IDENTITY, Envelope.AVERAGE, null, 0, projection);
        Program q = box(cost(c), 0, 1);
        return Backward.of(new ReferenceSolver(), q, Backward.x(g), settings);
    }

    /** The projection, written by its definition. */
    private static double[] projected(double[] c, Projection projection) {
        double mean = Arrays.stream(c).average().orElseThrow();
        double variance =
                Arrays.stream(c).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        return switch (projection) {
            case NONE -> c;
            case MEAN -> Arrays.stream(c).map(v -> v - mean).toArray();
            case STANDARDIZE ->
                    Arrays.stream(c).map(v -> (v - mean) / Math.sqrt(variance)).toArray();
        };
    }

    /** dc = -d/dc of g' projection(c). */
    @ParameterizedTest
    @EnumSource
    void isMinusTheDerivativeOfTheProjection(Projection projection) {
        for (int seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            double[] c = draw.gaussians(4);
            double[] g = draw.gaussians(4);
            double[] actual = Backward.of(gradients(c, g, projection), Field.C);
            for (int i = 0; i < 4; i++) {
                double[] up = c.clone();
                double[] down = c.clone();
                up[i] += 1e-6;
                down[i] -= 1e-6;
                double slope =
                        (Vectors.dot(g, projected(up, projection))
                                        - Vectors.dot(g, projected(down, projection)))
                                / 2e-6;
                assertThat(actual[i]).isCloseTo(-slope, within(1e-7));
            }
        }
    }

    @Test
    void onlyCostsHaveAGradient() {
        Gradients g = gradients(v(1, 2), v(3, 4), Projection.NONE);
        assertThat(Backward.of(g, Field.C)).containsExactly(-3, -4);
        assertThat(Backward.of(g, Field.LB)).containsOnly(0);
        assertThat(g.iterations()).containsExactly(0);
    }

    /** Equal costs, however rounding treats their mean, have no direction left. */
    @ParameterizedTest
    @ValueSource(doubles = {0, .1, 1. / 3, 1e-9 / 7, 1e9 / 7})
    void equalCosts(double value) {
        for (int n = 1; n <= 8; n++) {
            double[] c = new double[n];
            Arrays.fill(c, value);
            double[] g = new Draw(n).gaussians(n);
            double[] actual = Backward.of(gradients(c, g, Projection.STANDARDIZE), Field.C);
            assertThat(actual).as("%s costs", n).containsOnly(0);
        }
    }
}

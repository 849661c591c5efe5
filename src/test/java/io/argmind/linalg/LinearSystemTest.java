package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearSystemTest {
    private static Matrix square(double[] k, int n) {
        return new Matrix(Pattern.dense(n, n), k, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 25, 60})
    void random(int n) {
        for (int seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            double[] k = draw.gaussians(n * n);
            double[] u = draw.gaussians(n);
            double[] kept = k.clone();
            LinearSystem system = new LinearSystem(k, n);
            assertThat(system.isSingular()).isFalse();
            double[] r = square(k, n).times(u);
            double[] given = r.clone();
            double[] found = system.solve(r);
            assertThat(Vectors.normInf(Vectors.minus(found, u))).isLessThan(1e-9);
            assertThat(r).as("right-hand side").containsExactly(given);
            assertThat(k).as("matrix").containsExactly(kept);
        }
    }

    @Test
    void needsPivots() {
        LinearSystem swap = new LinearSystem(new double[] {0, 2, 3, 0}, 2);
        assertThat(swap.isSingular()).isFalse();
        assertThat(swap.solve(new double[] {4, 9})).containsExactly(3, 2);
        LinearSystem cycle = new LinearSystem(new double[] {0, 0, 2, 4, 0, 0, 0, 5, 0}, 3);
        assertThat(cycle.solve(new double[] {2, 4, 5})).containsExactly(1, 1, 1);
    }

    /** The residual is small also where the answer itself cannot be. */
    @ParameterizedTest
    @ValueSource(ints = {4, 6, 8})
    void illConditioned(int n) {
        double[] hilbert = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                hilbert[i * n + j] = 1.0 / (i + j + 1);
            }
        }
        double[] u = new Draw(n).gaussians(n);
        LinearSystem system = new LinearSystem(hilbert, n);
        assertThat(system.isSingular()).isFalse();
        double[] r = square(hilbert, n).times(u);
        double[] found = system.solve(r);
        double[] residual = Vectors.minus(square(hilbert, n).times(found), r);
        assertThat(Vectors.normInf(residual)).isLessThan(1e-14 * (1 + Vectors.normInf(found)));
        assertThat(Vectors.normInf(Vectors.minus(found, u))).isLessThan(1e-16 * Math.pow(40, n));
    }

    @Test
    void singularGivesTheShortestLeastSquaresSolution() {
        LinearSystem twice = new LinearSystem(new double[] {1, 1, 1, 1}, 2);
        assertThat(twice.isSingular()).isTrue();
        assertThat(twice.solve(new double[] {2, 4}))
                .containsExactly(new double[] {1.5, 1.5}, within(1e-14));
        LinearSystem zero = new LinearSystem(new double[9], 3);
        assertThat(zero.isSingular()).isTrue();
        assertThat(zero.solve(new double[] {1, 2, 3})).containsExactly(0, 0, 0);
        LinearSystem nearly = new LinearSystem(new double[] {1, 1, 1, 1 + 1e-14}, 2);
        assertThat(nearly.isSingular()).isTrue();
        assertThat(nearly.solve(new double[] {2, 2}))
                .containsExactly(new double[] {1, 1}, within(1e-12));
    }

    @Test
    void withoutUnknowns() {
        assertThat(new LinearSystem(new double[0], 0).solve(new double[0])).isEmpty();
    }

    @Test
    void numbersThatAreNoneGiveNoExceptions() {
        LinearSystem system = new LinearSystem(new double[] {Double.NaN, 1, 1, 1}, 2);
        assertThat(system.solve(new double[] {1, 1})).hasSize(2);
        LinearSystem infinite = new LinearSystem(new double[] {1 / 0., 1, 1, 1}, 2);
        assertThat(infinite.solve(new double[] {1, 1})).hasSize(2);
    }

    /** Units of rows and columns say nothing about rank. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-8, 1e-4, 1e4, 1e8})
    void unitsDoNotMakeASystemSingular(double unit) {
        // [P A'; A 0] with P in other units than A
        double[] k = {2 * unit, 0, 1, 0, unit, 1, 1, 1, 0};
        LinearSystem system = new LinearSystem(k, 3);
        double[] u = {1, -2, 3 * unit};
        double[] found = system.solve(square(k, 3).times(u));
        assertThat(found[0]).isCloseTo(u[0], within(1e-6));
        assertThat(found[1]).isCloseTo(u[1], within(1e-6));
        assertThat(found[2] / unit).isCloseTo(3, within(1e-6));
    }
}

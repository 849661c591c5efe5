package io.argmind.solver.ortools;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import org.junit.jupiter.api.Test;

class GridTest {
    @Test
    void findsPowersOfTwoExactly() {
        assertThat(Grid.of(new double[] {1, -3, 0})).isEqualTo(1);
        assertThat(Grid.of(new double[] {0.5, 0.375})).isEqualTo(8);
        assertThat(Grid.of(new double[0])).isEqualTo(1);
        assertThat(Grid.of(new double[] {0.1f, -2.7f})).isEqualTo(0x1p27);
    }

    @Test
    void takesDoublesForTheDecimalsTheyCameFrom() {
        assertThat(Grid.of(new double[] {0.1, 2.75, 3})).isEqualTo(100);
        assertThat(Grid.of(new double[] {1e-9})).isEqualTo(1e9);
    }

    @Test
    void knowsWhenThereIsNone() {
        assertThat(Grid.of(new double[] {0.1 + 0.2})).isNaN();
        assertThat(Grid.of(new double[] {1. / 3})).isNaN();
        assertThat(Grid.of(new double[] {Math.PI, 1})).isNaN();
        assertThat(Grid.of(new double[] {1e-10})).isNaN();
        assertThat(Grid.of(new double[] {0.5, 1e300})).isNaN();
        for (int seed = 0; seed < 1000; seed++) {
            assertThat(Grid.of(new Draw(seed).gaussians(1))).isNaN();
        }
    }
}

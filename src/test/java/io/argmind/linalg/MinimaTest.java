package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against plain loops, on rows with and without ties. */
class MinimaTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final int ROWS = 200;

    private final Random random = new Random(3);

    /** Entries of a row and what fills it up; of few different ones if there are to be ties. */
    private double[] row(int length, boolean ties) {
        double[] c = new double[Minima.padded(length)];
        Arrays.fill(c, INF);
        for (int j = 0; j < length; j++) {
            c[j] = ties ? random.nextInt(-2, 3) : random.nextDouble(-1, 1);
        }
        return c;
    }

    private double[] prices(int length, boolean ties) {
        double[] v = row(length, ties);
        Arrays.fill(v, length, v.length, 0);
        return v;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 16, 20, 33, 100})
    void leastEntriesAreTheFirstOfTheLeast(int length) {
        for (int trial = 0; trial < ROWS; trial++) {
            double[] c = row(length, trial % 2 == 0);
            double[] v = prices(length, trial % 2 == 0);
            int best = 0;
            for (int j = 1; j < length; j++) {
                best = c[j] - v[j] < c[best] - v[best] ? j : best;
            }
            double second = INF;
            for (int j = 0; j < length; j++) {
                second = j == best ? second : Math.min(second, c[j] - v[j]);
            }
            double[] two = new double[2];
            assertThat(Minima.least(c, 0, v, c.length)).isEqualTo(best);
            assertThat(Minima.leastTwo(c, 0, v, c.length, two)).isEqualTo(best);
            assertThat(two).containsExactly(c[best] - v[best], second);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 11, 40})
    void relaxesAsALoopDoes(int length) {
        for (int trial = 0; trial < ROWS; trial++) {
            double[] c = row(length, trial % 2 == 0);
            double[] v = prices(length, trial % 2 == 0);
            double[] d = row(length, trial % 2 == 0);
            double[] from = new double[d.length];
            double[] expected = d.clone();
            double[] rows = from.clone();
            double floor = -0.25;
            for (int j = 0; j < length; j++) {
                double way = Math.max(floor, 0.5 + (c[j] - v[j]));
                if (way < expected[j]) {
                    expected[j] = way;
                    rows[j] = 7;
                }
            }
            double least = Minima.relax(c, 0, v, d.length, 0.5, floor, d, from, 7);
            assertThat(d).isEqualTo(expected);
            assertThat(from).isEqualTo(rows);
            assertThat(least).isEqualTo(Arrays.stream(expected).min().orElseThrow());
        }
    }

    @Test
    void findsEveryPlaceOfAValue() {
        double[] x = row(37, true);
        for (int start = 0; start <= x.length; start++) {
            int expected = start;
            while (expected < x.length && x[expected] != 1) {
                expected++;
            }
            assertThat(Minima.indexOf(x, 1, start, x.length)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 13})
    void boundsHoldForEveryEntry(int length) {
        double[] x = new double[length];
        Arrays.fill(x, -2);
        assertThat(Minima.areWithin(x, 2)).isTrue();
        for (int j = 0; j < length; j++) {
            for (double bad : new double[] {2.5, -INF, Double.NaN}) {
                double[] y = x.clone();
                y[j] = bad;
                assertThat(Minima.areWithin(y, 2)).isFalse();
            }
        }
    }
}

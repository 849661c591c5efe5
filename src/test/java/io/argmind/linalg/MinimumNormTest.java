package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinimumNormTest {
    private static final int SEEDS = 20;

    /** M = L R with L[rows, rank], R[rank, cols]. */
    private static double[] ofRank(Draw draw, int rows, int cols, int rank) {
        double[] l = draw.gaussians(rows * rank);
        double[] r = draw.gaussians(rank * cols);
        double[] m = new double[rows * cols];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                for (int k = 0; k < rank; k++) {
                    m[i * cols + j] += l[i * rank + k] * r[k * cols + j];
                }
            }
        }
        return m;
    }

    private static double[] times(double[] m, int rows, int cols, double[] u) {
        double[] r = new double[rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                r[i] += m[i * cols + j] * u[j];
            }
        }
        return r;
    }

    private static double[] transposed(double[] m, int rows, int cols) {
        double[] t = new double[m.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                t[j * rows + i] = m[i * cols + j];
            }
        }
        return t;
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "1,1,0",
        "5,5,5",
        "5,5,3",
        "5,5,0",
        "7,4,4",
        "7,4,2",
        "4,7,4",
        "4,7,2",
        "1,6,1",
        "6,1,1",
        "12,12,11",
        "20,30,7",
        "0,4,0",
        "4,0,0",
        "0,0,0"
    })
    void solvesTheNormalEquationsWithoutAnyPartInTheNullSpace(int rows, int cols, int rank) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            double[] m = ofRank(draw, rows, cols, rank);
            double[] r = draw.gaussians(rows);
            MinimumNorm decomposition = new MinimumNorm(m.clone(), rows, cols);
            assertThat(decomposition.rank()).as("rank, seed %s", seed).isEqualTo(rank);
            double[] u = decomposition.solve(r);
            double[] residual = Vectors.minus(r, times(m, rows, cols, u));
            double[] normal = times(transposed(m, rows, cols), cols, rows, residual);
            double scale = 1 + Vectors.normInf(m) * (1 + Vectors.normInf(u));
            assertThat(Vectors.normInf(normal)).as("M'(r - M u)").isLessThan(1e-9 * scale * scale);
            assertHasNoPartInNullSpace(m, rows, cols, rank, u, draw);
        }
    }

    /** u is in the row space of M: a vector with M v = 0 is orthogonal to it. */
    private static void assertHasNoPartInNullSpace(
            double[] m, int rows, int cols, int rank, double[] u, Draw draw) {
        double[] v = draw.gaussians(cols);
        // v minus its projection onto the row space, by orthonormalized rows
        double[][] basis = new double[rank][];
        int size = 0;
        for (int i = 0; i < rows && size < rank; i++) {
            double[] row = Arrays.copyOfRange(m, i * cols, (i + 1) * cols);
            for (int again = 0; again < 2; again++) {
                for (int k = 0; k < size; k++) {
                    Vectors.addTimes(-Vectors.dot(basis[k], row), basis[k], row);
                }
            }
            double norm = Vectors.norm2(row);
            if (norm > 1e-9) {
                double[] unit = new double[cols];
                Vectors.addTimes(1 / norm, row, unit);
                basis[size++] = unit;
            }
        }
        for (int again = 0; again < 2; again++) {
            for (int k = 0; k < size; k++) {
                Vectors.addTimes(-Vectors.dot(basis[k], v), basis[k], v);
            }
        }
        assertThat(Vectors.dot(u, v))
                .as("u'v")
                .isCloseTo(0, within(1e-8 * (1 + Vectors.norm2(u) * Vectors.norm2(v))));
    }

    @Test
    void isTheInverseWhereThereIsOne() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Draw draw = new Draw(seed);
            int n = 1 + seed % 8;
            double[] m = draw.gaussians(n * n);
            double[] u = draw.gaussians(n);
            double[] found = new MinimumNorm(m.clone(), n, n).solve(times(m, n, n, u));
            assertThat(Vectors.normInf(Vectors.minus(found, u))).isLessThan(1e-8);
        }
    }

    @Test
    void isShortestAmongAllSolutions() {
        // x + y = 2, twice: (1, 1); least squares of 2 and 4: (1.5, 1.5)
        double[] twice = {1, 1, 1, 1};
        assertThat(new MinimumNorm(twice.clone(), 2, 2).solve(new double[] {2, 2}))
                .containsExactly(new double[] {1, 1}, within(1e-14));
        assertThat(new MinimumNorm(twice.clone(), 2, 2).solve(new double[] {2, 4}))
                .containsExactly(new double[] {1.5, 1.5}, within(1e-14));
        assertThat(new MinimumNorm(new double[] {3, 4}, 1, 2).solve(new double[] {5}))
                .containsExactly(new double[] {0.6, 0.8}, within(1e-14));
        assertThat(new MinimumNorm(new double[4], 2, 2).solve(new double[] {1, 2}))
                .containsExactly(0, 0);
    }

    @Test
    void thePivotsAreIndependentColumns() {
        double[] m = {1, 2, 0, 1, 2, 1}; // second column twice the first
        MinimumNorm decomposition = new MinimumNorm(m, 2, 3);
        assertThat(decomposition.rank()).isEqualTo(2);
        int[] order = decomposition.pivotOrder();
        assertThat(order[0]).isEqualTo(1);
        assertThat(order[1]).isEqualTo(2);
    }

    @Test
    void numbersThatAreNoneGiveNoExceptions() {
        double[] m = {1, Double.NaN, 2, 3};
        assertThat(new MinimumNorm(m, 2, 2).solve(new double[] {1, 1})).hasSize(2);
    }
}

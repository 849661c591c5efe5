package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixTest {
    /** The same entries dense and sparse, each at an offset into a longer array. */
    private static Matrix[] both(Draw draw, int rows, int cols) {
        double[] full = draw.matrix(rows, cols, 0.5).toDense();
        Matrix sparse = Draw.sparse(full, rows, cols);
        return new Matrix[] {
            new Matrix(Pattern.dense(rows, cols), shifted(full), 3),
            new Matrix(sparse.pattern(), shifted(sparse.values()), 3)
        };
    }

    private static double[] shifted(double[] values) {
        double[] longer = new double[values.length + 5];
        Arrays.fill(longer, 1e9);
        System.arraycopy(values, 0, longer, 3, values.length);
        return longer;
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,5", "5,3", "0,4", "4,0", "7,7"})
    void productsAgreeWithTheDefinition(int rows, int cols) {
        for (int seed = 0; seed < 10; seed++) {
            Draw draw = new Draw(seed);
            Matrix[] both = both(draw, rows, cols);
            double[] full = both[0].toDense();
            assertThat(both[1].toDense()).containsExactly(full);
            double[] x = draw.gaussians(cols);
            double[] y = draw.gaussians(rows);
            double[] ax = new double[rows];
            double[] aty = new double[cols];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    ax[i] += full[i * cols + j] * x[j];
                    aty[j] += full[i * cols + j] * y[i];
                }
            }
            for (Matrix matrix : both) {
                assertThat(matrix.times(x)).containsExactly(ax, within(1e-13));
                assertThat(matrix.transposeTimes(y)).containsExactly(aty, within(1e-13));
                double[] sum = y.clone();
                matrix.addTimes(-2, x, sum);
                double[] expected = y.clone();
                Vectors.addTimes(-2, ax, expected);
                assertThat(sum).containsExactly(expected, within(1e-12));
            }
        }
    }

    @Test
    void looksAtItsOwnEntriesOnly() {
        for (Matrix matrix : both(new Draw(3), 4, 4)) {
            double[] full = matrix.toDense();
            assertThat(matrix.maxAbs()).isEqualTo(Vectors.normInf(full)).isLessThan(100);
            assertThat(matrix.diagonal()).containsExactly(full[0], full[5], full[10], full[15]);
            assertThat(matrix.nonzeros())
                    .isEqualTo((int) Arrays.stream(full).filter(v -> v != 0).count());
            assertThat(matrix.isZero()).isFalse();
            assertThat(matrix.isDiagonal()).isFalse();
        }
    }

    @Test
    void recognizesDiagonalsAndZeros() {
        assertThat(Matrix.diagonal(new double[] {1, 2}).isDiagonal()).isTrue();
        assertThat(Draw.dense(new double[] {1, 0, 0, 2}, 2, 2).isDiagonal()).isTrue();
        assertThat(Draw.dense(new double[4], 2, 2).isZero()).isTrue();
        assertThat(Matrix.empty(3, 2).isZero()).isTrue();
        assertThat(Matrix.empty(3, 2).times(new double[] {1, 2})).containsExactly(0, 0, 0);
        assertThat(Matrix.diagonal(new double[] {1, 2}).toDense()).containsExactly(1, 0, 0, 2);
    }

    @Test
    void vectors() {
        assertThat(Vectors.normInf(new double[] {1, -3, 2})).isEqualTo(3);
        assertThat(Vectors.normInf(new double[] {1, Double.NaN, 2})).isNaN();
        assertThat(Vectors.normInf(new double[0])).isZero();
        assertThat(Vectors.norm2(new double[] {3e200, 4e200})).isCloseTo(5e200, within(1e186));
        assertThat(Vectors.norm2(new double[] {0, 0})).isZero();
        assertThat(Vectors.norm2(new double[] {1, Double.POSITIVE_INFINITY})).isInfinite();
        assertThat(Vectors.dot(new double[] {1, 2}, new double[] {3, 4})).isEqualTo(11);
        assertThat(Vectors.minus(new double[] {1, 2}, new double[] {3, 5})).containsExactly(-2, -3);
        assertThat(Vectors.isZero(new double[] {0, -0.0})).isTrue();
        assertThat(Vectors.isZero(new double[] {0, Double.NaN})).isFalse();
        assertThat(Vectors.allFinite(new double[] {0, Double.NaN})).isFalse();
        assertThat(Vectors.allFinite(new double[] {0, Double.NEGATIVE_INFINITY})).isFalse();
    }
}

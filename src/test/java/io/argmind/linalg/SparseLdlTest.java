package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SparseLdlTest {

    /** Patterns of a strict upper triangle. */
    enum Shape {
        EMPTY,
        SPARSE,
        DENSE,
        ARROW_UP,
        ARROW_DOWN,
        BAND,
        DISCONNECTED;

        boolean has(int i, int j, int n, Draw draw) {
            return switch (this) {
                case EMPTY -> false;
                case SPARSE -> draw.chance(3.0 / n);
                case DENSE -> true;
                case ARROW_UP -> i == 0;
                case ARROW_DOWN -> j == n - 1;
                case BAND -> j - i <= 2;
                case DISCONNECTED -> i / 5 == j / 5 && draw.chance(0.7);
            };
        }
    }

    /** A quasi-definite matrix, dense and by the columns of its upper triangle. */
    record Case(int n, int[] colStart, int[] row, double[] values, byte[] sign, double[][] full) {
        static Case draw(Shape shape, int n, long seed) {
            Draw draw = new Draw(seed);
            byte[] sign = new byte[n];
            for (int i = 0; i < n; i++) {
                sign[i] = (byte) (draw.chance(0.5) ? 1 : -1);
            }
            int[] colStart = new int[n + 1];
            List<Integer> row = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            double[][] full = new double[n][n];
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < j; i++) {
                    if (shape.has(i, j, n, draw)) {
                        double v = draw.gaussian() * (sign[i] == sign[j] ? 0.2 / Math.sqrt(n) : 1);
                        row.add(i);
                        values.add(v);
                        full[i][j] = v;
                        full[j][i] = v;
                    }
                }
                row.add(j);
                full[j][j] = sign[j] * (1 + draw.positive());
                values.add(full[j][j]);
                colStart[j + 1] = row.size();
            }
            return new Case(
                    n,
                    colStart,
                    row.stream().mapToInt(Integer::intValue).toArray(),
                    values.stream().mapToDouble(Double::doubleValue).toArray(),
                    sign,
                    full);
        }

        double[] times(double[] u) {
            double[] r = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    r[i] += full[i][j] * u[j];
                }
            }
            return r;
        }
    }

    private static SymbolicLdl analysis(int n, int[] colStart, int[] row) {
        return new SymbolicLdl(n, colStart, row, () -> false);
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void solves(Shape shape) {
        for (int n : new int[] {1, 2, 3, 7, 20, 65, 150}) {
            for (int seed = 0; seed < 5; seed++) {
                Case k = Case.draw(shape, n, seed);
                SymbolicLdl symbolic = analysis(n, k.colStart(), k.row());
                int[] sorted = symbolic.order.clone();
                Arrays.sort(sorted);
                for (int i = 0; i < n; i++) {
                    assertThat(sorted[i]).isEqualTo(i);
                }
                SparseLdl ldl = new SparseLdl(symbolic);
                double[] u = new Draw(seed + 100).gaussians(n);
                for (int again = 0; again < 2; again++) {
                    assertThat(ldl.factor(k.values(), k.sign())).isTrue();
                    double[] found = k.times(u);
                    ldl.solve(found);
                    assertThat(Vectors.normInf(Vectors.minus(found, u))).isLessThan(1e-9);
                }
                assertThat(ldl.regularized()).isZero();
            }
        }
    }

    @Test
    void withoutUnknowns() {
        SparseLdl ldl = new SparseLdl(analysis(0, new int[1], new int[0]));
        assertThat(ldl.factor(new double[0], new byte[0])).isTrue();
        ldl.solve(new double[0]);
    }

    @Test
    void pivotsOfTheWrongSignAreReplaced() {
        SymbolicLdl symbolic = analysis(2, new int[] {0, 1, 3}, new int[] {0, 0, 1});
        SparseLdl ldl = new SparseLdl(symbolic);
        assertThat(ldl.factor(new double[] {1, 1, 1}, new byte[] {1, 1})).isTrue();
        assertThat(ldl.regularized()).isEqualTo(1);
        assertThat(ldl.factor(new double[] {Double.NaN, 1, 1}, new byte[] {1, 1})).isFalse();
    }

    /** Eliminating the hub of an arrow first would fill the matrix. */
    @Test
    void arrowsDoNotFill() {
        Case k = Case.draw(Shape.ARROW_UP, 400, 1);
        assertThat(analysis(400, k.colStart(), k.row()).entries()).isLessThan(4000);
    }

    /** What good orders make of a 5-point grid: about 7.75 n log2 n / 4 entries and less. */
    @Test
    void gridsFillLittle() {
        int side = 60;
        int n = side * side;
        int[] colStart = new int[n + 1];
        int[] row = new int[3 * n];
        int at = 0;
        for (int j = 0; j < n; j++) {
            if (j >= side) {
                row[at++] = j - side;
            }
            if (j % side > 0) {
                row[at++] = j - 1;
            }
            row[at++] = j;
            colStart[j + 1] = at;
        }
        assertThat(analysis(n, colStart, Arrays.copyOf(row, at)).entries()).isLessThan(90_000);
    }

    @Test
    void analysesAreFoundByContent() {
        LdlCache cache = new LdlCache(100);
        int[] start = {0, 1, 3};
        SymbolicLdl first = cache.analysis(2, start, new int[] {0, 0, 1}, () -> false);
        assertThat(cache.analysis(2, start.clone(), new int[] {0, 0, 1}, () -> false))
                .isSameAs(first);
        assertThat(cache.analysis(2, new int[] {0, 1, 2}, new int[] {0, 1}, () -> false))
                .isNotSameAs(first);
        for (int n = 3; n < 20; n++) {
            Case k = Case.draw(Shape.BAND, n, 0);
            cache.analysis(n, k.colStart(), k.row(), () -> false);
        }
        assertThat(cache.count()).isLessThan(4);
    }
}

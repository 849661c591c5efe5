package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dense and sparse products against plain loops; integers, so that the order does not matter. */
class LaneMatrixTest {
    private static final int W = Lanes.WIDTH;

    static Stream<Arguments> shapes() {
        return Stream.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 13)
                .flatMap(
                        cols -> Stream.of(0, 1, 2, 4, 5, 11).map(rows -> Arguments.of(rows, cols)));
    }

    private static void assertProducts(LaneMatrix M, double[][] full, Draw draw) {
        int rows = M.rows();
        int cols = M.cols();
        double[] x = LaneData.integers(draw, cols);
        double[] y = LaneData.integers(draw, rows);
        double[] outY = y.clone();
        double[] outX = x.clone();
        M.addTimes(x, outY);
        M.addTransposeTimes(y, outX);
        for (int l = 0; l < W; l++) {
            double[] xl = Lanes.take(x, cols, l);
            double[] yl = Lanes.take(y, rows, l);
            assertThat(Lanes.take(outY, rows, l))
                    .containsExactly(LaneData.plusTimes(full[l], xl, yl));
            assertThat(Lanes.take(outX, cols, l))
                    .containsExactly(LaneData.plusTransposeTimes(full[l], yl, xl));
        }
        assertNorms(M, full, x, y);
    }

    /** Norms are raised, also above what was there before. */
    private static void assertNorms(LaneMatrix M, double[][] full, double[] x, double[] y) {
        double[] inCols = Arrays.stream(x).map(Math::abs).toArray();
        double[] inRows = Arrays.stream(y).map(Math::abs).toArray();
        double[] beforeCols = inCols.clone();
        double[] beforeRows = inRows.clone();
        M.raiseNorms(inRows, inCols);
        for (int l = 0; l < W; l++) {
            double[] cols = Lanes.take(beforeCols, M.cols(), l);
            double[] rows = Lanes.take(beforeRows, M.rows(), l);
            for (int e = 0; e < full[l].length; e++) {
                int i = e / M.cols();
                int j = e % M.cols();
                rows[i] = Math.max(rows[i], Math.abs(full[l][e]));
                cols[j] = Math.max(cols[j], Math.abs(full[l][e]));
            }
            assertThat(Lanes.take(inCols, M.cols(), l)).containsExactly(cols);
            assertThat(Lanes.take(inRows, M.rows(), l)).containsExactly(rows);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void dense(int rows, int cols) {
        Draw draw = new Draw(100L * rows + cols);
        LanePanels M = new LanePanels(rows, cols);
        double[][] full = new double[W][];
        for (int l = 0; l < W; l++) {
            full[l] = LaneData.integerArray(draw, rows * cols);
            M.put(l, LaneData.shifted(full[l], l), l);
        }
        assertProducts(M, full, draw);
        assertProducts(M, full, draw);
        LanePanels together = new LanePanels(rows, cols);
        int[] offset = new int[W];
        double[][] from = new double[W][];
        for (int l = 0; l < W; l++) {
            offset[l] = l % 3;
            from[l] = LaneData.shifted(full[l], offset[l]);
        }
        together.put(from, offset);
        assertThat(together.entries).containsExactly(M.entries);
    }

    /** Two matrices side by side, each given by its rows, at every border. */
    @ParameterizedTest
    @MethodSource("shapes")
    void transposed(int rows, int cols) {
        for (int first = 0; first <= cols; first++) {
            Draw draw = new Draw(10_000L * first + 100L * rows + cols);
            LanePanels M = new LanePanels(rows, cols);
            double[][] full = new double[W][rows * cols];
            for (int l = 0; l < W; l++) {
                double[] left = LaneData.integerArray(draw, first * rows);
                double[] right = LaneData.integerArray(draw, (cols - first) * rows);
                M.putTransposed(l, LaneData.shifted(left, 2), 2, first, 0);
                M.putTransposed(l, right, 0, cols - first, first);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        double v = j < first ? left[j * rows + i] : right[(j - first) * rows + i];
                        full[l][i * cols + j] = v;
                    }
                }
            }
            assertProducts(M, full, draw);
        }
    }

    /** A sparse matrix and the same numbers in full. */
    private record Sparse(LaneSparse M, double[][] full, int nnz) {}

    /** Entries in any order, put in two parts. */
    private static Sparse sparse(Draw draw, int rows, int cols, double density) {
        int count = 0;
        int[] row = new int[rows * cols];
        int[] col = new int[rows * cols];
        for (int at : draw.indices(rows * cols, rows * cols)) {
            if (draw.chance(density)) {
                row[count] = at / cols;
                col[count++] = at % cols;
            }
        }
        row = Arrays.copyOf(row, count);
        col = Arrays.copyOf(col, count);
        LaneSparse M = new LaneSparse(rows, cols, row, col);
        double[][] full = new double[W][rows * cols];
        int half = count / 2;
        for (int l = 0; l < W; l++) {
            double[] values = LaneData.integerArray(draw, count);
            M.put(l, values, 0, 0, half);
            M.put(l, values, half, half, count - half);
            for (int e = 0; e < count; e++) {
                full[l][row[e] * cols + col[e]] = values[e];
            }
        }
        return new Sparse(M, full, count);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void sparse(int rows, int cols) {
        for (double density : new double[] {0, 0.3, 1}) {
            Draw draw = new Draw(100L * rows + cols);
            Sparse sparse = sparse(draw, rows, cols, density);
            assertProducts(sparse.M(), sparse.full(), draw);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void sparseGram(int rows, int cols) {
        Draw draw = new Draw(7L * rows + cols);
        Sparse sparse = sparse(draw, rows, cols, 0.4);
        int size = cols + draw.integer(0, 3);
        LaneSymmetric S = new LaneSymmetric(size);
        double[][] full = new double[W][];
        double[] d = LaneData.integers(draw, rows);
        for (int l = 0; l < W; l++) {
            full[l] = LaneData.symmetricIntegers(draw, size);
            S.putSymmetric(l, full[l], 0, size);
        }
        sparse.M().addGram(d, S);
        for (int l = 0; l < W; l++) {
            LaneData.addGram(sparse.full()[l], Lanes.take(d, rows, l), cols, full[l], size);
            for (int i = 0; i < size; i++) {
                for (int j = 0; j <= i; j++) {
                    assertThat(S.entries[LaneSymmetric.at(i, j) + l])
                            .as("(%s, %s)", i, j)
                            .isEqualTo(full[l][i * size + j]);
                }
            }
        }
    }

    @Test
    void sizes() {
        LaneSparse M = new LaneSparse(3, 4, new int[] {2, 0, 2, 2}, new int[] {1, 3, 0, 3});
        assertThat(M.rows()).isEqualTo(3);
        assertThat(M.cols()).isEqualTo(4);
        assertThat(M.bytes()).isGreaterThanOrEqualTo(8L * 4 * W);
        assertThat(new LanePanels(3, 5).bytes()).isEqualTo(8L * 3 * 8 * W);
    }
}

package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Solutions of M'diag(d)M + diag(e) against products in plain loops. */
class LaneGramTest {
    private static final int W = Lanes.WIDTH;

    /** One pattern, other numbers in every lane. */
    private record Case(int rows, int cols, boolean[] there, double[][] full) {
        static Case random(Draw draw, int rows, int cols, double density) {
            boolean[] there = new boolean[rows * cols];
            IntStream.range(0, there.length).forEach(k -> there[k] = draw.chance(density));
            return of(draw, rows, cols, there);
        }

        static Case of(Draw draw, int rows, int cols, boolean[] there) {
            double[][] full = new double[W][rows * cols];
            for (double[] lane : full) {
                Arrays.setAll(lane, k -> there[k] ? draw.gaussian() : 0);
            }
            return new Case(rows, cols, there, full);
        }

        LaneSparse sparse() {
            int[] at = IntStream.range(0, there.length).filter(k -> there[k]).toArray();
            int[] row = Arrays.stream(at).map(k -> k / cols).toArray();
            int[] col = Arrays.stream(at).map(k -> k % cols).toArray();
            LaneSparse M = new LaneSparse(rows, cols, row, col);
            for (int l = 0; l < W; l++) {
                double[] lane = full[l];
                M.put(l, Arrays.stream(at).mapToDouble(k -> lane[k]).toArray(), 0, 0, at.length);
            }
            return M;
        }

        LanePanels dense() {
            LanePanels M = new LanePanels(rows, cols);
            for (int l = 0; l < W; l++) {
                M.put(l, full[l], 0);
            }
            return M;
        }

        /** The right side whose solution is u, in one lane. */
        double[] product(int lane, double[] d, double[] e, double[] u) {
            double[] K = new double[cols * cols];
            LaneData.addGram(full[lane], d, cols, K, cols);
            double[] r = LaneData.plusTimes(K, u, new double[cols]);
            Arrays.setAll(r, j -> r[j] + e[j] * u[j]);
            return r;
        }
    }

    private static double[] drawn(int length, DoubleSupplier one) {
        double[] v = Lanes.vector(length);
        Arrays.setAll(v, k -> one.getAsDouble());
        return v;
    }

    /** Twice with the same memory, with other numbers. */
    private static void assertSolves(Case given, LaneGram gram, Draw draw) {
        for (int turn = 0; turn < 2; turn++) {
            double[] d = drawn(given.rows, draw::positive);
            double[] e = drawn(given.cols, draw::positive);
            double[] expected = drawn(given.cols, draw::gaussian);
            double[] u = Lanes.vector(given.cols + 3);
            for (int l = 0; l < W; l++) {
                double[] r =
                        given.product(
                                l,
                                Lanes.take(d, given.rows, l),
                                Lanes.take(e, given.cols, l),
                                Lanes.take(expected, given.cols, l));
                Lanes.put(r, 0, given.cols, u, l);
            }
            gram.factor(d, e);
            gram.solve(u);
            LaneData.assertClose(Arrays.copyOf(u, given.cols * W), expected, 1e-7);
        }
    }

    static Stream<Arguments> shapes() {
        return Stream.of(0, 1, 2, 3, 5, 8, 13, 30)
                .flatMap(cols ->
                        Stream.of(0, 1, 4, 17, 40)
                                .flatMap(rows ->
                                        Stream.of(0.03, 0.15, 0.5, 1.0)
                                                .map(density ->
                                                        Arguments.of(rows, cols, density))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void solves(int rows, int cols, double density) {
        Draw draw = new Draw(1000L * rows + cols + Math.round(1e5 * density));
        Case given = Case.random(draw, rows, cols, density);
        assertSolves(given, LaneGram.of(given.sparse()), draw);
        assertSolves(given, LaneGram.of(given.dense()), draw);
    }

    /** An assignment problem's constraints: each variable in one row and one column. */
    private static Case assignment(Draw draw, int side) {
        boolean[] there = new boolean[side * side * 2 * side];
        for (int k = 0; k < side * side; k++) {
            there[k * 2 * side + k / side] = true;
            there[k * 2 * side + side + k % side] = true;
        }
        return Case.of(draw, side * side, 2 * side, there);
    }

    /** What remains has half the columns: with how they meet the others, half of the memory. */
    @Test
    void eliminatesHalfOfAnAssignmentProblem() {
        Draw draw = new Draw(5);
        Case given = assignment(draw, 40);
        LaneGram sparse = LaneGram.of(given.sparse());
        assertSolves(given, sparse, draw);
        LaneGram dense = LaneGram.of(given.dense());
        assertThat(3 * sparse.bytes()).isLessThan(2 * dense.bytes());
    }

    /** A column that meets nobody and has no diagonal keeps its unknown where it is. */
    @Test
    void holdsWhatHasNoPivot() {
        Draw draw = new Draw(6);
        boolean[] there = new boolean[12];
        there[0] = true; // columns 1 and 3 are empty
        there[2] = true;
        there[4] = true;
        Case given = Case.of(draw, 3, 4, there);
        double[] e = drawn(4, () -> 1);
        Arrays.fill(e, W, 2 * W, 0);
        double[] u = drawn(4, () -> 1);
        LaneGram gram = LaneGram.of(given.sparse());
        gram.factor(drawn(3, () -> 1), e);
        gram.solve(u);
        assertThat(Vectors.normInf(Arrays.copyOfRange(u, W, 2 * W))).isLessThan(1e-20);
        assertThat(Arrays.copyOfRange(u, 3 * W, 4 * W)).containsOnly(1);
    }

    /** What a lane answers does not depend on the others, even if they hold no numbers. */
    @Test
    void lanesAreStrangers() {
        Draw draw = new Draw(7);
        Case given = assignment(draw, 6);
        double[] d = drawn(given.rows, draw::positive);
        double[] e = drawn(given.cols, draw::positive);
        double[] u = drawn(given.cols, draw::gaussian);
        double[] other = u.clone();
        LaneGram gram = LaneGram.of(given.sparse());
        gram.factor(d, e);
        gram.solve(u);
        for (int l = 1; l < W; l++) {
            Lanes.put(new double[] {Double.NaN}, 0, 1, d, l);
        }
        gram.factor(d, e);
        gram.solve(other);
        assertThat(Lanes.take(other, given.cols, 0)).containsExactly(Lanes.take(u, given.cols, 0));
    }
}

package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LaneFactorTest {
    private static final int W = Lanes.WIDTH;

    static IntStream sizes() {
        return IntStream.rangeClosed(0, 13);
    }

    /** A system in every lane, and what it is made of. */
    private static final class Case {
        final int size;
        final int positive;
        final int rows; // of M
        final int cols;
        final LaneSymmetric K;
        final LanePanels M;
        final double[] diagonal;
        final double[] d;
        final double[][] full; // K + M'DM + diag, [lane][size * size]

        Case(int size, int positive, int rows, int cols) {
            this.size = size;
            this.positive = positive;
            this.rows = rows;
            this.cols = cols;
            this.K = new LaneSymmetric(size);
            this.M = new LanePanels(rows, cols);
            this.diagonal = Lanes.vector(size);
            this.d = Lanes.vector(rows);
            this.full = new double[W][];
        }

        /** The lane's matrix is to be the one given: K is what M'DM and diag leave of it. */
        void put(int lane, double[] sum, double[] m, double[] dl, double[] diag) {
            full[lane] = sum;
            double[] gram = new double[size * size];
            LaneData.addGram(m, dl, cols, gram, size);
            double[] k = new double[size * size];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    int at = i * size + j;
                    k[at] = sum[at] - gram[at] - (i == j ? diag[i] : 0);
                }
            }
            K.putSymmetric(lane, k, 0, size);
            M.put(lane, m, 0);
            Lanes.put(dl, 0, rows, d, lane);
            Lanes.put(diag, 0, size, diagonal, lane);
        }

        LaneFactor factor() {
            LaneFactor factor = new LaneFactor(size, positive);
            factor(factor);
            return factor;
        }

        void factor(LaneFactor factor) {
            factor.factor(K, diagonal, rows > 0 ? M : null, rows > 0 ? d : null);
        }

        double[] solve(LaneFactor factor, double[] r) {
            double[] u = LaneData.padded(r, K);
            factor.solve(u);
            return u;
        }
    }

    /** L J L' for an L of integers with powers of two on its diagonal: rounding has no say. */
    private static double[] exact(Draw draw, int size, int positive) {
        double[] L = new double[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                L[i * size + j] = draw.integer(-2, 2);
            }
            L[i * size + i] = 1 << draw.integer(0, 2);
        }
        double[] full = new double[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                for (int k = 0; k < size; k++) {
                    double sign = k < positive ? 1 : -1;
                    full[i * size + j] += sign * L[i * size + k] * L[j * size + k];
                }
            }
        }
        return full;
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void exactly(int size) {
        for (int positive = 0; positive <= size; positive++) {
            for (int rows : new int[] {0, 3}) {
                for (int cols : new int[] {positive, size}) {
                    Draw draw = new Draw(1000L * size + 10L * positive + rows + cols);
                    Case system = new Case(size, positive, rows, cols);
                    double[][] u = new double[W][];
                    double[] r = Lanes.vector(size);
                    for (int l = 0; l < W; l++) {
                        double[] sum = exact(draw, size, positive);
                        double[] m = LaneData.integerArray(draw, rows * cols);
                        double[] diag = LaneData.integerArray(draw, size);
                        system.put(l, sum, m, LaneData.integerArray(draw, rows), diag);
                        u[l] = LaneData.integerArray(draw, size);
                        double[] rl = LaneData.plusTimes(sum, u[l], new double[size]);
                        Lanes.put(rl, 0, size, r, l);
                    }
                    double[] found = system.solve(system.factor(), r);
                    for (int l = 0; l < W; l++) {
                        assertThat(plusZero(Lanes.take(found, size, l)))
                                .as("size %s, positive %s, rows %s", size, positive, rows)
                                .containsExactly(plusZero(u[l]));
                    }
                    assertThat(Arrays.copyOfRange(found, size * W, found.length))
                            .isEqualTo(new double[found.length - size * W]);
                }
            }
        }
    }

    /** Without a sign on zeros, which says nothing here. */
    private static double[] plusZero(double[] x) {
        return Arrays.stream(x).map(v -> v + 0.0).toArray();
    }

    /** [H A'; A -D] with positive definite H and D. */
    private static double[] quasiDefinite(Draw draw, int size, int positive) {
        double[] full = new double[size * size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                full[i * size + j] = draw.gaussian();
                full[j * size + i] = full[i * size + j];
            }
        }
        for (int i = 0; i < size; i++) {
            double sum = draw.positive();
            for (int j = 0; j < size; j++) {
                boolean same = i < positive == j < positive;
                sum += j != i && same ? Math.abs(full[i * size + j]) : 0;
            }
            full[i * size + i] = i < positive ? sum : -sum;
        }
        return full;
    }

    private static Case random(Draw draw, int size, int positive, int rows) {
        Case system = new Case(size, positive, rows, positive);
        for (int l = 0; l < W; l++) {
            double[] dl = new double[rows];
            Arrays.setAll(dl, i -> draw.positive());
            double[] m = draw.gaussians(rows * positive);
            double[] sum = quasiDefinite(draw, size, positive);
            LaneData.addGram(m, dl, positive, sum, size);
            system.put(l, sum, m, dl, draw.gaussians(size));
        }
        return system;
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void quasiDefinite(int size) {
        for (int positive = 0; positive <= size; positive++) {
            for (int rows : new int[] {0, 1, 6}) {
                Draw draw = new Draw(1000L * size + 10L * positive + rows);
                assertSolves(random(draw, size, positive, rows), draw, 1e-12);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"40,40,0", "37,20,30", "66,50,17", "33,0,5"})
    void larger(int size, int positive, int rows) {
        Draw draw = new Draw(size);
        assertSolves(random(draw, size, positive, rows), draw, 1e-11);
    }

    private static void assertSolves(Case system, Draw draw, double accuracy) {
        double[] r = LaneData.vector(draw, system.size);
        double[] found = system.solve(system.factor(), r);
        for (int l = 0; l < W; l++) {
            double[] u = Lanes.take(found, system.size, l);
            double[] product = LaneData.plusTimes(system.full[l], u, new double[system.size]);
            double size = 1 + Vectors.normInf(system.full[l]) * Vectors.normInf(u);
            double[] rl = Lanes.take(r, system.size, l);
            double left = Vectors.normInf(Vectors.minus(product, rl));
            assertThat(left).as("positive %s", system.positive).isLessThan(accuracy * size);
        }
    }

    /** An unknown without equation stays at zero, and the others do not notice it. */
    @ParameterizedTest
    @MethodSource("sizes")
    void zeroPivots(int size) {
        for (int positive : new int[] {0, size / 2, size}) {
            for (int k = 0; k < size; k++) {
                Draw draw = new Draw(100L * size + 10L * positive + k);
                Case with = new Case(size, positive, 0, 0);
                int rest = size - 1;
                Case without = new Case(rest, k < positive ? positive - 1 : positive, 0, 0);
                double[] r = LaneData.vector(draw, size);
                double[] none = new double[0];
                for (int l = 0; l < W; l++) {
                    double[] full = quasiDefinite(draw, size, positive);
                    double[] less = new double[rest * rest];
                    for (int i = 0; i < size; i++) {
                        for (int j = 0; j < size; j++) {
                            if (i == k || j == k) {
                                full[i * size + j] = 0;
                            } else {
                                int to = (i > k ? i - 1 : i) * rest + (j > k ? j - 1 : j);
                                less[to] = full[i * size + j];
                            }
                        }
                    }
                    with.put(l, full, none, none, new double[size]);
                    without.put(l, less, none, none, new double[rest]);
                }
                double[] found = with.solve(with.factor(), r);
                double[] fewer = new double[rest * W];
                System.arraycopy(r, 0, fewer, 0, k * W);
                System.arraycopy(r, (k + 1) * W, fewer, k * W, (rest - k) * W);
                double[] expected = without.solve(without.factor(), fewer);
                for (int l = 0; l < W; l++) {
                    assertThat(Math.abs(found[k * W + l])).isLessThan(1e-28);
                    for (int i = 0; i < rest; i++) {
                        double v = found[(i < k ? i : i + 1) * W + l];
                        double w = expected[i * W + l];
                        assertThat(Math.abs(v - w)).isLessThan(1e-12 * (1 + Math.abs(w)));
                    }
                }
            }
        }
    }

    /** The factor of a lane does not depend on the others, nor on what was factored before. */
    @ParameterizedTest
    @MethodSource("sizes")
    void eachLaneForItself(int size) {
        int positive = size / 2;
        int rows = 5;
        Case system = random(new Draw(size), size, positive, rows);
        LaneFactor used = system.factor();
        double[] r = LaneData.vector(new Draw(99), size);
        double[] expected = system.solve(used, r);
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e300, 0}) {
            for (int l = 0; l < W; l++) {
                Case spoiled = random(new Draw(size), size, positive, rows);
                double[] full = new double[size * size];
                double[] m = new double[rows * positive];
                Arrays.fill(full, bad);
                Arrays.fill(m, bad);
                spoiled.put(l, full, m, new double[rows], new double[size]);
                spoiled.factor(used);
                double[] spoiledR = r.clone();
                for (int i = 0; i < size; i++) {
                    spoiledR[i * W + l] = bad;
                }
                double[] found = spoiled.solve(used, spoiledR);
                for (int o = 0; o < W; o++) {
                    if (o != l) {
                        assertThat(Lanes.take(found, size, o))
                                .containsExactly(Lanes.take(expected, size, o));
                    }
                }
                system.factor(used);
                assertThat(system.solve(used, r)).containsExactly(expected);
            }
        }
    }
}

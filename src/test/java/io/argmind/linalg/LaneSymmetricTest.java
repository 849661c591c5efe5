package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Storage and products against plain loops, for sizes with every kind of last tile. */
class LaneSymmetricTest {
    private static final int W = Lanes.WIDTH;

    static IntStream sizes() {
        return IntStream.rangeClosed(0, 13);
    }

    /** Every entry, its mirror image within a diagonal tile, and the identity beyond the size. */
    private static void assertHolds(LaneSymmetric S, int lane, double[] full) {
        int size = S.size();
        for (int i = 0; i < S.paddedSize(); i++) {
            for (int j = 0; j < S.paddedSize(); j++) {
                if (j <= i || i / LaneTiles.SIDE == j / LaneTiles.SIDE) {
                    double identity = i == j ? 1 : 0;
                    double expected = i < size && j < size ? full[i * size + j] : identity;
                    assertThat(S.entries[LaneSymmetric.at(i, j) + lane])
                            .as("(%s, %s) of %s, lane %s", i, j, size, lane)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void entryByEntry(int n) {
        Draw draw = new Draw(n);
        LaneSymmetric S = new LaneSymmetric(n);
        double[][] full = new double[W][];
        for (int l = 0; l < W; l++) {
            full[l] = LaneData.symmetricIntegers(draw, n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    boolean lower = draw.chance(0.5);
                    S.set(l, lower ? i : j, lower ? j : i, full[l][i * n + j]);
                }
            }
        }
        for (int l = 0; l < W; l++) {
            assertHolds(S, l, full[l]);
        }
        LaneSymmetric other = new LaneSymmetric(n);
        other.copy(S);
        assertHolds(other, W - 1, full[W - 1]);
        S.clear();
        assertHolds(S, 0, new double[n * n]);
        assertHolds(other, 0, full[0]);
    }

    /** [P A'; A 0] for every split of the size. */
    @ParameterizedTest
    @MethodSource("sizes")
    void blocks(int size) {
        for (int n = 0; n <= size; n++) {
            int p = size - n;
            Draw draw = new Draw(100L * size + n);
            LaneSymmetric S = new LaneSymmetric(size);
            double[][] full = new double[W][size * size];
            for (int l = 0; l < W; l++) {
                double[] P = LaneData.symmetricIntegers(draw, n);
                double[] A = LaneData.integerArray(draw, p * n);
                S.putSymmetric(l, LaneData.shifted(P, 3), 3, n);
                S.putRows(l, LaneData.shifted(A, 5), 5, p, n, n);
                for (int i = 0; i < n; i++) {
                    System.arraycopy(P, i * n, full[l], i * size, n);
                }
                for (int i = 0; i < p; i++) {
                    for (int j = 0; j < n; j++) {
                        full[l][(n + i) * size + j] = A[i * n + j];
                        full[l][j * size + n + i] = A[i * n + j];
                    }
                }
            }
            for (int l = 0; l < W; l++) {
                assertHolds(S, l, full[l]);
            }
            assertNorms(S, full);
            assertThat(together(full, n, p).entries).containsExactly(S.entries);
        }
    }

    private static void assertNorms(LaneSymmetric S, double[][] full) {
        int size = S.size();
        double[] norms = S.vector();
        Arrays.fill(norms, 0, size * W, 2);
        S.raiseNorms(norms);
        for (int l = 0; l < W; l++) {
            double[] expected = new double[size];
            Arrays.fill(expected, 2);
            for (int e = 0; e < full[l].length; e++) {
                expected[e / size] = Math.max(expected[e / size], Math.abs(full[l][e]));
            }
            assertThat(Lanes.take(norms, size, l)).containsExactly(expected);
        }
    }

    /** All lanes put at once. */
    private static LaneSymmetric together(double[][] full, int n, int p) {
        int size = n + p;
        double[][] P = new double[W][];
        double[][] A = new double[W][];
        int[] offsetP = new int[W];
        int[] offsetA = new int[W];
        for (int l = 0; l < W; l++) {
            P[l] = new double[l + n * n];
            A[l] = new double[2 * l + p * n];
            offsetP[l] = l;
            offsetA[l] = 2 * l;
            for (int i = 0; i < size; i++) {
                double[] to = i < n ? P[l] : A[l];
                int at = i < n ? l + i * n : 2 * l + (i - n) * n;
                System.arraycopy(full[l], i * size, to, at, n);
            }
        }
        LaneSymmetric S = new LaneSymmetric(size);
        S.putSymmetric(P, offsetP, n);
        S.putRows(A, offsetA, p, n, n);
        return S;
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void products(int n) {
        Draw draw = new Draw(n);
        LaneSymmetric S = new LaneSymmetric(n);
        double[][] full = new double[W][];
        for (int l = 0; l < W; l++) {
            full[l] = LaneData.symmetricIntegers(draw, n);
            S.putSymmetric(l, full[l], 0, n);
        }
        double[] u = LaneData.integers(draw, n);
        double[] y = LaneData.integers(draw, n);
        double[] out = LaneData.padded(y, S);
        S.addTimes(LaneData.padded(u, S), out);
        for (int l = 0; l < W; l++) {
            double[] expected =
                    LaneData.plusTimes(full[l], Lanes.take(u, n, l), Lanes.take(y, n, l));
            assertThat(Lanes.take(out, n, l)).containsExactly(expected);
        }
        assertThat(Arrays.copyOfRange(out, n * W, out.length))
                .isEqualTo(new double[out.length - n * W]);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void productsOfRealNumbers(int n) {
        Draw draw = new Draw(50 + n);
        LaneSymmetric S = new LaneSymmetric(n);
        double[][] full = new double[W][n * n];
        for (int l = 0; l < W; l++) {
            double[] factor = draw.gaussians(n * n);
            for (int i = 0; i < n * n; i++) {
                full[l][i] = factor[i] + factor[i % n * n + i / n];
            }
            S.putSymmetric(l, full[l], 0, n);
        }
        double[] u = LaneData.vector(draw, n);
        double[] out = S.vector();
        S.addTimes(LaneData.padded(u, S), out);
        for (int l = 0; l < W; l++) {
            double[] expected = LaneData.plusTimes(full[l], Lanes.take(u, n, l), new double[n]);
            LaneData.assertClose(Lanes.take(out, n, l), expected, 1e-12);
        }
    }

    @Test
    void memory() {
        assertThat(LaneSymmetric.doubles(0)).isZero();
        assertThat(LaneSymmetric.doubles(4)).isEqualTo(16L * W);
        assertThat(LaneSymmetric.doubles(5)).isEqualTo(48L * W);
        assertThat(new LaneSymmetric(13).bytes()).isEqualTo(8 * LaneSymmetric.doubles(13));
        assertThat(LaneSymmetric.doubles(1_000_000)).isGreaterThan(Integer.MAX_VALUE);
    }
}

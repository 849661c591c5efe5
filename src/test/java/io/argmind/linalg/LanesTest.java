package io.argmind.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.testkit.Draw;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kernel against a loop over one lane after another, bit for bit. */
class LanesTest {
    private static final int W = Lanes.WIDTH;
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    /** What an entry and the numbers of its lane become. */
    private interface Entry {
        double of(int at, int lane);
    }

    private static double[] expected(int length, Entry entry) {
        double[] out = new double[length * W];
        for (int at = 0; at < out.length; at++) {
            out[at] = entry.of(at, at % W);
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 17})
    void updates(int length) {
        Draw draw = new Draw(length);
        double[] x = LaneData.vector(draw, length);
        double[] y = LaneData.vector(draw, length);
        double[] a = draw.gaussians(W);
        double[] b = draw.gaussians(W);
        double[] plus = y.clone();
        Lanes.addTimes(a, x, plus, length);
        assertThat(plus).containsExactly(expected(length, (i, l) -> Math.fma(x[i], a[l], y[i])));
        double[] both = y.clone();
        Lanes.scaleAndAdd(a, x, b, both, length);
        assertThat(both)
                .containsExactly(expected(length, (i, l) -> Math.fma(x[i], a[l], y[i] * b[l])));
    }

    /** Kernels stop at the length they are given. */
    @Test
    void nothingBeyondTheLength() {
        double[] x = LaneData.vector(new Draw(1), 5);
        double[] y = LaneData.vector(new Draw(2), 5);
        double[] kept = y.clone();
        boolean[] all = new boolean[W];
        Arrays.fill(all, true);
        Lanes.addTimes(x, x, y, 3);
        Lanes.scaleAndAdd(x, x, x, y, 3);
        Lanes.copyWhere(all, x, y, 3);
        Lanes.fillWhere(all, 7, y, 3);
        Lanes.corrector(x, x, x, x, x, x, x, y, 3);
        assertThat(Arrays.copyOfRange(y, 3 * W, 5 * W))
                .containsExactly(Arrays.copyOfRange(kept, 3 * W, 5 * W));
        double[] large = new double[2 * W];
        Arrays.fill(large, W, 2 * W, 9);
        double[] max = new double[W];
        Lanes.maxAbs(large, 1, max);
        Lanes.max(large, 1, max);
        assertThat(max).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 17})
    void masks(int length) {
        Draw draw = new Draw(length);
        for (int k = 0; k < 10; k++) {
            boolean[] where = new boolean[W];
            for (int l = 0; l < W; l++) {
                where[l] = draw.chance(0.5);
            }
            double[] x = LaneData.vector(draw, length);
            double[] y = LaneData.vector(draw, length);
            Arrays.fill(y, 0, Math.min(2, y.length), NAN);
            double[] copy = y.clone();
            Lanes.copyWhere(where, x, copy, length);
            assertThat(copy).containsExactly(expected(length, (i, l) -> where[l] ? x[i] : y[i]));
            double[] filled = y.clone();
            Lanes.fillWhere(where, -3, filled, length);
            assertThat(filled).containsExactly(expected(length, (i, l) -> where[l] ? -3 : y[i]));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 17})
    void sums(int length) {
        Draw draw = new Draw(length);
        double[] x = LaneData.vector(draw, length);
        double[] y = LaneData.vector(draw, length);
        double[] out = draw.gaussians(W);
        Lanes.dot(x, y, length, out);
        for (int l = 0; l < W; l++) {
            double sum = 0;
            double size = 1;
            for (int i = 0; i < length; i++) {
                sum += x[i * W + l] * y[i * W + l];
                size += Math.abs(x[i * W + l] * y[i * W + l]);
            }
            assertThat(Math.abs(out[l] - sum)).isLessThan(1e-15 * size * (1 + length));
        }
        double[] exact = new double[W];
        double[] u = LaneData.integers(draw, length);
        double[] v = LaneData.integers(draw, length);
        Lanes.dot(u, v, length, exact);
        for (int l = 0; l < W; l++) {
            double sum = Vectors.dot(Lanes.take(u, length, l), Lanes.take(v, length, l));
            assertThat(exact[l]).isEqualTo(sum);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 17})
    void largest(int length) {
        Draw draw = new Draw(length);
        double[] x = LaneData.vector(draw, length);
        double[] from = LaneData.vector(draw, 1);
        double[] abs = from.clone();
        double[] signed = from.clone();
        double[] a = from.clone();
        double[] c = from.clone();
        Lanes.maxAbs(x, length, a);
        Lanes.max(x, length, c);
        for (int i = 0; i < length * W; i++) {
            abs[i % W] = Math.max(abs[i % W], Math.abs(x[i]));
            signed[i % W] = Math.max(signed[i % W], x[i]);
        }
        assertThat(a).containsExactly(abs);
        assertThat(c).containsExactly(signed);
    }

    /** Not a number in one lane is not a number there, and nowhere else. */
    @Test
    void largestOfWhatIsNoNumber() {
        for (int bad = 0; bad < W; bad++) {
            double[] x = LaneData.vector(new Draw(bad), 5);
            x[2 * W + bad] = NAN;
            x[3 * W + bad] = INF;
            double[] max = new double[W];
            double[] dot = new double[W];
            Lanes.maxAbs(x, 5, max);
            Lanes.dot(x, x, 5, dot);
            for (int l = 0; l < W; l++) {
                assertThat(Double.isNaN(max[l])).isEqualTo(l == bad);
                assertThat(Double.isNaN(dot[l])).isEqualTo(l == bad);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 17})
    void steps(int length) {
        Draw draw = new Draw(length);
        double[] v = LaneData.vector(draw, length);
        double[] dv = LaneData.vector(draw, length);
        for (int i = 0; i < v.length; i++) {
            v[i] = draw.positive();
            dv[i] = draw.chance(0.2) ? 0 : dv[i];
        }
        double[] out = new double[W];
        double[] least = new double[W];
        Arrays.fill(out, 1.5);
        Arrays.fill(least, 1.5);
        Lanes.step(v, dv, length, out);
        for (int i = 0; i < length * W; i++) {
            if (dv[i] < 0) {
                least[i % W] = Math.min(least[i % W], v[i] / -dv[i]);
            }
        }
        assertThat(out).containsExactly(least);
    }

    @Test
    void stepsThatNothingBounds() {
        double[] v = Lanes.vector(3);
        double[] dv = Lanes.vector(3);
        Arrays.fill(v, 0, W, 1);
        Arrays.fill(dv, W, 2 * W, NAN);
        Arrays.fill(dv, 2 * W, 3 * W, INF);
        double[] out = new double[W];
        Arrays.fill(out, 2);
        Lanes.step(v, dv, 3, out);
        assertThat(out).containsOnly(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 17})
    void complementarityAfterAStep(int length) {
        Draw draw = new Draw(length);
        double[] s = LaneData.vector(draw, length);
        double[] ds = LaneData.vector(draw, length);
        double[] z = LaneData.vector(draw, length);
        double[] dz = LaneData.vector(draw, length);
        double[] a = draw.gaussians(W);
        double[] b = draw.gaussians(W);
        double[] out = draw.gaussians(W);
        double[] sum = new double[W];
        Lanes.complementarity(s, ds, z, dz, a, b, length, out);
        for (int i = 0; i < length * W; i++) {
            double s1 = Math.fma(ds[i], a[i % W], s[i]);
            sum[i % W] = Math.fma(s1, Math.fma(dz[i], b[i % W], z[i]), sum[i % W]);
        }
        assertThat(out).containsExactly(sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 17})
    void corrections(int length) {
        Draw draw = new Draw(length);
        double[] base = LaneData.vector(draw, length);
        double[] ds = LaneData.vector(draw, length);
        double[] dz = LaneData.vector(draw, length);
        double[] z = LaneData.vector(draw, length);
        double[] w = new double[length * W];
        for (int i = 0; i < w.length; i++) {
            w[i] = draw.chance(0.7) ? 1 : 0;
            z[i] = w[i] * Math.abs(z[i]);
        }
        double[] weight = draw.gaussians(W);
        double[] target = draw.gaussians(W);
        double[] r = new double[length * W];
        Lanes.corrector(base, ds, dz, z, w, weight, target, r, length);
        assertThat(r)
                .containsExactly(
                        expected(
                                length,
                                (i, l) ->
                                        w[i] == 0
                                                ? base[i]
                                                : base[i]
                                                        + (ds[i] * dz[i] * weight[l] - target[l])
                                                                / z[i]));
    }

    @Test
    void putAndTake() {
        double[] to = Lanes.vector(4);
        Arrays.fill(to, NAN);
        for (int l = 0; l < W; l++) {
            double[] from = new Draw(l).gaussians(7);
            Lanes.put(from, 2, 4, to, l);
            assertThat(Lanes.take(to, 4, l)).containsExactly(Arrays.copyOfRange(from, 2, 6));
            assertThat(Arrays.stream(to).filter(Double::isNaN).count()).isEqualTo(4L * (W - 1 - l));
        }
    }
}

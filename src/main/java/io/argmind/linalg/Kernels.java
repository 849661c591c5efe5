package io.argmind.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops along the rows of one matrix in SIMD registers. Sums are taken in an order of their own.
 */
final class Kernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int W = SPECIES.length();

    static final VectorShuffle<Double> FOUR = exchange(4);
    static final VectorShuffle<Double> TWO = exchange(2);
    static final VectorShuffle<Double> ONE = exchange(1);

    private Kernels() {}

    /** Lane i from lane i ^ distance. */
    private static VectorShuffle<Double> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, i -> (i ^ distance) % W);
    }

    /**
     * The sum of the lanes, in one order. {@code reduceLanes} has another one in compiled code than
     * in the interpreter, and then the same program would not always have the same bits.
     */
    private static double sum(DoubleVector v) {
        DoubleVector sum = v;
        if (W > 4) {
            sum = sum.add(sum.rearrange(FOUR));
        }
        if (W > 2) {
            sum = sum.add(sum.rearrange(TWO));
        }
        if (W > 1) {
            sum = sum.add(sum.rearrange(ONE));
        }
        return sum.lane(0);
    }

    /** x[a, a + n)' y[b, b + n). */
    static double dot(double[] x, int a, double[] y, int b, int n) {
        int k = 0;
        double sum = 0;
        if (n >= W) {
            DoubleVector even = DoubleVector.zero(SPECIES);
            DoubleVector odd = DoubleVector.zero(SPECIES);
            for (; k + 2 * W <= n; k += 2 * W) {
                even = load(x, a + k).fma(load(y, b + k), even);
                odd = load(x, a + k + W).fma(load(y, b + k + W), odd);
            }
            if (k + W <= n) {
                even = load(x, a + k).fma(load(y, b + k), even);
                k += W;
            }
            sum = sum(even.add(odd));
        }
        for (; k < n; k++) {
            sum += x[a + k] * y[b + k];
        }
        return sum;
    }

    /** max |x_i| over x[a, a + n); NaN if any entry is. */
    static double maxAbs(double[] x, int a, int n) {
        int k = 0;
        double most = 0;
        if (n >= W) {
            DoubleVector max = DoubleVector.zero(SPECIES);
            DoubleVector second = max; // side by side: each of them waits for its own last step
            DoubleVector third = max;
            DoubleVector fourth = max;
            for (; k + 4 * W <= n; k += 4 * W) {
                max = max.max(load(x, a + k).abs());
                second = second.max(load(x, a + k + W).abs());
                third = third.max(load(x, a + k + 2 * W).abs());
                fourth = fourth.max(load(x, a + k + 3 * W).abs());
            }
            max = max.max(second).max(third.max(fourth));
            for (; k + W <= n; k += W) {
                max = max.max(load(x, a + k).abs());
            }
            most = max.reduceLanes(VectorOperators.MAX);
        }
        for (; k < n; k++) {
            most = Math.max(most, Math.abs(x[a + k]));
        }
        return most;
    }

    /** to_i = max(to_i, |x_i|) over x[a, a + n). */
    static void raise(double[] x, int a, double[] to, int n) {
        int k = 0;
        for (; k + W <= n; k += W) {
            load(to, k).max(load(x, a + k).abs()).intoArray(to, k);
        }
        for (; k < n; k++) {
            to[k] = Math.max(to[k], Math.abs(x[a + k]));
        }
    }

    private static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }
}

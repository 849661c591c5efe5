package io.argmind.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The least entries of rows that are reduced by prices, {@code r_j = c[at + j] - v[j]}, on SIMD
 * registers and without branches that depend on the data. Rows have a length of {@link #padded}:
 * what is too much is filled with +Infinity. Of equal entries the first counts, whatever the width
 * of the machine's registers.
 */
public final class Minima {
    private static final VectorSpecies<Double> SPECIES = Lanes.SPECIES;
    private static final int W = Lanes.WIDTH;
    private static final double INF = Double.POSITIVE_INFINITY;

    private Minima() {}

    /** The next multiple of the registers' width. */
    public static int padded(int length) {
        return (length + W - 1) / W * W;
    }

    /** The least entry, in every lane; there are no NaN. */
    private static DoubleVector spread(DoubleVector x) {
        DoubleVector a = x.rearrange(Kernels.FOUR);
        DoubleVector y = x.blend(a, a.lt(x));
        DoubleVector b = y.rearrange(Kernels.TWO);
        DoubleVector z = y.blend(b, b.lt(y));
        DoubleVector c = z.rearrange(Kernels.ONE);
        return z.blend(c, c.lt(z));
    }

    /** Whether all {@code |x_j| <= bound}, which a NaN is not. */
    public static boolean areWithin(double[] x, double bound) {
        int whole = x.length / W * W;
        VectorMask<Double> outside = SPECIES.maskAll(false);
        for (int j = 0; j < whole; j += W) {
            outside = outside.or(Lanes.load(x, j).abs().compare(VectorOperators.LE, bound).not());
        }
        boolean inside = !outside.anyTrue();
        for (int j = whole; j < x.length; j++) {
            inside &= Math.abs(x[j]) <= bound;
        }
        return inside;
    }

    /** Where x_j has a value, from j = {@code start} on; {@code length} where nothing has. */
    public static int indexOf(double[] x, double value, int start, int length) {
        int at = start / W * W;
        long before = (1L << (start - at)) - 1;
        for (; at < length; at += W) {
            long found = Lanes.load(x, at).eq(value).toLong() & ~before;
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found);
            }
            before = 0;
        }
        return length;
    }

    /** The j with the least r_j; unspecified if none is below +Infinity. */
    public static int least(double[] c, int at, double[] v, int length) {
        DoubleVector least = DoubleVector.broadcast(SPECIES, INF);
        DoubleVector index = DoubleVector.zero(SPECIES).addIndex(1);
        DoubleVector where = index;
        for (int j = 0; j < length; j += W) {
            DoubleVector r = Lanes.load(c, at + j).sub(Lanes.load(v, j));
            VectorMask<Double> less = r.lt(least);
            least = least.blend(r, less);
            where = where.blend(index, less);
            index = index.add(W);
        }
        return first(where, least.eq(spread(least)));
    }

    /**
     * The j with the least r_j, as {@link #least}.
     *
     * @param out [2] what the least r_j is, and the least of the others
     */
    public static int leastTwo(double[] c, int at, double[] v, int length, double[] out) {
        DoubleVector least = DoubleVector.broadcast(SPECIES, INF);
        DoubleVector second = least;
        DoubleVector index = DoubleVector.zero(SPECIES).addIndex(1);
        DoubleVector where = index;
        for (int j = 0; j < length; j += W) {
            DoubleVector r = Lanes.load(c, at + j).sub(Lanes.load(v, j));
            VectorMask<Double> less = r.lt(least);
            second = second.blend(r, r.lt(second)).blend(least, less);
            least = least.blend(r, less);
            where = where.blend(index, less);
            index = index.add(W);
        }
        DoubleVector all = spread(least);
        VectorMask<Double> there = least.eq(all);
        out[0] = all.lane(0);
        out[1] = there.trueCount() > 1 ? out[0] : spread(least.blend(second, there)).lane(0);
        return first(where, there);
    }

    /** The least index of those lanes. */
    private static int first(DoubleVector where, VectorMask<Double> lanes) {
        return (int) spread(where.blend(INF, lanes.not())).lane(0);
    }

    /**
     * Ways through a row: {@code d_j = min(d_j, max(floor, shift + r_j))}.
     *
     * @param from [length] is set to {@code row} where d_j falls
     * @return the least d_j
     */
    public static double relax(
            double[] c,
            int at,
            double[] v,
            int length,
            double shift,
            double floor,
            double[] d,
            double[] from,
            double row) {
        DoubleVector least = DoubleVector.broadcast(SPECIES, INF);
        DoubleVector bottom = DoubleVector.broadcast(SPECIES, floor);
        for (int j = 0; j < length; j += W) {
            DoubleVector way = Lanes.load(c, at + j).sub(Lanes.load(v, j)).add(shift);
            way = way.blend(bottom, way.lt(bottom));
            DoubleVector old = Lanes.load(d, j);
            VectorMask<Double> less = way.lt(old);
            DoubleVector now = old.blend(way, less);
            now.intoArray(d, j);
            Lanes.load(from, j).blend(row, less).intoArray(from, j);
            least = least.blend(now, now.lt(least));
        }
        return spread(least).lane(0);
    }
}

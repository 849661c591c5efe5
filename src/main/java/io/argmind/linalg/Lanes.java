package io.argmind.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of W programs side by side: entry i of program l stands at {@code [i * WIDTH + l]}, so
 * that one SIMD register holds one entry of every program. No kernel mixes lanes: what a lane holds
 * afterwards depends on what it held before and on nothing else.
 *
 * <p>Lengths count entries, not doubles. Per-lane numbers are arrays of {@link #WIDTH}.
 */
public final class Lanes {
    static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /** How many programs stand side by side. */
    public static final int WIDTH = SPECIES.length();

    private static final int W = WIDTH;
    private static final double TINY = 1e-300;

    private Lanes() {}

    static DoubleVector load(double[] x, int at) {
        return DoubleVector.fromArray(SPECIES, x, at);
    }

    /** An array for a vector of {@code length} entries. */
    public static double[] vector(int length) {
        return new double[Math.multiplyExact(length, W)];
    }

    /** y += alpha x, with one alpha per lane. */
    public static void addTimes(double[] alpha, double[] x, double[] y, int length) {
        DoubleVector a = load(alpha, 0);
        for (int at = 0; at < length * W; at += W) {
            load(x, at).fma(a, load(y, at)).intoArray(y, at);
        }
    }

    /** {@link #addTimes} in some lanes; the others stay as they are. */
    public static void addTimesWhere(
            boolean[] where, double[] alpha, double[] x, double[] y, int length) {
        VectorMask<Double> mask = VectorMask.fromArray(SPECIES, where, 0);
        DoubleVector a = load(alpha, 0);
        for (int at = 0; at < length * W; at += W) {
            DoubleVector before = load(y, at);
            before.blend(load(x, at).fma(a, before), mask).intoArray(y, at);
        }
    }

    /** y = alpha x + beta y, with one alpha and one beta per lane. */
    public static void scaleAndAdd(
            double[] alpha, double[] x, double[] beta, double[] y, int length) {
        DoubleVector a = load(alpha, 0);
        DoubleVector b = load(beta, 0);
        for (int at = 0; at < length * W; at += W) {
            load(x, at).fma(a, load(y, at).mul(b)).intoArray(y, at);
        }
    }

    /**
     * out_l = x'y, summed in order: entries that are zero in one of the two change nothing,
     * wherever they stand.
     */
    public static void dot(double[] x, double[] y, int length, double[] out) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int at = 0; at < length * W; at += W) {
            sum = load(x, at).fma(load(y, at), sum);
        }
        sum.intoArray(out, 0);
    }

    /** out_l = max(out_l, max_i |x_i|); NaN if any entry is. */
    public static void maxAbs(double[] x, int length, double[] out) {
        DoubleVector max = load(out, 0);
        for (int at = 0; at < length * W; at += W) {
            max = max.max(load(x, at).abs());
        }
        max.intoArray(out, 0);
    }

    /** out_l = max(out_l, max_i x_i). */
    public static void max(double[] x, int length, double[] out) {
        DoubleVector max = load(out, 0);
        for (int at = 0; at < length * W; at += W) {
            max = max.max(load(x, at));
        }
        max.intoArray(out, 0);
    }

    /**
     * The largest step to the boundary, out_l = min(out_l, min_i {-v_i / dv_i : dv_i &lt; 0}).
     *
     * @param v [length] positive
     */
    public static void step(double[] v, double[] dv, int length, double[] out) {
        DoubleVector min = load(out, 0);
        for (int at = 0; at < length * W; at += W) {
            DoubleVector d = load(dv, at);
            VectorMask<Double> falls = d.compare(VectorOperators.LT, 0);
            DoubleVector ratio = load(v, at).div(d.neg());
            min = min.blend(min.min(ratio), falls);
        }
        min.intoArray(out, 0);
    }

    /** y_i = where_l ? x_i : y_i. */
    public static void copyWhere(boolean[] where, double[] x, double[] y, int length) {
        VectorMask<Double> mask = VectorMask.fromArray(SPECIES, where, 0);
        for (int at = 0; at < length * W; at += W) {
            load(y, at).blend(load(x, at), mask).intoArray(y, at);
        }
    }

    /** x_i = value in every entry and lane where the mask says so. */
    public static void fillWhere(boolean[] where, double value, double[] x, int length) {
        VectorMask<Double> mask = VectorMask.fromArray(SPECIES, where, 0);
        for (int at = 0; at < length * W; at += W) {
            load(x, at).blend(value, mask).intoArray(x, at);
        }
    }

    /**
     * (s + alpha ds)'(z + alphaZ dz) per lane, which is what complementarity would be after a step.
     */
    public static void complementarity(
            double[] s,
            double[] ds,
            double[] z,
            double[] dz,
            double[] alpha,
            double[] alphaZ,
            int length,
            double[] out) {
        DoubleVector a = load(alpha, 0);
        DoubleVector az = load(alphaZ, 0);
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int at = 0; at < length * W; at += W) {
            DoubleVector s1 = load(ds, at).fma(a, load(s, at));
            DoubleVector z1 = load(dz, at).fma(az, load(z, at));
            sum = s1.fma(z1, sum);
        }
        sum.intoArray(out, 0);
    }

    /**
     * The corrector's right-hand side r = base + w (a ds dz - target) / z (Mehrotra 1992), with one
     * weight a and one target sigma mu per lane.
     *
     * @param w [length] 1 where the row exists in a lane, 0 elsewhere
     */
    public static void corrector(
            double[] base,
            double[] ds,
            double[] dz,
            double[] z,
            double[] w,
            double[] weight,
            double[] target,
            double[] r,
            int length) {
        DoubleVector t = load(target, 0);
        DoubleVector a = load(weight, 0);
        for (int at = 0; at < length * W; at += W) {
            DoubleVector second = load(ds, at).mul(load(dz, at)).mul(a).sub(t).mul(load(w, at));
            // a row that does not exist has z = 0
            load(base, at).add(second.div(load(z, at).max(TINY))).intoArray(r, at);
        }
    }

    /**
     * Puts one program's numbers into its lane: to[i, lane] = from[offset + i].
     *
     * @param from [offset + length] or longer
     */
    public static void put(double[] from, int offset, int length, double[] to, int lane) {
        for (int i = 0; i < length; i++) {
            to[i * W + lane] = from[offset + i];
        }
    }

    /** One program's numbers as a new array [length]. */
    public static double[] take(double[] from, int length, int lane) {
        double[] out = new double[length];
        for (int i = 0; i < length; i++) {
            out[i] = from[i * W + lane];
        }
        return out;
    }
}

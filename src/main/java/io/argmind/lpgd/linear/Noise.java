package io.argmind.lpgd.linear;

import java.util.Locale;

/**
 * Noise on costs: sample s of instance i is solved at {@code c - sigma Z}, with independent entries
 * of Z. They are functions of seed, instance, sample and position alone, so that results depend on
 * neither threads nor the order in which anything happens:
 *
 * <pre>
 *   w = numpy.random.Philox(key=[seed, 0], counter=[0, s, i, 0]).random_raw(n or, if odd, n + 1)
 *   u = ((w >> 11) + 1/2) / 2^53
 *   gumbel:    Z[j] = -log(-log u[j])
 *   gaussian:  r = sqrt(-2 log u[2k]),  Z[2k] = r cos(2 pi u[2k+1]),  Z[2k+1] = r sin(2 pi u[2k+1])
 * </pre>
 *
 * <p>where each instance has a seed of its own, i is 0, so that an instance's noise goes with it.
 *
 * @param samples per instance
 * @param seeds one for all instances, or one each; at least 0
 * @param sigma the noise's scale, in units of the costs
 */
public record Noise(Distribution distribution, int samples, long[] seeds, double sigma) {

    private static final double UNIT = 0x1p-53;

    /** Of one entry of Z. */
    public enum Distribution {
        /** Standard normal. */
        GAUSSIAN,
        /** Standard Gumbel, with distribution function exp(-exp(-z)); the Gumbel trick's. */
        GUMBEL;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The derivative of minus the logarithm of the density. */
        double score(double z) {
            return this == GAUSSIAN ? z : 1 - Math.exp(-z);
        }
    }

    /**
     * Draws the noise of one sample.
     *
     * @return [n] Z
     */
    double[] draw(int instance, int sample, int n) {
        double[] z = new double[n];
        boolean own = seeds.length > 1;
        long key = own ? seeds[instance] : seeds[0];
        long[] words = new long[4];
        for (int j = 0; j < z.length; j += 4) {
            Philox.block(key, 0, j / 4 + 1L, sample, own ? 0 : instance, 0, words);
            for (int lane = 0; lane < 4 && j + lane < z.length; lane++) {
                z[j + lane] = transform(words, lane);
            }
        }
        return z;
    }

    private double transform(long[] words, int lane) {
        if (distribution == Distribution.GUMBEL) {
            return -Math.log(-Math.log(uniform(words[lane])));
        }
        double radius = Math.sqrt(-2 * Math.log(uniform(words[lane & 2])));
        double angle = 2 * Math.PI * uniform(words[lane | 1]);
        return radius * ((lane & 1) == 0 ? Math.cos(angle) : Math.sin(angle));
    }

    private static double uniform(long word) {
        return ((word >>> 11) + 0.5) * UNIT;
    }

    /** The costs that sample number {@code sample} of an instance is solved at. */
    public double[] costsOf(int instance, int sample, double[] cost) {
        return costs(cost, draw(instance, sample, cost.length));
    }

    /** The costs of one sample. */
    double[] costs(double[] cost, double[] z) {
        double[] noisy = new double[cost.length];
        for (int j = 0; j < noisy.length; j++) {
            noisy[j] = cost[j] - sigma * z[j];
        }
        return noisy;
    }
}

package io.argmind.lpgd.linear;

/**
 * The counter-based generator Philox4x64-10 (Salmon, Moraes, Dror, Shaw 2011): 256 random bits as a
 * function of a counter and a key, with no state in between. The words come in the order of NumPy's
 * {@code numpy.random.Philox(key=[key0, key1], counter=[0, c1, c2, c3]).random_raw()}, which counts
 * its blocks from 1.
 */
final class Philox {
    private static final int ROUNDS = 10;
    private static final long M0 = 0xD2E7470EE14C6C93L;
    private static final long M1 = 0xCA5A826395121157L;
    private static final long W0 = 0x9E3779B97F4A7C15L;
    private static final long W1 = 0xBB67AE8584CAA73BL;

    private Philox() {}

    /**
     * One block of four words.
     *
     * @param out [4] overwritten
     */
    static void block(long key0, long key1, long c0, long c1, long c2, long c3, long[] out) {
        long k0 = key0;
        long k1 = key1;
        long x0 = c0;
        long x1 = c1;
        long x2 = c2;
        long x3 = c3;
        for (int round = 0; round < ROUNDS; round++) {
            long high0 = Math.unsignedMultiplyHigh(M0, x0);
            long low0 = M0 * x0;
            long high1 = Math.unsignedMultiplyHigh(M1, x2);
            long low1 = M1 * x2;
            x0 = high1 ^ x1 ^ k0;
            x1 = low1;
            x2 = high0 ^ x3 ^ k1;
            x3 = low0;
            k0 += W0;
            k1 += W1;
        }
        out[0] = x0;
        out[1] = x1;
        out[2] = x2;
        out[3] = x3;
    }
}

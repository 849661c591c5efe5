package io.argmind.lpgd.linear;

/** Minimizes linear costs over the sets of a batch, on one thread. */
public interface LinearOracle {

    /**
     * Minimizes {@code <cost, x>} over the set of one instance; never throws.
     *
     * @param cost [n] not written to
     */
    Minimum minimize(int instance, double[] cost);

    /** Whether there is no time for another solve. */
    boolean isOver();
}

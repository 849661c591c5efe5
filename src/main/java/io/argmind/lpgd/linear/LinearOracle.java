package io.argmind.lpgd.linear;

import java.util.List;

/** Minimizes linear costs over the sets of a batch, on one thread. */
public interface LinearOracle {

    /**
     * Minimizes {@code <cost, x>} over the set of one instance; never throws.
     *
     * @param cost [n] not written to
     */
    Minimum minimize(int instance, double[] cost);

    /** Minimizes several costs over the set of one instance; side by side, where that is faster. */
    default List<Minimum> minimizeAll(int instance, List<double[]> costs) {
        return costs.stream().map(cost -> minimize(instance, cost)).toList();
    }

    /** Whether there is no time for another solve. */
    boolean isOver();
}

package io.argmind.linalg;

import java.util.function.BooleanSupplier;

/**
 * Looks now and then whether a long computation is still wanted: often enough that it ends within a
 * few milliseconds, seldom enough that nobody notices. For one thread.
 */
final class Patience {
    /** Entries of lists that are gone through between two looks: a few milliseconds. */
    static final int STEPS = 1 << 16;

    private final BooleanSupplier stopped;
    private int left = STEPS;

    /**
     * @param stopped whether it is not
     */
    Patience(BooleanSupplier stopped) {
        this.stopped = stopped;
    }

    /**
     * Some steps have been done.
     *
     * @throws StoppedException if no more are wanted
     */
    void spend(int steps) {
        left -= steps;
        if (left < 0) {
            left = STEPS;
            if (stopped.getAsBoolean()) {
                throw new StoppedException("the analysis of its pattern was ended");
            }
        }
    }
}

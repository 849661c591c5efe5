package io.argmind.lpgd.linear;

import java.util.List;

/** Spreads work over threads. */
public interface Parallel {

    /** One piece of work. */
    interface Work<R> {
        /**
         * Does piece k.
         *
         * @param oracle of the thread that it happens on
         */
        R run(int k, LinearOracle oracle);
    }

    /** Does pieces 0, ..., count - 1 in any order, and gives their results in this one. */
    <R> List<R> map(int count, Work<R> work);
}

package io.argmind.solver;

/** Minimizes costs over one set on one thread. */
public interface OracleSession extends AutoCloseable {

    /**
     * Minimizes {@code <cost, x>}. The answer depends on the arguments alone; among several minima
     * it is always the same one.
     *
     * @param cost finite, row-major in the shape of the set; not written to
     */
    Selection solve(double[] cost, Limits limits);

    /** Asks the running solve to stop soon; the only method that other threads may call. */
    default void cancel() {}

    @Override
    default void close() {}
}

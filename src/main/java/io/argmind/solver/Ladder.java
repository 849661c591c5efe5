package io.argmind.solver;

/** Sessions of several back-ends at work on one thread, the next where the one before fails. */
public interface Ladder extends AutoCloseable {

    /** How many solves needed another back-end than the first. */
    int climbs();

    /** Asks whatever runs now to stop soon. Any thread may call this. */
    void cancel();

    @Override
    void close();
}

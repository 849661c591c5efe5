package io.argmind.dispatch;

/** The memory that a request may take for what comes of it, beside its body. */
public interface Allowance {
    /** For those whom nobody limits. */
    Allowance UNLIMITED = bytes -> {};

    /**
     * Takes more, before it is allocated; it is given back with the request's place.
     *
     * @throws TooLargeException if there is never so much
     * @throws OverloadedException if there is not so much now
     */
    void take(long bytes);
}

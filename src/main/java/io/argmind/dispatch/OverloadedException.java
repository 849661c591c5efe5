package io.argmind.dispatch;

/** This replica takes no more work now; another one, or a later try, may succeed. */
public final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final double retryAfterSeconds;

    /** Why work is refused. */
    public enum Reason {
        /** This client's own limit; the others are the replica's. */
        QUOTA,
        QUEUE_FULL,
        MEMORY,
        DRAINING,
        WAIT
    }

    public OverloadedException(Reason reason, String message, double retryAfterSeconds) {
        super(message);
        this.reason = reason;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public Reason reason() {
        return reason;
    }

    public double retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

package io.argmind.linalg;

/** What a computation was made for is over, or nobody waits for it any more. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException(String message) {
        super(message);
    }
}

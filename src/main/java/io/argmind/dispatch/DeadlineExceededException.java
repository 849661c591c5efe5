package io.argmind.dispatch;

/** The client's deadline passed before any instance was begun. */
public final class DeadlineExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeadlineExceededException(String message) {
        super(message);
    }
}

package io.argmind.dispatch;

/** This service never has the memory that a request would take. */
public final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(String message) {
        super(message);
    }
}

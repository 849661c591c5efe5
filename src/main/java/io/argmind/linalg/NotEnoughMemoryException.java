package io.argmind.linalg;

/** A computation would take more memory than there ever is for it. Nothing was allocated. */
public final class NotEnoughMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotEnoughMemoryException(String message) {
        super(message);
    }
}

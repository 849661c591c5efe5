package io.argmind.linalg;

/** A factorization would take more memory than there is for it. Nothing was allocated. */
public final class NotEnoughMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotEnoughMemoryException(String message) {
        super(message);
    }
}

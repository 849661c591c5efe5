package io.argmind.rest;

/** A body larger than this service reads. */
final class BodyTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BodyTooLargeException(long limit) {
        super(
                "the body is larger than "
                        + limit
                        + " bytes; send fewer instances at once, or register what does not change");
    }
}

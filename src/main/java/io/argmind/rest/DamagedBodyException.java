package io.argmind.rest;

/** The body that arrived is not the one that was sent. */
final class DamagedBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedBodyException() {
        super("the body does not have the sum that its Content-Digest says; send it again");
    }
}

package io.argmind.dispatch;

/** Whoever asked has gone, and the rest of the work was not done. */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CancelledException() {
        super("the client has gone", null, false, false);
    }
}

package io.argmind.tensor;

/** A body that is not the document it should be; both texts are meant for the client. */
public final class MalformedDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String pointer;
    private final String detail;

    public MalformedDocumentException(String pointer, String detail) {
        // No stack trace: the fault is the document's, and refusing must be cheap.
        super(pointer.isEmpty() ? detail : pointer + ": " + detail, null, false, false);
        this.pointer = pointer;
        this.detail = detail;
    }

    /** The JSON pointer (RFC 6901) to the place; empty for the document as a whole. */
    public String pointer() {
        return pointer;
    }

    public String detail() {
        return detail;
    }
}

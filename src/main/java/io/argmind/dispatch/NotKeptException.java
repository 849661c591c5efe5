package io.argmind.dispatch;

/** A registered problem or retained solve is not here (any more): send its content again. */
public final class NotKeptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was asked for. */
    public enum Kind {
        PROBLEM,
        SOLVE
    }

    private final Kind kind;

    public NotKeptException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

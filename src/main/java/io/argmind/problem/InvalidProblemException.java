package io.argmind.problem;

import java.util.List;

/**
 * Shapes or values that make no problem; carries everything that is wrong, not just the first
 * thing.
 */
public final class InvalidProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    public InvalidProblemException(List<FieldError> errors) {
        super(errors.toString());
        this.errors = List.copyOf(errors);
    }

    public InvalidProblemException(String pointer, String detail) {
        this(List.of(new FieldError(pointer, detail)));
    }

    public List<FieldError> errors() {
        return errors;
    }
}

package io.argmind.rest;

import io.argmind.problem.FieldError;
import java.util.List;

/** A document that is not of the contract's form: unknown or missing fields, wrong types. */
final class MalformedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    MalformedRequestException(List<FieldError> errors) {
        super(errors.toString());
        this.errors = List.copyOf(errors);
    }

    List<FieldError> errors() {
        return errors;
    }
}

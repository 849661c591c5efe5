package io.argmind.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with a request. */
public final class ErrorList {
    private static final int MOST = 50;

    private final List<FieldError> errors = new ArrayList<>();

    public void add(String pointer, String detail) {
        if (errors.size() < MOST) {
            errors.add(new FieldError(pointer, detail));
        }
    }

    public int size() {
        return errors.size();
    }

    List<FieldError> all() {
        return errors;
    }

    /**
     * Ends the collection.
     *
     * @throws InvalidProblemException if anything was wrong
     */
    public void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new InvalidProblemException(errors);
        }
    }
}

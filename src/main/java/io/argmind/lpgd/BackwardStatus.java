package io.argmind.lpgd;

import java.util.Locale;

/** How the differentiation of one instance ended. */
public enum BackwardStatus {
    OK,
    /** One side of the average failed; the other was used alone. */
    ONE_SIDED,
    /** No perturbed solve succeeded, also with smaller tau; the gradient is zero. */
    SOLVER_FAILED,
    /** There is no solution to differentiate at; the gradient is zero. */
    FORWARD_FAILED;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String key() {
        return key;
    }

    public boolean hasGradient() {
        return this == OK || this == ONE_SIDED;
    }
}

package io.argmind.lpgd;

import java.util.Locale;

/** How gradients are made. */
public enum Method {
    /** Lagrangian proximal gradient descent: one or two perturbed solves. */
    LPGD,
    /**
     * The exact derivative of the optimality conditions, the limit tau -> 0; minimum-norm where
     * they are singular.
     */
    IMPLICIT,
    /** The solver as a negative identity (Sahoo et al. 2023); gradient for c alone. */
    IDENTITY;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.argmind.lpgd.linear;

import java.util.Locale;

/** How gradients are made where the objective is linear. */
public enum LinearMethod {
    /** Lagrangian proximal gradient descent (Paulus, Martius, Musil 2024). */
    LPGD,
    /** The exact derivative; combinatorial problems have none. */
    IMPLICIT,
    /** The solver as a negative identity (Sahoo et al. 2023). */
    IDENTITY,
    /**
     * Differentiation of blackbox solvers (Vlastelica, Paulus, Musil, Martius, Rolinek 2020):
     * LPGD's lower envelope with tau = lambda.
     */
    BLACKBOX,
    /** The derivative of the mean over noisy costs (Berthet et al. 2020). */
    PERTURBED,
    /** Implicit maximum likelihood (Niepert, Minervini, Franceschi 2021): LPGD at noisy costs. */
    IMLE;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it draws noise. */
    public boolean isStochastic() {
        return this == PERTURBED || this == IMLE;
    }

    /** Whether it differences solutions at the costs that were sent. */
    public boolean needsMinimum() {
        return this == LPGD || this == BLACKBOX;
    }
}

package io.argmind.lpgd;

import java.util.Locale;

/**
 * What {@link Method#IDENTITY} projects costs onto, to remove directions that do not change the
 * solution.
 */
public enum Projection {
    NONE,
    /** Costs of mean zero. */
    MEAN,
    /** Costs of mean zero and standard deviation one. */
    STANDARDIZE;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

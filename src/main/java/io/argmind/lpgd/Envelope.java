package io.argmind.lpgd;

import java.util.Locale;

/**
 * Which Lagrange-Moreau envelope is differentiated (Paulus, Martius, Musil 2024, section on
 * envelopes).
 */
public enum Envelope {
    /** Solve at +tau: towards a lower loss; diffcp's lpgd_right. */
    LOWER,
    /** Solve at -tau: away from a higher loss; diffcp's lpgd_left. */
    UPPER,
    /** Both, central difference. */
    AVERAGE;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

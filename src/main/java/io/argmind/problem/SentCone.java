package io.argmind.problem;

import java.util.List;
import java.util.Optional;

/**
 * An entry of the list of cones as a client sent it, before anyone has checked it.
 *
 * @param kind which cone
 * @param size its rows, for {@link Kind#PSD} the order of the matrix; 3 where the kind says it
 * @param alpha the exponent of {@link Kind#POWER}; NaN elsewhere
 * @param count how many of these follow one another
 */
public record SentCone(Kind kind, int size, double alpha, int count) {

    /** The cones by their names on the wire. */
    public enum Kind {
        NONNEGATIVE("nonnegative"),
        SECOND_ORDER("second-order"),
        PSD("psd"),
        EXPONENTIAL("exponential"),
        POWER("power");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** The name on the wire. */
        public String key() {
            return key;
        }

        public static Optional<Kind> of(String key) {
            return List.of(values()).stream().filter(k -> k.key.equals(key)).findFirst();
        }
    }

    /** The rows of all that are meant. */
    long rows() {
        long one = kind == Kind.PSD ? (long) size * (size + 1) / 2 : size;
        return one * count;
    }

    /** One of them, checked by itself. */
    Cone cone() {
        return switch (kind) {
            case NONNEGATIVE -> new Cone.Nonnegative(size);
            case SECOND_ORDER -> new Cone.SecondOrder(size);
            case PSD -> new Cone.Psd(size);
            case EXPONENTIAL -> new Cone.Exponential();
            case POWER -> new Cone.Power(alpha);
        };
    }
}

package io.argmind.problem;

import java.util.Optional;

/** The parameters of a program that a gradient may be asked for. */
public enum Field {
    P,
    C("c"),
    A,
    B("b"),
    G,
    H("h"),
    LB("lb"),
    UB("ub");

    private final String key;

    Field() {
        this.key = name();
    }

    Field(String key) {
        this.key = key;
    }

    /** The name on the wire. */
    public String key() {
        return key;
    }

    public boolean isMatrix() {
        return this == P || this == A || this == G;
    }

    public static Optional<Field> of(String key) {
        for (Field f : values()) {
            if (f.key.equals(key)) {
                return Optional.of(f);
            }
        }
        return Optional.empty();
    }
}

package io.argmind.rest;

import io.argmind.problem.SentCone;
import io.argmind.problem.SentCone.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the list of cones of a problem. */
final class ConeReader {
    private static final int ROWS = 3; // of exponential and power cones

    private ConeReader() {}

    /** The entries that have the contract's form; null if no list was sent. */
    static @Nullable List<SentCone> read(ObjectReader problem) {
        List<ObjectReader> entries = problem.objects("cones");
        if (entries == null) {
            return null;
        }
        List<SentCone> cones = new ArrayList<>();
        for (ObjectReader entry : entries) {
            SentCone cone = cone(entry);
            if (cone != null) {
                entry.refuseOthers();
                cones.add(cone);
            }
        }
        return cones;
    }

    private static @Nullable SentCone cone(ObjectReader in) {
        String type = in.text("type", "");
        Kind kind = Kind.of(type).orElse(null);
        if (kind == null) {
            in.fail(
                    "type",
                    "expected one of "
                            + Arrays.stream(Kind.values())
                                    .map(Kind::key)
                                    .collect(Collectors.joining(", "))
                            + ", got '"
                            + type
                            + "'");
            return null;
        }
        int size =
                switch (kind) {
                    case NONNEGATIVE, SECOND_ORDER ->
                            required(in, "dim", "the number of rows of the cone");
                    case PSD ->
                            required(
                                    in,
                                    "side",
                                    "the order k of the matrix, for k (k + 1) / 2 rows");
                    case EXPONENTIAL, POWER -> ROWS;
                };
        double alpha = Double.NaN;
        if (kind == Kind.POWER) {
            alpha = in.number("alpha", Double.NaN);
            if (!in.has("alpha")) {
                in.fail("alpha", "missing: expected the exponent, a number in (0, 1)");
            }
        }
        return new SentCone(kind, size, alpha, in.integer("count", 1));
    }

    private static int required(ObjectReader in, String name, String meaning) {
        if (!in.has(name)) {
            in.fail(name, "missing: expected " + meaning);
        }
        return in.integer(name, 1);
    }
}

package io.argmind.problem.discrete;

import io.argmind.problem.SentField;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a combinatorial problem as a client sent them, or registered them.
 *
 * @param arrays numbers and arrays by the names of the fields, the costs among them
 * @param directed null if not sent
 * @param singlePrecision whether every floating-point array was sent in single precision
 */
public record SentDiscrete(
        Kind kind,
        Map<String, SentField.Array> arrays,
        @Nullable Boolean directed,
        boolean singlePrecision) {

    public SentDiscrete {
        arrays = new TreeMap<>(arrays); // in an order that does not depend on the client
    }

    /** These fields over those of a base of the same kind. */
    public SentDiscrete over(SentDiscrete base) {
        Map<String, SentField.Array> merged = new TreeMap<>(base.arrays);
        merged.putAll(arrays);
        // whole numbers say nothing about precision, so a base of them has none
        boolean single = arrays.containsKey(Kind.COST) ? singlePrecision : base.singlePrecision;
        return new SentDiscrete(kind, merged, directed == null ? base.directed : directed, single);
    }

    /** The bytes that the fields keep in memory. */
    public long bytes() {
        long bytes = 1024;
        for (SentField.Array array : arrays.values()) {
            bytes += 8L * array.values().length;
        }
        return bytes;
    }
}

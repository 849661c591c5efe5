package io.argmind.problem;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a problem as a client sent them, or registered them.
 *
 * @param fields what was sent
 * @param integers indices of integer variables; null if not sent
 * @param cones the cones of the rows; null if not sent
 * @param singlePrecision whether every floating-point array was sent in single precision
 */
public record SentProblem(
        Map<Field, SentField> fields,
        int @Nullable [] integers,
        @Nullable List<SentCone> cones,
        boolean singlePrecision) {

    /** These fields over those of a base. */
    public SentProblem over(SentProblem base) {
        Map<Field, SentField> merged = new EnumMap<>(Field.class);
        merged.putAll(base.fields);
        merged.putAll(fields);
        boolean single =
                (fields.isEmpty() || singlePrecision)
                        && (base.fields.isEmpty() || base.singlePrecision);
        return new SentProblem(
                merged,
                integers == null ? base.integers : integers,
                cones == null ? base.cones : cones,
                single);
    }

    /** The bytes that the fields keep in memory. */
    public long bytes() {
        long bytes = 1024 + (cones == null ? 0 : 48L * cones.size());
        for (SentField field : fields.values()) {
            bytes +=
                    switch (field) {
                        case SentField.Array a -> 8L * a.values().length;
                        case SentField.Coordinates s ->
                                8L * s.values().values().length + 8L * s.rowIndex().length;
                    };
        }
        return bytes;
    }
}

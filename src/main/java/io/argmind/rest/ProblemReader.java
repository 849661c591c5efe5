package io.argmind.rest;

import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.RegisteredProblems.OfDiscrete;
import io.argmind.dispatch.RegisteredProblems.OfPrograms;
import io.argmind.dispatch.RegisteredProblems.Registered;
import io.argmind.problem.Field;
import io.argmind.problem.InvalidProblemException;
import io.argmind.problem.SentField;
import io.argmind.problem.SentProblem;
import io.argmind.problem.discrete.Kind;
import io.argmind.tensor.DataType;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a problem, and puts them over those of its base. */
final class ProblemReader {
    private static final String PROGRAM = "program";

    private final ObjectReader in;
    private final Precision precision = new Precision();

    private ProblemReader(ObjectReader in) {
        this.in = in;
    }

    /** Whether all floating-point arrays so far came in single precision. */
    static final class Precision {
        private boolean single;
        private boolean full;

        void see(@Nullable Tensor tensor) {
            if (tensor != null) {
                single |= tensor.type() == DataType.FLOAT32;
                full |= tensor.type() == DataType.FLOAT64;
            }
        }

        boolean isSingle() {
            return single && !full;
        }

        DataType answerType() {
            return isSingle() ? DataType.FLOAT32 : DataType.FLOAT64;
        }
    }

    /** The fields as sent, with those of the base if one is named. */
    static Registered read(ObjectReader in, RegisteredProblems.Own registered) {
        String base = in.text("base");
        Kind kind = kind(in, base, registered);
        Registered sent =
                kind == null
                        ? new OfPrograms(new ProblemReader(in).read())
                        : new OfDiscrete(DiscreteReader.read(in, kind));
        in.refuseOthers();
        in.throwIfMalformed();
        return base == null ? sent : over(in, sent, registered.get(base));
    }

    /** The combinatorial kind that is meant; null for programs. */
    private static @Nullable Kind kind(
            ObjectReader in, @Nullable String base, RegisteredProblems.Own registered) {
        String type = in.text("type");
        if (type != null) {
            Optional<Kind> kind = Kind.of(type);
            if (kind.isEmpty() && !type.equals(PROGRAM)) {
                String all =
                        Arrays.stream(Kind.values())
                                .map(Kind::key)
                                .collect(Collectors.joining(", "));
                in.fail("type", "expected one of program, " + all + ", got '" + type + "'");
                in.throwIfMalformed(); // nobody knows which other fields it has
            }
            return kind.orElse(null);
        }
        if (base == null) {
            return null;
        }
        // costs say that the base is needed now, even where it is not kept (any more)
        Registered kept = in.has(Kind.COST) ? registered.get(base) : registered.find(base);
        return kept instanceof OfDiscrete discrete ? discrete.sent().kind() : null;
    }

    private static Registered over(ObjectReader in, Registered sent, Registered base) {
        if (sent instanceof OfPrograms over && base instanceof OfPrograms under) {
            return new OfPrograms(over.sent().over(under.sent()));
        }
        if (sent instanceof OfDiscrete over
                && base instanceof OfDiscrete under
                && over.sent().kind() == under.sent().kind()) {
            return new OfDiscrete(over.sent().over(under.sent()));
        }
        throw new InvalidProblemException(
                in.at("type"),
                "expected the type of the base, '" + type(base) + "', got '" + type(sent) + "'");
    }

    private static String type(Registered problem) {
        return switch (problem) {
            case OfPrograms p -> PROGRAM;
            case OfDiscrete d -> d.sent().kind().key();
        };
    }

    private SentProblem read() {
        Map<Field, SentField> fields = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            SentField sent = field(field);
            if (sent != null) {
                fields.put(field, sent);
            }
        }
        return new SentProblem(
                fields, in.indices("integers"), ConeReader.read(in), precision.isSingle());
    }

    private @Nullable SentField field(Field field) {
        Value value = in.value(field.key());
        if (value instanceof Value.Obj) {
            return coordinates(field);
        }
        boolean infinite = field == Field.LB || field == Field.UB;
        if (infinite && value instanceof Value.Text text && text.value().matches("-?Infinity")) {
            double bound =
                    text.value().startsWith("-")
                            ? Double.NEGATIVE_INFINITY
                            : Double.POSITIVE_INFINITY;
            return new SentField.Array(new int[0], new double[] {bound}, false);
        }
        Tensor tensor = in.tensor(field.key());
        precision.see(tensor);
        return tensor == null ? null : array(tensor);
    }

    static SentField.Array array(Tensor tensor) {
        return new SentField.Array(
                tensor.shape(), tensor.values(), tensor.hasNulls(), tensor.finite());
    }

    private @Nullable SentField coordinates(Field field) {
        ObjectReader sparse = in.object(field.key(), true);
        String format = sparse.text("format", "");
        if (!format.equals("coo")) {
            sparse.fail("format", "expected 'coo', got '" + format + "'");
        }
        int[] shape = sparse.indices("shape");
        int[] rows = sparse.indices("rows");
        int[] cols = sparse.indices("cols");
        Tensor values = sparse.tensor("values");
        String triangle = sparse.text("triangle");
        if (triangle != null && !triangle.equals("upper")) {
            sparse.fail(
                    "triangle",
                    "expected 'upper' or nothing (both triangles), got '" + triangle + "'");
        }
        sparse.refuseOthers();
        if (shape == null || rows == null || cols == null || values == null || shape.length != 2) {
            if (shape != null && shape.length != 2) {
                sparse.fail("shape", "expected [rows, columns], got " + shape.length + " numbers");
            }
            for (String name : new String[] {"shape", "rows", "cols", "values"}) {
                if (!sparse.has(name)) {
                    sparse.fail(
                            name,
                            "missing: a sparse matrix has format, shape, rows, cols and values");
                }
            }
            return null;
        }
        precision.see(values);
        return new SentField.Coordinates(
                shape[0], shape[1], rows, cols, array(values), triangle != null);
    }
}

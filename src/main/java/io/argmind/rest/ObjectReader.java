package io.argmind.rest;

import io.argmind.problem.FieldError;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes an object of a request apart by the names of its members, remembering everything that is
 * not of the contract's form. {@code null} members count as absent.
 */
final class ObjectReader {
    private final Map<String, Value> members;
    private final String pointer;
    private final List<FieldError> errors;
    private final Set<String> known = new HashSet<>();

    private ObjectReader(Map<String, Value> members, String pointer, List<FieldError> errors) {
        this.members = members;
        this.pointer = pointer;
        this.errors = errors;
    }

    static ObjectReader ofBody(Value body) {
        List<FieldError> errors = new ArrayList<>();
        if (!(body instanceof Value.Obj object)) {
            throw new MalformedRequestException(
                    List.of(new FieldError("", "expected an object, got " + kind(body))));
        }
        return new ObjectReader(object.members(), "", errors);
    }

    String at(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    void fail(String name, String detail) {
        errors.add(new FieldError(at(name), detail));
    }

    /** Whether the member is there and says that there is no value. */
    boolean isNull(String name) {
        known.add(name);
        return members.get(name) instanceof Value.Null;
    }

    boolean has(String name) {
        return value(name) != null;
    }

    @Nullable Value value(String name) {
        known.add(name);
        Value value = members.get(name);
        return value instanceof Value.Null ? null : value;
    }

    /** The member object; one without members if it is absent. */
    ObjectReader object(String name, boolean required) {
        Value value = value(name);
        if (value instanceof Value.Obj object) {
            return new ObjectReader(object.members(), at(name), errors);
        }
        if (value != null || required) {
            fail(
                    name,
                    value == null
                            ? "missing: expected an object"
                            : "expected an object, got " + kind(value));
        }
        return new ObjectReader(Map.of(), at(name), errors);
    }

    @Nullable String text(String name) {
        Value value = value(name);
        if (value instanceof Value.Text text) {
            return text.value();
        }
        if (value != null) {
            fail(name, "expected a string, got " + kind(value));
        }
        return null;
    }

    String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    boolean bool(String name, boolean otherwise) {
        Value value = value(name);
        if (value instanceof Value.Bool bool) {
            return bool.value();
        }
        if (value != null) {
            fail(name, "expected true or false, got " + kind(value));
        }
        return otherwise;
    }

    double number(String name, double otherwise) {
        Value value = value(name);
        if (value instanceof Tensor tensor && tensor.isScalar()) {
            return tensor.values()[0];
        }
        if (value != null) {
            fail(name, "expected a number, got " + kind(value));
        }
        return otherwise;
    }

    @Nullable Tensor tensor(String name) {
        Value value = value(name);
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        if (value != null) {
            fail(name, "expected an array of numbers, got " + kind(value));
        }
        return null;
    }

    /** An array of whole numbers; null if it is absent or none. */
    int @Nullable [] indices(String name) {
        Tensor tensor = tensor(name);
        if (tensor == null) {
            return null;
        }
        int[] out = new int[tensor.values().length];
        if (tensor.rank() != 1) {
            fail(name, "expected a list of whole numbers, got an array of rank " + tensor.rank());
            return out;
        }
        for (int k = 0; k < out.length; k++) {
            out[k] = (int) tensor.values()[k];
            if (out[k] != tensor.values()[k]) {
                errors.add(
                        new FieldError(
                                at(name) + "/" + k,
                                "expected a whole number, got "
                                        + (Double.isNaN(tensor.values()[k])
                                                ? "null"
                                                : tensor.values()[k])));
                return out;
            }
        }
        return out;
    }

    /** A list of objects; null if it is absent. What is no object in it is left out. */
    @Nullable List<ObjectReader> objects(String name) {
        Value value = value(name);
        if (value == null) {
            return null;
        }
        List<ObjectReader> out = new ArrayList<>();
        if (value instanceof Tensor tensor && tensor.rank() == 1 && tensor.values().length == 0) {
            return out;
        }
        if (!(value instanceof Value.Items items)) {
            fail(name, "expected a list of objects, got " + kind(value));
            return out;
        }
        for (int k = 0; k < items.values().size(); k++) {
            String at = at(name) + "/" + k;
            if (items.values().get(k) instanceof Value.Obj object) {
                out.add(new ObjectReader(object.members(), at, errors));
            } else {
                String got = kind(items.values().get(k));
                errors.add(new FieldError(at, "expected an object, got " + got));
            }
        }
        return out;
    }

    /** A whole number; {@code otherwise} if it is absent or none. */
    int integer(String name, int otherwise) {
        double number = number(name, otherwise);
        if (number != (int) number) {
            fail(name, "expected a whole number, got " + number);
            return otherwise;
        }
        return (int) number;
    }

    /** An array of strings; null if it is absent. */
    @Nullable List<String> texts(String name) {
        Value value = value(name);
        if (value == null) {
            return null;
        }
        List<String> out = new ArrayList<>();
        if (value instanceof Tensor tensor && tensor.rank() == 1 && tensor.values().length == 0) {
            return out;
        }
        if (!(value instanceof Value.Items items)) {
            fail(name, "expected a list of strings, got " + kind(value));
            return out;
        }
        for (Value item : items.values()) {
            if (item instanceof Value.Text text) {
                out.add(text.value());
            } else {
                fail(name, "expected a list of strings, got " + kind(item) + " in it");
            }
        }
        return out;
    }

    /** One of an enumeration's values by its key. */
    <E> E choice(
            String name, E otherwise, List<E> all, java.util.function.Function<E, String> key) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        for (E e : all) {
            if (key.apply(e).equals(text)) {
                return e;
            }
        }
        fail(
                name,
                "expected one of "
                        + String.join(", ", all.stream().map(key).toList())
                        + ", got '"
                        + text
                        + "'");
        return otherwise;
    }

    /** Reports members that nobody asked for. */
    void refuseOthers() {
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                fail(
                        name,
                        "unknown field, expected only "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    void throwIfMalformed() {
        if (!errors.isEmpty()) {
            throw new MalformedRequestException(errors);
        }
    }

    private static String kind(Value value) {
        return switch (value) {
            case Value.Obj o -> "an object";
            case Value.Items i -> "a list";
            case Value.Text t ->
                    "the string '"
                            + (t.value().length() > 40
                                    ? t.value().substring(0, 40) + "..."
                                    : t.value())
                            + "'";
            case Value.Bool b -> Boolean.toString(b.value());
            case Value.Null n -> "null";
            case Tensor t -> t.isScalar() ? "the number " + t.values()[0] : "an array of numbers";
        };
    }
}

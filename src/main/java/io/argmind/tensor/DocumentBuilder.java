package io.argmind.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the tree of values from tokens, and holds the rules that do not depend on the format. */
final class DocumentBuilder {

    private static final int[] NUMBER_SHAPE = {};
    private static final int SHOWN_CHARACTERS = 40;

    /** Bytes that values take which are no numbers, about; texts a byte a character besides. */
    private static final int OBJECT = 128;

    private static final int MEMBER = 64;
    private static final int SCALAR = 64;
    private static final int OTHER = 48;

    private final Tokens tokens;
    private final Limits limits;
    private final Path path;
    private final Budget budget;
    private final NumberBuffer numbers;

    DocumentBuilder(Tokens tokens, Limits limits, Path path, Budget budget) {
        this.tokens = tokens;
        this.limits = limits;
        this.path = path;
        this.budget = budget;
        numbers = new NumberBuffer(budget);
    }

    Value document() {
        Token first = tokens.next();
        if (first != Token.OBJECT) {
            throw path.malformed("expected an object at the top level, got " + first.words());
        }
        Value document = object();
        tokens.finish();
        budget.settle();
        return document;
    }

    private Value object() {
        Map<String, Value> members = new LinkedHashMap<>();
        budget.spendObject(OBJECT);
        path.enter();
        while (tokens.next() != Token.END) {
            String name = checked(tokens.text(), limits.nameLength(), "a field name");
            path.at(name);
            budget.spendObject(MEMBER + name.length());
            if (members.containsKey(name)) {
                throw path.malformed("the field is given twice");
            }
            members.put(name, value(tokens.next()));
            path.at(null);
        }
        path.leave();
        return new Value.Obj(members);
    }

    private Value value(Token token) {
        return switch (token) {
            case OBJECT -> object();
            case ARRAY -> array();
            case TEXT -> new Value.Text(text());
            case NUMBER -> {
                budget.spendTogether(1);
                budget.spendObject(SCALAR);
                yield Tensor.scalar(tokens.number());
            }
            case TRUE -> new Value.Bool(true);
            case FALSE -> new Value.Bool(false);
            case NULL -> new Value.Null();
            case TENSOR -> tokens.tensor();
            case NAME, END -> throw new IllegalStateException(token + " where a value starts");
        };
    }

    private Value array() {
        Nested array = nested();
        return array.items != null ? array.items : numbers.take(array.shape);
    }

    /**
     * An array within an array: of numbers, which then are in the buffer, or of other things.
     *
     * @param shape of the numbers
     */
    private record Nested(int[] shape, Value.@Nullable Items items) {}

    /** The first entry decides whether an array is one of numbers. */
    private Nested nested() {
        path.enter();
        path.at(0);
        Token first = tokens.next();
        Nested array =
                switch (first) {
                    case ARRAY -> {
                        Nested row = nested();
                        yield row.items == null
                                ? numeric(row.shape)
                                : items(row.items, first.words());
                    }
                    case TEXT -> {
                        String text = text();
                        yield isInfinity(text)
                                ? numeric(number(text))
                                : items(new Value.Text(text), quoted(text));
                    }
                    case OBJECT, TRUE, FALSE -> items(value(first), first.words());
                    case NUMBER, NULL, TENSOR, END -> numeric(first);
                    case NAME -> throw new IllegalStateException("a name in an array");
                };
        path.leave();
        return array;
    }

    private Nested items(Value first, String words) {
        List<Value> values = new ArrayList<>();
        values.add(first);
        budget.spendObject(OBJECT);
        path.at(1);
        for (Token token = tokens.next(); token != Token.END; token = tokens.next()) {
            if (token == Token.NUMBER) {
                path.at(0);
                throw path.malformed("expected a number as in the other entries, got " + words);
            }
            values.add(value(token));
            budget.spendObject(OTHER);
            path.at(values.size());
        }
        return new Nested(NUMBER_SHAPE, new Value.Items(values));
    }

    private Nested numeric(Token first) {
        if (first == Token.END) {
            return new Nested(new int[1], null);
        }
        return new Nested(new Rows(first).read(), null);
    }

    private Nested numeric(int[] firstRow) {
        return new Nested(new Rows(firstRow).read(), null);
    }

    private int[] number(String text) {
        numbers.add(text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        return NUMBER_SHAPE;
    }

    /** The rows of one numeric array: numbers or arrays, all of one shape, or null. */
    private final class Rows {
        private int @Nullable [] shape;
        private int count;
        private int leadingNulls;
        private int start = numbers.size();

        /** The first row has been read. */
        Rows(int[] first) {
            shape = first;
            count = 1;
        }

        /** The first token of the first row has been read. */
        Rows(Token first) {
            row(first);
        }

        int[] read() {
            path.at(count);
            for (Token token = tokens.next(); token != Token.END; token = tokens.next()) {
                row(token);
                path.at(count);
            }
            if (shape == null) {
                numbers.insertNulls(start, leadingNulls, 1);
                return new int[] {count};
            }
            int[] whole = new int[shape.length + 1];
            whole[0] = count;
            System.arraycopy(shape, 0, whole, 1, shape.length);
            return whole;
        }

        private void row(Token token) {
            if (token == Token.NUMBER) {
                numbers.add(tokens.number());
                fits(NUMBER_SHAPE);
            } else if (token == Token.NULL) {
                missing();
            } else {
                fits(other(token));
            }
            count++;
        }

        private int[] other(Token token) {
            return switch (token) {
                case ARRAY -> row();
                case TENSOR -> {
                    numbers.add(tokens.tensor());
                    yield tokens.tensor().shape();
                }
                case TEXT -> {
                    String text = text();
                    if (!isInfinity(text)) {
                        throw path.malformed("expected a number, got " + quoted(text));
                    }
                    yield number(text);
                }
                default -> throw path.malformed("expected a number, got " + token.words());
            };
        }

        private int[] row() {
            Nested row = nested();
            if (row.items != null) {
                throw path.malformed("expected numbers as in the other rows");
            }
            return row.shape;
        }

        private void missing() {
            if (shape == null) {
                leadingNulls++;
            } else {
                numbers.insertNulls(numbers.size(), 1, Tensor.entries(shape));
            }
        }

        private void fits(int[] row) {
            if (shape == null) {
                shape = row;
                numbers.insertNulls(start, leadingNulls, Tensor.entries(row));
            } else if (!Arrays.equals(shape, row)) {
                throw path.malformed(ragged(shape, row));
            }
        }
    }

    private static String ragged(int[] before, int[] row) {
        if (before.length == 1 && row.length == 1) {
            return "expected %d entries as in the rows before, got %d".formatted(before[0], row[0]);
        }
        return "expected %s as in the rows before, got %s".formatted(shaped(before), shaped(row));
    }

    private static String shaped(int[] shape) {
        return shape.length == 0 ? "a number" : "an array of shape " + Tensor.text(shape);
    }

    private String text() {
        String text = checked(tokens.text(), limits.stringLength(), "a string");
        budget.spendObject(OTHER + text.length());
        return text;
    }

    private String checked(String text, int maxLength, String what) {
        if (text.length() > maxLength) {
            throw path.malformed(what + " longer than " + maxLength + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int point = text.codePointAt(i);
                if (!Character.isSupplementaryCodePoint(point)) {
                    throw path.malformed(what + " with half of a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private static boolean isInfinity(String text) {
        return text.equals("Infinity") || text.equals("-Infinity");
    }

    private static String quoted(String text) {
        String shown =
                text.length() <= SHOWN_CHARACTERS
                        ? text
                        : text.substring(0, SHOWN_CHARACTERS) + "...";
        return "the string \"%s\" (the only strings that are numbers are \"Infinity\" and \"-Infinity\")"
                .formatted(shown);
    }
}

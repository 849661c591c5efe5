package io.argmind.rest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes JSON documents as the contract's CBOR: a second implementation of RFC 8949 and RFC 8746.
 */
final class Cbor {
    private static final Set<String> INDICES = Set.of("rows", "cols", "shape", "integers");

    private final Width floats;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Cbor(Width floats) {
        this.floats = floats;
    }

    /** Of the elements of typed arrays. */
    private enum Width {
        INDEX(78, 4),
        SINGLE(85, 4),
        DOUBLE(86, 8);

        private final int tag;
        private final int bytes;

        Width(int tag, int bytes) {
            this.tag = tag;
            this.bytes = bytes;
        }

        void put(double value, ByteBuffer out) {
            switch (this) {
                case INDEX -> out.putInt((int) value);
                case SINGLE -> out.putFloat((float) value);
                case DOUBLE -> out.putDouble(value);
            }
        }
    }

    /** Arrays of numbers become typed arrays: float64, or sint32 for indices. */
    static byte[] encode(JsonNode document) {
        return encode(document, Width.DOUBLE);
    }

    /** {@link #encode} with float32 in place of float64. */
    static byte[] inSinglePrecision(JsonNode document) {
        return encode(document, Width.SINGLE);
    }

    /** See {@link CborDecoder}. */
    static JsonNode decode(byte[] document) {
        return CborDecoder.decode(document);
    }

    private static byte[] encode(JsonNode document, Width floats) {
        Cbor cbor = new Cbor(floats);
        cbor.write("", document);
        return cbor.out.toByteArray();
    }

    private void head(int major, long argument) {
        if (argument < 24) {
            out.write(major << 5 | (int) argument);
        } else if (argument < 65536) {
            out.write(major << 5 | 25);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) argument).array());
        } else {
            out.write(major << 5 | 26);
            out.writeBytes(ByteBuffer.allocate(4).putInt((int) argument).array());
        }
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(3, utf8.length);
        out.writeBytes(utf8);
    }

    private void write(String name, JsonNode value) {
        if (value.isObject()) {
            head(5, value.size());
            value.properties()
                    .forEach(member -> {
                        text(member.getKey());
                        write(member.getKey(), member.getValue());
                    });
        } else if (value.isArray()) {
            int[] shape = shape(value);
            if (shape != null) {
                array(name, value, shape);
                return;
            }
            head(4, value.size());
            value.forEach(item -> write(name, item));
        } else if (value.isIntegralNumber() && value.asLong() >= 0) {
            head(0, value.asLong());
        } else if (value.isNumber() || isInfinity(value)) {
            out.write(0xfb);
            out.writeBytes(ByteBuffer.allocate(8).putDouble(number(name, value)).array());
        } else if (value.isString()) {
            text(value.asString());
        } else {
            out.write(value.isNull() ? 0xf6 : value.asBoolean() ? 0xf5 : 0xf4);
        }
    }

    private static boolean isInfinity(JsonNode value) {
        return value.isString() && value.asString().matches("-?Infinity");
    }

    /**
     * What typed arrays have in place of null: no bound is infinite, other missing numbers are NaN.
     */
    private static double number(String name, JsonNode value) {
        if (!value.isNull()) {
            return value.isString() ? Double.parseDouble(value.asString()) : value.asDouble();
        }
        return switch (name) {
            case "lb" -> Double.NEGATIVE_INFINITY;
            case "ub" -> Double.POSITIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    /** Of an array of numbers and nulls; null if it is something else. */
    private static int @Nullable [] shape(JsonNode array) {
        int[] inner = null;
        for (JsonNode item : array) {
            if (item.isArray()) {
                int[] shape = shape(item);
                if (shape == null) {
                    return null;
                }
                inner = shape;
            } else if (item.isNumber() || isInfinity(item)) {
                inner = inner == null ? new int[0] : inner;
            } else if (!item.isNull()) {
                return null;
            }
        }
        int[] shape = new int[inner == null ? 1 : inner.length + 1];
        shape[0] = array.size();
        if (inner != null) {
            System.arraycopy(inner, 0, shape, 1, inner.length);
        }
        return shape;
    }

    private void array(String name, JsonNode array, int[] shape) {
        if (shape.length > 1) {
            head(6, 40);
            head(4, 2);
            head(4, shape.length);
            for (int axis : shape) {
                head(0, axis);
            }
        }
        List<Double> numbers = new ArrayList<>();
        collect(name, array, shape, 0, numbers);
        boolean indices =
                INDICES.contains(name) && numbers.stream().allMatch(v -> v == Math.rint(v));
        Width width = indices ? Width.INDEX : floats;
        ByteBuffer bytes =
                ByteBuffer.allocate(width.bytes * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(number -> width.put(number, bytes));
        head(6, width.tag);
        head(2, bytes.capacity());
        out.writeBytes(bytes.array());
    }

    private static void collect(
            String name, JsonNode value, int[] shape, int axis, List<Double> numbers) {
        if (value.isArray()) {
            value.forEach(item -> collect(name, item, shape, axis + 1, numbers));
            return;
        }
        int entries = 1;
        for (int k = axis; k < shape.length; k++) {
            entries *= shape[k];
        }
        for (int k = 0; k < entries; k++) {
            numbers.add(number(name, value));
        }
    }
}

package io.argmind.rest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads what the contract says that the service writes as CBOR, and nothing else. */
final class CborDecoder {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ByteBuffer in;

    private CborDecoder(byte[] document) {
        in = ByteBuffer.wrap(document);
    }

    /** Typed arrays become nested lists; NaN is null, and so is a vector of nothing but NaN. */
    static JsonNode decode(byte[] document) {
        CborDecoder cbor = new CborDecoder(document);
        JsonNode value = cbor.value();
        if (cbor.in.hasRemaining()) {
            throw new IllegalArgumentException("bytes after the document's end");
        }
        return value;
    }

    private JsonNode value() {
        int head = in.get() & 0xff;
        int info = head & 31;
        return switch (head >> 5) {
            case 0 -> NODES.numberNode(argument(info));
            case 1 -> NODES.numberNode(-1 - argument(info));
            case 3 -> NODES.stringNode(new String(bytes(info), StandardCharsets.UTF_8));
            case 4 -> {
                ArrayNode array = NODES.arrayNode();
                for (long k = argument(info); k > 0; k--) {
                    array.add(value());
                }
                yield array;
            }
            case 5 -> {
                ObjectNode object = NODES.objectNode();
                for (long k = argument(info); k > 0; k--) {
                    object.set(value().asString(), value());
                }
                yield object;
            }
            case 6 -> tagged((int) argument(info));
            default -> simple(info);
        };
    }

    private long argument(int info) {
        return switch (info) {
            case 24 -> in.get() & 0xff;
            case 25 -> in.getShort() & 0xffff;
            case 26 -> in.getInt() & 0xffffffffL;
            case 27 -> in.getLong();
            default -> info;
        };
    }

    private byte[] bytes(int info) {
        byte[] bytes = new byte[(int) argument(info)];
        in.get(bytes);
        return bytes;
    }

    private JsonNode simple(int info) {
        return switch (info) {
            case 20 -> NODES.booleanNode(false);
            case 21 -> NODES.booleanNode(true);
            case 22 -> NODES.nullNode();
            case 26 -> number(in.getFloat());
            case 27 -> number(in.getDouble());
            default -> throw new IllegalArgumentException("simple value " + info);
        };
    }

    private static JsonNode number(double value) {
        return Double.isFinite(value) ? NODES.numberNode(value) : NODES.nullNode();
    }

    private JsonNode tagged(int tag) {
        if (tag != 40) {
            return nested(typed(tag), new int[0]);
        }
        expect(in.get() & 0xff, 0x82);
        JsonNode sizes = value();
        int[] shape = new int[sizes.size()];
        for (int k = 0; k < shape.length; k++) {
            shape[k] = sizes.get(k).asInt();
        }
        int head = in.get() & 0xff;
        expect(head >> 5, 6);
        return nested(typed((int) argument(head & 31)), shape);
    }

    private static void expect(int got, int expected) {
        if (got != expected) {
            throw new IllegalArgumentException("expected " + expected + ", got " + got);
        }
    }

    private double[] typed(int tag) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(in.get() & 31)).order(ByteOrder.LITTLE_ENDIAN);
        int width = tag == 85 ? 4 : 8;
        double[] values = new double[bytes.remaining() / width];
        for (int k = 0; k < values.length; k++) {
            values[k] =
                    switch (tag) {
                        case 79 -> bytes.getLong();
                        case 85 -> bytes.getFloat();
                        case 86 -> bytes.getDouble();
                        default -> throw new IllegalArgumentException("undocumented tag " + tag);
                    };
        }
        return values;
    }

    private static JsonNode nested(double[] values, int[] shape) {
        return shape.length < 2
                ? vector(values, 0, values.length)
                : nested(values, shape, 0, 0, values.length);
    }

    private static JsonNode nested(double[] values, int[] shape, int axis, int from, int length) {
        if (axis == shape.length - 1) {
            return vector(values, from, shape[axis]);
        }
        ArrayNode rows = NODES.arrayNode();
        for (int k = 0; k < shape[axis]; k++) {
            int width = length / shape[axis];
            rows.add(nested(values, shape, axis + 1, from + k * width, width));
        }
        return rows;
    }

    private static JsonNode vector(double[] values, int from, int length) {
        ArrayNode row = NODES.arrayNode();
        boolean anything = length == 0;
        for (int k = from; k < from + length; k++) {
            row.add(number(values[k]));
            anything |= !Double.isNaN(values[k]);
        }
        return anything ? row : NODES.nullNode();
    }
}

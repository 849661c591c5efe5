package io.argmind.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes values as CBOR: definite lengths, arrays of numbers as typed arrays in little endian. */
final class CborOutput {

    private static final int ROW_MAJOR = 40;
    private static final int SINT64 = 79;
    private static final int FLOAT32 = 85;
    private static final int FLOAT64 = 86;
    private static final int FALSE = 0xf4;
    private static final int TRUE = 0xf5;
    private static final int NULL = 0xf6;
    private static final int FLOAT32_HEAD = 0xfa;
    private static final int FLOAT64_HEAD = 0xfb;
    private static final int HEAD_BYTES = 9;
    private static final double LONG_RANGE = 0x1p63;

    private static final ValueLayout.OfDouble LITTLE_DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final OutputStream out;
    private final byte[] bytes = new byte[1 << 16];
    private final MemorySegment segment = MemorySegment.ofArray(bytes);
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    CborOutput(OutputStream out) {
        this.out = out;
    }

    void write(Value value) throws IOException {
        switch (value) {
            case Value.Obj object -> {
                head(CborInput.MAP, object.members().size());
                for (Map.Entry<String, Value> member : object.members().entrySet()) {
                    text(member.getKey());
                    write(member.getValue());
                }
            }
            case Value.Items items -> {
                head(CborInput.ARRAY, items.values().size());
                for (Value item : items.values()) {
                    write(item);
                }
            }
            case Value.Text text -> text(text.value());
            case Value.Bool bool -> simple(bool.value() ? TRUE : FALSE);
            case Value.Null _ -> simple(NULL);
            case Tensor tensor -> write(tensor);
        }
    }

    void flush() throws IOException {
        out.write(bytes, 0, buffer.position());
        buffer.clear();
    }

    private void write(Tensor tensor) throws IOException {
        double[] values = tensor.valuesWithNaN();
        if (tensor.isScalar()) {
            scalar(values[0], tensor.type());
            return;
        }
        if (tensor.rank() > 1) {
            head(CborInput.TAG, ROW_MAJOR);
            head(CborInput.ARRAY, 2);
            head(CborInput.ARRAY, tensor.rank());
            for (int axis : tensor.shape()) {
                head(CborInput.UNSIGNED, axis);
            }
        }
        switch (tensor.type()) {
            case INTEGER -> integers(values);
            case FLOAT32 -> singles(values);
            case FLOAT64, UNTYPED -> doubles(values);
        }
    }

    private void scalar(double value, DataType type) throws IOException {
        room(HEAD_BYTES);
        if (type == DataType.INTEGER && isInteger(value)) {
            long integer = (long) value;
            head(integer < 0 ? CborInput.NEGATIVE : CborInput.UNSIGNED, integer ^ (integer >> 63));
        } else if (type == DataType.FLOAT32) {
            buffer.put((byte) FLOAT32_HEAD).putFloat((float) value);
        } else {
            buffer.put((byte) FLOAT64_HEAD).putDouble(value);
        }
    }

    private void doubles(double[] values) throws IOException {
        typed(FLOAT64, 8L * values.length);
        int chunk = bytes.length / 8;
        for (int from = 0; from < values.length; from += chunk) {
            int count = Math.min(chunk, values.length - from);
            flush();
            MemorySegment.copy(values, from, segment, LITTLE_DOUBLE, 0, count);
            buffer.position(8 * count);
        }
    }

    private void singles(double[] values) throws IOException {
        typed(FLOAT32, 4L * values.length);
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            room(4);
            buffer.putFloat((float) value);
        }
        buffer.order(ByteOrder.BIG_ENDIAN);
    }

    /** What no integer can say, NaN for a missing entry above all, needs floats instead. */
    private void integers(double[] values) throws IOException {
        for (double value : values) {
            if (!isInteger(value)) {
                doubles(values);
                return;
            }
        }
        typed(SINT64, 8L * values.length);
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            room(8);
            buffer.putLong((long) value);
        }
        buffer.order(ByteOrder.BIG_ENDIAN);
    }

    private void typed(int tag, long length) throws IOException {
        head(CborInput.TAG, tag);
        head(CborInput.BYTES, length);
    }

    private void text(String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(CborInput.TEXT, utf8.length);
        if (utf8.length > buffer.remaining()) {
            flush();
        }
        if (utf8.length > buffer.remaining()) {
            out.write(utf8);
        } else {
            buffer.put(utf8);
        }
    }

    private void simple(int head) throws IOException {
        room(1);
        buffer.put((byte) head);
    }

    private void head(int major, long argument) throws IOException {
        room(HEAD_BYTES);
        int high = major << 5;
        if (argument < 24) {
            buffer.put((byte) (high | (int) argument));
        } else if (argument < 1 << 8) {
            buffer.put((byte) (high | 24)).put((byte) argument);
        } else if (argument < 1 << 16) {
            buffer.put((byte) (high | 25)).putShort((short) argument);
        } else if (argument < 1L << 32) {
            buffer.put((byte) (high | 26)).putInt((int) argument);
        } else {
            buffer.put((byte) (high | 27)).putLong(argument);
        }
    }

    private void room(int count) throws IOException {
        if (buffer.remaining() < count) {
            flush();
        }
    }

    static boolean isInteger(double value) {
        return value == Math.rint(value) && Math.abs(value) < LONG_RANGE;
    }
}

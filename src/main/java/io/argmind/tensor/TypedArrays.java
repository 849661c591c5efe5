package io.argmind.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * The element types of RFC 8746, section 2.1: tags 0b010_f_s_e_ll with f for floats, s for signed,
 * e for little endian, and ll for the width.
 */
final class TypedArrays {

    private static final int CLAMPED_BYTES = 68;
    private static final int FIRST_FLOAT = 80;

    private TypedArrays() {}

    static boolean isKnown(long tag) {
        return tag >= 64 && tag < 87 && tag != 76 && tag != 83;
    }

    /** Why a tag that is not known is refused. */
    static String complaint(long tag) {
        if (tag == 83 || tag == 87) {
            return "float128 arrays (tag " + tag + ") are not supported";
        }
        return "the tag %s is not supported: arrays have tags 40, 64 to 82, 84 to 86, 1040"
                .formatted(Long.toUnsignedString(tag));
    }

    /** Bytes of one element. */
    static int width(int tag) {
        return 1 << ((tag & 3) + (isFloat(tag) ? 1 : 0));
    }

    static DataType dataType(int tag) {
        if (!isFloat(tag)) {
            return DataType.INTEGER;
        }
        return width(tag) == 8 ? DataType.FLOAT64 : DataType.FLOAT32;
    }

    /**
     * Decodes elements in one copy; integers of more than 53 bits are rounded.
     *
     * @param out [at, at + count) is written
     */
    static void decode(int tag, byte[] body, int offset, double[] out, int at, int count) {
        ByteBuffer bytes =
                ByteBuffer.wrap(body, offset, count * width(tag))
                        .order(isLittle(tag) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        DoubleBuffer values = DoubleBuffer.wrap(out, at, count);
        boolean signed = isSigned(tag);
        if (isFloat(tag)) {
            switch (width(tag)) {
                case 2 -> halves(bytes, values);
                case 4 -> floats(bytes.asFloatBuffer(), out, at);
                default -> bytes.asDoubleBuffer().get(out, at, count);
            }
        } else {
            switch (width(tag)) {
                case 1 -> bytes(bytes, signed ? -1 : 0xff, values);
                case 2 -> shorts(bytes, signed ? -1 : 0xffff, values);
                case 4 -> ints(bytes, signed ? -1 : 0xffffffffL, values);
                default -> longs(bytes, signed, values);
            }
        }
    }

    /** Of [at, at + count). In four sums without a branch. */
    static boolean areFinite(double[] values, int at, int count) {
        double a = 0; // zero times a number is zero, times infinity or NaN it is NaN
        double b = 0;
        double c = 0;
        double d = 0;
        int end = at + count;
        int i = at;
        for (; i < end - 3; i += 4) {
            a += 0 * values[i];
            b += 0 * values[i + 1];
            c += 0 * values[i + 2];
            d += 0 * values[i + 3];
        }
        for (; i < end; i++) {
            a += 0 * values[i];
        }
        return a + b + c + d == 0;
    }

    static double unsigned(long value) {
        // Halved with the lost bit kept sticky, so that the rounding is that of the whole.
        return value >= 0 ? value : 2.0 * ((value >>> 1) | (value & 1));
    }

    /** From the order in which the first axis runs fastest. */
    static double[] rowMajor(int[] shape, double[] columnMajor) {
        double[] values = new double[columnMajor.length];
        int[] index = new int[shape.length];
        int[] stride = new int[shape.length];
        int step = 1;
        for (int axis = 0; axis < shape.length && values.length > 0; axis++) {
            stride[axis] = step;
            step *= shape[axis];
        }
        int from = 0;
        for (int to = 0; to < values.length; to++) {
            values[to] = columnMajor[from];
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                from += stride[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                from -= stride[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return values;
    }

    private static void halves(ByteBuffer bytes, DoubleBuffer values) {
        while (values.hasRemaining()) {
            values.put(Float.float16ToFloat(bytes.getShort()));
        }
    }

    private static void floats(FloatBuffer view, double[] out, int at) {
        for (int i = 0; i < view.limit(); i++) {
            out[at + i] = view.get(i);
        }
    }

    private static void bytes(ByteBuffer bytes, int mask, DoubleBuffer values) {
        while (values.hasRemaining()) {
            values.put(bytes.get() & mask);
        }
    }

    private static void shorts(ByteBuffer bytes, int mask, DoubleBuffer values) {
        while (values.hasRemaining()) {
            values.put(bytes.getShort() & mask);
        }
    }

    private static void ints(ByteBuffer bytes, long mask, DoubleBuffer values) {
        while (values.hasRemaining()) {
            values.put((double) (bytes.getInt() & mask));
        }
    }

    private static void longs(ByteBuffer bytes, boolean signed, DoubleBuffer values) {
        while (values.hasRemaining()) {
            long value = bytes.getLong();
            values.put(signed ? (double) value : unsigned(value));
        }
    }

    private static boolean isFloat(int tag) {
        return tag >= FIRST_FLOAT;
    }

    private static boolean isSigned(int tag) {
        return (tag & 8) != 0;
    }

    private static boolean isLittle(int tag) {
        return (tag & 4) != 0 && tag != CLAMPED_BYTES;
    }
}

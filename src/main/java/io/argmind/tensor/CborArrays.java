package io.argmind.tensor;

import java.util.Arrays;

/** The tagged arrays of RFC 8746: typed ones, and multi-dimensional ones around these. */
final class CborArrays {

    private static final long ROW_MAJOR = 40;
    private static final long COLUMN_MAJOR = 1040;

    private final CborInput input;
    private final Limits limits;
    private final Budget budget;
    private final Path path;

    CborArrays(CborInput input, Limits limits, Budget budget, Path path) {
        this.input = input;
        this.limits = limits;
        this.budget = budget;
        this.path = path;
    }

    /** The array whose outermost tag was read. */
    Tensor tagged() {
        long tag = input.argument();
        return tag == ROW_MAJOR || tag == COLUMN_MAJOR
                ? multiDimensional(tag == COLUMN_MAJOR)
                : typed(tag);
    }

    /** The half, single or double whose head was read. */
    double floating() {
        long bits = input.argument();
        return switch (input.info()) {
            case 25 -> Float.float16ToFloat((short) bits);
            case 26 -> Float.intBitsToFloat((int) bits);
            case 27 -> Double.longBitsToDouble(bits);
            default -> throw input.malformed("the unknown simple value " + bits);
        };
    }

    private Tensor typed(long tag) {
        if (!TypedArrays.isKnown(tag)) {
            throw input.malformed(TypedArrays.complaint(tag));
        }
        input.readHead();
        if (input.major() != CborInput.BYTES) {
            throw input.malformed("the typed array's tag " + tag + " must be on a byte string");
        }
        int type = (int) tag;
        double[] values;
        boolean finite = false;
        if (input.isIndefinite()) {
            CborInput.Slice bytes = input.string("a typed array");
            values = new double[count(type, bytes.length())];
            TypedArrays.decode(type, bytes.bytes(), bytes.offset(), values, 0, values.length);
        } else {
            values = new double[count(type, input.count("a typed array"))];
            finite = input.typedArray(type, values);
        }
        return Tensor.typed(new int[] {values.length}, values, TypedArrays.dataType(type), finite);
    }

    /** The elements in so many bytes, which the document still may have. */
    private int count(int tag, int bytes) {
        int width = TypedArrays.width(tag);
        if (bytes % width != 0) {
            throw path.malformed(
                    "a typed array (tag %d) of %d bytes, which is not a multiple of %d"
                            .formatted(tag, bytes, width));
        }
        budget.spendTogether(bytes / width);
        return bytes / width;
    }

    private Tensor multiDimensional(boolean columnMajor) {
        input.readHead();
        if (input.major() != CborInput.ARRAY || input.isIndefinite() || input.argument() != 2) {
            throw input.malformed(
                    "a multi-dimensional array must be an array of two: shape and entries");
        }
        int[] shape = shape(flat("the shape"));
        Tensor flat = flat("the entries");
        if (Tensor.entries(shape) != flat.values().length) {
            throw path.malformed(
                    "shape %s needs %d entries, got %d"
                            .formatted(
                                    Tensor.text(shape),
                                    Tensor.entries(shape),
                                    flat.values().length));
        }
        double[] values = columnMajor ? TypedArrays.rowMajor(shape, flat.values()) : flat.values();
        return new Tensor(shape, values, flat.type(), flat.hasNulls(), flat.finite(), null);
    }

    /** Checked before anything is allocated by it: also the axes beside one of length 0. */
    private int[] shape(Tensor sent) {
        double[] axes = sent.values();
        if (axes.length > limits.depth()) {
            throw path.malformed("a shape of more than " + limits.depth() + " axes");
        }
        int[] shape = new int[axes.length];
        long product = 1;
        for (int i = 0; i < axes.length; i++) {
            if (!(axes[i] >= 0) || axes[i] != Math.rint(axes[i])) {
                throw path.malformed(
                        "the shape's axis %d is no length: %s"
                                .formatted(i, Double.toString(axes[i])));
            }
            shape[i] = (int) axes[i];
            product *= Math.max(1, shape[i]);
            if (axes[i] > limits.entries() || product > limits.entries()) {
                throw path.malformed("the shape holds more than " + limits.entries() + " entries");
            }
        }
        return shape;
    }

    /** A typed array, or a plain one of numbers only. */
    private Tensor flat(String what) {
        input.readHead();
        return switch (input.major()) {
            case CborInput.TAG -> typed(input.argument());
            case CborInput.ARRAY -> plain(what);
            default -> throw input.malformed(what + " must be an array");
        };
    }

    private Tensor plain(String what) {
        boolean endless = input.isIndefinite();
        int count = input.count(what);
        budget.spend(endless ? 0 : count);
        double[] values = new double[endless ? 16 : count];
        boolean hasNulls = false;
        int size = 0;
        while (endless ? !input.skipBreak() : size < count) {
            budget.spend(endless ? 1 : 0);
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            input.readHead();
            boolean isNull = isNull();
            values[size++] = isNull ? Double.NaN : number();
            hasNulls |= isNull;
        }
        return Tensor.of(new int[] {size}, Arrays.copyOf(values, size), DataType.UNTYPED, hasNulls);
    }

    private boolean isNull() {
        return input.major() == CborInput.SIMPLE && (input.info() == 22 || input.info() == 23);
    }

    private double number() {
        return switch (input.major()) {
            case CborInput.UNSIGNED, CborInput.NEGATIVE -> input.integer();
            case CborInput.SIMPLE -> floating();
            default -> throw input.malformed("expected a number");
        };
    }
}

package io.argmind.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The length of what {@link CborOutput} writes, found without writing it. */
final class CborLength {
    private static final int FLOAT64_BYTES = 9;
    private static final int FLOAT32_BYTES = 5;
    private static final int TYPED_ARRAY_TAG = 2;
    private static final int ROW_MAJOR_HEADS = 3;

    private CborLength() {}

    static long of(Value value) {
        return switch (value) {
            case Value.Obj object -> {
                long sum = head(object.members().size());
                for (Map.Entry<String, Value> member : object.members().entrySet()) {
                    sum += text(member.getKey()) + of(member.getValue());
                }
                yield sum;
            }
            case Value.Items items -> {
                long sum = head(items.values().size());
                for (Value item : items.values()) {
                    sum += of(item);
                }
                yield sum;
            }
            case Value.Text text -> text(text.value());
            case Value.Bool _, Value.Null _ -> 1;
            case Tensor tensor -> tensor.isScalar() ? scalar(tensor) : array(tensor);
        };
    }

    /** Of the head with this argument. */
    private static long head(long argument) {
        return argument < 24
                ? 1
                : argument < 1 << 8 ? 2 : argument < 1 << 16 ? 3 : argument < 1L << 32 ? 5 : 9;
    }

    private static long text(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return head(length) + length;
    }

    private static long scalar(Tensor tensor) {
        double value = tensor.isWholeMissing() ? Double.NaN : tensor.values()[0];
        if (tensor.type() == DataType.INTEGER && CborOutput.isInteger(value)) {
            return head((long) value ^ ((long) value >> 63));
        }
        return tensor.type() == DataType.FLOAT32 ? FLOAT32_BYTES : FLOAT64_BYTES;
    }

    /** Integers that are none are written as float64, which is no longer. */
    private static long array(Tensor tensor) {
        long bytes = (tensor.type() == DataType.FLOAT32 ? 4L : 8L) * tensor.values().length;
        long shape = 0;
        if (tensor.rank() > 1) {
            shape = ROW_MAJOR_HEADS + head(tensor.rank());
            for (int axis : tensor.shape()) {
                shape += head(axis);
            }
        }
        return shape + TYPED_ARRAY_TAG + head(bytes) + bytes;
    }
}

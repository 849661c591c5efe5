package io.argmind.tensor;

import tools.jackson.core.JsonGenerator;

/** Writes values as JSON; numbers with as many digits as tell them apart. */
final class JsonOutput {

    private static final double LONG_RANGE = 0x1p63;

    private final JsonGenerator out;

    JsonOutput(JsonGenerator out) {
        this.out = out;
    }

    void write(Value value) {
        switch (value) {
            case Value.Obj object -> {
                out.writeStartObject();
                object.members()
                        .forEach((name, member) -> {
                            out.writeName(name);
                            write(member);
                        });
                out.writeEndObject();
            }
            case Value.Items items -> {
                out.writeStartArray();
                items.values().forEach(this::write);
                out.writeEndArray();
            }
            case Value.Text text -> out.writeString(text.value());
            case Value.Bool bool -> out.writeBoolean(bool.value());
            case Value.Null _ -> out.writeNull();
            case Tensor tensor -> write(tensor);
        }
    }

    private void write(Tensor tensor) {
        if (tensor.isWholeMissing()) {
            out.writeNull();
        } else if (tensor.isScalar()) {
            entries(tensor, 0, 1);
        } else {
            rows(tensor, 0, 0, tensor.values().length);
        }
    }

    /** The part of the tensor below one index of each axis before {@code axis}. */
    private void rows(Tensor tensor, int axis, int from, int length) {
        int count = tensor.shape()[axis];
        boolean innermost = axis == tensor.rank() - 1;
        out.writeStartArray();
        if (innermost && (axis > 0 || tensor.missing() == null)) {
            entries(tensor, from, count);
        } else {
            int width = count == 0 ? 0 : length / count;
            for (int row = 0; row < count; row++) {
                if (axis == 0 && tensor.isRowMissing(row)) {
                    out.writeNull();
                } else if (innermost) {
                    entries(tensor, from + row, 1);
                } else {
                    rows(tensor, axis + 1, from + row * width, width);
                }
            }
        }
        out.writeEndArray();
    }

    private void entries(Tensor tensor, int from, int count) {
        double[] values = tensor.values();
        for (int i = from; i < from + count; i++) {
            if (!Double.isFinite(values[i])) {
                out.writeNull();
            } else {
                switch (tensor.type()) {
                    case INTEGER -> integer(values[i]);
                    case FLOAT32 -> single((float) values[i]);
                    case FLOAT64, UNTYPED -> out.writeNumber(values[i]);
                }
            }
        }
    }

    private void integer(double value) {
        if (value == Math.rint(value) && Math.abs(value) < LONG_RANGE) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
    }

    private void single(float value) {
        if (Float.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }
}

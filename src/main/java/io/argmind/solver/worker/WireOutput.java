package io.argmind.solver.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, arrays and texts as bytes, through one buffer. Arrays are led by their length, -1 for
 * null; both ends are on one machine, so its own byte order does.
 */
final class WireOutput {
    static final int BUFFER = 1 << 16;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());

    WireOutput(WritableByteChannel channel) {
        this.channel = channel;
    }

    void writeInt(int value) throws IOException {
        room(Integer.BYTES);
        buffer.putInt(value);
    }

    void writeLong(long value) throws IOException {
        room(Long.BYTES);
        buffer.putLong(value);
    }

    void writeDouble(double value) throws IOException {
        room(Double.BYTES);
        buffer.putDouble(value);
    }

    void writeBoolean(boolean value) throws IOException {
        writeInt(value ? 1 : 0);
    }

    void writeText(@Nullable String text) throws IOException {
        if (text == null) {
            writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeInt(bytes.length);
        for (int done = 0; done < bytes.length; ) {
            room(1);
            int count = Math.min(buffer.remaining(), bytes.length - done);
            buffer.put(bytes, done, count);
            done += count;
        }
    }

    void writeEnum(Enum<?> value) throws IOException {
        writeText(value.name());
    }

    void writeInts(int[] values) throws IOException {
        writeInt(values.length);
        for (int value : values) {
            writeInt(value);
        }
    }

    void writeLongs(long[] values) throws IOException {
        writeInt(values.length);
        for (long value : values) {
            writeLong(value);
        }
    }

    void writeDoubles(double @Nullable [] values) throws IOException {
        if (values == null) {
            writeInt(-1);
        } else {
            writeDoubles(values, 0, values.length);
        }
    }

    /** Writes values[from], ..., values[from + length - 1]. */
    void writeDoubles(double[] values, int from, int length) throws IOException {
        writeInt(length);
        for (int done = 0; done < length; ) {
            room(Double.BYTES);
            int count = Math.min(buffer.remaining() / Double.BYTES, length - done);
            buffer.asDoubleBuffer().put(values, from + done, count);
            buffer.position(buffer.position() + count * Double.BYTES);
            done += count;
        }
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}

package io.argmind.solver.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The other end of {@link WireOutput}. Whoever reads says how long things may be. */
final class WireInput {
    private static final int LONGEST_TEXT = 1 << 20;

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(WireOutput.BUFFER).order(ByteOrder.nativeOrder()).flip();

    WireInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    int readInt() throws IOException {
        need(Integer.BYTES);
        return buffer.getInt();
    }

    long readLong() throws IOException {
        need(Long.BYTES);
        return buffer.getLong();
    }

    double readDouble() throws IOException {
        need(Double.BYTES);
        return buffer.getDouble();
    }

    boolean readBoolean() throws IOException {
        return readInt(0, 1) == 1;
    }

    /** A number from least to most; anything else is garbage. */
    int readInt(int least, int most) throws IOException {
        int value = readInt();
        if (value < least || value > most) {
            throw new GarbledException(
                    "expected " + least + " to " + most + " on the wire, got " + value);
        }
        return value;
    }

    void expect(int mark) throws IOException {
        readInt(mark, mark);
    }

    @Nullable String readText() throws IOException {
        int length = readInt(-1, LONGEST_TEXT);
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            need(1);
            int count = Math.min(buffer.remaining(), length - done);
            buffer.get(bytes, done, count);
            done += count;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    <E extends Enum<E>> E readEnum(Class<E> type) throws IOException {
        String name = String.valueOf(readText());
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new GarbledException("no " + type.getSimpleName() + " of this name");
        }
    }

    int[] readInts() throws IOException {
        int[] values = new int[readInt(0, Integer.MAX_VALUE)];
        for (int i = 0; i < values.length; i++) {
            values[i] = readInt();
        }
        return values;
    }

    long[] readLongs() throws IOException {
        long[] values = new long[readInt(0, Integer.MAX_VALUE)];
        for (int i = 0; i < values.length; i++) {
            values[i] = readLong();
        }
        return values;
    }

    /** An array of any length, from a side that is trusted. */
    double[] readDoubles() throws IOException {
        return doubles(readInt(0, Integer.MAX_VALUE));
    }

    /** An array of this length, or null. */
    double @Nullable [] readDoublesOrNull(int length) throws IOException {
        int sent = readInt(-1, length);
        if (sent != -1 && sent != length) {
            throw new GarbledException("expected " + length + " numbers, got " + sent);
        }
        return sent == -1 ? null : doubles(length);
    }

    /** An array of this length. */
    double[] readDoubles(int length) throws IOException {
        return doubles(readInt(length, length));
    }

    private double[] doubles(int length) throws IOException {
        double[] values = new double[length];
        for (int done = 0; done < length; ) {
            need(Double.BYTES);
            int count = Math.min(buffer.remaining() / Double.BYTES, length - done);
            buffer.asDoubleBuffer().get(values, done, count);
            buffer.position(buffer.position() + count * Double.BYTES);
            done += count;
        }
        return values;
    }

    private void need(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        buffer.compact();
        while (buffer.position() < bytes) {
            if (channel.read(buffer) < 0) {
                buffer.flip();
                throw new EOFException("the other side is gone");
            }
        }
        buffer.flip();
    }
}

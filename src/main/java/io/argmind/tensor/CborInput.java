package io.argmind.tensor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The data item heads of CBOR (RFC 8949, section 3). Our own instead of a library's parser, because
 * a typed array is then decoded straight from the body, in one copy.
 *
 * <p>The body is a window of bytes that moves on over a stream, so that a large body is decoded
 * while it arrives and is never held as a whole.
 */
final class CborInput {

    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    private static final int INDEFINITE = 31;
    private static final int BREAK = 0xff;
    private static final int WINDOW = 1 << 17;
    private static final VarHandle SHORT = bigEndian(short[].class);
    private static final VarHandle INT = bigEndian(int[].class);
    private static final VarHandle LONG = bigEndian(long[].class);

    private final InputStream source;
    private final Path path;
    private byte[] window;
    private int end;
    private int position;
    private long before; // bytes of the body that the window has passed
    private long left; // bytes of the body that are still in the source

    private int major;
    private int info;
    private long argument;

    CborInput(byte[] body, int offset, int length, Path path) {
        source = InputStream.nullInputStream();
        window = body;
        this.path = path;
        position = offset;
        end = offset + length;
    }

    /**
     * Reads from a stream, whose exceptions come out unchecked.
     *
     * @param length of the body; the stream is not read beyond it
     */
    CborInput(InputStream source, long length, Path path) {
        this.source = source;
        window = new byte[(int) Math.min(WINDOW, length)];
        this.path = path;
        left = length;
    }

    /** A stretch of bytes, valid until the next item is read. */
    record Slice(byte[] bytes, int offset, int length) {}

    boolean atEnd() {
        return position == end && left == 0;
    }

    boolean skipBreak() {
        if (!atEnd() && (window[look(1)] & 0xff) == BREAK) {
            position++;
            return true;
        }
        return false;
    }

    /** Reads the head of the next item. */
    void readHead() {
        int first = window[take(1)] & 0xff;
        major = first >>> 5;
        info = first & 31;
        argument =
                switch (info) {
                    case 24 -> window[take(1)] & 0xff;
                    case 25 -> (short) SHORT.get(window, take(2)) & 0xffff;
                    case 26 -> (int) INT.get(window, take(4)) & 0xffffffffL;
                    case 27 -> (long) LONG.get(window, take(8));
                    case 28, 29, 30 -> throw malformed("a reserved head byte " + first);
                    case INDEFINITE -> 0;
                    default -> info;
                };
        if (isIndefinite() && (major < BYTES || major == TAG || major == SIMPLE)) {
            throw malformed(first == BREAK ? "an unexpected break" : "a head without a value");
        }
    }

    int major() {
        return major;
    }

    /** The low five bits of the head: which simple value or width of float. */
    int info() {
        return info;
    }

    /** As unsigned 64 bits. */
    long argument() {
        return argument;
    }

    boolean isIndefinite() {
        return info == INDEFINITE;
    }

    /** The number that an integer's head stands for. */
    double integer() {
        double value = TypedArrays.unsigned(argument);
        return major == UNSIGNED ? value : -1 - value;
    }

    /** How many items or bytes the head announces; never more than the body could hold. */
    int count(String what) {
        if (argument < 0 || argument > end - position + left) {
            throw malformed(
                    "the body ends before %s of length %s"
                            .formatted(what, Long.toUnsignedString(argument)));
        }
        return (int) argument;
    }

    /** The contents of the string whose head was read, its chunks joined. */
    Slice string(String what) {
        if (!isIndefinite()) {
            int length = count(what);
            int at = take(length);
            return new Slice(window, at, length);
        }
        int kind = major;
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        while (!skipBreak()) {
            readHead();
            if (major != kind || isIndefinite()) {
                throw malformed("a chunk of " + what + " that is not one");
            }
            int length = count(what);
            int at = take(length);
            joined.write(window, at, length);
        }
        return new Slice(joined.toByteArray(), 0, joined.size());
    }

    /**
     * Reads the elements of the typed array whose byte string's head was read.
     *
     * @return whether all of them are finite, found while they are still in the cache
     */
    boolean typedArray(int tag, double[] values) {
        boolean finite = true;
        int width = TypedArrays.width(tag);
        for (int done = 0; done < values.length; ) {
            int at = look(width);
            int size = Math.min(values.length - done, (end - position) / width);
            TypedArrays.decode(tag, window, at, values, done, size);
            finite &= TypedArrays.areFinite(values, done, size);
            position += size * width;
            done += size;
        }
        return finite;
    }

    MalformedDocumentException malformed(String detail) {
        return path.malformed(detail + " (before byte " + (before + position) + ")");
    }

    private int take(int bytes) {
        int at = look(bytes);
        position += bytes;
        return at;
    }

    /** Where in the window so many bytes begin, which are in it then. */
    private int look(int bytes) {
        if (bytes > end - position) {
            if (bytes > end - position + left) {
                throw malformed("the body ends too early");
            }
            moveOn(bytes);
        }
        return position;
    }

    /** Reads what is there, and waits only for as many bytes as are needed. */
    private void moveOn(int needed) {
        int kept = end - position;
        byte[] next = needed > window.length ? new byte[Math.max(needed, WINDOW)] : window;
        System.arraycopy(window, position, next, 0, kept);
        window = next;
        before += position;
        position = 0;
        end = kept;
        try {
            while (end < needed) {
                int read = source.read(window, end, (int) Math.min(left, window.length - end));
                if (read < 0) {
                    throw new EOFException("the body ended " + left + " bytes too early");
                }
                end += read;
                left -= read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static VarHandle bigEndian(Class<?> view) {
        return MethodHandles.byteArrayViewVarHandle(view, ByteOrder.BIG_ENDIAN);
    }
}

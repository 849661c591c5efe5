package io.argmind.tensor;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The data item heads of CBOR (RFC 8949, section 3). Our own instead of a library's parser, because
 * a typed array is then decoded straight from the body, in one copy.
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
    private static final VarHandle SHORT = bigEndian(short[].class);
    private static final VarHandle INT = bigEndian(int[].class);
    private static final VarHandle LONG = bigEndian(long[].class);

    private final byte[] body;
    private final int end;
    private final Path path;
    private int position;

    private int major;
    private int info;
    private long argument;

    CborInput(byte[] body, int offset, int length, Path path) {
        this.body = body;
        this.path = path;
        position = offset;
        end = offset + length;
    }

    /** A stretch of bytes: of the body itself, or of a copy when it came in chunks. */
    record Slice(byte[] bytes, int offset, int length) {}

    boolean atEnd() {
        return position == end;
    }

    boolean skipBreak() {
        if (position < end && (body[position] & 0xff) == BREAK) {
            position++;
            return true;
        }
        return false;
    }

    /** Reads the head of the next item. */
    void readHead() {
        int first = body[take(1)] & 0xff;
        major = first >>> 5;
        info = first & 31;
        argument =
                switch (info) {
                    case 24 -> body[take(1)] & 0xff;
                    case 25 -> (short) SHORT.get(body, take(2)) & 0xffff;
                    case 26 -> (int) INT.get(body, take(4)) & 0xffffffffL;
                    case 27 -> (long) LONG.get(body, take(8));
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
        if (argument < 0 || argument > end - position) {
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
            return new Slice(body, take(length), length);
        }
        int kind = major;
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        while (!skipBreak()) {
            readHead();
            if (major != kind || isIndefinite()) {
                throw malformed("a chunk of " + what + " that is not one");
            }
            int length = count(what);
            joined.write(body, take(length), length);
        }
        return new Slice(joined.toByteArray(), 0, joined.size());
    }

    MalformedDocumentException malformed(String detail) {
        return path.malformed(detail + " (before byte " + position + ")");
    }

    private int take(int bytes) {
        if (bytes > end - position) {
            throw malformed("the body ends too early");
        }
        int at = position;
        position += bytes;
        return at;
    }

    private static VarHandle bigEndian(Class<?> view) {
        return MethodHandles.byteArrayViewVarHandle(view, ByteOrder.BIG_ENDIAN);
    }
}

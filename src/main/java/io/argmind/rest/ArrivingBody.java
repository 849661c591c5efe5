package io.argmind.rest;

import io.argmind.dispatch.DeadlineExceededException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Adler32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way. It has to be here before the request's deadline, however steadily it drips:
 * until then it holds a place. And it has to be what was sent, if the client says what that is
 * ({@code Content-Digest}, RFC 9530, of which {@code adler} is understood).
 */
final class ArrivingBody extends FilterInputStream {
    static final String DIGEST_HEADER = "Content-Digest";

    private static final Pattern ADLER = Pattern.compile("(?:^|,)\\s*adler=:([^:]*):");

    private final long deadlineNanos;
    private final @Nullable String digest;
    private final Adler32 sum;

    /**
     * @param digest the header, if there is one
     */
    ArrivingBody(InputStream body, long deadlineNanos, @Nullable String digest) {
        this(body, deadlineNanos, digest, new Adler32());
    }

    private ArrivingBody(
            InputStream body, long deadlineNanos, @Nullable String digest, Adler32 sum) {
        super(digest == null ? body : new CheckedInputStream(body, sum));
        this.deadlineNanos = deadlineNanos;
        this.digest = digest;
        this.sum = sum;
    }

    @Override
    public int read() throws IOException {
        requireTime();
        return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        requireTime();
        return super.read(buffer, offset, length);
    }

    private void requireTime() {
        if (deadlineNanos - System.nanoTime() < 0) {
            throw new DeadlineExceededException(
                    "the deadline passed while the body was still arriving; nothing was solved");
        }
    }

    /**
     * Reads what is left, and compares all with the digest.
     *
     * @throws DamagedBodyException if it is not what was sent
     */
    void requireUndamaged() throws IOException {
        if (digest == null) {
            return;
        }
        transferTo(OutputStream.nullOutputStream());
        Matcher adler = ADLER.matcher(digest);
        if (adler.find() && !adler.group(1).equals(encoded(sum))) {
            throw new DamagedBodyException();
        }
    }

    /** The value of the header for a body with this sum. */
    static String header(Adler32 sum) {
        return "adler=:" + encoded(sum) + ":";
    }

    private static String encoded(Adler32 sum) {
        int value = (int) sum.getValue();
        byte[] bytes = {
            (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
        };
        return Base64.getEncoder().encodeToString(bytes);
    }
}

package io.argmind.tensor;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8: no overlong forms, no surrogates, unlike what parsers let pass. */
final class Utf8 {

    private static final int CHUNK = 8192;

    private Utf8() {}

    /** The offset of the first byte that is not UTF-8, counted from {@code offset}, or -1. */
    static int firstBadByte(byte[] bytes, int offset, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        CharBuffer out = CharBuffer.allocate(Math.min(length, CHUNK) + 2);
        while (true) {
            CoderResult result = decoder.decode(in, out.clear(), true);
            if (result.isUnderflow()) {
                return -1;
            }
            if (result.isError()) {
                return in.position() - offset;
            }
        }
    }

    /** null if the bytes are not UTF-8. */
    static @Nullable String decode(byte[] bytes, int offset, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, offset, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

package io.argmind.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/** Short words for what the tests of this package do all the time. */
final class Documents {

    private static final DocumentReader READER = new DocumentReader(Limits.DEFAULT);
    private static final DocumentWriter WRITER = new DocumentWriter();

    private Documents() {}

    static Value json(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return READER.readJson(body, 0, body.length);
    }

    /**
     * Read from the middle of a longer array, as a body in a pooled buffer is; also as a stream.
     */
    static Value cbor(byte[] body) {
        byte[] padded = new byte[body.length + 7];
        System.arraycopy(body, 0, padded, 3, body.length);
        Value document = READER.readCbor(padded, 3, body.length);
        assertThat(writtenCbor(dripping(body))).isEqualTo(writtenCbor(document));
        return document;
    }

    /** Read from a stream that gives one to three bytes at a time, and has more than the body. */
    static Value dripping(byte[] body) {
        ByteArrayInputStream whole = new ByteArrayInputStream(Arrays.copyOf(body, body.length + 9));
        InputStream drops =
                new FilterInputStream(whole) {
                    @Override
                    public int read(byte[] to, int offset, int length) throws IOException {
                        return super.read(to, offset, Math.min(length, 1 + available() % 3));
                    }
                };
        try {
            Value document = READER.readCbor(drops, body.length);
            assertThat(drops.available()).isEqualTo(9);
            return document;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Value cbor(String hex) {
        return cbor(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    static Value member(Value document, String name) {
        assertThat(document).isInstanceOf(Value.Obj.class);
        return Objects.requireNonNull(((Value.Obj) document).members().get(name), name);
    }

    static Tensor tensor(Value document, String name) {
        Value member = member(document, name);
        assertThat(member).isInstanceOf(Tensor.class);
        return (Tensor) member;
    }

    static Value.Obj document(Value x) {
        return new Value.Obj(Map.of("x", x));
    }

    static String writtenJson(Value document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            WRITER.writeJson(document, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static byte[] writtenCbor(Value document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            WRITER.writeCbor(document, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(WRITER.cborLength(document)).isEqualTo(out.size());
        return out.toByteArray();
    }

    static String hex(Value document) {
        return HexFormat.of().formatHex(writtenCbor(document));
    }

    static void assertMalformed(Runnable read, String pointer, String detail) {
        MalformedDocumentException e =
                catchThrowableOfType(MalformedDocumentException.class, read::run);
        assertThat(e).as("the refusal").isNotNull();
        assertThat(e.detail()).contains(detail);
        assertThat(e.pointer()).isEqualTo(pointer);
    }

    /** All parts the same, bit by bit: NaN is NaN, -0.0 is not 0. */
    static void assertSame(Value actual, Tensor expected) {
        assertThat(actual).isInstanceOf(Tensor.class);
        Tensor tensor = (Tensor) actual;
        assertThat(tensor.shape()).containsExactly(expected.shape());
        assertThat(Arrays.equals(tensor.values(), expected.values()))
                .as(
                        "%s is %s",
                        Arrays.toString(tensor.values()), Arrays.toString(expected.values()))
                .isTrue();
        assertThat(tensor.type()).isEqualTo(expected.type());
        assertThat(tensor.hasNulls()).isEqualTo(expected.hasNulls());
    }
}

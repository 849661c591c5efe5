package io.argmind.tensor;

import static io.argmind.tensor.Documents.assertMalformed;
import static io.argmind.tensor.Documents.document;
import static io.argmind.tensor.Documents.writtenCbor;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every limit admits what is as large as the limit, and refuses one more. */
class LimitsTest {

    private static final int ENTRIES = 12;

    private final DocumentReader reader = new DocumentReader(Limits.DEFAULT);
    private final DocumentReader small = new DocumentReader(new Limits(4, 20, 10, 8, ENTRIES));

    @Test
    void depth() {
        String detail = "nested deeper than 32 levels";
        IntFunction<String> arrays = n -> "{\"x\":" + "[".repeat(n - 1) + "]".repeat(n - 1) + "}";
        json(reader, arrays.apply(32));
        assertMalformed(() -> json(reader, arrays.apply(33)), "/x" + "/0".repeat(31), detail);
        IntFunction<String> objects = n -> "{\"x\":".repeat(n) + "1" + "}".repeat(n);
        json(reader, objects.apply(32));
        assertMalformed(() -> json(reader, objects.apply(33)), "/x".repeat(32), detail);
        IntFunction<String> cbor = n -> "a16178" + "81".repeat(n - 1) + "01";
        cbor(reader, cbor.apply(32));
        assertMalformed(() -> cbor(reader, cbor.apply(33)), "/x" + "/0".repeat(31), detail);
        IntFunction<String> endless = n -> "bf6178".repeat(n) + "01" + "ff".repeat(n);
        cbor(reader, endless.apply(32));
        assertMalformed(() -> cbor(reader, endless.apply(33)), "/x".repeat(32), detail);
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 1_000_000})
    void depthOfAnAttack(int levels) {
        String pointer = "/x" + "/0".repeat(31);
        String detail = "nested deeper than 32 levels";
        assertMalformed(() -> json(reader, "{\"x\":" + "[".repeat(levels)), pointer, detail);
        assertMalformed(() -> cbor(reader, "a16178" + "81".repeat(levels)), pointer, detail);
        assertMalformed(() -> cbor(reader, "a16178" + "9f".repeat(levels)), pointer, detail);
    }

    @Test
    void axes() {
        cbor(reader, "a16178 d828 82 9820" + "01".repeat(32) + "8101");
        assertMalformed(
                () -> cbor(reader, "a16178 d828 82 9821" + "01".repeat(33) + "8101"),
                "/x",
                "a shape of more than 32 axes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "€", "\\n"})
    void strings(String character) {
        IntFunction<String> body = n -> "{\"x\":\"" + character.repeat(n) + "\"}";
        json(reader, body.apply(65_536));
        assertMalformed(
                () -> json(reader, body.apply(65_537)),
                "/x",
                "a string longer than 65536 characters");
        byte[] longest =
                writtenCbor(document(new Value.Text(character.repeat(20).substring(0, 20))));
        small.readCbor(longest, 0, longest.length);
        byte[] longer =
                writtenCbor(document(new Value.Text(character.repeat(21).substring(0, 21))));
        assertMalformed(
                () -> small.readCbor(longer, 0, longer.length),
                "/x",
                "a string longer than 20 characters");
    }

    @Test
    void aMegabyteOfString() {
        assertMalformed(
                () -> json(reader, "{\"x\":\"" + "a".repeat(1 << 20) + "\"}"),
                "/x",
                "a string longer than 65536 characters");
        assertMalformed(
                () -> cbor(reader, "a161787a00100000" + "61".repeat(1 << 20)),
                "/x",
                "a string longer than 65536 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é"})
    void names(String character) {
        String detail = "a field name longer than 256 characters";
        json(reader, "{\"" + character.repeat(256) + "\":1}");
        assertMalformed(() -> json(reader, "{\"" + character.repeat(257) + "\":1}"), "", detail);
        assertMalformed(() -> json(reader, "{\"" + character.repeat(9999) + "\":1}"), "", detail);
        cbor(reader, "a1790100" + "61".repeat(256) + "01");
        assertMalformed(() -> cbor(reader, "a1790101" + "61".repeat(257) + "01"), "", detail);
    }

    @Test
    void digits() {
        json(reader, "{\"x\":[" + "9".repeat(64) + "]}");
        json(reader, "{\"x\":[0." + "9".repeat(63) + "]}");
        String detail = "a number of more than 64 digits";
        assertMalformed(() -> json(reader, "{\"x\":[" + "9".repeat(65) + "]}"), "/x/0", detail);
        assertMalformed(() -> json(reader, "{\"x\":[0." + "9".repeat(64) + "]}"), "/x/0", detail);
        assertMalformed(() -> json(reader, "{\"x\":[" + "9".repeat(999) + "]}"), "/x/0", detail);
    }

    @Test
    void entries() {
        IntFunction<String> vector = n -> "[0" + ",1".repeat(n - 1) + "]";
        json(small, "{\"x\":" + vector.apply(ENTRIES) + "}");
        json(small, "{\"x\":" + vector.apply(ENTRIES - 1) + ",\"y\":1}");
        json(small, "{\"x\":[null,null,null," + vector.apply(3) + "]}");
        cbor(small, "a16178 d8404c" + "01".repeat(ENTRIES));
        cbor(small, "a16178 8c" + "01".repeat(ENTRIES));
        cbor(small, "a16178 d828 82 8103 83 01 02 03");
        String detail =
                "more than 12 numbers in one document of its length (rows of null count in full)";
        assertMalformed(
                () -> json(small, "{\"x\":" + vector.apply(ENTRIES + 1) + "}"), "/x/12", detail);
        assertMalformed(
                () -> json(small, "{\"x\":" + vector.apply(ENTRIES) + ",\"y\":1}"), "/y", detail);
        assertMalformed(
                () -> json(small, "{\"x\":[null,null,null,null," + vector.apply(3) + "]}"),
                "/x/4",
                detail);
        assertMalformed(
                () -> json(small, "{\"x\":[" + vector.apply(5) + ",null,null]}"), "/x/2", detail);
        assertMalformed(
                () -> cbor(small, "a16178 d8404d" + "01".repeat(ENTRIES + 1)), "/x", detail);
        assertMalformed(() -> cbor(small, "a16178 8d" + "01".repeat(ENTRIES + 1)), "/x/12", detail);
        assertMalformed(
                () -> cbor(small, "a16178 82 d84046 010203040506 d84047 01020304050607"),
                "/x/1",
                detail);
    }

    private static void json(DocumentReader reader, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        reader.readJson(body, 0, body.length);
    }

    private static void cbor(DocumentReader reader, String hex) {
        byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
        reader.readCbor(body, 0, body.length);
    }
}

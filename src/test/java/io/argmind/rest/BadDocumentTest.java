package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Bodies that are no documents, in ways that the catalogue ({@link BadRequestsTest}) cannot write
 * down.
 */
class BadDocumentTest {
    private static final Http HTTP = Service.shared().http();

    private static Reply send(String type, byte[] body) {
        return HTTP.send(
                HTTP.request("/solve")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofByteArray(body)));
    }

    private static JsonNode malformed(String type, byte[] body) {
        return Refusals.require(send(type, body), ErrorCode.MALFORMED_REQUEST, "POST", "/solve");
    }

    private static JsonNode malformed(String json) {
        return malformed(Http.JSON, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void limitsOfJson() {
        malformed("{'problem': " + "{'a':".repeat(60) + "1" + "}".repeat(60) + "}");
        malformed("{'problem': {'c': " + "[".repeat(100_000) + "]".repeat(100_000) + "}}");
        malformed("{'problem': {'c': [" + "9".repeat(65) + "]}}");
        malformed("{'solver': '" + "x".repeat(65_537) + "', 'problem': {'c': [1]}}");
        malformed("{'" + "x".repeat(300) + "': 1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-32LE", "UTF-16BE"})
    void otherEncodings(String charset) {
        malformed(Http.JSON, "{\"problem\": {\"c\": [1]}}".getBytes(Charset.forName(charset)));
    }

    @Test
    void badUtf8() {
        malformed(Http.JSON, "{\"problem\": {\"é\": 1}}".getBytes(StandardCharsets.ISO_8859_1));
    }

    /** {@code {"problem": {"c": X, "lb": 0}}} with X in hexadecimal. */
    private static byte[] cborWith(String c) {
        String hex = "a1" + "6770726f626c656d" + "a2" + "6163" + c + "626c62" + "00";
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    float64 LE           | d856 48 000000000000f03f
                    float64 BE           | d852 48 3ff0000000000000
                    float32 LE           | d855 44 0000803f
                    float32 BE           | d851 44 3f800000
                    float16 LE           | d854 42 003c
                    uint8                | d840 41 01
                    sint64 LE            | d84f 48 0100000000000000
                    plain list           | 81 01
                    plain doubles        | 81 fb3ff0000000000000
                    list without length  | 9f 01 ff
                    two-dimensional      | d828 82 820101 d856 48 000000000000f03f
                    column-major         | d90410 82 820101 d856 48 000000000000f03f
                    """)
    void cborThatIsRead(String what, String c) {
        Reply reply = send(Http.CBOR, cborWith(c));
        assertThat(reply.status()).as("%s: %s", what, reply.text()).isEqualTo(200);
    }

    @Test
    void deepCbor() {
        malformed(Http.CBOR, cborWith("81".repeat(5000) + "01"));
    }

    /** A NaN is no number that JSON could send, so in CBOR it is a bad value, in its place. */
    @Test
    void nanInATypedArray() {
        Reply reply = send(Http.CBOR, cborWith("d856 50 000000000000f03f 000000000000f87f"));
        JsonNode problem = Refusals.require(reply, ErrorCode.INVALID_PROBLEM, "POST", "/solve");
        assertThat(Refusals.pointers(problem)).containsExactly("/problem/c/1");
    }

    @Test
    void jsonSentAsCborAndTheReverse() {
        malformed(Http.CBOR, "{\"problem\": {\"c\": [1]}}".getBytes(StandardCharsets.UTF_8));
        malformed(Http.JSON, cborWith("81 01"));
    }
}

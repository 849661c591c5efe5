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

/** Bodies that are no documents, or documents that no strict reader takes. */
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    # not JSON
                    {                                           | ``
                    nonsense                                    | ``
                    []                                          | ``
                    3                                           | ``
                    null                                        | ``
                    {'problem': {'c': [1, 2]                    | /problem
                    {'problem': {'c': [1,                       | /problem/c/1
                    {'problem': {'c': [1]}} trailing            | ``
                    {'problem': {'c': [1]}} {}                  | ``
                    {'problem': {'c': [1,]}}                    | /problem/c/1
                    {'problem': {'c': [1] /* comment */}}       | /problem
                    {problem: {'c': [1]}}                       | ``
                    # numbers
                    {'problem': {'c': [1e400]}}                 | /problem/c/0
                    {'problem': {'c': [1, -1e400]}}             | /problem/c/1
                    {'problem': {'c': [NaN]}}                   | /problem/c/0
                    {'problem': {'c': [Infinity]}}              | /problem/c/0
                    {'problem': {'c': [-Infinity]}}             | /problem/c/0
                    {'problem': {'c': ['NaN', 1]}}              | /problem/c/0
                    {'problem': {'c': [1, 'NaN']}}              | /problem/c/1
                    {'problem': {'c': [1, '3']}}                | /problem/c/1
                    {'problem': {'c': [01]}}                    | /problem/c/0
                    {'problem': {'c': [+1]}}                    | /problem/c/0
                    {'problem': {'c': [.5]}}                    | /problem/c/0
                    {'problem': {'c': [0x10]}}                  | /problem/c/1
                    {'problem': {'c': [1, true]}}               | /problem/c/1
                    {'problem': {'c': [1, {}]}}                 | /problem/c/1
                    # arrays
                    {'problem': {'c': [[1, 2], [3]]}}           | /problem/c/1
                    {'problem': {'c': [[1, 2], 3]}}             | /problem/c/1
                    {'problem': {'c': [1], 'A': [[1, 2], [[3, 4]]]}} | /problem/A/1
                    # names
                    {'problem': {'c': [1], 'c': [2]}}           | /problem/c
                    {'problem': {'c': [1]}, 'problem': {'c': [2]}} | /problem
                    """)
    void json(String body, String pointer) {
        JsonNode problem = malformed(body);
        assertThat(Refusals.pointers(problem)).as(problem.toString()).hasSize(1);
        assertThat(pointer)
                .as(problem.toString())
                .startsWith(Refusals.pointers(problem).getFirst());
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    7 bytes of float64          | d856 47 00000000000000
                    float128                    | d857 50 00000000000000000000000000000000
                    reserved tag 76             | d84c 48 0000000000000000
                    untagged byte string        | 48 000000000000f03f
                    unknown tag                 | d9ffff 81 01
                    shape needs more elements   | d828 82 820103 d856 48 000000000000f03f
                    negative dimension          | d828 82 820120 d856 48 000000000000f03f
                    overflowing dimensions      | d828 82 82 1a7fffffff 1a7fffffff d856 48 000000000000f03f
                    shape without data          | d828 81 820101
                    longer than the body        | d856 5a7fffffff 00
                    longer than any body        | d856 5bffffffffffffffff 00
                    list longer than the body   | 9a7fffffff 01
                    truncated number            | 81 fb3ff00000
                    reserved length             | 5c
                    undefined simple value      | 81 f8ff
                    break without a start       | ff
                    a string among numbers      | 82 01 6161
                    ragged                      | 82 82 01 02 81 01
                    """)
    void badCbor(String what, String c) {
        JsonNode problem = malformed(Http.CBOR, cborWith(c));
        assertThat(problem.path("detail").asString()).as(what).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff",
                "a1",
                "a10102",
                "a16770726f626c656d",
                "f6",
                "80",
                "a2616101616102",
                "a0a0",
                "a1ff01",
                "7b7fffffffffffffff",
                "bf6161",
                "d9d9f7",
                "a161ff01"
            })
    void badCborDocuments(String hex) {
        malformed(Http.CBOR, HexFormat.of().parseHex(hex));
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

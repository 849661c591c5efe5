package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The default limits to the unit: what is just allowed is taken, one more is refused, and the
 * refusal is read by a client that sends everything.
 */
class ExactLimitsTest {
    private static final int BODY = 64 << 20;
    private static final Http HTTP = Service.shared().http();

    private static Reply padded(int length, boolean chunked) {
        byte[] body = new byte[length];
        Arrays.fill(body, (byte) ' ');
        byte[] problem = "{\"problem\": {\"c\": [1], \"lb\": 3}}".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(problem, 0, body, length - problem.length, problem.length);
        BodyPublisher publisher =
                chunked
                        ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                        : BodyPublishers.ofByteArray(body);
        return HTTP.send(HTTP.request("/solve").header("Content-Type", Http.JSON).POST(publisher));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytes(boolean chunked) {
        Reply most = padded(BODY, chunked);
        assertThat(most.status()).as(most.text()).isEqualTo(200);
        assertThat(most.json().path("objective").asDouble()).isEqualTo(3);
        Reply more = padded(BODY + 1, chunked);
        JsonNode problem = Refusals.require(more, ErrorCode.TOO_LARGE, "POST", "/solve");
        assertThat(problem.path("detail").asString()).contains(Integer.toString(BODY));
    }

    @Test
    void instances() {
        String most = "[" + "[1],".repeat(4095) + "[1]]";
        Reply reply = HTTP.post("/solve", "{'problem': {'c': " + most + ", 'lb': 0}}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("status")).hasSize(4096);
        String more = "{'problem': {'c': " + most.replaceFirst("\\[", "[[1],") + ", 'lb': 0}}";
        refused(ErrorCode.INVALID_PROBLEM, more, "/problem/c", "4096");
    }

    /** Objects, arrays and both: the document, the problem and c are the first three levels. */
    @Test
    void nesting() {
        String deepest = "{'problem': {'d': " + "[".repeat(30) + "1" + "]".repeat(30) + "}}";
        refused(ErrorCode.MALFORMED_REQUEST, deepest, "/problem/d", "unknown");
        String deeper = deepest.replace("1", "[1]");
        refused(ErrorCode.MALFORMED_REQUEST, deeper, "/problem/d" + "/0".repeat(30), "32 levels");
        String objects = "{'d': " + "{'e':".repeat(31) + "1" + "}".repeat(31) + "}";
        refused(ErrorCode.MALFORMED_REQUEST, objects, "/problem /d", "missing");
        refused(
                ErrorCode.MALFORMED_REQUEST,
                objects.replace("1", "{'f': 1}"),
                "/d" + "/e".repeat(31),
                "32 levels");
    }

    @Test
    void digits() {
        String longest = "{'problem': {'c': [1." + "0".repeat(62) + "1], 'lb': 3}}";
        Reply reply = HTTP.post("/solve", longest);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().path("objective").asDouble()).isEqualTo(3);
        String longer = longest.replace("1]", "01]");
        refused(ErrorCode.MALFORMED_REQUEST, longer, "/problem/c/0", "64 digits");
    }

    @Test
    void characters() {
        String longest = "{'problem': {'c': [1], 'lb': 0}, 'solver': '" + "x".repeat(65_536) + "'}";
        refused(ErrorCode.INVALID_PROBLEM, longest, "/solver", "solver");
        String longer = longest.replace("x'", "xx'");
        refused(ErrorCode.MALFORMED_REQUEST, longer, "/solver", "65536 characters");
        String name = "{'problem': {'c': [1], 'lb': 0}, '" + "x".repeat(256) + "': 1}";
        refused(ErrorCode.MALFORMED_REQUEST, name, "/" + "x".repeat(256), "unknown");
        refused(ErrorCode.MALFORMED_REQUEST, name.replace("x'", "xx'"), "", "256 characters");
    }

    /** Rows of null are cheap to send; what they stand for is not. */
    @Test
    void numbers() {
        String row = "[" + "0,".repeat(1023) + "0]";
        String most = "{'problem': {'c': [" + row + ",null".repeat(1023) + "]}}";
        Reply reply = HTTP.post("/solve", most);
        JsonNode problem = Refusals.require(reply, ErrorCode.INVALID_PROBLEM, "POST", "/solve");
        assertThat(Refusals.pointers(problem)).contains("/problem/c/1/0");
        String more = most.replace("]}}", "], 'lb': 0}}");
        refused(ErrorCode.MALFORMED_REQUEST, more, "/problem/lb", "1048576 numbers");
    }

    private static void refused(ErrorCode code, String body, String pointers, String detail) {
        Reply reply = HTTP.post("/solve", body);
        JsonNode problem = Refusals.require(reply, code, "POST", "/solve");
        assertThat(String.join(" ", Refusals.pointers(problem))).isEqualTo(pointers);
        assertThat(problem.path("errors").get(0).path("detail").asString()).contains(detail);
    }
}

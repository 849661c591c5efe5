package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every documented error that a single request can get; overload is in {@link OverloadTest}. */
class ErrorTest {
    private static final Http HTTP = Service.shared().http();
    private static final String LP = "{\"problem\": {\"c\": [1, 2], \"lb\": 0}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/solver",
                "/solve/",
                "/solve/1",
                "/v1/solve",
                "/actuator",
                "/actuator/prometheus",
                "/problems/abc",
                "/error"
            })
    void notFound(String path) {
        Refusals.require(HTTP.get(path), ErrorCode.NOT_FOUND, "GET", path);
    }

    /** What is hardly HTTP does not get past the container, which says no more than that. */
    @Test
    void strangePaths() {
        Reply reply = HTTP.get("/%2e%2e/etc");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).doesNotContain("Exception", "Tomcat", "\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /solve, POST",
        "PUT, /solve, POST",
        "DELETE, /lpgd-backward, POST",
        "POST, /problems, PUT",
        "POST, /solvers, GET",
        "PATCH, /openapi.yaml, GET"
    })
    void methodNotAllowed(String method, String path, String allowed) {
        Reply reply = HTTP.send(HTTP.request(path).method(method, BodyPublishers.noBody()));
        Refusals.require(reply, ErrorCode.METHOD_NOT_ALLOWED, method, path);
        assertThat(reply.header("Allow")).contains(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "nonsense"})
    void notAcceptable(String accept) {
        Reply reply = HTTP.send(HTTP.posting("/solve", LP).header("Accept", accept));
        Refusals.require(reply, ErrorCode.NOT_ACCEPTABLE, "POST", "/solve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/solvers", "/openapi.yaml"})
    void notAcceptableToRead(String path) {
        Reply reply = HTTP.send(HTTP.request(path).header("Accept", "image/png").GET());
        Refusals.require(reply, ErrorCode.NOT_ACCEPTABLE, "GET", path);
    }

    @ParameterizedTest
    @CsvSource({
        "*/*, application/json",
        "application/*, application/json",
        "'application/cbor, application/json;q=0.5', application/cbor",
        "'text/html, application/cbor;q=0.1', application/cbor"
    })
    void acceptIsHonoured(String accept, String expected) {
        Reply reply = HTTP.send(HTTP.posting("/solve", LP).header("Accept", accept));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.mediaType()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "multipart/form-data",
                "application/x-www-form-urlencoded",
                "application/octet-stream",
                "nonsense"
            })
    void unsupportedMediaType(String type) {
        Reply reply = HTTP.send(HTTP.posting("/solve", LP).setHeader("Content-Type", type));
        Refusals.require(reply, ErrorCode.UNSUPPORTED_MEDIA_TYPE, "POST", "/solve");
    }

    @Test
    void missingMediaType() {
        Reply reply = HTTP.send(HTTP.request("/solve").POST(BodyPublishers.ofString(LP)));
        Refusals.require(reply, ErrorCode.UNSUPPORTED_MEDIA_TYPE, "POST", "/solve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "deflate"})
    void compressedBodiesAreNotRead(String encoding) {
        Reply reply = HTTP.send(HTTP.posting("/solve", LP).header("Content-Encoding", encoding));
        Refusals.require(reply, ErrorCode.UNSUPPORTED_MEDIA_TYPE, "POST", "/solve");
    }

    @Test
    void theMediaTypeMayNameItsCharset() {
        String type = "application/json; charset=utf-8";
        Reply reply = HTTP.send(HTTP.posting("/solve", LP).setHeader("Content-Type", type));
        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void goneBase() {
        Reply solve = HTTP.post("/solve", "{'problem': {'base': '0123456789abcdef', 'c': [1]}}");
        Refusals.require(solve, ErrorCode.PROBLEM_NOT_REGISTERED, "POST", "/solve");
        JsonNode part = Http.quoted("{'base': 'nobody', 'c': [1]}");
        Reply register = HTTP.exchange("PUT", "/problems", part, Http.CBOR, Http.CBOR);
        Refusals.require(register, ErrorCode.PROBLEM_NOT_REGISTERED, "PUT", "/problems");
        Reply backward =
                HTTP.post(
                        "/lpgd-backward",
                        "{'solve': {'problem': {'base': 'nobody'}, 'solution': {'x': [1]}}, 'gradient': {'x': [1]}}");
        Refusals.require(backward, ErrorCode.PROBLEM_NOT_REGISTERED, "POST", "/lpgd-backward");
    }

    @Test
    void goneSolve() {
        Reply reply =
                HTTP.post("/lpgd-backward", "{'solve': {'id': 'nobody'}, 'gradient': {'x': [1]}}");
        Refusals.require(reply, ErrorCode.SOLVE_NOT_RETAINED, "POST", "/lpgd-backward");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "NaN", "soon", "", "1,5", "1 s"})
    void badDeadline(String seconds) {
        Reply reply = HTTP.send(HTTP.posting("/solve", LP).header("X-Server-Timeout", seconds));
        JsonNode problem = Refusals.require(reply, ErrorCode.MALFORMED_REQUEST, "POST", "/solve");
        assertThat(problem.path("detail").asString()).contains("X-Server-Timeout");
    }

    /** A solver that throws where nobody expects it is a defect of the server. */
    @Test
    void internalError() {
        Reply reply =
                HTTP.post(
                        "/solve",
                        "{'problem': {'c': ["
                                + TestSolver.BROKEN
                                + "], 'lb': 0}, 'solver': 'test'}");
        Refusals.require(reply, ErrorCode.INTERNAL_ERROR, "POST", "/solve");
    }

    /** A solver that throws on one instance costs that instance alone. */
    @Test
    void aThrowingSolveIsAStatus() {
        String c = "[[1], [" + TestSolver.THROW + "], [2]]";
        Reply reply =
                HTTP.post("/solve", "{'problem': {'c': " + c + ", 'lb': 0}, 'solver': 'test'}");
        assertThat(reply.status()).isEqualTo(200);
        Contract.requireConforming("POST", "/solve", reply);
        assertThat(reply.json().path("status"))
                .isEqualTo(Http.quoted("['optimal', 'numerical-error', 'optimal']"));
        assertThat(reply.json().path("details").get(0).isNull()).isTrue();
        assertThat(reply.json().path("details").get(1).asString()).isNotBlank();
        assertThat(reply.text()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"step-120_a, true", "'no spaces', false", "'<script>', false"})
    void requestIdsAreEchoedIfTheyAreSafe(String id, boolean echoed) {
        Reply good = HTTP.send(HTTP.request("/solvers").header("X-Request-Id", id).GET());
        assertThat(good.header("X-Request-Id").equals(id)).isEqualTo(echoed);
        Reply bad = HTTP.send(HTTP.request("/nothing").header("X-Request-Id", id).GET());
        assertThat(bad.header("X-Request-Id")).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(bad.header("X-Request-Id").equals(id)).isEqualTo(echoed);
    }
}

package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Retained solves and registered problems: what losing them costs, and what names them. */
class KeptTest {
    private static final Service SMALL =
            Service.start(
                    "--argmind.solver.threads=1",
                    "--argmind.retained.memory=200KB",
                    "--argmind.retained.age=2s",
                    "--argmind.registered.memory=200KB",
                    "--argmind.registered.age=2s");
    private static final long AGE_MILLIS = 2300;
    private static final Http HTTP = SMALL.http();
    private static final Http SHARED = Service.shared().http();

    @AfterAll
    static void stop() {
        SMALL.close();
    }

    /** A problem of about 16 KB: 20 instances of 100 variables. */
    private static String large(int seed) {
        String row = "[" + (seed + 1) + ",1".repeat(99) + "]";
        return "{'c': [" + row + ("," + row).repeat(19) + "], 'lb': 0}";
    }

    private static Reply backward(String solve) {
        String row = "[1" + ",0".repeat(99) + "]";
        String gradient = "{'x': [" + row + ("," + row).repeat(19) + "]}";
        return HTTP.post(
                "/lpgd-backward",
                "{'solve': " + solve + ", 'gradient': " + gradient + ", 'wrt': ['c']}");
    }

    private static String register(Http http, String problem) {
        Reply reply = http.exchange("PUT", "/problems", Http.quoted(problem), Http.JSON, Http.JSON);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().path("id").asString();
    }

    /** However full it is, what has just come has a place. */
    @Test
    void theNewestIsAlwaysThere() {
        for (int k = 0; k < 60; k++) {
            JsonNode answer = HTTP.post("/solve", "{'problem': " + large(k) + "}").json();
            Reply backward = backward("{'id': " + answer.path("id") + "}");
            assertThat(backward.status()).as("solve %d", k).isEqualTo(200);
            String id = register(HTTP, large(k));
            Reply solve =
                    HTTP.post("/solve", "{'problem': {'base': '" + id + "'}, 'retain': false}");
            assertThat(solve.status()).as("problem %d", k).isEqualTo(200);
        }
    }

    @Test
    void aSolveLostToOthersCosts410AndAResend() {
        JsonNode first = HTTP.post("/solve", "{'problem': " + large(0) + "}").json();
        assertThat(backward("{'id': " + first.path("id") + "}").status()).isEqualTo(200);
        for (int k = 1; k < 20; k++) {
            assertThat(HTTP.post("/solve", "{'problem': " + large(k) + "}").status())
                    .isEqualTo(200);
        }
        requireLostAndResent(first);
        assertThat(new Metrics(SMALL).sum("cache_evictions_total", "cache=\"retained-solves\""))
                .isPositive();
    }

    @Test
    void aSolveLostToAgeCosts410AndAResend() throws InterruptedException {
        JsonNode first = HTTP.post("/solve", "{'problem': " + large(0) + "}").json();
        Thread.sleep(AGE_MILLIS);
        requireLostAndResent(first);
    }

    private static void requireLostAndResent(JsonNode first) {
        String id = "'id': " + first.path("id");
        Reply lost = backward("{" + id + "}");
        Refusals.require(lost, ErrorCode.SOLVE_NOT_RETAINED, "POST", "/lpgd-backward");
        String solution = "{'x': " + first.path("x") + ", 'z_box': " + first.path("z_box") + "}";
        Reply resent =
                backward("{" + id + ", 'problem': " + large(0) + ", 'solution': " + solution + "}");
        assertThat(resent.status()).as(resent.text()).isEqualTo(200);
    }

    @Test
    void aProblemLostCosts410AndARegistration() throws InterruptedException {
        String id = register(HTTP, large(0));
        for (int k = 1; k < 20; k++) {
            register(HTTP, large(k));
        }
        String byId = "{'problem': {'base': '" + id + "'}}";
        Refusals.require(
                HTTP.post("/solve", byId), ErrorCode.PROBLEM_NOT_REGISTERED, "POST", "/solve");
        assertThat(register(HTTP, large(0))).isEqualTo(id);
        assertThat(HTTP.post("/solve", byId).status()).isEqualTo(200);
        Thread.sleep(AGE_MILLIS);
        Refusals.require(
                HTTP.post("/solve", byId), ErrorCode.PROBLEM_NOT_REGISTERED, "POST", "/solve");
    }

    @Test
    void aProblemLargerThanAllRoomCannotBeRegistered() {
        String row = "[" + "1,".repeat(999) + "1]";
        JsonNode problem = Http.quoted("{'c': [" + row + ("," + row).repeat(39) + "]}");
        Reply reply = HTTP.exchange("PUT", "/problems", problem, Http.CBOR, Http.JSON);
        Refusals.require(reply, ErrorCode.INVALID_PROBLEM, "PUT", "/problems");
    }

    @Test
    void retainFalseKeepsNothing() {
        Reply reply = SHARED.post("/solve", "{'problem': {'c': [1], 'lb': 0}, 'retain': false}");
        assertThat(reply.json().has("id")).isFalse();
    }

    @Test
    void idsAreOfTheContentAlone() {
        String problem = "{'c': [1, 2], 'A': [[1, 1]], 'b': [1]}";
        String id = register(SHARED, problem);
        assertThat(
                        register(
                                SHARED,
                                "{'b': [1.0], 'A': [[1, 1e0]], 'c': [1, 2], 'type': 'program'}"))
                .isEqualTo(id);
        Reply cbor =
                SHARED.exchange("PUT", "/problems", Http.quoted(problem), Http.CBOR, Http.JSON);
        assertThat(cbor.json().path("id").asString()).isEqualTo(id);
        assertThat(register(HTTP, problem)).as("another replica").isEqualTo(id);
        for (String other :
                new String[] {
                    "{'c': [1, 2.0000000001], 'A': [[1, 1]], 'b': [1]}",
                    "{'c': [[1, 2]], 'A': [[1, 1]], 'b': [1]}",
                    "{'c': [1, 2], 'G': [[1, 1]], 'h': [1]}",
                    "{'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'integers': [0]}",
                    "{'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'lb': 0}",
                    "{'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'cones': [{'type': 'nonnegative', 'dim': 0}]}"
                }) {
            assertThat(register(SHARED, other)).as(other).isNotEqualTo(id);
        }
    }

    @Test
    void whatIsGivenReplacesOrAddsToTheBase() {
        String part = "{'base': '" + register(SHARED, "{'A': [[1, 1]], 'b': [1], 'lb': 0}") + "'";
        requireX(part + ", 'c': [1, 2]}", "[1, 0]");
        requireX(part + ", 'c': [2, 1]}", "[0, 1]");
        requireX(part + ", 'c': [2, 1], 'b': [3]}", "[0, 3]");
        requireX(part + ", 'c': [[1, 2], [2, 1]]}", "[[1, 0], [0, 1]]");
        requireX(part + ", 'c': [2, 1], 'ub': [null, 0.25]}", "[0.75, 0.25]");

        String id = register(SHARED, part + ", 'c': [1, 2]}");
        assertThat(register(SHARED, "{'A': [[1, 1]], 'b': [1], 'lb': 0, 'c': [1, 2]}"))
                .isEqualTo(id);
        String whole = "{'base': '" + id + "'";
        requireX(whole + "}", "[1, 0]");
        requireX(whole + ", 'integers': [0, 1], 'b': [2]}", "[2, 0]");

        String ball = "{'type': 'second-order', 'dim': 1}";
        String row = "{'G': [[-1]], 'h': [0], 'c': [1], 'cones': [" + ball + "]}";
        String plain = "{'base': '" + register(SHARED, row) + "', 'cones': []}";
        requireX(plain, "[0]");
        assertThat(register(SHARED, row.replace("}]", ", 'count': 2}]".replace("2", "1"))))
                .as("count 1 says nothing")
                .isEqualTo(register(SHARED, row));

        Reply mismatch = SHARED.post("/solve", "{'problem': " + part + ", 'c': [1, 2, 3]}}");
        JsonNode problem = Refusals.require(mismatch, ErrorCode.INVALID_PROBLEM, "POST", "/solve");
        assertThat(Refusals.pointers(problem)).contains("/problem/A");
    }

    private static void requireX(String problem, String x) {
        Reply reply = SHARED.post("/solve", "{'problem': " + problem + "}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        Contract.requireSame(problem, Http.parse(x), reply.json().path("x"));
    }

    /** Default {@code wrt} is every field, the base's included. */
    @Test
    void theFieldsOfTheBaseHaveGradientsToo() {
        String part = register(SHARED, "{'A': [[1, 1]], 'b': [1], 'lb': 0}");
        Reply forward = SHARED.post("/solve", "{'problem': {'base': '" + part + "', 'c': [1, 2]}}");
        String solve = "{'id': " + forward.json().path("id") + "}";
        Reply backward =
                SHARED.post(
                        "/lpgd-backward", "{'solve': " + solve + ", 'gradient': {'x': [1, 0]}}");
        assertThat(backward.json().path("gradients").propertyNames())
                .containsExactlyInAnyOrder("A", "b", "c", "lb");
    }
}

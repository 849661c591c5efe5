package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bad bodies that are too long for the catalogue ({@link BadRequestsTest}). */
class BadInputTest {
    private static final Http HTTP = Service.shared().http();
    private static final String SOLVE = "/solve";

    /** In JSON and in CBOR alike. */
    static void refused(String path, ErrorCode code, String request, String... pointers) {
        for (String type : List.of(Http.JSON, Http.CBOR)) {
            Reply reply = HTTP.exchange("POST", path, Http.quoted(request), type, type);
            JsonNode problem = Refusals.require(reply, code, "POST", path);
            assertThat(Refusals.pointers(problem))
                    .as("%s %s", type, problem)
                    .containsExactlyInAnyOrder(pointers);
        }
    }

    @Test
    void aNaNInInstance17NamesTheInstance() {
        String c = "[" + "[1,2,3],".repeat(17) + "[1,2,null]" + ",[1,2,3]".repeat(14) + "]";
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {'c': " + c + ", 'lb': 0}}",
                "/problem/c/17/2");
    }

    @Test
    void anEmptyBodyIsMalformed() {
        for (String type : List.of(Http.JSON, Http.CBOR)) {
            Reply reply =
                    HTTP.send(
                            HTTP.request(SOLVE)
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.noBody()));
            Refusals.require(reply, ErrorCode.MALFORMED_REQUEST, "POST", SOLVE);
        }
    }
}

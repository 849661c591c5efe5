package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is expected of every error. */
final class Refusals {
    private Refusals() {}

    /**
     * Requires an error of this kind, in the contract's form, that tells nothing about the inside.
     */
    static JsonNode require(Reply reply, ErrorCode code, String method, String path) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(code.status().value());
        Contract.requireConforming(method, path, reply);
        JsonNode problem = reply.json();
        assertThat(problem.path("type").asString()).isEqualTo(code.type());
        assertThat(problem.path("title").asString()).isEqualTo(code.title());
        assertThat(problem.path("status").asInt()).isEqualTo(code.status().value());
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(reply.text())
                .doesNotContain("java.", "io.argmind", "Exception", "jackson", "secret", "\tat ");
        return problem;
    }

    /** The pointers of all errors, in order. */
    static List<String> pointers(JsonNode problem) {
        List<String> pointers = new ArrayList<>();
        problem.path("errors").forEach(error -> pointers.add(error.path("pointer").asString()));
        return pointers;
    }
}

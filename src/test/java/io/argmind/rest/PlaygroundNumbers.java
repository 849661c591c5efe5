package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.rest.Http.Reply;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the playground shows beside what the service answers to the requests that it shows. */
record PlaygroundNumbers(PlaygroundPage page, Http http) {
    void requireTheServices() {
        JsonNode solve = post("/solve", page.request("solve"));
        JsonNode request = page.request("backward");
        JsonNode backward = post("/lpgd-backward", request);
        requireClose(page.value("x-star"), solve.path("x"));
        requireClose(request.path("solve").path("solution").path("x"), solve.path("x"));
        for (String side : List.of("lower", "upper")) {
            requireClose(page.value("x-" + side), backward.path("solutions").path(side).path("x"));
        }
        requireClose(page.value("grad-c"), backward.path("gradients").path("c"));
        JsonNode diagnostics = backward.path("diagnostics");
        requireClose(page.value("displacement"), diagnostics.path("displacement"));
        requireClose(page.value("tau-used"), diagnostics.path("tau"));
        assertThat(page.value("degenerate")).isEqualTo(diagnostics.path("degenerate"));
        assertThat(page.value("status")).isEqualTo(backward.path("status"));
        requireRow(backward);
        String shown = page.text("grad-c").replace('−', '-');
        String[] written = shown.substring(1, shown.length() - 1).split(", ", -1);
        for (int i = 0; i < 2; i++) {
            assertThat(Double.parseDouble(written[i]))
                    .isCloseTo(
                            backward.path("gradients").path("c").get(i).asDouble(), within(6e-4));
        }
    }

    /** The first row of the table says the derivative by h. */
    private void requireRow(JsonNode backward) {
        String cell =
                page.evaluate("document.querySelector('#rows tr').cells[4].textContent").asString();
        JsonNode expected = backward.path("gradients").path("h").path(0);
        if (expected.isMissingNode()) {
            assertThat(cell).isEqualTo("–");
        } else {
            assertThat(Double.parseDouble(cell.replace('−', '-')))
                    .isCloseTo(expected.asDouble(), within(6e-4));
        }
    }

    private static void requireClose(JsonNode seen, JsonNode expected) {
        if (expected.isMissingNode() || expected.isNull()) {
            assertThat(seen.isNull()).as("nothing, got %s", seen).isTrue();
        } else if (expected.isArray()) {
            assertThat(seen.size()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                requireClose(seen.get(i), expected.get(i));
            }
        } else {
            assertThat(seen.isNumber()).as("a number, got %s", seen).isTrue();
            assertThat(seen.asDouble()).isCloseTo(expected.asDouble(), within(1e-9));
        }
    }

    private JsonNode post(String path, JsonNode body) {
        Reply reply = http.exchange("POST", path, body, Http.JSON, Http.JSON);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }
}

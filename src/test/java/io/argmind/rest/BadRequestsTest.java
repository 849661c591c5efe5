package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every body of the catalogue is refused as it says, in the place that it says, and the next
 * request is answered.
 */
class BadRequestsTest {
    private static final Http HTTP = Service.shared().http();
    private static final String GOOD = "{'problem': {'c': [1, 2], 'lb': [3, 4]}}";

    static List<BadRequest> catalogue() {
        return BadRequest.catalogue();
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void isRefused(BadRequest bad) {
        Reply reply = bad.send(HTTP);
        JsonNode problem = Refusals.require(reply, bad.code(), bad.method(), bad.path());
        assertThat(Refusals.pointers(problem))
                .as(problem.toString())
                .containsExactlyInAnyOrderElementsOf(bad.pointers());

        Reply next = HTTP.post("/solve", GOOD);
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.json().path("objective").asDouble()).isEqualTo(11);
    }

    @Test
    void theCatalogueIsLongAndSaysNothingTwice() {
        assertThat(catalogue()).hasSizeGreaterThan(400);
        assertThat(
                        catalogue().stream()
                                .map(bad ->
                                        bad.encoding() + bad.method() + bad.path() + bad.body()))
                .doesNotHaveDuplicates();
    }
}

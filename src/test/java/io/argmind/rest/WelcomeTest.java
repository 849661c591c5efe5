package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The welcome page is at the root, and in nobody's way. */
class WelcomeTest {
    private final Http http = Service.shared().http();

    @Test
    void theRootIsThePage() {
        Reply reply = http.get("/");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.mediaType()).isEqualTo("text/html");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(reply.text())
                .contains("<title>argmind playground</title>", "/swagger-ui", "/openapi.yaml")
                .doesNotContain("<style", "style=", "onclick");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/playground", "/playground/"})
    void itsFolderLeadsThere(String path) {
        Reply reply = http.get(path);
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.header("Location")).endsWith("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/playground/nothing.js", "/nothing", "/solve/nothing"})
    void whatIsNotThereIsAProblem(String path) {
        Reply reply = http.get(path);
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.mediaType()).isEqualTo("application/problem+json");
    }

    @Test
    void theRootTakesNoPost() {
        Reply reply = http.send(http.request("/").POST(BodyPublishers.ofString("{}")));
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.mediaType()).isEqualTo("application/problem+json");
    }
}

package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers get, and what they may do with it. */
class PagesTest {
    private static final String LP = "{'problem': {'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'lb': 0}}";

    @ParameterizedTest
    @ValueSource(strings = {"/", "/swagger-ui/index.html", "/openapi.yaml", "/nowhere"})
    void noPageMayBeUsedAgainstWhoLooksAtIt(String path) {
        Reply reply = Service.shared().http().get(path);
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(reply.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'");
    }

    @Test
    void otherOriginsMayNotCallUnlessTheyAreNamed() {
        Http closed = Service.shared().http();
        assertThat(preflight(closed, "https://lab.example").header("Access-Control-Allow-Origin"))
                .isEmpty();
        try (Service service =
                Service.start(
                        "--argmind.cors.origins=https://lab.example,https://two.example",
                        "--argmind.ui=false")) {
            Http http = service.http();
            Reply allowed = preflight(http, "https://lab.example");
            assertThat(allowed.status()).isEqualTo(200);
            assertThat(allowed.header("Access-Control-Allow-Origin"))
                    .isEqualTo("https://lab.example");
            Reply refused = preflight(http, "https://evil.example");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEmpty();
            Reply answer =
                    http.send(http.posting("/solve", LP).header("Origin", "https://two.example"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Access-Control-Allow-Origin"))
                    .isEqualTo("https://two.example");
            requireNoPages(http);
        }
    }

    private static Reply preflight(Http http, String origin) {
        return http.send(
                http.request("/solve")
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "authorization,content-type")
                        .method("OPTIONS", BodyPublishers.noBody()));
    }

    /** Without pages their paths are like any other unknown one; the contract stays. */
    private static void requireNoPages(Http http) {
        for (String path :
                new String[] {
                    "/",
                    "/index.html",
                    "/playground",
                    "/playground/index.html",
                    "/playground/main.js",
                    "/swagger-ui",
                    "/swagger-ui/",
                    "/swagger-ui/index.html",
                    "/webjars/swagger-ui/swagger-ui.css",
                    "/nowhere"
                }) {
            Refusals.require(http.get(path), ErrorCode.NOT_FOUND, "GET", path);
        }
        assertThat(http.get("/openapi.yaml").status()).isEqualTo(200);
        assertThat(http.post("/solve", LP).status()).isEqualTo(200);
    }
}

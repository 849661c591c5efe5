package io.argmind.image;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A port of a container. */
record Endpoint(String host, int port) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** An answer. */
    record Reply(int status, HttpHeaders headers, String text) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        JsonNode json() {
            return MAPPER.readTree(text);
        }
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** Posts JSON, in which single quotes stand for double ones. */
    Reply post(String path, String json) throws IOException, InterruptedException {
        return exchange("POST", path, json);
    }

    /** {@link #post} with another verb. */
    Reply put(String path, String json) throws IOException, InterruptedException {
        return exchange("PUT", path, json);
    }

    private Reply exchange(String method, String path, String json)
            throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(json.replace('\'', '"'))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                .timeout(Duration.ofMinutes(2));
    }

    private static Reply send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        var response = CLIENT.send(request.build(), BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    /** Waits for something that must come true within two minutes. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + " did not come true within two minutes");
            }
            Thread.sleep(100);
        }
    }
}

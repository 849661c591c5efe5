package io.argmind.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that shares no code with the service. */
public final class Http {
    public static final String JSON = "application/json";
    public static final String CBOR = "application/cbor";

    private static final HttpClient FIRST = client(HttpClient.Version.HTTP_1_1);
    private static final HttpClient SECOND = client(HttpClient.Version.HTTP_2);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Of each port: how many requests that the service counts were answered with 200. */
    private static final Map<Integer, LongAdder> ANSWERS = new ConcurrentHashMap<>();

    private final int port;
    private final HttpClient client;

    public Http(int port) {
        this(port, FIRST);
    }

    private Http(int port, HttpClient client) {
        this.port = port;
        this.client = client;
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).build();
    }

    /**
     * The same over a connection that has become one of HTTP/2, which a GET alone can bring about.
     */
    Http overHttp2() throws IOException, InterruptedException {
        HttpRequest probe = request("/livez").GET().build();
        if (SECOND.send(probe, BodyHandlers.discarding()).version() != HttpClient.Version.HTTP_2) {
            throw new IllegalStateException("the service does not speak HTTP/2");
        }
        return new Http(port, SECOND);
    }

    /** How many answers the clients of a port have in their hands. */
    static long answers(int port) {
        return ANSWERS.getOrDefault(port, new LongAdder()).sum();
    }

    /** An answer. */
    public record Reply(int status, HttpHeaders headers, byte[] body) {
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        public String mediaType() {
            return header("Content-Type").replaceAll(";.*", "");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The document, whichever of the two forms it has. */
        public JsonNode json() {
            return mediaType().equals(CBOR) ? Cbor.decode(body) : parse(text());
        }
    }

    public static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** {@link #parse} for people: single quotes stand for double ones. */
    public static JsonNode quoted(String json) {
        return parse(json.replace('\'', '"'));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(2));
    }

    public static BodyPublisher body(JsonNode document, String type) {
        return type.equals(CBOR)
                ? BodyPublishers.ofByteArray(Cbor.encode(document))
                : BodyPublishers.ofString(MAPPER.writeValueAsString(document));
    }

    /** A POST of JSON with single quotes, to be completed with headers. */
    public HttpRequest.Builder posting(String path, String json) {
        return request(path)
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofString(json.replace('\'', '"')));
    }

    public Reply get(String path) {
        return send(request(path).GET());
    }

    public Reply post(String path, String json) {
        return send(posting(path, json));
    }

    public Reply exchange(
            String method, String path, JsonNode document, String sent, String accepted) {
        return send(
                request(path)
                        .header("Content-Type", sent)
                        .header("Accept", accepted)
                        .method(method, body(document, sent)));
    }

    public Reply send(HttpRequest.Builder request) {
        try {
            return reply(client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public CompletableFuture<Reply> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(Http::reply);
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        if (response.statusCode() == 200
                && Ledger.COUNTED.contains(response.request().uri().getPath())) {
            ANSWERS.computeIfAbsent(response.request().uri().getPort(), _ -> new LongAdder())
                    .increment();
        }
        return new Reply(response.statusCode(), response.headers(), response.body());
    }
}

package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Bodies that are too large, alone or together, are refused in a way that their senders can read.
 */
class BodySizeTest {
    private static final int LIMIT = 1 << 20;
    private static final int BLOCK = 1 << 16;
    private static final int BLOCKS = 320; // 20 MB
    private static final Service SERVICE =
            Service.start(
                    "--argmind.solver.threads=2",
                    "--argmind.limits.body=1MB",
                    "--argmind.limits.bytes-in-flight=1500KB");
    private static final Http HTTP = SERVICE.http();

    @AfterAll
    static void stop() {
        SERVICE.close();
    }

    @BeforeEach
    void calm() throws InterruptedException {
        OverloadTest.await(() -> SERVICE.bean(Admission.class).inFlight() == 0);
    }

    private static HttpRequest.Builder padded(double firstCost, int length) {
        String body = "{'problem': {'c': [[" + firstCost + "]], 'lb': 0}, 'solver': 'test'}";
        return HTTP.posting("/solve", body + " ".repeat(length - body.length()));
    }

    @Test
    void theLimitIsExact() {
        assertThat(HTTP.send(padded(1, LIMIT)).status()).isEqualTo(200);
        Reply more = HTTP.send(padded(1, LIMIT + 1));
        Refusals.require(more, ErrorCode.TOO_LARGE, "POST", "/solve");
    }

    @Test
    void theLimitIsExactWithoutALengthToo() {
        for (int extra = 0; extra < 2; extra++) {
            String problem = "{\"problem\": {\"c\": [1], \"lb\": 0}}";
            byte[] body =
                    (problem + " ".repeat(LIMIT + extra - problem.length()))
                            .getBytes(StandardCharsets.UTF_8);
            Reply reply =
                    HTTP.send(
                            HTTP.request("/solve")
                                    .header("Content-Type", Http.JSON)
                                    .POST(
                                            BodyPublishers.ofInputStream(
                                                    () -> new ByteArrayInputStream(body))));
            if (extra == 0) {
                assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            } else {
                Refusals.require(reply, ErrorCode.TOO_LARGE, "POST", "/solve");
            }
        }
    }

    @Test
    void bytesInFlightAreBounded() throws Exception {
        int before = TestSolver.BEGUN.get();
        String body =
                "{'problem': {'c': [["
                        + TestSolver.SLEEP
                        + ", 1".repeat(20_000)
                        + "]], 'lb': 0}, 'solver': 'test'}";
        CompletableFuture<Reply> large =
                HTTP.sendAsync(HTTP.posting("/solve", body).header("X-Server-Timeout", "2"));
        OverloadTest.await(() -> TestSolver.BEGUN.get() > before || large.isDone());
        assertThat(large).isNotDone();
        Reply refused = HTTP.send(padded(1, LIMIT));
        JsonNode problem = Refusals.require(refused, ErrorCode.OVERLOADED, "POST", "/solve");
        assertThat(problem.path("detail").asString()).contains("bytes");
        OverloadTest.requireRetryHint(refused);
        assertThat(large.get().status()).isEqualTo(200);
    }

    /**
     * A client that sends its 20 MB to the end before it reads anything still gets to read the
     * refusal.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusalCanBeReadAfterSendingEverything(boolean chunked) throws IOException {
        for (int k = 0; k < 5; k++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVICE.port())) {
                socket.setSoTimeout(20_000);
                send(socket.getOutputStream(), chunked);
                assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("too-large");
            }
        }
    }

    private static void send(OutputStream out, boolean chunked) throws IOException {
        String length =
                chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + BLOCK * BLOCKS;
        String head =
                "POST /solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String block = " ".repeat(BLOCK);
        byte[] part = ascii(chunked ? Integer.toHexString(BLOCK) + "\r\n" + block + "\r\n" : block);
        out.write(ascii(head + length + "\r\n\r\n"));
        for (int b = 0; b < BLOCKS; b++) {
            out.write(part);
        }
        out.write(ascii(chunked ? "0\r\n\r\n" : ""));
        out.flush();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String answer(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (text.indexOf("too-large") < 0) {
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                break;
            }
            text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}

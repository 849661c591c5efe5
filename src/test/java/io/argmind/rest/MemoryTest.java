package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests hold what they take on the heap, whatever becomes of them, and no more fit in. */
class MemoryTest {
    private static final long BYTES = 8 << 20;

    /** One request has so many variables, whose answer takes 5 MB. */
    private static final int LARGE = 100_000;

    private static final Service SERVICE =
            Service.start(
                    "--argmind.solver.threads=2",
                    "--argmind.limits.body=4MB",
                    "--argmind.limits.bytes-in-flight=" + BYTES + "B");
    private static final Http HTTP = SERVICE.http();
    private static final Admission ADMISSION = SERVICE.bean(Admission.class);
    private static final HttpClient H2 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    @AfterAll
    static void stop() {
        SERVICE.close();
        H2.close();
    }

    @BeforeEach
    void calm() throws InterruptedException {
        OverloadTest.await(() -> ADMISSION.inFlight() == 0);
    }

    @AfterEach
    void nothingIsHeld() throws InterruptedException {
        OverloadTest.await(() -> ADMISSION.inFlight() == 0);
        assertThat(held()).isZero();
        assertThat(HTTP.send(large(1)).status()).as("there is room again").isEqualTo(200);
    }

    private static double held() {
        return new Metrics(SERVICE).sum("argmind_admission_bytes", "pool=\"requests\"");
    }

    private static String body(double firstCost) {
        String c = "[[" + firstCost + ", 1".repeat(LARGE - 1) + "]]";
        return "{'problem': {'c': " + c + ", 'lb': 0}, 'solver': 'test', 'retain': false}";
    }

    private static HttpRequest.Builder large(double firstCost) {
        return HTTP.posting("/solve", body(firstCost)).header("X-Server-Timeout", "20");
    }

    /** A large one that takes until it is cancelled, over HTTP/2. */
    private static CompletableFuture<HttpResponse<byte[]>> running() throws Exception {
        HttpResponse<Void> probe =
                H2.send(HTTP.request("/livez").GET().build(), BodyHandlers.discarding());
        assertThat(probe.version()).isEqualTo(HttpClient.Version.HTTP_2);
        int before = TestSolver.BEGUN.get();
        CompletableFuture<HttpResponse<byte[]>> reply =
                H2.sendAsync(large(TestSolver.SLEEP).build(), BodyHandlers.ofByteArray());
        OverloadTest.await(() -> TestSolver.BEGUN.get() > before || reply.isDone());
        assertThat(reply).isNotDone();
        return reply;
    }

    private static void requireNoRoom(Reply refused) {
        JsonNode problem = Refusals.require(refused, ErrorCode.OVERLOADED, "POST", "/solve");
        assertThat(problem.path("detail").asString())
                .contains("as many bytes for requests as it may (" + BYTES + ")");
        OverloadTest.requireRetryHint(refused);
    }

    /** Together they would take 12 MB, although their bodies have 600 kB. */
    @Test
    void twoLargeOnesAreNotSolvedAtOnce() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> first = running();
        int begun = TestSolver.BEGUN.get();
        assertThat(held()).isBetween(5e6, (double) BYTES);
        CompletableFuture<Reply> second = HTTP.sendAsync(large(1));
        requireNoRoom(HTTP.send(hasty(body(TestSolver.SLEEP))));
        Reply small = HTTP.post("/solve", "{'problem': {'c': [1], 'lb': 0}, 'solver': 'test'}");
        assertThat(small.status()).as("a small one fits beside it").isEqualTo(200);
        assertThat(second).isNotDone();
        assertThat(TestSolver.BEGUN).hasValue(begun);
        first.cancel(true);
        assertThat(second.get().status()).isEqualTo(200);
    }

    /** One that has half a second. */
    private static HttpRequest.Builder hasty(String body) {
        return HTTP.posting("/solve", body).header("X-Server-Timeout", "0.5");
    }

    /** Rows of null are many numbers in few bytes. */
    @Test
    void aSmallBodyMayTakeMuch() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> first = running();
        String row = "[1" + ", 1".repeat(999) + "]";
        String nulls = "{'problem': {'c': [" + row + ", null".repeat(200) + "], 'lb': 0}}";
        requireNoRoom(HTTP.send(hasty(nulls)));
        first.cancel(true);
    }

    /** So are values that are no numbers: an empty object takes more than its two letters. */
    @Test
    void valuesThatAreNoNumbersCount() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> first = running();
        requireNoRoom(HTTP.send(hasty("{'return': [{}" + ", {}".repeat(30_000) + "]}")));
        first.cancel(true);
    }

    /** Known from the shapes: no replica will ever have room for this answer. */
    @Test
    void anAnswerThatNeverFitsIsRefusedBeforeTheSolve() {
        int m = 1000;
        String sparse =
                "{'format': 'coo', 'shape': [%d, 1], 'rows': [0], 'cols': [0], 'values': [1]}"
                        .formatted(m);
        String problem =
                "{'problem': {'c': [[%s]%s], 'lb': 0, 'G': %s, 'h': [1%s]}, 'solver': 'test'}"
                        .formatted(
                                TestSolver.SLEEP, ", [1]".repeat(999), sparse, ", 1".repeat(m - 1));
        int begun = TestSolver.BEGUN.get();
        Reply refused = HTTP.post("/solve", problem);
        JsonNode detail = Refusals.require(refused, ErrorCode.TOO_LARGE, "POST", "/solve");
        assertThat(detail.path("detail").asString())
                .contains("beside its body, more than the " + BYTES)
                .contains("in parts");
        assertThat(TestSolver.BEGUN).hasValue(begun);
    }

    @Test
    void failuresGiveBackWhatTheyHeld() {
        assertThat(HTTP.send(large(TestSolver.THROW)).status()).isEqualTo(200);
        assertThat(HTTP.send(large(TestSolver.BROKEN)).status()).isEqualTo(500);
        String cut = body(1);
        assertThat(HTTP.post("/solve", cut.substring(0, cut.length() - 1)).status()).isEqualTo(400);
        assertThat(HTTP.post("/solve", cut.replace("'lb': 0", "'lb': [0]")).status())
                .isEqualTo(422);
        HttpRequest.Builder chunked =
                HTTP.request("/solve")
                        .header("Content-Type", Http.JSON)
                        .POST(
                                BodyPublishers.ofInputStream(() ->
                                        new java.io.ByteArrayInputStream(
                                                cut.replace('\'', '"')
                                                        .getBytes(StandardCharsets.UTF_8))));
        assertThat(HTTP.send(chunked).status()).isEqualTo(200);
    }

    @Test
    void aResetStreamGivesBackWhatItHeld() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> running = running();
        assertThat(held()).isGreaterThan(5e6);
        running.cancel(true);
        OverloadTest.await(() -> held() == 0);
    }

    /** In the middle of the body, and with all of it sent. */
    @Test
    void aCutConnectionGivesBackWhatItHeld() throws Exception {
        byte[] body = body(TestSolver.SLEEP).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        for (int part : new int[] {body.length / 2, body.length}) {
            int before = TestSolver.BEGUN.get();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVICE.port())) {
                String head =
                        "POST /solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "X-Server-Timeout: 2\r\nContent-Length: "
                                + body.length
                                + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body, 0, part);
                boolean whole = part == body.length;
                OverloadTest.await(() -> whole ? TestSolver.BEGUN.get() > before : held() > 0);
                assertThat(held()).isGreaterThan(whole ? 5e6 : 8e5);
                socket.setSoLinger(true, 0);
            }
            OverloadTest.await(() -> held() == 0);
        }
    }
}

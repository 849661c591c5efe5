package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With keys: who has one is served, and each tenant has what it keeps to itself. */
class KeysTest {
    private static final String LP = "{'problem': {'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'lb': 0}}";
    private static final String A = "argmind_" + "a".repeat(43);
    private static final String SECOND_OF_A = "argmind_" + "A".repeat(43);
    private static final String B = "argmind_" + "b".repeat(43);
    private static final String OLD = "argmind_" + "o".repeat(43);
    private static final String[] LINES = {
        "# of the tests",
        "",
        KeysFile.line("a", A),
        KeysFile.line("a", SECOND_OF_A, "2999-01-01T00:00:00Z"),
        KeysFile.line("b", B),
        KeysFile.line("a", OLD, "2026-01-01T00:00:00Z")
    };

    @TempDir static Path folder;
    private static KeysFile file;
    private static Service service;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        file = new KeysFile(folder, LINES);
        service =
                Service.start(
                        file.arguments(
                                "--argmind.solver.threads=2", "--argmind.limits.requests=1"));
        http = service.http();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void calm() throws InterruptedException {
        OverloadTest.await(() -> service.bean(Admission.class).inFlight() == 0);
    }

    private static HttpRequest.Builder with(String key, HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + key);
    }

    private static Reply post(String key, String path, String json) throws InterruptedException {
        OverloadTest.await(() -> service.bean(Admission.class).inFlight() == 0);
        return http.send(with(key, http.posting(path, json)));
    }

    @Test
    void everyKeyOfATenantIsGood() throws Exception {
        for (String key : new String[] {A, SECOND_OF_A, B}) {
            Reply reply = post(key, "/solve", LP);
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, /solve", "POST, /lpgd-backward", "PUT, /problems", "GET, /solvers"})
    void nothingIsDoneWithoutOne(String method, String path) {
        Reply reply =
                http.send(
                        http.request(path)
                                .header("Content-Type", Http.JSON)
                                .method(method, Http.body(Http.quoted("{}"), Http.JSON)));
        Refusals.require(reply, ErrorCode.UNAUTHENTICATED, method, path);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"argmind\"");
        assertThat(reply.header("X-Request-Id")).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer argmind_aaaa",
                "Bearer ",
                "Bearer",
                "Bearer two words",
                "Basic YTpi",
                "bearer",
                "Bearer \u00e4"
            })
    void whatIsNoKeyIsRefused(String sent) {
        Reply reply = http.send(http.posting("/solve", LP).header("Authorization", sent));
        Refusals.require(reply, ErrorCode.UNAUTHENTICATED, "POST", "/solve");
        assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer realm=\"argmind\"");
    }

    @Test
    void anOldKeyIsToldSo() throws Exception {
        Reply reply = post(OLD, "/solve", LP);
        Refusals.require(reply, ErrorCode.UNAUTHENTICATED, "POST", "/solve");
        assertThat(reply.json().path("detail").asString())
                .isEqualTo("this key has expired, at 2026-01-01T00:00:00Z");
        assertThat(reply.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    }

    /** What is not there, too: who may not ask does not learn what there is. */
    @Test
    void unknownPathsAreNotForEverybodyToWriteTo() {
        Reply reply = http.post("/nowhere", "{}");
        assertThat(reply.status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/openapi.yaml", "/swagger-ui/index.html"})
    void probesAndTheContractAreForEverybody(String path) {
        assertThat(http.get(path).status()).isEqualTo(200);
    }

    /** Of 60 MB that are announced not one byte is sent, and the answer is there. */
    @Test
    void theBodyIsNotWaitedFor() throws IOException {
        String head =
                String.join(
                        "\r\n",
                        "POST /solve HTTP/1.1",
                        "Host: localhost",
                        "Content-Type: application/cbor",
                        "Content-Length: 60000000",
                        "\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 401");
        }
    }

    /** The only place is taken: who has no key hears of that, and not that the service is full. */
    @Test
    void aPlaceIsOnlyForWhoHasAKey() throws Exception {
        String slow = "{'problem': {'c': [" + TestSolver.SLEEP + "], 'lb': 0}, 'solver': 'test'}";
        int before = TestSolver.BEGUN.get();
        CompletableFuture<Reply> running =
                http.sendAsync(
                        with(A, http.posting("/solve", slow)).header("X-Server-Timeout", "2"));
        OverloadTest.await(() -> TestSolver.BEGUN.get() > before);
        assertThat(http.post("/solve", LP).status()).isEqualTo(401);
        assertThat(http.send(with(A, http.posting("/solve", LP))).status()).isEqualTo(503);
        running.get();
    }

    /** Another's solve and problem are to B like those that never were. */
    @Test
    void whatATenantKeepsIsItsOwn() throws Exception {
        String id = post(A, "/solve", LP).json().path("id").asString();
        String backward = "{'solve': {'id': '%s'}, 'gradient': {'x': [1, 0]}}";
        Reply own = post(SECOND_OF_A, "/lpgd-backward", backward.formatted(id));
        assertThat(own.status()).as(own.text()).isEqualTo(200);
        Reply foreign = post(B, "/lpgd-backward", backward.formatted(id));
        Reply unknown = post(B, "/lpgd-backward", backward.formatted("x".repeat(id.length())));
        Refusals.require(foreign, ErrorCode.SOLVE_NOT_RETAINED, "POST", "/lpgd-backward");
        requireAlike(foreign, unknown);

        HttpRequest.Builder part =
                http.request("/problems")
                        .header("Content-Type", Http.JSON)
                        .method(
                                "PUT",
                                Http.body(Http.quoted("{'A': [[1, 3]], 'b': [1]}"), Http.JSON));
        String base = http.send(with(A, part)).json().path("id").asString();
        String solve = "{'problem': {'base': '%s', 'c': [1, 2], 'lb': 0}}";
        assertThat(post(A, "/solve", solve.formatted(base)).status()).isEqualTo(200);
        Reply foreignBase = post(B, "/solve", solve.formatted(base));
        Reply unknownBase = post(B, "/solve", solve.formatted("0".repeat(base.length())));
        Refusals.require(foreignBase, ErrorCode.PROBLEM_NOT_REGISTERED, "POST", "/solve");
        requireAlike(foreignBase, unknownBase);
    }

    /** There, another thread does the work, and a second dispatch writes the answer. */
    @Test
    void overHttp2ATenantIsTheSame() throws Exception {
        Http second = http.overHttp2();
        Reply solved =
                second.send(with(A, second.posting("/solve", LP)).header("X-Request-Id", "h2-1"));
        assertThat(solved.status()).as(solved.text()).isEqualTo(200);
        assertThat(solved.header("X-Request-Id")).isEqualTo("h2-1");
        String backward =
                String.format(
                        "{'solve': {'id': '%s'}, 'gradient': {'x': [1, 0]}}",
                        solved.json().path("id").asString());
        calm();
        assertThat(second.send(with(A, second.posting("/lpgd-backward", backward))).status())
                .isEqualTo(200);
        calm();
        Refusals.require(
                second.send(with(B, second.posting("/lpgd-backward", backward))),
                ErrorCode.SOLVE_NOT_RETAINED,
                "POST",
                "/lpgd-backward");
        Refusals.require(
                second.send(second.posting("/solve", LP)),
                ErrorCode.UNAUTHENTICATED,
                "POST",
                "/solve");
    }

    private static void requireAlike(Reply one, Reply other) {
        assertThat(one.status()).isEqualTo(other.status());
        assertThat(one.text()).isEqualTo(other.text());
        assertThat(one.headers().map().keySet()).isEqualTo(other.headers().map().keySet());
    }

    /** A new key is good and an old one is not a moment after the file has been replaced. */
    @Test
    void keysChangeWithoutARestart() throws Exception {
        String next = "argmind_" + "n".repeat(43);
        assertThat(post(next, "/solve", LP).status()).isEqualTo(401);
        try {
            file.replace(KeysFile.line("a", next));
            OverloadTest.await(
                    () -> http.send(with(next, http.request("/solvers").GET())).status() == 200);
            assertThat(post(A, "/solve", LP).status()).isEqualTo(401);
            file.replace("nonsense");
            Thread.sleep(1500);
            assertThat(post(next, "/solve", LP).status()).as("those before stay").isEqualTo(200);
        } finally {
            file.replace(LINES);
        }
        OverloadTest.await(
                () -> http.send(with(A, http.request("/solvers").GET())).status() == 200);
    }
}

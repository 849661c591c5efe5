package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/**
 * What the log has after good, bad, foreign, broken and abandoned requests: JSON, with the ids of
 * requests and the names of tenants, and nothing of what was sent.
 */
@ExtendWith(OutputCaptureExtension.class)
class LogTest {
    private static final String KEY = "argmind_" + "k".repeat(43);
    private static final String WRONG = "argmind_" + "w".repeat(43);
    private static final String NUMBER = "73.1234567";

    @TempDir Path folder;

    private static final String[] BODIES = {
        "{'problem': {'c': [N, 2], 'A': [[1, 1]], 'b': [1], 'lb': 0}}",
        "{'problem': {'c': [N, 2], 'A': [[1, N]], 'b': [-1], 'lb': 0}}",
        "{'problem': {'c': [[N], [" + TestSolver.THROW + "]], 'lb': 0}, 'solver': 'test'}",
        "{'problem': {'c': [" + TestSolver.BROKEN + "], 'lb': N}, 'solver': 'test'}",
        "{'problem': {'c': [N, 2], 'P': [[-N, 0], [0, 1]]}}",
        "{'problem': {'c': [N, 2], 'b': [N, N]}, 'secretfield': N}",
        "{'problem': {'base': 'secretfield', 'c': [N]}}",
        "{'solve': {'id': 'secretfield'}, 'gradient': {'x': [N]}}",
        "{'problem': {'c': [N, ",
        "secretfield",
        ""
    };

    /** The services that other tests start in this process would write JSON, too. */
    @AfterAll
    static void writeTextAgain() {
        System.clearProperty("CONSOLE_LOG_STRUCTURED_FORMAT");
    }

    @Test
    void itTellsNothingOfWhatWasSent(CapturedOutput log) throws Exception {
        KeysFile keys = new KeysFile(folder, KeysFile.line("red-team", KEY));
        List<String> ids = new ArrayList<>();
        String start = log.getAll();
        try (Service service =
                Service.start(
                        keys.arguments(
                                "--argmind.solver.threads=2",
                                "--logging.structured.format.console=ecs"))) {
            Http http = service.http();
            for (String path : new String[] {"/solve", "/lpgd-backward", "/solvers"}) {
                for (String body : BODIES) {
                    for (String key : new String[] {KEY, WRONG}) {
                        ids.add(send(http, key, path, body.replace("N", NUMBER)));
                    }
                }
            }
            abandon(service.port());
            OverloadTest.await(() -> service.bean(Admission.class).inFlight() == 0);
        }
        String logged = log.getAll().substring(start.length());
        assertThat(logged).contains("\"tenant\":\"red-team\"", "\"requestId\":\"log-test_7\"");
        assertThat(logged).doesNotContain(NUMBER, KEY, WRONG, "secretfield", "Bearer ");
        ids.removeIf(String::isEmpty);
        assertThat(ids).isNotEmpty();
        assertThat(ids).noneMatch(logged::contains);
        // from the first line in JSON on, which the service's start writes, every one is
        String structured = logged.substring(logged.indexOf("{\"@timestamp\""));
        structured
                .lines()
                .forEach(line -> assertThat(Http.parse(line).has("@timestamp")).as(line).isTrue());
        assertThat(logged).doesNotContain("ClientAbortException", "Broken pipe");
    }

    /** The id of the solve, if it is one. */
    private static String send(Http http, String key, String path, String body) {
        HttpRequest.Builder request =
                http.posting(path, body)
                        .header("Authorization", "Bearer " + key)
                        .header("X-Request-Id", "log-test_7");
        Reply reply = http.send(request);
        JsonNode id = reply.status() == 200 ? reply.json().path("id") : Http.parse("\"\"");
        return id.asString("");
    }

    /** Asks for an answer of several megabytes, and goes away; and sends half a body, and goes. */
    private static void abandon(int port) throws IOException {
        String row = "[" + "1,".repeat(1999) + "1]";
        String body =
                "{'problem': {'c': [" + (row + ",").repeat(99) + row + "], 'lb': 0, 'ub': 1}}";
        String head =
                "POST /solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + ("Authorization: Bearer " + KEY + "\r\n")
                        + ("Content-Length: " + body.length() + "\r\n\r\n");
        byte[] request = (head + body.replace('\'', '"')).getBytes(StandardCharsets.US_ASCII);
        for (int length : new int[] {request.length, request.length / 2}) {
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.getOutputStream().write(request, 0, length);
                if (length == request.length) {
                    assertThat(socket.getInputStream().read()).isEqualTo('H');
                }
                socket.setSoLinger(true, 0); // a reset: what is written after it fails
            }
        }
    }
}

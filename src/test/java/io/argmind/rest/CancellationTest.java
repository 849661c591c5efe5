package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.problem.Program;
import io.argmind.testkit.HardPrograms;
import io.argmind.testkit.TestSolver;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What becomes of work when the one who asked for it goes away. */
@ExtendWith(OutputCaptureExtension.class)
class CancellationTest {
    private static final Service SERVICE =
            Service.start("--argmind.solver.threads=1", "--argmind.limits.requests=4");
    private static final Http HTTP = SERVICE.http();
    private static final Admission ADMISSION = SERVICE.bean(Admission.class);
    private static final HttpClient H2 =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    private static final String SLEEPERS =
            String.format(
                    "{'problem': {'c': [[%1$s], [%1$s], [%1$s]], 'lb': 0}, 'solver': 'test'}",
                    TestSolver.SLEEP);

    @AfterAll
    static void stop() {
        SERVICE.close();
        H2.close();
    }

    @BeforeEach
    void calm() throws Exception {
        OverloadTest.await(() -> ADMISSION.inFlight() == 0);
        // the connection becomes one of HTTP/2, which requests with bodies then use
        HttpResponse<Void> probe =
                H2.send(HTTP.request("/livez").GET().build(), BodyHandlers.discarding());
        assertThat(probe.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }

    private static CompletableFuture<HttpResponse<byte[]>> send(String body, String path) {
        return H2.sendAsync(
                HTTP.posting(path, body).header("X-Server-Timeout", "60").build(),
                BodyHandlers.ofByteArray());
    }

    private static double busy() {
        return new Metrics(SERVICE).sum("argmind_solver_busy");
    }

    private static double cancelled() {
        return new Metrics(SERVICE).sum("argmind_requests_ended_total", "outcome=\"cancelled\"");
    }

    /** The thread is free long before the deadline, and what waited in the queue is not begun. */
    @Test
    void aResetOfTheStreamFreesTheThread(CapturedOutput log) throws Exception {
        int begun = TestSolver.BEGUN.get();
        double before = cancelled();
        CompletableFuture<HttpResponse<byte[]>> running = send(SLEEPERS, "/solve");
        OverloadTest.await(() -> TestSolver.BEGUN.get() == begun + 1);
        CompletableFuture<HttpResponse<byte[]>> waiting = send(SLEEPERS, "/solve");
        OverloadTest.await(() -> ADMISSION.inFlight() == 2);
        waiting.cancel(true);
        OverloadTest.await(() -> ADMISSION.inFlight() == 1);

        long start = System.nanoTime();
        running.cancel(true);
        OverloadTest.await(() -> busy() == 0);

        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        OverloadTest.await(() -> ADMISSION.inFlight() == 0 && cancelled() == before + 2);
        assertThat(TestSolver.BEGUN.get()).isEqualTo(begun + 1);
        assertThat(new Metrics(SERVICE).sum("argmind_queue_depth")).isZero();
        assertThat(log.getAll()).doesNotContain("\tat ").doesNotContain("ERROR");
        requireHealthy();
    }

    /** A real solver in the middle of its search. */
    @Test
    void aSearchIsStopped() throws Exception {
        double before = cancelled();
        CompletableFuture<HttpResponse<byte[]>> running = send(hard(), "/solve");
        OverloadTest.await(() -> busy() == 1);
        TimeUnit.MILLISECONDS.sleep(300);
        long start = System.nanoTime();
        running.cancel(true);
        OverloadTest.await(() -> busy() == 0);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        OverloadTest.await(() -> cancelled() == before + 1);
        requireHealthy();
    }

    /**
     * On HTTP/1.1 the server hears nothing of a client that has gone; the deadline ends the work.
     */
    @Test
    void theDeadlineEndsTheWorkOfAClosedConnection(CapturedOutput log) throws Exception {
        int begun = TestSolver.BEGUN.get();
        byte[] body = SLEEPERS.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        String head =
                "POST /solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "X-Server-Timeout: 2\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        long start;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVICE.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            start = System.nanoTime();
            OverloadTest.await(() -> TestSolver.BEGUN.get() == begun + 1);
            socket.setSoLinger(true, 0);
        }
        OverloadTest.await(() -> busy() == 0 && ADMISSION.inFlight() == 0);
        assertThat(1e-9 * (System.nanoTime() - start)).isBetween(1.0, 10.0);
        assertThat(log.getAll()).doesNotContain("\tat ").doesNotContain("ERROR");
        requireHealthy();
    }

    private static void requireHealthy() {
        assertThat(HTTP.post("/solve", "{'problem': {'c': [1], 'lb': 0}}").status()).isEqualTo(200);
    }

    /** An integer program that nobody solves within a minute. */
    private static String hard() {
        Program q = HardPrograms.marketSplit(5, 40);
        double[] A = q.A().toDense();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < q.p(); i++) {
            rows.add(Arrays.toString(Arrays.copyOfRange(A, i * q.n(), (i + 1) * q.n())));
        }
        return String.format(
                "{'problem': {'c': %s, 'A': %s, 'b': %s, 'lb': 0, 'ub': %s, 'integers': %s}, 'solver': 'ortools-scip'}",
                Arrays.toString(q.c()),
                rows,
                Arrays.toString(q.b()),
                Arrays.toString(q.ub()),
                Arrays.toString(q.integers()));
    }
}

package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that has no time says so at once, or when the client's time is over, not later. */
class OverloadTest {
    private static final Service SERVICE =
            Service.start(
                    "--argmind.solver.threads=1",
                    "--argmind.limits.requests=2",
                    "--argmind.limits.max-deadline=5s",
                    "--argmind.limits.max-wait=5s");
    private static final Http HTTP = SERVICE.http();
    private static final Admission ADMISSION = SERVICE.bean(Admission.class);

    @AfterAll
    static void stop() {
        SERVICE.close();
    }

    private static HttpRequest.Builder solve(double firstCost, double seconds) {
        return HTTP.posting(
                        "/solve",
                        "{'problem': {'c': [[" + firstCost + "]], 'lb': 0}, 'solver': 'test'}")
                .header("X-Server-Timeout", Double.toString(seconds));
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            Thread.sleep(5);
        }
    }

    /** Many quick requests, so that the service expects the next one to be quick too. */
    @BeforeEach
    void calm() throws InterruptedException {
        await(() -> ADMISSION.inFlight() == 0);
        for (int k = 0; k < 60; k++) {
            assertThat(HTTP.send(solve(1, 5)).status()).isEqualTo(200);
        }
        await(() -> ADMISSION.inFlight() == 0);
    }

    static void requireRetryHint(Reply reply) {
        long millis = Long.parseLong(reply.header("retry-after-ms"));
        assertThat(millis).isBetween(1L, 15_000L);
        assertThat(Long.parseLong(reply.header("Retry-After"))).isEqualTo((millis + 999) / 1000);
    }

    @Test
    void aFullServiceRefusesAtOnceAndStaysAlive() throws Exception {
        int before = TestSolver.BEGUN.get();
        CompletableFuture<Reply> running = HTTP.sendAsync(solve(TestSolver.SLEEP, 2.5));
        await(() -> TestSolver.BEGUN.get() == before + 1);
        CompletableFuture<Reply> waiting = HTTP.sendAsync(solve(TestSolver.SLEEP, 2.5));
        await(() -> ADMISSION.inFlight() == 2);

        long start = System.nanoTime();
        Reply refused = HTTP.send(solve(1, 5));
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
        Refusals.require(refused, ErrorCode.OVERLOADED, "POST", "/solve");
        requireRetryHint(refused);
        for (String path : new String[] {"/livez", "/readyz", "/solvers"}) {
            assertThat(HTTP.get(path).status()).as(path).isEqualTo(200);
        }

        Reply first = running.get();
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().path("status").get(0).asString()).isEqualTo("time-limit");
        waiting.get();
    }

    /** Solve 1 holds the only thread; solve 2 waits until its own deadline, and is told then. */
    @Test
    void aDeadlineThatPassesInTheQueueIsA504WithoutAnySolve() throws Exception {
        int before = TestSolver.BEGUN.get();
        CompletableFuture<Reply> running = HTTP.sendAsync(solve(TestSolver.SLEEP, 2));
        await(() -> TestSolver.BEGUN.get() == before + 1);
        long start = System.nanoTime();
        Reply late = HTTP.send(solve(TestSolver.SLEEP, 0.5));
        double took = 1e-9 * (System.nanoTime() - start);
        Refusals.require(late, ErrorCode.DEADLINE_EXCEEDED, "POST", "/solve");
        assertThat(took).isBetween(0.45, 1.5);
        assertThat(running.get().status()).isEqualTo(200);
        assertThat(HTTP.send(solve(1, 5)).status()).isEqualTo(200);
        assertThat(TestSolver.BEGUN.get()).isEqualTo(before + 1);
    }

    @Test
    void aDeadlineThatPassesInASolveIsAStatus() {
        String c = "[[1], [" + TestSolver.SLEEP + "], [2]]";
        long start = System.nanoTime();
        Reply reply =
                HTTP.send(
                        HTTP.posting(
                                        "/solve",
                                        "{'problem': {'c': " + c + ", 'lb': 0}, 'solver': 'test'}")
                                .header("X-Server-Timeout", "0.5"));
        double took = 1e-9 * (System.nanoTime() - start);
        assertThat(reply.status()).isEqualTo(200);
        Contract.requireConforming("POST", "/solve", reply);
        assertThat(reply.json().path("status"))
                .isEqualTo(Http.quoted("['optimal', 'time-limit', 'time-limit']"));
        assertThat(took).isBetween(0.4, 2.0);
    }

    /** The option limits each instance, the header the request. */
    @Test
    void timeLimitsArePerInstance() {
        Reply reply =
                HTTP.post(
                        "/solve",
                        "{'problem': {'c': [["
                                + TestSolver.SLEEP
                                + "], [1]], 'lb': 0}, 'solver': 'test', 'options': {'time_limit': 0.2}}");
        assertThat(reply.json().path("status")).isEqualTo(Http.quoted("['time-limit', 'optimal']"));
    }

    /** Refused requests hold nothing. */
    @Test
    void placesAreGivenBack() throws Exception {
        for (int k = 0; k < 10; k++) {
            HTTP.post("/solve", "{");
            HTTP.post("/solve", "{'problem': {}}");
            HTTP.get("/solve");
        }
        await(() -> ADMISSION.inFlight() == 0);
        Metrics metrics = new Metrics(SERVICE);
        for (String gauge : new String[] {"argmind_admission_bytes", "argmind_requests_admitted"}) {
            assertThat(metrics.has(gauge)).as(gauge).isTrue();
            assertThat(metrics.sum(gauge)).as(gauge).isZero();
        }
    }
}

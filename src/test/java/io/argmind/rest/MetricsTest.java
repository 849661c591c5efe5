package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service's own account of what it did, and that it stays alive while it does it. */
class MetricsTest {
    private static final Service SERVICE = Service.shared();
    private static final Http HTTP = SERVICE.http();
    private static final String INSTANCES = "argmind_instances_total";
    private static final String SOLVE = "endpoint=\"solve\"";
    private static final String BACKWARD = "endpoint=\"lpgd-backward\"";

    /** What was counted between two scrapes. */
    private record Growth(Metrics before, Metrics after) {
        double of(String name, String... tags) {
            return after.sum(name, tags) - before.sum(name, tags);
        }
    }

    @Test
    void everyRequestAndInstanceIsAccountedFor() throws InterruptedException {
        OverloadTest.await(() -> new Metrics(SERVICE).sum("argmind_requests_admitted") == 0);
        Metrics before = new Metrics(SERVICE);
        for (int k = 0; k < 5; k++) {
            Reply forward =
                    HTTP.post(
                            "/solve",
                            "{'problem': {'c': [[1, 2], [-1, 2], [2, 1]], 'A': [[1, 1]], 'b': [[1], [1], [-1]], 'lb': 0}}");
            HTTP.post(
                    "/lpgd-backward",
                    "{'solve': {'id': "
                            + forward.json().path("id")
                            + "}, 'gradient': {'x': [[1, 0], [1, 0], [0, 0]]}}");
            HTTP.post("/solve", "{'problem': {'c': [null]}}");
            HTTP.post("/solve", "{");
        }
        HTTP.post("/solve", "{'problem': {'c': [[-1], [1]], 'lb': 0}}");
        OverloadTest.await(() -> new Metrics(SERVICE).sum("argmind_requests_admitted") == 0);
        Metrics after = new Metrics(SERVICE);
        Growth growth = new Growth(before, after);

        assertThat(growth.of(INSTANCES, SOLVE, "status=\"optimal\"")).isEqualTo(11);
        assertThat(growth.of(INSTANCES, SOLVE, "status=\"infeasible\"")).isEqualTo(5);
        assertThat(growth.of(INSTANCES, SOLVE, "status=\"unbounded\"")).isEqualTo(1);
        assertThat(growth.of(INSTANCES, SOLVE)).isEqualTo(17);
        assertThat(growth.of(INSTANCES, BACKWARD, "status=\"ok\"")).isEqualTo(10);
        assertThat(growth.of(INSTANCES, BACKWARD, "status=\"forward-failed\"")).isEqualTo(5);
        assertThat(growth.of("argmind_batch_size_count", SOLVE)).isEqualTo(6);
        String requests = "http_server_requests_seconds_count";
        assertThat(growth.of(requests, "method=\"POST\"", "status=\"200\"")).isEqualTo(11);
        assertThat(growth.of(requests, "method=\"POST\"", "status=\"422\"")).isEqualTo(5);
        assertThat(growth.of(requests, "method=\"POST\"", "status=\"400\"")).isEqualTo(5);
        assertThat(growth.of(requests, "method=\"POST\"")).isEqualTo(21);
        for (String phase : new String[] {"phase=\"queue\"", "phase=\"solve\""}) {
            assertThat(growth.of("argmind_request_phase_seconds_count", phase, SOLVE)).isEqualTo(6);
            assertThat(growth.of("argmind_request_phase_seconds_count", phase, BACKWARD))
                    .isEqualTo(5);
        }
        for (String idle :
                new String[] {
                    "argmind_admission_bytes",
                    "argmind_native_live_objects",
                    "argmind_solver_busy",
                    "argmind_queue_depth"
                }) {
            assertThat(after.sum(idle)).as(idle).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "argmind_request_rejected_total",
                "argmind_request_phase_seconds_bucket",
                "argmind_instances_total",
                "argmind_batch_size_count",
                "argmind_problem_nonzeros_sum",
                "argmind_solve_time_seconds_bucket",
                "argmind_solve_iterations_sum",
                "argmind_queue_depth",
                "argmind_solver_busy",
                "argmind_solver_threads",
                "argmind_requests_admitted",
                "argmind_admission_bytes",
                "argmind_admission_bytes_max",
                "argmind_backward_tau_count",
                "argmind_native_live_objects",
                "cache_gets_total",
                "cache_puts_total",
                "cache_evictions_total",
                "cache_bytes",
                "cache_size",
                "http_server_requests_seconds_bucket",
                "jvm_memory_used_bytes"
            })
    void everyDocumentedMetricIsThere(String name) {
        Reply forward = HTTP.post("/solve", "{'problem': {'c': [1], 'lb': 0}}");
        HTTP.post(
                "/lpgd-backward",
                "{'solve': {'id': " + forward.json().path("id") + "}, 'gradient': {'x': [1]}}");
        assertThat(new Metrics(SERVICE).has(name)).isTrue();
    }

    @Test
    void residentMemoryIsMeasuredWhereTheSystemTells() {
        boolean told = Files.isReadable(Path.of("/proc/self/status"));
        double bytes = new Metrics(SERVICE).sum("process_memory_rss_bytes");
        assertThat(bytes).isBetween(told ? 50e6 : 0, told ? 100e9 : 0);
    }

    /** All solver threads spin and more work waits: probes are answered all the same. */
    @Test
    void probesAreQuickUnderFullLoad() throws Exception {
        String spin = "[" + TestSolver.SPIN + "]";
        String body =
                "{'problem': {'c': ["
                        + (spin + ",").repeat(2)
                        + spin
                        + "], 'lb': 0}, 'solver': 'test'}";
        List<CompletableFuture<Reply>> load = new ArrayList<>();
        for (int k = 0; k < 6; k++) {
            load.add(HTTP.sendAsync(HTTP.posting("/solve", body).header("X-Server-Timeout", "3")));
        }
        OverloadTest.await(() -> new Metrics(SERVICE).sum("argmind_solver_busy") == 2);
        List<Long> millis = new ArrayList<>();
        for (int k = 0; k < 40; k++) {
            long start = System.nanoTime();
            assertThat(HTTP.get("/livez").status()).isEqualTo(200);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
        Collections.sort(millis);
        assertThat(millis.get(20)).as("median of %s", millis).isLessThan(200);
        assertThat(millis.getLast()).as("slowest of %s", millis).isLessThan(2000);
        for (CompletableFuture<Reply> reply : load) {
            assertThat(reply.get().status()).isIn(200, 503, 504);
        }
    }
}

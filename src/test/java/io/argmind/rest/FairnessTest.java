package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One tenant floods the service with large batches, another sends one small request after another.
 * What is compared is solver time, not how long anybody waited.
 */
class FairnessTest {
    private static final String FLOOD = "argmind_" + "f".repeat(43);
    private static final String MODEST = "argmind_" + "m".repeat(43);
    private static final int SMALL_REQUESTS = 12;

    @TempDir Path folder;

    private static String sleeping(int instances) {
        List<String> costs = Collections.nCopies(instances, "[" + TestSolver.SHORT_SLEEP + "]");
        return "{'problem': {'c': " + costs + ", 'lb': 0}, 'solver': 'test', 'retain': false}";
    }

    private static Reply send(Http http, String key, String json) {
        return http.send(
                http.posting("/solve", json)
                        .header("Authorization", "Bearer " + key)
                        .header("X-Server-Timeout", "100"));
    }

    private static double used(Service service, String tenant) {
        return service.bean(MeterRegistry.class)
                .counter("argmind.tenant.solver.seconds", "tenant", tenant)
                .count();
    }

    @Test
    void aModestTenantHasItsShare() throws Exception {
        KeysFile keys =
                new KeysFile(
                        folder, KeysFile.line("flood", FLOOD), KeysFile.line("modest", MODEST));
        String[] arguments =
                keys.arguments(
                        "--argmind.solver.threads=1",
                        "--argmind.limits.max-wait=100s",
                        "--argmind.tenants.flood.weight=1",
                        "--argmind.tenants.modest.weight=1");
        AtomicBoolean over = new AtomicBoolean();
        try (Service service = Service.start(arguments);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Http http = service.http();
            for (int k = 0; k < 8; k++) {
                clients.execute(() -> {
                    while (!over.get()) {
                        send(http, FLOOD, sleeping(20));
                    }
                });
            }
            OverloadTest.await(() -> used(service, "flood") > 0.2);
            double flood = used(service, "flood");
            double modest = used(service, "modest");
            List<Integer> statuses = new ArrayList<>();
            for (int k = 0; k < SMALL_REQUESTS; k++) {
                statuses.add(send(http, MODEST, sleeping(1)).status());
            }
            double floodUsed = used(service, "flood") - flood;
            double modestUsed = used(service, "modest") - modest;
            over.set(true);
            assertThat(statuses).containsOnly(200);
            assertThat(modestUsed).isGreaterThan(0.09 * SMALL_REQUESTS);
            // equal would be 1, and more where this client is slow to send its next;
            // first come, first served would be 8 * 20, the batches before each
            assertThat(floodUsed / modestUsed).isBetween(0.1, 30.0);
        }
    }
}

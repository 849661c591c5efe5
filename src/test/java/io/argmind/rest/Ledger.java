package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * After every test, of every service that runs: each request that came was answered, refused,
 * failed or cancelled, and nothing is held any more. JUnit finds it by itself (META-INF/services).
 */
public final class Ledger implements AfterEachCallback {
    /** The paths whose requests are counted. */
    static final Set<String> COUNTED = Set.of("/solve", "/lpgd-backward", "/problems");

    private static final Set<String> HELD =
            Set.of(
                    "argmind.requests.admitted",
                    "argmind.admission.bytes",
                    "argmind.queue.depth",
                    "argmind.solver.busy",
                    "argmind.native.live.objects");

    /**
     * How many requests had come when the books were last balanced: tests of other things pass by.
     */
    private static final Map<Service, Double> SETTLED = new WeakHashMap<>();

    /** Longer than any deadline that a test gives to a request which nobody waits for. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        for (Service service : Service.running()) {
            double received = sum(service.bean(MeterRegistry.class), "argmind.requests.received");
            if (!Objects.equals(SETTLED.put(service, received), received)) {
                settle(service);
            }
        }
    }

    /** Waits until a service is at rest, and balances its books. */
    public static void settle(Service service) throws InterruptedException {
        MeterRegistry registry = service.bean(MeterRegistry.class);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!isAtRest(registry) && System.nanoTime() - end < 0) {
            Thread.sleep(1);
        }
        assertThat(held(registry).values())
                .as("held at rest: %s", held(registry))
                .containsOnly(0.0);
        double received = sum(registry, "argmind.requests.received");
        assertThat(sum(registry, "argmind.requests.ended")).as("ended").isEqualTo(received);
        assertThat(sum(registry, "argmind.requests.ended", "outcome", "answered"))
                .as("answered, of which clients have")
                .isGreaterThanOrEqualTo((double) Http.answers(service.port()));
    }

    private static boolean isAtRest(MeterRegistry registry) {
        return held(registry).values().stream().allMatch(v -> v == 0)
                && sum(registry, "argmind.requests.ended")
                        == sum(registry, "argmind.requests.received");
    }

    private static Map<String, Double> held(MeterRegistry registry) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String name : HELD) {
            values.put(name, registry.get(name).gauges().stream().mapToDouble(Gauge::value).sum());
        }
        return values;
    }

    private static double sum(MeterRegistry registry, String name, String... tags) {
        return registry.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
    }
}

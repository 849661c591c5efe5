package io.argmind.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.DispatchSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The defaults are those that the contract and the operator's manual state. */
class ArgmindPropertiesTest {
    private static DispatchSettings settings(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("argmind", ArgmindProperties.class)
                .dispatch();
    }

    @Test
    void defaults() {
        DispatchSettings settings = settings(Map.of());
        int processors = Runtime.getRuntime().availableProcessors();
        long heap = Runtime.getRuntime().maxMemory();
        long kept = Math.min(heap / 10, 1L << 30);
        assertThat(settings)
                .isEqualTo(
                        new DispatchSettings(
                                processors,
                                5 * processors,
                                0,
                                64L << 20,
                                heap / 4,
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(10),
                                4096,
                                kept,
                                Duration.ofMinutes(10),
                                kept,
                                Duration.ofMinutes(10)));
    }

    @Test
    void whatIsSetIsUsed() {
        DispatchSettings settings =
                settings(
                        Map.of(
                                "argmind.solver.threads", "3",
                                "argmind.limits.body", "128MB",
                                "argmind.limits.requests-per-client", "7",
                                "argmind.limits.bytes-in-flight", "1GB",
                                "argmind.retained.memory", "10MB",
                                "argmind.registered.age", "1h"));
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(settings.maxRequests()).isEqualTo(15);
        assertThat(settings.maxRequestsPerClient()).isEqualTo(7);
        assertThat(settings.maxBodyBytes()).isEqualTo(128L << 20);
        assertThat(settings.maxBytesInFlight()).isEqualTo(1L << 30);
        assertThat(settings.retainedBytes()).isEqualTo(10L << 20);
        assertThat(settings.registeredAge()).isEqualTo(Duration.ofHours(1));
    }
}

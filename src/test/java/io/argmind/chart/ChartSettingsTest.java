package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.config.ArgmindProperties;
import io.argmind.config.ArgmindProperties.Isolation;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/** What the chart sets is what the service reads. */
class ChartSettingsTest {
    private static final String ALL =
            """
            auth: {mode: jwt, jwt: {issuer: 'https://a.example', jwkSetUri: 'https://a.example/keys', audience: argmind, tenantClaim: azp}}
            shutdown: {drainSeconds: 7, inFlightSeconds: 8}
            config:
              solverThreads: 3
              isolation: process
              workerHeap: 10MB
              limits:
                requests: 11
                requestsPerClient: 12
                requestsPerTenant: 13
                solverSeconds: 14
                body: 15MB
                bytesInFlight: 16MB
                maxWait: 17s
                deadline: 18s
                maxDeadline: 19s
                instances: 20
              retained: {memory: 21MB, age: 22s}
              registered: {memory: 23MB, age: 24s}
              warmUp: 25s
              ui: false
              corsOrigins: ['https://lab.example']
              tenants: {team-a: {requests: 26, solverSeconds: 27, weight: 28}}
            """;

    /** Set by a mode that excludes the one of ALL. */
    private static final List<String> OTHERWISE = List.of("argmind.security.keys-file");

    private static ArgmindProperties bind(JsonNode settings) {
        Map<String, Object> flat = new HashMap<>();
        for (Map.Entry<String, JsonNode> setting : settings.properties()) {
            int k = 0;
            for (JsonNode element : setting.getValue()) {
                flat.put(setting.getKey() + "[" + k++ + "]", element.asString());
            }
            if (!setting.getValue().isArray()) {
                flat.put(setting.getKey(), setting.getValue().asString());
            }
        }
        return new Binder(new MapConfigurationPropertySource(flat))
                .bindOrCreate("argmind", ArgmindProperties.class);
    }

    @Test
    void everySettingArrives() {
        ArgmindProperties properties = bind(Chart.settings(Chart.render(ALL)));
        assertThat(properties.solver().threads()).isEqualTo(3);
        assertThat(properties.solver().isolation()).isEqualTo(Isolation.PROCESS);
        assertThat(properties.solver().workerHeap()).isEqualTo(DataSize.ofMegabytes(10));
        assertThat(properties.limits().requests()).isEqualTo(11);
        assertThat(properties.limits().requestsPerClient()).isEqualTo(12);
        assertThat(properties.limits().body()).isEqualTo(DataSize.ofMegabytes(15));
        assertThat(properties.limits().bytesInFlight()).isEqualTo(DataSize.ofMegabytes(16));
        assertThat(properties.limits().maxWait()).isEqualTo(Duration.ofSeconds(17));
        assertThat(properties.limits().deadline()).isEqualTo(Duration.ofSeconds(18));
        assertThat(properties.limits().maxDeadline()).isEqualTo(Duration.ofSeconds(19));
        assertThat(properties.limits().instances()).isEqualTo(20);
        assertThat(properties.retained().memory()).isEqualTo(DataSize.ofMegabytes(21));
        assertThat(properties.retained().age()).isEqualTo(Duration.ofSeconds(22));
        assertThat(properties.registered().memory()).isEqualTo(DataSize.ofMegabytes(23));
        assertThat(properties.registered().age()).isEqualTo(Duration.ofSeconds(24));
        assertThat(properties.warmUp()).isEqualTo(Duration.ofSeconds(25));
        assertThat(properties.drain()).isEqualTo(Duration.ofSeconds(7));
    }

    /** A property that the service gets must get a place in the chart, too. */
    @Test
    void everyPropertyOfTheServiceCanBeSet() {
        List<String> set =
                Chart.settings(Chart.render(ALL)).propertyNames().stream()
                        .map(name -> name.replaceAll("\\[.*", ""))
                        .toList();
        assertThat(properties("argmind", ArgmindProperties.class))
                .allMatch(name -> set.contains(name) || OTHERWISE.contains(name));
    }

    private static Stream<String> properties(String prefix, Class<?> type) {
        if (!type.isRecord() || !type.getName().startsWith("io.argmind")) {
            return Stream.of(prefix);
        }
        return Stream.of(type.getRecordComponents())
                .flatMap(component ->
                        properties(prefix + "." + kebab(component), component.getType()));
    }

    private static String kebab(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void whatIsNotSaidIsLeftToTheService() {
        assertThat(Chart.settings(Chart.render(Chart.MINIMAL)).propertyNames())
                .containsExactlyInAnyOrder(
                        "argmind.drain",
                        "argmind.security.mode",
                        "argmind.solver.threads",
                        "management.server.address",
                        "spring.lifecycle.timeout-per-shutdown-phase");
    }
}

package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;

/** Numbers that have to fit each other. */
class ChartLifecycleTest {

    @ParameterizedTest
    @MethodSource("io.argmind.chart.Chart#scenarios")
    void aReplicaIsKilledOnlyAfterItHadTimeToLeave(String scenario) {
        Manifests all = Chart.scenario(scenario);
        JsonNode settings = Chart.settings(all);
        Duration drain = duration(settings, "argmind.drain");
        Duration inFlight = duration(settings, "spring.lifecycle.timeout-per-shutdown-phase");
        long grace = all.podSpec().path("terminationGracePeriodSeconds").asLong();
        assertThat(grace).isEqualTo(drain.plus(inFlight).toSeconds() + 5);
        // nobody is sent any more after this many seconds of unreadiness, and some for the news to
        // spread
        JsonNode probe = all.container().path("readinessProbe");
        int noticed = probe.path("periodSeconds").asInt() * probe.path("failureThreshold").asInt();
        assertThat(drain.toSeconds()).isGreaterThan(noticed + 5L);
    }

    private static Duration duration(JsonNode settings, String name) {
        return DurationStyle.detectAndParse(settings.path(name).asString());
    }

    @Test
    void drainAndGraceGoTogether() {
        Manifests all =
                Chart.render(
                        Chart.MINIMAL + "shutdown: {drainSeconds: 30, inFlightSeconds: 300}\n");
        assertThat(all.podSpec().path("terminationGracePeriodSeconds").asInt()).isEqualTo(335);
        assertThat(duration(Chart.settings(all), "argmind.drain"))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "'{requests: {cpu: 2, memory: 1Gi}, limits: {cpu: 2, memory: 4Gi}}', 0, 2, 2",
        "'{requests: {cpu: \"2\", memory: 1Gi}, limits: {cpu: \"16\", memory: 4Gi}}', 0, 16, 16",
        "'{requests: {cpu: 250m, memory: 1Gi}, limits: {cpu: 500m, memory: 4Gi}}', 0, 1, 1",
        "'{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 3500m, memory: 4Gi}}', 0, 3, 4",
        "'{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2.5, memory: 4Gi}}', 0, 2, 3",
        "'{requests: {cpu: 3, memory: 1Gi}, limits: {cpu: null, memory: 4Gi}}', 0, 3, 3",
        "'{requests: {cpu: 4, memory: 1Gi}, limits: {cpu: 4, memory: 4Gi}}', 3, 3, 4",
        "'{requests: {cpu: 4, memory: 1Gi}, limits: {cpu: 4, memory: 4Gi}}', 8, 8, 8",
    })
    void threadsFollowProcessors(String resources, int said, int threads, int processors) {
        Manifests all =
                Chart.render(
                        Chart.MINIMAL
                                + "resources: "
                                + resources
                                + "\nconfig: {solverThreads: "
                                + said
                                + "}\n");
        assertThat(Chart.settings(all).path("argmind.solver.threads").asInt()).isEqualTo(threads);
        assertThat(all.environment("JAVA_TOOL_OPTIONS").split(" "))
                .contains("-XX:ActiveProcessorCount=" + processors, "-XX:MaxRAMPercentage=45");
    }

    @Test
    void flagsOfTheUserComeLast() {
        Manifests all =
                Chart.render(
                        Chart.MINIMAL
                                + "jvm: {heapPercent: 60, extraOptions: [-XX:+UseParallelGC]}");
        assertThat(all.environment("JAVA_TOOL_OPTIONS"))
                .startsWith("-XX:MaxRAMPercentage=60 ")
                .endsWith(" -XX:+UseParallelGC");
    }

    @ParameterizedTest
    @CsvSource({
        "4Gi, 85, 3650722201",
        "512Mi, 50, 268435456",
        "2G, 90, 1800000000",
        "1000000000, 10, 100000000"
    })
    void theAlertOfMemoryKnowsTheLimit(String limit, int percent, long bytes) {
        Manifests all =
                Chart.render(
                        Chart.MINIMAL
                                + "resources: {limits: {memory: '"
                                + limit
                                + "'}}\nmetrics: {alerts: {enabled: true, memoryPercent: "
                                + percent
                                + "}}\n");
        assertThat(all.only("PrometheusRule").at("/spec/groups/0/rules"))
                .extracting(rule -> rule.path("expr").asString())
                .anyMatch(
                        e -> e.startsWith("process_memory_rss_bytes") && e.endsWith("> " + bytes));
    }

    @Test
    void eitherANumberOfReplicasOrAnAutoscaler() {
        Manifests fixed = Chart.render(Chart.MINIMAL + "replicas: 5\n");
        assertThat(fixed.only("Deployment").at("/spec/replicas").asInt()).isEqualTo(5);
        assertThat(fixed.ofKind("HorizontalPodAutoscaler")).isEmpty();
        Manifests scaled = Chart.render(Chart.MINIMAL + "autoscaling: {enabled: true}\n");
        assertThat(scaled.only("Deployment").path("spec").has("replicas")).isFalse();
        JsonNode spec = scaled.only("HorizontalPodAutoscaler").path("spec");
        assertThat(spec.path("minReplicas").asInt()).isEqualTo(2);
        assertThat(spec.path("maxReplicas").asInt()).isGreaterThan(2);
        assertThat(spec.path("metrics")).hasSize(1);
        // percentages are of requests, so that there must be some
        assertThat(scaled.container().at("/resources/requests").has("cpu")).isTrue();
    }

    @Test
    void scalingByWorkThatWaitsUsesTheServicesMetric() {
        JsonNode metrics =
                Chart.scenario("production").only("HorizontalPodAutoscaler").at("/spec/metrics");
        assertThat(metrics).hasSize(2);
        assertThat(metrics.at("/1/pods/metric/name").asString()).isEqualTo("argmind_queue_depth");
        assertThat(metrics.at("/1/pods/target/averageValue").asString()).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void theBudgetNeverKeepsANodeFromBeingDrained(int replicas) {
        JsonNode budget =
                Chart.render(Chart.MINIMAL + "replicas: " + replicas + "\n")
                        .only("PodDisruptionBudget")
                        .path("spec");
        assertThat(budget.path("maxUnavailable").asInt()).isEqualTo(1);
        assertThat(budget.has("minAvailable")).isFalse();
    }

    /** A rollout starts a new replica before an old one leaves, within what the budget is about. */
    @Test
    void aRolloutNeverHasFewerReplicas() {
        JsonNode update =
                Chart.render(Chart.MINIMAL).only("Deployment").at("/spec/strategy/rollingUpdate");
        assertThat(update.path("maxUnavailable").asInt(-1)).isZero();
        assertThat(update.path("maxSurge").asInt()).isPositive();
    }
}

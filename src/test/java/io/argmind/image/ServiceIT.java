package io.argmind.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One replica: what it does, who it is, and what it is made of. */
@ExtendWith(NeedsDocker.class)
class ServiceIT {
    private static final String SCRAPES =
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: argmind
                metrics_path: /actuator/prometheus
                static_configs: [{targets: ["argmind:8081"]}]
            """;

    @SuppressWarnings("NullAway.Init")
    private static Network network;

    @SuppressWarnings("NullAway.Init")
    private static Replica replica;

    /** With AOTMode=on the JVM ends at once when it cannot use the image's cache. */
    @BeforeAll
    static void start() {
        network = Network.newNetwork();
        replica =
                new Replica()
                        .withNetwork(network)
                        .withNetworkAliases("argmind")
                        .withEnv("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
        replica.start();
    }

    @AfterAll
    static void stop() {
        if (replica != null) {
            replica.stop();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void itSolvesAndDifferentiates() throws Exception {
        JsonNode solved = replica.service().post("/solve", Programs.solve()).json();
        assertThat(solved.path("status").asString()).isEqualTo("optimal");
        assertThat(solved.path("x").toString()).isEqualTo("[0.0,1.0,0.0]");
        String id = "{'id': '" + solved.path("id").asString() + "'}";
        JsonNode gradients = replica.service().post("/lpgd-backward", Programs.backward(id)).json();
        assertThat(gradients.path("status").asString()).isEqualTo("ok");
        JsonNode c = gradients.path("gradients").path("c");
        assertThat(c.toString()).isEqualTo("[0.0,-1.0,1.0]");
    }

    @Test
    void everyBackendIsThere() throws Exception {
        JsonNode health = replica.management().get("/actuator/health").json();
        JsonNode solvers = health.path("components").path("solvers");
        assertThat(solvers.path("status").asString()).as(health.toString()).isEqualTo("UP");
        assertThat(replica.service().get("/solvers").json().path("solvers").size())
                .isGreaterThanOrEqualTo(9);
    }

    @Test
    void itIsNotRootAndWritesNothing() throws Exception {
        assertThat(run("id -u; id -g")).isEqualTo("10001\n10001\n");
        String refused = run("touch /opt/argmind/x /tmp/x 2>&1; echo $?");
        assertThat(refused).contains("Read-only file system").endsWith("1\n");
        assertThat(run("find /tmp /dev/shm -type f")).isEmpty();
    }

    @Test
    void theNativesAreThoseOfTheImage() throws Exception {
        assertThat(run("grep -o '/[^ ]*libjniortools[^ ]*' /proc/1/maps | sort -u"))
                .isEqualTo("/opt/argmind/natives/libjniortools.so\n");
    }

    @Test
    void theEngineSeesItsHealth() throws Exception {
        Endpoint.await("healthy", () -> "healthy".equals(health()));
        assertThat(replica.execInContainer("/opt/argmind/health").getExitCode()).isZero();
        String elsewhere = "SERVER_PORT=9 /opt/argmind/health; echo $?";
        assertThat(run(elsewhere)).as("where nothing listens").isEqualTo("1\n");
        assertThat(run("SERVER_PORT=8081 /opt/argmind/health; echo $?"))
                .as("where the answer is 404")
                .isEqualTo("1\n");
    }

    private static String health() {
        return Objects.requireNonNull(Docker.state(replica).getHealth())
                .getStatus()
                .toLowerCase(Locale.ROOT);
    }

    @Test
    void itSaysWhatItIsMadeOf() throws Exception {
        String file = run("cat /opt/argmind/sbom.cdx.json");
        JsonNode materials = JsonMapper.shared().readTree(file);
        assertThat(materials.path("bomFormat").asString()).isEqualTo("CycloneDX");
        assertThat(materials.path("components").findValuesAsString("purl"))
                .anyMatch(purl -> purl.startsWith("pkg:maven/com.google.ortools/ortools-java@"))
                .noneMatch(purl -> purl.contains("/junit"));
        assertThat(replica.management().get("/actuator/sbom/application").json())
                .isEqualTo(materials);
    }

    @Test
    void prometheusScrapesIt() throws Exception {
        assertThat(replica.service().post("/solve", Programs.solve()).status()).isEqualTo(200);
        try (GenericContainer<?> prometheus = Docker.neighbour()) {
            prometheus
                    .withNetwork(network)
                    .withCopyToContainer(Transferable.of(SCRAPES), "/prometheus.yml")
                    .withCommand(
                            "prometheus",
                            "--config.file=/prometheus.yml",
                            "--storage.tsdb.path=/tmp/prometheus")
                    .withExposedPorts(9090)
                    .waitingFor(Wait.forHttp("/-/ready").forPort(9090))
                    .start();
            Endpoint database = new Endpoint(prometheus.getHost(), prometheus.getMappedPort(9090));
            Endpoint.await("a scrape", () -> value(database, "up") == 1);
            assertThat(value(database, "sum(argmind_instances_total{status=%22optimal%22})"))
                    .isGreaterThanOrEqualTo(1);
            assertThat(value(database, "count(argmind_solve_time_seconds_bucket)")).isPositive();
        }
    }

    /** The value of a query that has one; NaN if it has none yet. */
    private static double value(Endpoint database, String query) {
        try {
            JsonNode answer =
                    database.get(
                                    "/api/v1/query?query="
                                            + query.replace("{", "%7B").replace("}", "%7D"))
                            .json();
            assertThat(answer.path("status").asString()).isEqualTo("success");
            JsonNode pair = answer.path("data").path("result").path(0).path("value").path(1);
            return pair.isMissingNode() ? Double.NaN : Double.parseDouble(pair.asString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(String script) throws IOException, InterruptedException {
        return replica.execInContainer("bash", "-c", script).getStdout();
    }
}

package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The pods fit Kubernetes' restricted security standard, and are reached by whom the values say.
 */
class ChartSecurityTest {

    @ParameterizedTest
    @MethodSource("io.argmind.chart.Chart#scenarios")
    void everyPodIsRestricted(String scenario) {
        Manifests manifests = Chart.withTestPod(scenario);
        assertThat(manifests.podSpecs())
                .hasSize(2)
                .allSatisfy(ChartSecurityTest::requireRestricted);
    }

    private static void requireRestricted(JsonNode pod) {
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asInt(1)).isPositive();
        assertThat(pod.at("/securityContext/seccompProfile/type").asString())
                .isEqualTo("RuntimeDefault");
        for (String forbidden : new String[] {"hostNetwork", "hostPID", "hostIPC"}) {
            assertThat(pod.path(forbidden).asBoolean(false)).as(forbidden).isFalse();
        }
        assertThat(pod.path("volumes"))
                .allMatch(volume -> volume.has("emptyDir") || volume.has("secret"));
        assertThat(pod.path("containers")).hasSize(1);
        JsonNode own = pod.at("/containers/0/securityContext");
        assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(own.at("/capabilities/drop")).hasSize(1);
        assertThat(own.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
        assertThat(own.at("/capabilities/add").isMissingNode()).isTrue();
        assertThat(own.has("privileged")).isFalse();
        assertThat(pod.at("/containers/0/resources/limits").has("memory")).isTrue();
    }

    @Test
    void aClusterMayChooseTheUser() {
        JsonNode pod =
                Chart.render(Chart.MINIMAL + "podSecurity: {runAsUser: null, fsGroup: null}")
                        .podSpec();
        assertThat(pod.path("securityContext").propertyNames())
                .containsExactlyInAnyOrder("runAsNonRoot", "runAsGroup", "seccompProfile");
    }

    @Test
    void nothingLeavesUnlessTokensAreCheckedAtTheirIssuer() {
        JsonNode closed = Chart.render(Chart.MINIMAL).only("NetworkPolicy").path("spec");
        assertThat(closed.path("policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
        assertThat(closed.path("egress")).isEmpty();
        JsonNode open = Chart.scenario("secured-ingress").only("NetworkPolicy").at("/spec/egress");
        assertThat(open.at("/0/ports").toString()).contains("53").contains("443");
        assertThat(open.at("/1/to/0/ipBlock/cidr").asString()).isEqualTo("10.20.0.0/16");
    }

    @Test
    void clientsAndMonitoringHaveTheirPorts() {
        JsonNode rules = Chart.scenario("production").only("NetworkPolicy").at("/spec/ingress");
        assertThat(rules).hasSize(2);
        assertThat(rules.at("/0/ports/0/port").asString()).isEqualTo("http");
        assertThat(rules.at("/0/from/0").toString()).contains("argmind.io/client");
        assertThat(rules.at("/1/ports/0/port").asString()).isEqualTo("management");
        assertThat(rules.at("/1/from")).hasSize(1);
        assertThat(rules.at("/1/from/0").toString()).contains("monitoring");
        JsonNode everyone =
                Chart.render(Chart.MINIMAL + "networkPolicy: {clients: []}")
                        .only("NetworkPolicy")
                        .at("/spec/ingress/0");
        assertThat(everyone.has("from")).isFalse();
    }

    @Test
    void keysAndCertificatesAreFilesAndNeverVariables() {
        Manifests manifests = Chart.render(Chart.EVERYTHING);
        JsonNode settings = Chart.settings(manifests);
        assertThat(settings.path("argmind.security.mode").asString()).isEqualTo("api-key");
        assertThat(settings.path("argmind.security.keys-file").asString())
                .isEqualTo("/etc/argmind/keys/keys");
        assertThat(settings.path("server.ssl.client-auth").asString()).isEqualTo("want");
        assertThat(settings.path("management.server.ssl.enabled").asBoolean(true)).isFalse();
        assertThat(manifests.container().path("env").toString()).doesNotContain("secretKeyRef");
    }

    @Test
    void tokensAreCheckedAsSaid() {
        JsonNode settings = Chart.settings(Chart.scenario("secured-ingress"));
        assertThat(settings.path("argmind.security.jwt.issuer").asString())
                .isEqualTo("https://login.example/realms/lab");
        assertThat(settings.path("argmind.security.jwt.audience").asString()).isEqualTo("argmind");
        assertThat(settings.path("argmind.security.jwt.tenant-claim").asString()).isEqualTo("azp");
        assertThat(settings.propertyNames())
                .doesNotContain("argmind.security.jwt.jwk-set-uri", "argmind.security.keys-file");
    }
}

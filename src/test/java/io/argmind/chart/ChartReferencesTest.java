package io.argmind.chart;

import static io.argmind.chart.Manifests.elements;
import static io.argmind.chart.Manifests.name;
import static io.argmind.chart.Manifests.selects;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What one object says of another is so. */
class ChartReferencesTest {
    private static final String SCENARIOS = "io.argmind.chart.Chart#scenarios";

    @ParameterizedTest
    @MethodSource(SCENARIOS)
    void selectorsFindTheServicesPodsAndNotTheTests(String scenario) {
        Manifests all = Chart.withTestPod(scenario);
        JsonNode pod = all.only("Deployment").at("/spec/template/metadata/labels");
        JsonNode test = all.only("Pod").at("/metadata/labels");
        List<JsonNode> selectors = new ArrayList<>();
        selectors.add(all.only("Deployment").at("/spec/selector/matchLabels"));
        all.ofKind("Service").forEach(s -> selectors.add(s.at("/spec/selector")));
        selectors.add(all.only("PodDisruptionBudget").at("/spec/selector/matchLabels"));
        selectors.add(all.only("NetworkPolicy").at("/spec/podSelector/matchLabels"));
        all.podSpec()
                .path("topologySpreadConstraints")
                .forEach(c -> selectors.add(c.at("/labelSelector/matchLabels")));
        assertThat(selectors).hasSize(7);
        for (JsonNode selector : selectors) {
            assertThat(selects(selector, pod)).as("%s", selector).isTrue();
            assertThat(selects(selector, test)).as("%s", selector).isFalse();
        }
        JsonNode mayCall = all.only("NetworkPolicy").at("/spec/ingress/0/from");
        assertThat(elements(mayCall).map(peer -> peer.at("/podSelector/matchLabels")))
                .anyMatch(selector -> selects(selector, test));
    }

    @ParameterizedTest
    @MethodSource(SCENARIOS)
    void portsExist(String scenario) {
        Manifests all = Chart.scenario(scenario);
        List<String> ports = names(all.container().path("ports"));
        assertThat(ports).containsExactly("http", "management");
        for (String probe : new String[] {"startupProbe", "livenessProbe", "readinessProbe"}) {
            JsonNode get = all.container().path(probe).path("httpGet");
            assertThat(ports).as(probe).contains(get.path("port").asString());
        }
        all.ofKind("Service")
                .flatMap(s -> elements(s.at("/spec/ports")))
                .forEach(port -> assertThat(ports).contains(port.path("targetPort").asString()));
        all.only("NetworkPolicy")
                .at("/spec/ingress")
                .forEach(rule -> assertThat(ports).contains(rule.at("/ports/0/port").asString()));
    }

    @Test
    void withClientCertificatesTheKubeletAsksTheManagementPort() {
        JsonNode own = Chart.scenario("secured-ingress").container();
        assertThat(own.at("/livenessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/actuator/health/liveness\",\"port\":\"management\"}");
        assertThat(own.at("/readinessProbe/httpGet/path").asString())
                .isEqualTo("/actuator/health/readiness");
        JsonNode main =
                Chart.render(Chart.MINIMAL + "tls: {enabled: true, existingSecret: a}").container();
        assertThat(main.at("/readinessProbe/httpGet").toString())
                .isEqualTo("{\"path\":\"/readyz\",\"port\":\"http\",\"scheme\":\"HTTPS\"}");
    }

    @Test
    void routesLeadToTheService() {
        Manifests all = Chart.render(Chart.EVERYTHING + "service: {port: 9000}\n");
        JsonNode service = all.ofKind("Service").findFirst().orElseThrow();
        JsonNode backend = all.only("Ingress").at("/spec/rules/0/http/paths/0/backend/service");
        assertThat(backend.path("name").asString()).isEqualTo(name(service));
        assertThat(names(service.at("/spec/ports"))).contains(backend.at("/port/name").asString());
        JsonNode route = all.only("HTTPRoute").at("/spec/rules/0/backendRefs/0");
        assertThat(route.path("name").asString()).isEqualTo(name(service));
        assertThat(route.path("port").asInt()).isEqualTo(9000);
        JsonNode target = all.only("HorizontalPodAutoscaler").at("/spec/scaleTargetRef");
        assertThat(target.path("name").asString()).isEqualTo(name(all.only("Deployment")));
    }

    @Test
    void theMonitorFindsTheManagementPortOnce() {
        Manifests all = Chart.scenario("production");
        JsonNode monitor = all.only("ServiceMonitor").path("spec");
        List<JsonNode> found =
                all.ofKind("Service")
                        .filter(s ->
                                selects(
                                        monitor.at("/selector/matchLabels"),
                                        s.at("/metadata/labels")))
                        .toList();
        assertThat(found).hasSize(1);
        assertThat(names(found.getFirst().at("/spec/ports")))
                .contains(monitor.at("/endpoints/0/port").asString());
        String service = "service=\"" + name(found.getFirst()) + "\"";
        assertThat(all.only("PrometheusRule").at("/spec/groups/0/rules"))
                .allMatch(rule -> rule.path("expr").asString().contains(service));
    }

    @ParameterizedTest
    @MethodSource(SCENARIOS)
    void whatIsMountedExistsAndSecretsAreThoseOfTheValues(String scenario) {
        Manifests all = Chart.scenario(scenario);
        JsonNode values = Chart.tree(Chart.valuesOf(scenario));
        List<String> volumes = names(all.podSpec().path("volumes"));
        assertThat(names(all.container().path("volumeMounts")))
                .containsExactlyInAnyOrderElementsOf(volumes);
        List<String> secrets = new ArrayList<>();
        for (JsonNode volume : all.podSpec().path("volumes")) {
            if (volume.has("secret")) {
                secrets.add(volume.at("/secret/secretName").asString());
            }
        }
        List<String> declared = new ArrayList<>();
        for (String where : new String[] {"/auth/existingSecret", "/tls/existingSecret"}) {
            if (!values.at(where).isMissingNode()) {
                declared.add(values.at(where).asString());
            }
        }
        assertThat(secrets).containsExactlyElementsOf(declared);
        assertThat(all.ofKind("Secret")).isEmpty();
        assertThat(names(all.podSpec().path("imagePullSecrets")))
                .containsExactlyElementsOf(names(values.path("imagePullSecrets")));
        String account = all.podSpec().path("serviceAccountName").asString();
        assertThat(account)
                .isIn(
                        values.at("/serviceAccount/name").asString(""),
                        all.ofKind("ServiceAccount").findFirst().map(Manifests::name).orElse(""));
    }

    private static List<String> names(JsonNode list) {
        return elements(list).map(one -> one.path("name").asString()).toList();
    }
}

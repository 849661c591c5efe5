package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever is switched on, every object is one that Kubernetes knows. */
class ChartTypesTest {
    private static final List<String> AUTH =
            List.of(
                    "{mode: none}",
                    "{mode: api-key, existingSecret: keys}",
                    "{mode: jwt, jwt: {issuer: 'https://a.example', audience: argmind}}");
    private static final List<String> TLS =
            List.of("{}", "{enabled: true, existingSecret: certificate, clientAuth: need}");
    private static final List<String> SCALING =
            List.of(
                    "{}",
                    "{enabled: true}",
                    "{enabled: true, cpuPercent: null, queue: {enabled: true}}");
    private static final List<String> FRONT =
            List.of(
                    "",
                    "ingress: {enabled: true, hosts: [{host: a.example, path: /solver}]}\n",
                    "httpRoute: {enabled: true, parentRefs: [{name: a}], hostnames: [a.example]}\n");
    private static final List<String> REST =
            List.of(
                    "",
                    "networkPolicy: {enabled: false}\npodDisruptionBudget: {enabled: false}\nserviceAccount: {create: false}\n",
                    "metrics: {serviceMonitor: {enabled: true}, dashboard: {enabled: true}, alerts: {enabled: true}}\n");

    static Stream<String> combinations() {
        List<String> all = new ArrayList<>();
        for (String auth : AUTH) {
            for (String tls : TLS) {
                for (String scaling : SCALING) {
                    for (String front : FRONT) {
                        for (String rest : REST) {
                            all.add(
                                    "auth: "
                                            + auth
                                            + "\ntls: "
                                            + tls
                                            + "\nautoscaling: "
                                            + scaling
                                            + "\n"
                                            + front
                                            + rest);
                        }
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void everyCombinationIsOfKnownTypes(String values) {
        Manifests manifests = Chart.render(values);
        manifests.all().forEach(KubernetesTypes::require);
        assertThat(manifests.all().stream().map(o -> Manifests.kind(o) + Manifests.name(o)))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("io.argmind.chart.Chart#scenarios")
    void everyScenarioIsOfKnownTypes(String scenario) {
        Chart.withTestPod(scenario).all().forEach(KubernetesTypes::require);
    }

    /** The check itself can fail, for each of the types. */
    @ParameterizedTest
    @CsvSource({
        "Deployment, /spec/template/spec/containers/0/livenessProbe",
        "Service, /spec/ports/0",
        "HorizontalPodAutoscaler, /spec/metrics/0",
        "PodDisruptionBudget, /spec",
        "NetworkPolicy, /spec/ingress/0",
        "Ingress, /spec/rules/0",
        "ServiceMonitor, /spec/endpoints/0",
        "PrometheusRule, /spec/groups/0/rules/0",
        "HTTPRoute, /spec/rules/0",
    })
    void anUnknownFieldIsFound(String kind, String where) {
        JsonNode object = Chart.render(Chart.EVERYTHING).ofKind(kind).findFirst().orElseThrow();
        KubernetesTypes.require(object);
        ((ObjectNode) object.at(where)).put("periodSecond", 1);
        assertThatThrownBy(() -> KubernetesTypes.require(object))
                .hasStackTraceContaining("periodSecond");
    }

    @Test
    void aMissingRequiredFieldIsFound() {
        JsonNode object = Chart.render(Chart.MINIMAL).only("Deployment");
        ((ObjectNode) object.path("spec")).remove("selector");
        assertThatThrownBy(() -> KubernetesTypes.require(object))
                .hasStackTraceContaining("selector");
    }
}

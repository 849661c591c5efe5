package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the chart refuses, and how it says so. */
class ChartSchemaTest {
    private static final JsonNode SCHEMA = Chart.tree(Chart.FOLDER.resolve("values.schema.json"));

    @Test
    void strictLintFindsNothing() {
        LintResult result =
                new Helm(Chart.copy("values.yaml", t -> t.replace("mode: \"\"", "mode: none")))
                        .lint()
                        .strict()
                        .call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages())
                .noneMatch(m -> m.contains("WARNING") || m.contains("ERROR"));
    }

    @Test
    void whoMayCallMustBeSaid() {
        assertThatThrownBy(() -> Chart.render("{}")).hasMessageContaining("/auth/mode");
        assertThatThrownBy(() -> Chart.render("auth: {mode: off}"))
                .hasMessageContaining("/auth/mode")
                .hasMessageContaining("api-key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    replicaCount: 2                                          | replicaCount
                    replicas: 0                                              | /replicas
                    replicas: '2'                                            | /replicas
                    image: {repository: ''}                                  | /image/repository
                    image: {repository: a, digest: 0f3c}                     | /image/digest
                    image: {repository: a, pullPolicy: Sometimes}            | /image/pullPolicy
                    imagePullSecrets: [registry]                             | /imagePullSecrets/0
                    fullnameOverride: Upper                                  | /fullnameOverride
                    resources: {limits: {cpus: 2}}                           | cpus
                    resources: {limits: {cpu: 0}}                            | /resources/limits/cpu
                    resources: {limits: {cpu: two}}                          | /resources/limits/cpu
                    resources: {limits: {memory: 4GB}}                       | /resources/limits/memory
                    resources: {limits: {memory: null}}                      | memory
                    resources: {requests: {cpu: null}}                       | cpu
                    jvm: {heapPercent: 95}                                   | /jvm/heapPercent
                    jvm: {extraOptions: ['-Xss1m -Xint']}                    | /jvm/extraOptions/0
                    config: {threads: 2}                                     | threads
                    config: {solverThreads: -1}                              | /config/solverThreads
                    config: {limits: {body: 64}}                             | /config/limits/body
                    config: {limits: {body: 64Mi}}                           | /config/limits/body
                    config: {limits: {bodySize: 64MB}}                       | bodySize
                    config: {limits: {maxWait: 10}}                          | /config/limits/maxWait
                    config: {limits: {instances: 0}}                         | /config/limits/instances
                    config: {retained: {age: soon}}                          | /config/retained/age
                    config: {ui: 'no'}                                       | /config/ui
                    config: {corsOrigins: ['lab.example']}                   | /config/corsOrigins/0
                    config: {tenants: {a: {quota: 1}}}                       | quota
                    config: {tenants: {a: {weight: 0}}}                      | /config/tenants/a/weight
                    shutdown: {drainSeconds: 10s}                            | /shutdown/drainSeconds
                    shutdown: {inFlightSeconds: 0}                           | /shutdown/inFlightSeconds
                    auth: {mode: api-key}                                    | /auth/existingSecret
                    auth: {mode: jwt}                                        | /auth/jwt
                    auth: {mode: jwt, jwt: {issuer: 'https://a.example'}}    | /auth/jwt/audience
                    auth: {mode: jwt, jwt: {issuer: a.example}}              | /auth/jwt/issuer
                    auth: {mode: none, password: secret}                     | password
                    tls: {enabled: true}                                     | /tls/existingSecret
                    tls: {clientAuth: always}                                | /tls/clientAuth
                    service: {port: 70000}                                   | /service/port
                    service: {type: ExternalName}                            | /service/type
                    service: {annotations: {a: 1}}                           | /service/annotations/a
                    ingress: {enabled: true}                                 | /ingress/hosts
                    ingress: {hosts: [{host: a, path: solve}]}               | /ingress/hosts/0/path
                    httpRoute: {enabled: true}                               | /httpRoute/parentRefs
                    httpRoute: {requestTimeout: long}                        | /httpRoute/requestTimeout
                    autoscaling: {cpuPercent: 0}                             | /autoscaling/cpuPercent
                    autoscaling: {enabled: true, cpuPercent: null}           | /autoscaling
                    autoscaling: {enabled: true, maxReplicas: 1}             | autoscaling.maxReplicas (1)
                    podDisruptionBudget: {maxUnavailable: 0}                 | /podDisruptionBudget/maxUnavailable
                    podDisruptionBudget: {maxUnavailable: 0%}                | /podDisruptionBudget/maxUnavailable
                    podDisruptionBudget: {minAvailable: 2}                   | minAvailable
                    networkPolicy: {clients: [{}]}                           | /networkPolicy/clients/0
                    networkPolicy: {clients: [{namespace: a}]}               | namespace
                    networkPolicy: {extraEgress: [{port: 1}]}                | port
                    serviceAccount: {automount: true}                        | automount
                    metrics: {alerts: {rejectedPercent: 0}}                  | /metrics/alerts/rejectedPercent
                    metrics: {alerts: {memoryPercent: 120}}                  | /metrics/alerts/memoryPercent
                    metrics: {serviceMonitor: {interval: 30}}                | /metrics/serviceMonitor/interval
                    topologySpreadConstraints: [{maxSkew: 1}]                | topologyKey
                    podSecurity: {runAsUser: 0}                              | /podSecurity/runAsUser
                    podSecurity: {privileged: true}                          | privileged
                    tmpSize: big                                             | /tmpSize
                    podLabels: {app.kubernetes.io/name: other}               | app.kubernetes.io/name
                    commonLabels: {a: 'no spaces'}                           | /commonLabels/a
                    affinity: {nodes: {}}                                    | nodes
                    tolerations: [{effect: Never}]                           | /tolerations/0/effect
                    extraEnv: [{name: A}]                                    | /extraEnv/0
                    extraEnv: [{name: A, value: 1}]                          | /extraEnv/0/value
                    extraEnv: [{name: JAVA_TOOL_OPTIONS, value: '-Xint'}]    | /extraEnv/0/name
                    extraEnv: [{name: A, valueFrom: {}}]                     | /extraEnv/0/valueFrom
                    extraArgs: ['']                                          | /extraArgs/0
                    """)
    void aBadValueIsNamed(String values, String named) {
        String all = values.startsWith("auth:") ? values : Chart.MINIMAL + values;
        assertThatThrownBy(() -> Chart.render(all)).hasMessageContaining(named);
    }

    /**
     * Every object lists its keys, or says of which form all of them are, or is Kubernetes' own.
     */
    @Test
    void noObjectIsOpen() {
        List<String> open = new ArrayList<>();
        int objects = collectOpen(SCHEMA, "", open);
        assertThat(objects).isGreaterThan(40);
        assertThat(open)
                .containsExactlyInAnyOrder(
                        "/properties/global",
                        "/properties/affinity/properties/nodeAffinity",
                        "/properties/affinity/properties/podAffinity",
                        "/properties/affinity/properties/podAntiAffinity");
    }

    private static int collectOpen(JsonNode node, String path, List<String> open) {
        int objects = 0;
        if (node.path("type").asString("").equals("object")) {
            objects++;
            JsonNode rest = node.path("additionalProperties");
            if (!rest.isObject() && !(rest.isBoolean() && !rest.asBoolean())) {
                open.add(path);
            }
        }
        for (var child : node.properties()) {
            objects += collectOpen(child.getValue(), path + "/" + child.getKey(), open);
        }
        for (JsonNode element : node.isArray() ? node : List.<JsonNode>of()) {
            objects += collectOpen(element, path + "/-", open);
        }
        return objects;
    }

    /** Each value has a place in the schema, and the other way round. */
    @Test
    void schemaAndValuesHaveTheSameKeys() {
        assertThat(keys(SCHEMA.path("properties"), "", true))
                .containsExactlyInAnyOrderElementsOf(
                        keys(Chart.tree(Chart.FOLDER.resolve("values.yaml")), "", false));
    }

    private static List<String> keys(JsonNode node, String path, boolean schema) {
        List<String> keys = new ArrayList<>();
        for (var child : node.properties()) {
            String key = path + "/" + child.getKey();
            boolean isLeaf = path.isEmpty() && List.of("/global", "/affinity").contains(key);
            if (!key.equals("/global")) {
                keys.add(key);
                JsonNode below = child.getValue();
                if (schema
                        && below.has("$ref")
                        && below.path("$ref").asString().endsWith("/kept")) {
                    below = SCHEMA.at("/definitions/kept");
                }
                boolean isResources = key.startsWith("/resources/");
                keys.addAll(
                        isLeaf || isResources || isFree(key)
                                ? List.of()
                                : keys(schema ? below.path("properties") : below, key, schema));
            }
        }
        return keys;
    }

    /** Maps of the user's own keys. */
    private static boolean isFree(String key) {
        return key.endsWith("/labels") || key.endsWith("/tenants");
    }
}

package io.argmind.chart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads an object strictly into the type that its API server has for it: a field that the type does
 * not have, a wrong type or a missing required field is an exception.
 */
final class KubernetesTypes {
    /** A check that throws. */
    private interface Check {
        void of(String json) throws IOException;
    }

    private static final ObjectMapper STRICT =
            new ObjectMapper()
                    .setAnnotationIntrospector(new WithoutAnySetters())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final Map<String, Check> TYPES =
            Map.ofEntries(
                    type("apps/v1 Deployment", V1Deployment::validateJsonElement),
                    type("v1 Service", V1Service::validateJsonElement),
                    type("v1 ServiceAccount", V1ServiceAccount::validateJsonElement),
                    type("v1 ConfigMap", V1ConfigMap::validateJsonElement),
                    type("v1 Pod", V1Pod::validateJsonElement),
                    type(
                            "autoscaling/v2 HorizontalPodAutoscaler",
                            V2HorizontalPodAutoscaler::validateJsonElement),
                    type(
                            "policy/v1 PodDisruptionBudget",
                            V1PodDisruptionBudget::validateJsonElement),
                    type(
                            "networking.k8s.io/v1 NetworkPolicy",
                            V1NetworkPolicy::validateJsonElement),
                    type("networking.k8s.io/v1 Ingress", V1Ingress::validateJsonElement),
                    custom(
                            "monitoring.coreos.com/v1 ServiceMonitor",
                            io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor.class),
                    custom(
                            "monitoring.coreos.com/v1 PrometheusRule",
                            io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule.class),
                    custom(
                            "gateway.networking.k8s.io/v1 HTTPRoute",
                            io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute.class));

    private KubernetesTypes() {}

    /** The generated validators of the official client. */
    private interface Validator {
        void validate(JsonElement json) throws IOException;
    }

    /** fabric8's types keep unknown fields in a map instead of refusing them, unless told so. */
    private static final class WithoutAnySetters extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated a) {
            return false;
        }
    }

    private static Map.Entry<String, Check> type(String name, Validator validator) {
        return Map.entry(name, json -> validator.validate(JsonParser.parseString(json)));
    }

    private static Map.Entry<String, Check> custom(String name, Class<?> type) {
        return Map.entry(name, json -> STRICT.readValue(json, type));
    }

    /**
     * Checks an object.
     *
     * @throws RuntimeException saying what is wrong
     */
    static void require(JsonNode object) {
        String type = object.path("apiVersion").asString() + " " + Manifests.kind(object);
        Check check = TYPES.get(type);
        if (check == null) {
            throw new IllegalArgumentException("no type to check against: " + type);
        }
        try {
            check.of(object.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(type, e);
        }
    }
}

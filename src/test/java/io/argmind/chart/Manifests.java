package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Rendered objects.
 *
 * @param all in the order of Helm
 */
record Manifests(List<JsonNode> all) {
    Stream<JsonNode> ofKind(String kind) {
        return all.stream().filter(object -> kind(object).equals(kind));
    }

    /** The only object of a kind. */
    JsonNode only(String kind) {
        List<JsonNode> found = ofKind(kind).toList();
        assertThat(found).as(kind).hasSize(1);
        return found.getFirst();
    }

    static String kind(JsonNode object) {
        return object.path("kind").asString();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asString();
    }

    JsonNode podSpec() {
        return only("Deployment").at("/spec/template/spec");
    }

    /** Specs of the service's pods and of the test's. */
    Stream<JsonNode> podSpecs() {
        return Stream.concat(Stream.of(podSpec()), ofKind("Pod").map(pod -> pod.path("spec")));
    }

    JsonNode container() {
        return podSpec().at("/containers/0");
    }

    /** The value of an environment variable of the service. */
    String environment(String name) {
        return elements(container().path("env"))
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow()
                .path("value")
                .asString();
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Whether pods with these labels are selected by a map of labels, which must not be empty. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        return !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(one -> one.getValue().equals(labels.path(one.getKey())));
    }
}

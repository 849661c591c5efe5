package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.argmind.rest.Http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** openapi.yaml: its examples, and whether an answer is what it promises. */
final class Contract {
    private static final String ADDRESS = "https://argmind.io/openapi";
    private static final String JSON_BODY = "/content/application~1json";
    private static final JsonNode DOCUMENT = document();
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(
                    Dialects.getDraft202012(),
                    b -> b.schemas(Map.of(ADDRESS, DOCUMENT.toString())));

    /** Not determined by mathematics; the examples only illustrate them. */
    private static final Set<String> ILLUSTRATIVE =
            Set.of(
                    "id",
                    "solver",
                    "reason",
                    "iterations",
                    "residuals",
                    "noise",
                    "details",
                    "solve_seconds");

    private static final double TOLERANCE = 1e-6;

    private Contract() {}

    /** A request with the answer of the same name. */
    record Example(String path, String method, String name, JsonNode request, JsonNode response) {
        @Override
        public String toString() {
            return method + " " + path + " " + name;
        }
    }

    /** The file, byte for byte. */
    static byte[] file() {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode document() {
        Object yaml =
                new Yaml(new SafeConstructor(new LoaderOptions()))
                        .load(new String(file(), StandardCharsets.UTF_8));
        return JsonMapper.builder().build().valueToTree(yaml);
    }

    static JsonNode at(String pointer) {
        return DOCUMENT.at(pointer);
    }

    private static String operation(String method, String path) {
        return "/paths/" + path.replace("/", "~1") + "/" + method.toLowerCase(Locale.ROOT);
    }

    /**
     * All examples of requests, in the file's order: problems are registered before they are used.
     */
    static List<Example> examples() {
        List<Example> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : at("/paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                JsonNode requests =
                        operation.getValue().at("/requestBody" + JSON_BODY + "/examples");
                JsonNode answers =
                        operation.getValue().at("/responses/200" + JSON_BODY + "/examples");
                for (Map.Entry<String, JsonNode> example : requests.properties()) {
                    all.add(
                            new Example(
                                    path.getKey(),
                                    operation.getKey().toUpperCase(Locale.ROOT),
                                    example.getKey(),
                                    example.getValue().path("value"),
                                    answers.path(example.getKey()).path("value")));
                }
            }
        }
        return all;
    }

    /** Requires that both sides of an example conform to their own schemas. */
    static void requireValid(Example example) {
        String operation = operation(example.method(), example.path());
        requireValid(operation + "/requestBody" + JSON_BODY + "/schema", example.request());
        requireValid(operation + "/responses/200" + JSON_BODY + "/schema", example.response());
    }

    /** Requires that the answer is documented for the operation, and conforms to its schema. */
    static void requireConforming(String method, String path, Reply reply) {
        String response = operation(method, path) + "/responses/" + reply.status();
        if (at(response).isMissingNode()) {
            assertThat(reply.status()).as("%s %s: undocumented", method, path).isIn(404, 405);
            response = "/components/responses/OtherError";
        }
        if (at(response).has("$ref")) {
            response = at(response).path("$ref").asString().substring(1);
        }
        requireHeaders(response, reply);
        String media = response + "/content/" + reply.mediaType().replace("/", "~1");
        assertThat(at(media).isMissingNode())
                .as("%s %s: undocumented media type %s", method, path, reply.mediaType())
                .isFalse();
        if (!reply.mediaType().equals("application/yaml")) {
            requireValid(media + "/schema", reply.json());
        }
    }

    private static void requireHeaders(String response, Reply reply) {
        for (Map.Entry<String, JsonNode> header : at(response + "/headers").properties()) {
            JsonNode target = at(header.getValue().path("$ref").asString().substring(1));
            if (target.path("required").asBoolean(false)
                    || header.getKey().equals("X-Request-Id")) {
                assertThat(reply.header(header.getKey())).as(header.getKey()).isNotEmpty();
            }
        }
    }

    /** Requires that a document conforms to the schema at a place in the contract. */
    static void requireValid(String pointer, JsonNode document) {
        List<Error> errors =
                SCHEMAS.getSchema(SchemaLocation.of(ADDRESS + "#" + pointer)).validate(document);
        assertThat(errors).as("%s against %s", document, pointer).isEmpty();
    }

    /** Requires the same fields, and the same values wherever mathematics determines them. */
    static void requireSame(String where, JsonNode expected, JsonNode actual) {
        if (expected.isObject()) {
            assertThat(actual.propertyNames())
                    .as(where)
                    .containsExactlyInAnyOrderElementsOf(expected.propertyNames());
            for (String name : expected.propertyNames()) {
                if (!ILLUSTRATIVE.contains(name)) {
                    requireSame(where + "/" + name, expected.path(name), actual.path(name));
                }
            }
        } else if (expected.isArray() && !(actual.isNull() && hasOnlyNulls(expected))) {
            assertThat(actual.isArray()).as("%s is %s", where, actual).isTrue();
            assertThat(actual.size()).as(where).isEqualTo(expected.size());
            for (int k = 0; k < expected.size(); k++) {
                requireSame(where + "/" + k, expected.get(k), actual.get(k));
            }
        } else if (expected.isNumber()) {
            assertThat(actual.isNumber()).as("%s is %s", where, actual).isTrue();
            double error = Math.abs(actual.asDouble() - expected.asDouble());
            assertThat(error)
                    .as("%s: expected %s, got %s", where, expected, actual)
                    .isLessThanOrEqualTo(TOLERANCE * (1 + Math.abs(expected.asDouble())));
        } else if (!expected.isArray()
                && !(expected.isNull() && actual.isArray() && actual.isEmpty())) {
            // an array without entries cannot say in CBOR that it is missing
            assertThat(actual).as(where).isEqualTo(expected);
        }
    }

    /** In CBOR the same as null, which is a vector of NaN. */
    private static boolean hasOnlyNulls(JsonNode array) {
        for (JsonNode item : array) {
            if (!item.isNull()) {
                return false;
            }
        }
        return true;
    }
}

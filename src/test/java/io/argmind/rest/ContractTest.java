package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Contract.Example;
import io.argmind.rest.Http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The contract is true: every example of it is executed, and every answer is held against its
 * schema.
 */
class ContractTest {
    private static final Http HTTP = Service.shared().http();

    static List<Arguments> examples() {
        List<Arguments> all = new ArrayList<>();
        for (Example example : Contract.examples()) {
            all.add(Arguments.of(example, Http.JSON, Http.JSON));
            all.add(Arguments.of(example, Http.CBOR, Http.CBOR));
            all.add(Arguments.of(example, Http.JSON, Http.CBOR));
            all.add(Arguments.of(example, Http.CBOR, Http.JSON));
        }
        return all;
    }

    private static List<Example> registrations() {
        return Contract.examples().stream().filter(e -> e.path().equals("/problems")).toList();
    }

    @BeforeAll
    static void registerTheBase() {
        for (Example example : registrations()) {
            HTTP.exchange("PUT", example.path(), example.request(), Http.JSON, Http.JSON);
        }
    }

    @ParameterizedTest(name = "{0}, {1} in, {2} out")
    @MethodSource("examples")
    void everyExampleIsAnsweredAsTheContractSays(Example example, String sent, String accepted) {
        Contract.requireValid(example);

        Reply reply =
                HTTP.exchange(example.method(), example.path(), example.request(), sent, accepted);

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.mediaType()).isEqualTo(accepted);
        Contract.requireConforming(example.method(), example.path(), reply);
        Contract.requireSame(example.name(), example.response(), reply.json());
    }

    @Test
    void idsOfRegisteredProblemsAreThoseOfTheContract() {
        for (Example example : registrations()) {
            Reply reply =
                    HTTP.exchange("PUT", "/problems", example.request(), Http.CBOR, Http.CBOR);
            assertThat(reply.json().path("id")).isEqualTo(example.response().path("id"));
        }
    }

    @Test
    void everyRequestExampleHasItsAnswer() {
        assertThat(Contract.examples()).hasSizeGreaterThan(25);
        for (Example example : Contract.examples()) {
            assertThat(example.response().isMissingNode()).as(example.toString()).isFalse();
        }
    }

    @Test
    void theServedContractIsTheFile() {
        Reply reply = HTTP.get("/openapi.yaml");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(Contract.file());
        Contract.requireConforming("GET", "/openapi.yaml", reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz"})
    void probes(String path) {
        Reply reply = HTTP.get(path);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().path("status").asString()).isEqualTo("UP");
        Contract.requireConforming("GET", path, reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {Http.JSON, Http.CBOR})
    void solversAreThoseOfTheExample(String accepted) {
        Reply reply = HTTP.send(HTTP.request("/solvers").header("Accept", accepted).GET());
        Contract.requireConforming("GET", "/solvers", reply);
        JsonNode example =
                Contract.at(
                        "/paths/~1solvers/get/responses/200/content/application~1json/examples/solvers/value");
        assertThat(names(reply.json()))
                .filteredOn(name -> !name.equals("test") && !name.equals("enumeration"))
                .containsExactlyInAnyOrderElementsOf(names(example));
        for (JsonNode solver : reply.json().path("solvers")) {
            JsonNode classes = solver.path("classes");
            assertThat(classes).as(solver.toString()).containsAll(solver.path("time_limit"));
            assertThat(classes).as(solver.toString()).containsAll(solver.path("auto"));
        }
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.path("solvers").forEach(solver -> names.add(solver.path("name").asString()));
        return names;
    }

    /** The examples of errors have the titles of the service, and there is one of each. */
    @Test
    void examplesOfErrorsConform() {
        int count = 0;
        for (Map.Entry<String, JsonNode> response :
                Contract.at("/components/responses").properties()) {
            JsonNode content = response.getValue().path("content");
            for (JsonNode example : content.path("application/problem+json").path("examples")) {
                JsonNode value = example.path("value");
                Contract.requireValid("/components/schemas/ProblemDetail", value);
                ErrorCode code = codeOf(value);
                assertThat(value.path("title").asString()).isEqualTo(code.title());
                assertThat(value.path("status").asInt()).isEqualTo(code.status().value());
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(ErrorCode.values().length);
        assertThat(Contract.at("/components/schemas/ProblemDetail/properties/type/enum"))
                .hasSize(ErrorCode.values().length);
    }

    private static ErrorCode codeOf(JsonNode problem) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.type().equals(problem.path("type").asString())) {
                return code;
            }
        }
        throw new AssertionError("unknown type in " + problem);
    }
}

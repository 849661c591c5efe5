package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.rest.Http.Reply;
import io.argmind.testkit.Draw;
import io.argmind.testkit.EnumerationOracle;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every kind from a request to its answers and back, in JSON and CBOR. */
class CombinatorialTest {
    private static final Http HTTP = Service.shared().http();
    private static final String[] TYPES = {Http.JSON, Http.CBOR};
    private static final String RING =
            "'edges': [[0, 1], [1, 2], [2, 3], [3, 0], [0, 2], [1, 3]], 'nodes': 4";

    /** A kind: what makes its set, and the shape of its costs. */
    record Sample(String set, int... shape) {
        int length() {
            return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }

        String costs(double[] values) {
            return shape.length == 1 ? row(values) : rows(values, shape[1]);
        }

        String problem(String costs) {
            return "{" + set + ", 'cost': " + costs + "}";
        }
    }

    static Stream<Sample> samples() {
        return Stream.of(
                new Sample("'type': 'shortest-path', 'source': 0, 'target': 2, " + RING, 6),
                new Sample(
                        "'type': 'shortest-path', 'source': 3, 'target': 1, 'directed': false, "
                                + RING,
                        6),
                new Sample("'type': 'grid-shortest-path'", 3, 3),
                new Sample("'type': 'grid-shortest-path', 'neighbourhood': 4", 2, 4),
                new Sample("'type': 'assignment'", 3, 3),
                new Sample("'type': 'assignment'", 2, 4),
                new Sample("'type': 'matching', " + RING, 6),
                new Sample(
                        "'type': 'min-cost-flow', 'capacity': [2, 1, 2, 0, 1, 3], 'supply': [2, 0, 0, -2], "
                                + RING,
                        6),
                new Sample("'type': 'spanning-tree', " + RING, 6),
                new Sample("'type': 'tsp'", 4, 4),
                new Sample(
                        "'type': 'knapsack', 'weights': [[2, 3, 1, 2.5, 4], [1, 1, 1, 1, 1]], 'capacities': [6, 3]",
                        5),
                new Sample("'type': 'top-k', 'k': 2", 5),
                new Sample("'type': 'ranking'", 4));
    }

    private static String row(double[] values) {
        return Arrays.toString(values);
    }

    private static String rows(double[] values, int width) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < values.length; i += width) {
            rows.add(row(Arrays.copyOfRange(values, i, i + width)));
        }
        return rows.toString();
    }

    /** Costs of so many instances, nested as the kind's are; not negative where paths need it. */
    private static String batch(Sample sample, int size, long seed) {
        Draw draw = new Draw(seed);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(sample.costs(costs(sample, draw)));
        }
        return all.toString();
    }

    private static double[] costs(Sample sample, Draw draw) {
        double[] values = draw.gaussians(sample.length());
        boolean path = sample.set.contains("path");
        double sign = sample.set.contains("knapsack") ? -1 : 1;
        return Arrays.stream(values).map(v -> path || sign < 0 ? sign * Math.abs(v) : v).toArray();
    }

    private static JsonNode post(String path, String body, String type) {
        Reply reply = HTTP.exchange("POST", path, Http.quoted(body), type, type);
        assertThat(reply.status()).as("%s: %s", body, reply.text()).isEqualTo(200);
        Contract.requireConforming("POST", path, reply);
        return reply.json();
    }

    private static JsonNode solve(String problem, String more, String type) {
        return post("/solve", "{'problem': " + problem + more + "}", type);
    }

    private static List<Double> numbers(JsonNode node) {
        List<Double> all = new ArrayList<>();
        collect(node, all);
        return all;
    }

    private static void collect(JsonNode node, List<Double> all) {
        if (node.isArray()) {
            node.forEach(item -> collect(item, all));
        } else {
            all.add(node.asDouble());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void agreesWithEnumeration(Sample sample) {
        String problem = sample.problem(batch(sample, 20, sample.length()));
        for (String type : TYPES) {
            JsonNode auto = solve(problem, "", type);
            JsonNode tried = solve(problem, ", 'solver': '" + EnumerationOracle.NAME + "'", type);
            assertThat(auto.path("solver").asString()).isEqualTo("graph");
            assertThat(auto.path("status").toString()).doesNotContain("infeasible", "error");
            assertThat(auto.path("x")).isEqualTo(tried.path("x"));
            List<Double> expected = numbers(tried.path("objective"));
            List<Double> objective = numbers(auto.path("objective"));
            for (int i = 0; i < 20; i++) {
                assertThat(objective.get(i)).isEqualTo(expected.get(i), within(1e-12));
            }
            assertThat(numbers(auto.at("/residuals/primal"))).containsOnly(0.0);
        }
    }

    /** Without a batch axis the answers have none; the gradient has the shape of the costs. */
    @ParameterizedTest
    @MethodSource("samples")
    void oneInstanceIsThatOfABatch(Sample sample) {
        double[] cost = costs(sample, new Draw(5));
        String g = sample.costs(new Draw(6).gaussians(sample.length()));
        for (String type : TYPES) {
            String one = sample.problem(sample.costs(cost));
            String many = sample.problem("[" + sample.costs(cost) + "]");
            JsonNode alone = solve(one, "", type);
            JsonNode first = solve(many, "", type);
            assertThat(alone.path("x")).isEqualTo(first.path("x").path(0));
            assertThat(alone.path("objective")).isEqualTo(first.path("objective").path(0));
            for (String method : List.of("'tau': 2", "'method': 'imle', 'tau': 1, 'samples': 3")) {
                String rest = ", 'gradient': {'x': " + g + ", 'objective': 0.5}, " + method + "}";
                String rests =
                        ", 'gradient': {'x': [" + g + "], 'objective': [0.5]}, " + method + "}";
                JsonNode back =
                        post("/lpgd-backward", "{'solve': " + reference(one, alone) + rest, type);
                JsonNode byId =
                        post(
                                "/lpgd-backward",
                                "{'solve': {'id': " + first.path("id") + "}" + rests,
                                type);
                assertThat(back.at("/gradients/cost")).isEqualTo(byId.at("/gradients/cost/0"));
                assertThat(back.path("status").asString()).isEqualTo("ok");
                assertThat(shape(back.at("/gradients/cost"))).containsExactly(sample.shape);
            }
        }
    }

    private static String reference(String problem, JsonNode answer) {
        return "{'problem': "
                + problem
                + ", 'solution': {'x': "
                + answer.path("x")
                + ", 'objective': "
                + answer.path("objective")
                + "}}";
    }

    private static int[] shape(JsonNode node) {
        List<Integer> shape = new ArrayList<>();
        for (JsonNode at = node; at.isArray(); at = at.path(0)) {
            shape.add(at.size());
        }
        return shape.stream().mapToInt(i -> i).toArray();
    }

    /** Registered without costs; later requests bring them. */
    @ParameterizedTest
    @MethodSource("samples")
    void registered(Sample sample) {
        String costs = batch(sample, 3, 9);
        for (String type : TYPES) {
            Reply put =
                    HTTP.exchange(
                            "PUT", "/problems", Http.quoted("{" + sample.set + "}"), type, type);
            assertThat(put.status()).as(put.text()).isEqualTo(200);
            String id = put.json().path("id").toString();
            JsonNode over = solve("{'base': " + id + ", 'cost': " + costs + "}", "", type);
            JsonNode whole = solve(sample.problem(costs), "", type);
            assertThat(over.path("x")).isEqualTo(whole.path("x"));
            String back =
                    "{'solve': {'problem': {'base': "
                            + id
                            + ", 'cost': "
                            + costs
                            + "}, 'solution': {'x': "
                            + over.path("x")
                            + "}}, 'gradient': {'objective': [1, 2, 3]}}";
            JsonNode gradient = post("/lpgd-backward", back, type).at("/gradients/cost");
            for (int i = 0; i < 3; i++) {
                List<Double> x = numbers(over.path("x").path(i));
                List<Double> dc = numbers(gradient.path(i));
                for (int j = 0; j < x.size(); j++) {
                    assertThat(dc.get(j)).isEqualTo((i + 1) * x.get(j));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void emptyBatches(Sample sample) {
        for (String type : TYPES) {
            JsonNode answer = solve(sample.problem("[]"), "", type);
            for (String name : new String[] {"status", "x", "objective", "iterations"}) {
                assertThat(answer.path(name)).as("%s %s", type, name).isEqualTo(Http.parse("[]"));
            }
            String request =
                    "{'solve': {'id': "
                            + answer.path("id")
                            + "}, 'gradient': {'x': []}, 'tau': []}";
            JsonNode backward = post("/lpgd-backward", request, type);
            assertThat(backward.at("/gradients/cost")).isEqualTo(Http.parse("[]"));
        }
    }

    /** Float32 in, float32 out; the numbers are the same here. */
    @ParameterizedTest
    @MethodSource("samples")
    void singlePrecision(Sample sample) {
        String problem = sample.problem(batch(sample, 2, 4));
        JsonNode document = Http.quoted("{'problem': " + problem + "}");
        Reply single =
                HTTP.send(
                        HTTP.request("/solve")
                                .header("Content-Type", Http.CBOR)
                                .header("Accept", Http.CBOR)
                                .POST(
                                        BodyPublishers.ofByteArray(
                                                Cbor.inSinglePrecision(document))));
        assertThat(single.status()).as(single.text()).isEqualTo(200);
        JsonNode full = solve(problem, "", Http.CBOR);
        assertThat(single.json().path("x")).isEqualTo(full.path("x"));
        assertThat(single.body().length)
                .isLessThan(
                        HTTP.exchange("POST", "/solve", document, Http.CBOR, Http.CBOR)
                                .body()
                                .length);
    }

    /** What one instance is costs the others nothing. */
    @Test
    void oneBadInstanceAmongGoodOnes() {
        String marks =
                "[[1, 2, 3], [%f, 2, 3], [%f, 2, 3], [%f, 2, 3], [3, 2, 1]]"
                        .formatted(
                                EnumerationOracle.THROW,
                                EnumerationOracle.LIE,
                                EnumerationOracle.DENY);
        for (String type : TYPES) {
            JsonNode answer =
                    solve(
                            "{'type': 'top-k', 'k': 1, 'cost': " + marks + "}",
                            ", 'solver': 'enumeration'",
                            type);
            assertThat(answer.path("status"))
                    .isEqualTo(
                            Http.quoted(
                                    "['optimal', 'numerical-error', 'numerical-error', 'numerical-error', 'optimal']"));
            assertThat(answer.path("x").path(4)).isEqualTo(Http.parse("[0.0, 0.0, 1.0]"));
            assertThat(answer.toString()).doesNotContain("secret");
            JsonNode back =
                    post(
                            "/lpgd-backward",
                            "{'solve': {'id': "
                                    + answer.path("id")
                                    + "}, 'gradient': {'x': [[1, 0, 0], null, null, null, [0, 0, 1]]},"
                                    + " 'tau': 9, 'envelope': 'lower'}",
                            type);
            assertThat(back.path("status"))
                    .isEqualTo(
                            Http.quoted(
                                    "['ok', 'forward-failed', 'forward-failed', 'forward-failed', 'ok']"));
            assertThat(numbers(back.at("/gradients/cost/1"))).containsOnly(0.0);
            assertThat(numbers(back.at("/gradients/cost/0")).getFirst()).isEqualTo(-1.0 / 9);
        }
    }

    @Test
    void timeLimits() {
        String sleeps =
                "{'type': 'top-k', 'k': 1, 'cost': [[%f, 2], [1, 2]]}"
                        .formatted(EnumerationOracle.SLEEP);
        JsonNode answer =
                solve(
                        sleeps,
                        ", 'solver': 'enumeration', 'options': {'time_limit': 0.05}",
                        Http.JSON);
        assertThat(answer.path("status")).isEqualTo(Http.quoted("['time-limit', 'optimal']"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'type': 'shortest-path', 'edges': [[0, 1]], 'nodes': 3, 'source': 0, 'target': 2, 'cost': [1]",
                "'type': 'shortest-path', 'edges': [[0, 1]], 'nodes': 2, 'source': 1, 'target': 0, 'cost': [1]",
                "'type': 'spanning-tree', 'edges': [[0, 0]], 'nodes': 2, 'cost': [1]",
                "'type': 'matching', 'edges': [[0, 1], [1, 2]], 'nodes': 3, 'cost': [1, 1]",
                "'type': 'matching', 'edges': [[0, 0], [1, 1]], 'nodes': 2, 'cost': [1, 1]",
                "'type': 'min-cost-flow', 'edges': [[0, 1]], 'nodes': 2, 'capacity': 1, 'supply': [2, -2], 'cost': [1]"
            })
    void emptySets(String problem) {
        for (String type : TYPES) {
            JsonNode answer = solve("{" + problem + "}", "", type);
            assertThat(answer.path("status").asString()).isEqualTo("infeasible");
            assertThat(answer.path("x").isNull()).isTrue();
            assertThat(answer.path("objective").isNull()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'type': 'ranking', 'cost': [7]; [1.0]; 7",
                "'type': 'top-k', 'k': 0, 'cost': [7, 8]; [0.0, 0.0]; 0",
                "'type': 'top-k', 'k': 2, 'cost': [7, 8]; [1.0, 1.0]; 15",
                "'type': 'tsp', 'cost': [[7]]; [[0.0]]; 0",
                "'type': 'tsp', 'cost': [[9, 1], [2, 9]]; [[0.0, 1.0], [1.0, 0.0]]; 3",
                "'type': 'assignment', 'cost': [[-7]]; [[1.0]]; -7",
                "'type': 'grid-shortest-path', 'cost': [[7]]; [[1.0]]; 7",
                "'type': 'spanning-tree', 'edges': [[0, 0]], 'nodes': 1, 'cost': [-7]; [0.0]; 0",
                "'type': 'shortest-path', 'edges': [[0, 1]], 'nodes': 2, 'source': 1, 'target': 1, 'cost': [7]; [0.0]; 0",
                "'type': 'matching', 'edges': [[0, 1], [1, 0]], 'nodes': 2, 'cost': [2, 1]; [0.0, 1.0]; 1",
                "'type': 'min-cost-flow', 'edges': [[0, 1]], 'nodes': 2, 'capacity': 5, 'supply': [5, -5], 'cost': [2]; [5.0]; 10",
                "'type': 'knapsack', 'weights': [[5]], 'capacities': [4], 'cost': [-7]; [0.0]; 0",
                "'type': 'knapsack', 'weights': [[0]], 'capacities': [0], 'cost': [-7]; [1.0]; -7"
            })
    void smallest(String line) {
        String[] parts = line.split("; ", -1);
        for (String type : TYPES) {
            JsonNode answer = solve("{" + parts[0] + "}", "", type);
            assertThat(answer.path("x")).isEqualTo(Http.parse(parts[1]));
            assertThat(answer.path("objective").asDouble()).isEqualTo(Double.parseDouble(parts[2]));
        }
    }
}

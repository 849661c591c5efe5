package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.argmind.rest.Http.Reply;
import io.argmind.testkit.Draw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Perturbed solves and their gradients, through the service. */
class NoiseOnCostsTest {
    private static final Http HTTP = Service.shared().http();
    private static final Service SINGLE = Service.start("--argmind.solver.threads=1");
    private static final String NOISE = "'noise': 'gumbel', 'samples': 37, 'seed': 5, 'sigma': 0.7";

    @AfterAll
    static void stop() {
        SINGLE.close();
    }

    private static JsonNode post(Http http, String path, String body) {
        Reply reply = http.post(path, body);
        assertThat(reply.status()).as("%s: %s", body, reply.text()).isEqualTo(200);
        Contract.requireConforming("POST", path, reply);
        return reply.json();
    }

    private static String problem(double[]... costs) {
        List<String> rows = new ArrayList<>();
        for (double[] row : costs) {
            rows.add(Arrays.toString(row));
        }
        return "{'type': 'top-k', 'k': 2, 'cost': " + rows + "}";
    }

    private static double[][] drawn(int size) {
        Draw draw = new Draw(size);
        double[][] costs = new double[size][];
        Arrays.setAll(costs, i -> draw.gaussians(5));
        return costs;
    }

    /** The backward pass of a retained solve draws the forward pass's noise. */
    @ParameterizedTest
    @ValueSource(strings = {"perturbed", "imle"})
    void theForwardNoiseIsKept(String method) {
        String problem = problem(drawn(3));
        JsonNode forward =
                post(
                        HTTP,
                        "/solve",
                        "{'problem': " + problem + ", 'perturbation': {" + NOISE + "}}");
        String rest =
                ", 'gradient': {'x': %s, 'objective': [1, 2, 3]}, 'method': '%s', 'tau': 0.5"
                        .formatted(Arrays.deepToString(drawn(3)), method);
        JsonNode byId =
                post(
                        HTTP,
                        "/lpgd-backward",
                        "{'solve': {'id': " + forward.path("id") + "}" + rest + "}");
        String solution =
                "'solution': {'x': "
                        + forward.path("x")
                        + ", 'smoothed_objective': "
                        + forward.path("smoothed_objective")
                        + "}";
        JsonNode sent =
                post(
                        HTTP,
                        "/lpgd-backward",
                        "{'solve': {'problem': "
                                + problem
                                + ", "
                                + solution
                                + "}"
                                + rest
                                + ", "
                                + NOISE
                                + "}");
        assertThat(byId.path("gradients")).isEqualTo(sent.path("gradients"));
        String id = "{'solve': {'id': " + forward.path("id") + "}" + rest;
        JsonNode inPart = post(HTTP, "/lpgd-backward", id + ", 'samples': 37, 'sigma': 0.7}");
        assertThat(inPart.path("gradients")).isEqualTo(byId.path("gradients"));
        JsonNode other = post(HTTP, "/lpgd-backward", id + ", 'seed': 6}");
        assertThat(other.path("gradients")).isNotEqualTo(byId.path("gradients"));
        assertThat(byId.at("/gradients/cost/0/0").asDouble()).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lpgd", "blackbox"})
    void aMeanHasNoNeighbours(String method) {
        JsonNode forward =
                post(HTTP, "/solve", "{'problem': " + problem(drawn(2)) + ", 'perturbation': {}}");
        BadInputTest.refused(
                "/lpgd-backward",
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'id': "
                        + forward.path("id")
                        + "}, 'gradient': {}, 'method': '"
                        + method
                        + "'}",
                "/method");
    }

    /** The same bits from one thread and from two. */
    @Test
    void threadsDoNotMatter() {
        String request = "{'problem': " + problem(drawn(9)) + ", 'perturbation': {" + NOISE + "}}";
        JsonNode one = post(SINGLE.http(), "/solve", request);
        JsonNode two = post(HTTP, "/solve", request);
        for (String name : new String[] {"x", "objective", "smoothed_objective"}) {
            assertThat(one.path(name)).isEqualTo(two.path(name));
        }
        String backward =
                ", 'gradient': {'x': "
                        + Arrays.deepToString(drawn(9))
                        + "}, 'method': 'perturbed'}";
        JsonNode oneBack =
                post(
                        SINGLE.http(),
                        "/lpgd-backward",
                        "{'solve': {'id': " + one.path("id") + "}" + backward);
        JsonNode twoBack =
                post(HTTP, "/lpgd-backward", "{'solve': {'id': " + two.path("id") + "}" + backward);
        assertThat(oneBack.path("gradients")).isEqualTo(twoBack.path("gradients"));
    }

    /** With a seed of its own an instance has its noise at any place. */
    @Test
    void theOrderOfTheBatchDoesNotMatter() {
        double[][] costs = drawn(3);
        String noise = "'perturbation': {'samples': 11, 'seed': ";
        JsonNode ahead =
                post(
                        HTTP,
                        "/solve",
                        "{'problem': " + problem(costs) + ", " + noise + "[1, 2, 3]}}");
        JsonNode back =
                post(
                        HTTP,
                        "/solve",
                        "{'problem': "
                                + problem(costs[2], costs[1], costs[0])
                                + ", "
                                + noise
                                + "[3, 2, 1]}}");
        for (int i = 0; i < 3; i++) {
            assertThat(ahead.at("/x/" + i)).isEqualTo(back.at("/x/" + (2 - i)));
        }
    }

    private static String asProgram(double[][] costs, String more) {
        return "{'c': %s, 'A': [[1, 1, 1, 1, 1]], 'b': [2], 'lb': 0, 'ub': 1%s}"
                .formatted(Arrays.deepToString(costs), more);
    }

    private static void requireClose(JsonNode one, JsonNode other) {
        assertThat(one.size()).isEqualTo(other.size());
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i).isArray()) {
                requireClose(one.get(i), other.get(i));
            } else {
                assertThat(one.get(i).asDouble()).isEqualTo(other.get(i).asDouble(), within(1e-9));
            }
        }
    }

    /** The same choice of two as a linear program and with integers: same noise, same answers. */
    @ParameterizedTest
    @ValueSource(strings = {"", ", 'integers': [0, 1, 2, 3, 4]"})
    void programsHaveThemToo(String more) {
        double[][] costs = drawn(3);
        String noise = ", 'perturbation': {" + NOISE + "}}";
        JsonNode kind = post(HTTP, "/solve", "{'problem': " + problem(costs) + noise);
        JsonNode program = post(HTTP, "/solve", "{'problem': " + asProgram(costs, more) + noise);
        for (String name : new String[] {"x", "objective", "smoothed_objective"}) {
            requireClose(program.path(name), kind.path(name));
        }
        assertThat(program.has("y")).as("a mean has no multipliers").isFalse();
        for (String method : new String[] {"perturbed", "imle"}) {
            String rest =
                    "}, 'gradient': {'x': %s, 'objective': [1, 0, 3]}, 'method': '%s'"
                            .formatted(Arrays.deepToString(drawn(3)), method);
            String tau = method.equals("imle") ? ", 'tau': 0.5}" : "}";
            String byId = "{'solve': {'id': %s" + rest + tau;
            JsonNode ofKind = post(HTTP, "/lpgd-backward", byId.formatted(kind.path("id")));
            JsonNode ofProgram = post(HTTP, "/lpgd-backward", byId.formatted(program.path("id")));
            requireClose(ofProgram.at("/gradients/c"), ofKind.at("/gradients/cost"));
            assertThat(ofProgram.at("/gradients").size()).as("by c alone").isEqualTo(1);
            assertThat(ofProgram.at("/gradients/c/0/0").asDouble()).isNotZero();
            String solution =
                    "{'solve': {'problem': %s, 'solution': {'x': %s}"
                            .formatted(asProgram(costs, more), program.path("x"));
            String again = solution + rest + ", " + NOISE + tau;
            assertThat(post(HTTP, "/lpgd-backward", again).path("gradients"))
                    .isEqualTo(ofProgram.path("gradients"));
        }
    }

    /** After an ordinary solve the noise comes with the backward; a shared c has the sum. */
    @Test
    void noiseAfterAnOrdinarySolve() {
        String forward =
                "{'problem': {'c': [3, 1, 2], 'A': [[1, 1, 1]], 'b': [[1], [2]], 'lb': 0, 'ub': 1}}";
        String id = post(HTTP, "/solve", forward).path("id").toString();
        String rest = "'method': 'perturbed', 'samples': 50, 'sigma': 2}";
        String all = "'gradient': {'x': [[1, 0, 0], [0, 0, 1]]}, ";
        JsonNode both = post(HTTP, "/lpgd-backward", "{'solve': {'id': " + id + "}, " + all + rest);
        double[] sum = new double[3];
        for (String x : new String[] {"[[1, 0, 0], [0, 0, 0]]", "[[0, 0, 0], [0, 0, 1]]"}) {
            String one = "{'solve': {'id': " + id + "}, 'gradient': {'x': " + x + "}, " + rest;
            JsonNode gradient = post(HTTP, "/lpgd-backward", one).at("/gradients/c");
            for (int j = 0; j < 3; j++) {
                sum[j] += gradient.get(j).asDouble();
            }
        }
        for (int j = 0; j < 3; j++) {
            assertThat(both.at("/gradients/c").get(j).asDouble())
                    .isEqualTo(sum[j], within(1e-12))
                    .isNotZero();
        }
    }

    /** The identity needs no minimum, so it works on a mean; a batch of none has no gradients. */
    @Test
    void identityOfAMeanAndNobody() {
        String rest = ", 'perturbation': {'samples': 3}}";
        JsonNode answer = post(HTTP, "/solve", "{'problem': " + asProgram(drawn(2), "") + rest);
        String upstream = "[[1, 2, 3, 4, 5], [0, 0, 0, 0, 1]]";
        JsonNode back =
                post(
                        HTTP,
                        "/lpgd-backward",
                        "{'solve': {'id': "
                                + answer.path("id")
                                + "}, 'gradient': {'x': "
                                + upstream
                                + "}, 'method': 'identity'}");
        assertThat(back.at("/gradients/c/0/4").asDouble()).isEqualTo(-5);
        assertThat(back.path("solver").asString()).isEqualTo("none");
        JsonNode nobody =
                post(
                        HTTP,
                        "/solve",
                        "{'problem': {'c': [], 'A': [[1, 1]], 'b': [1], 'lb': 0}" + rest);
        assertThat(nobody.path("status").isEmpty()).isTrue();
        JsonNode none =
                post(
                        HTTP,
                        "/lpgd-backward",
                        "{'solve': {'id': "
                                + nobody.path("id")
                                + "}, 'gradient': {}, 'method': 'perturbed'}");
        assertThat(none.path("status").isEmpty()).isTrue();
    }

    /** An instance that has no solution costs the others nothing. */
    @Test
    void oneEmptySet() {
        JsonNode answer =
                post(
                        HTTP,
                        "/solve",
                        "{'problem': {'c': [3, 1, 2], 'A': [[1, 1, 1]], 'b': [[1], [4], [2]], 'lb': 0, 'ub': 1},"
                                + " 'perturbation': {'samples': 9, 'seed': 2}}");
        assertThat(answer.path("status").toString())
                .isEqualTo("[\"optimal\",\"infeasible\",\"optimal\"]");
        assertThat(answer.at("/x/1").isNull()).isTrue();
        JsonNode back =
                post(
                        HTTP,
                        "/lpgd-backward",
                        "{'solve': {'id': "
                                + answer.path("id")
                                + "}, 'gradient': {'x': [[1, 0, 0], [1, 0, 0], [1, 0, 0]]}, 'method': 'perturbed'}");
        assertThat(back.path("status").toString()).isEqualTo("[\"ok\",\"forward-failed\",\"ok\"]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'P': [[1, 0], [0, 1]], 'c': [1, 2]",
                "'c': [1, 2], 'G': [[1, 0], [0, 1]], 'h': [1, 1], 'cones': [{'type': 'second-order', 'dim': 2}]"
            })
    void otherObjectivesAndConesHaveNone(String fields) {
        BadInputTest.refused(
                "/solve",
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {" + fields + "}, 'perturbation': {}}",
                "/perturbation");
        BadInputTest.refused(
                "/lpgd-backward",
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'problem': {"
                        + fields
                        + "}, 'solution': {'x': [0, 0]}}, 'gradient': {}, 'method': 'perturbed'}",
                "/method");
    }

    /** What a mean does not have, and what is not linear on a polytope. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/gradient/y|'gradient': {'y': [1]}, 'method': 'perturbed'",
                "/rho|'gradient': {}, 'method': 'imle', 'rho': 0.5",
                "/wrt/0|'gradient': {}, 'method': 'imle', 'wrt': ['b']",
                "/method|'gradient': {}, 'method': 'lpgd'"
            })
    void whatIsLeftOut(String caseOf) {
        JsonNode answer =
                post(
                        HTTP,
                        "/solve",
                        "{'problem': {'c': [3, 1, 2], 'A': [[1, 1, 1]], 'b': [1], 'lb': 0}, 'perturbation': {}}");
        int bar = caseOf.indexOf('|');
        BadInputTest.refused(
                "/lpgd-backward",
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'id': " + answer.path("id") + "}, " + caseOf.substring(bar + 1) + "}",
                caseOf.substring(0, bar));
    }

    /** Programs have blackbox differentiation as well: LPGD's lower side. */
    @Test
    void blackboxOfALinearProgram() {
        String solve =
                "{'solve': {'problem': {'c': [-0.1, -0.2, 0.1], 'A': [[1, 1, 1]], 'b': [1], 'lb': 0},"
                        + " 'solution': {'x': [0, 1, 0], 'y': [0.2]}}, 'gradient': {'x': [0.1, 0.1, -0.5]}, ";
        JsonNode blackbox =
                post(HTTP, "/lpgd-backward", solve + "'method': 'blackbox', 'lambda': 2}");
        JsonNode lower =
                post(
                        HTTP,
                        "/lpgd-backward",
                        solve + "'tau': 2, 'envelope': 'lower', 'wrt': ['c']}");
        assertThat(blackbox.path("gradients")).isEqualTo(lower.path("gradients"));
        assertThat(blackbox.at("/gradients/c/1").asDouble()).isEqualTo(-0.5, within(1e-12));
        BadInputTest.refused(
                "/lpgd-backward",
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'problem': {'c': [1], 'P': [[1]]}, 'solution': {'x': [-1]}}, 'gradient': {}, 'method': 'blackbox'}",
                "/method");
    }

    /** The state of an adaptive tau travels with the requests. */
    @Test
    void adaptiveTau() {
        String request =
                "{'solve': {'problem': "
                        + problem(new double[] {3, 1, 2, 5, 4})
                        + ", 'solution': {'x': [[0, 1, 1, 0, 0]]}}, 'gradient': {'x': [[0, 1, 0, 0, 0]]},"
                        + " 'tau': 'adaptive', 'envelope': 'lower', 'adaptive': ";
        JsonNode state = Http.quoted("{'beta': 0.01, 'nonzeros': 0, 'step': 0.5}");
        for (int k = 0; k < 3; k++) {
            JsonNode answer = post(HTTP, "/lpgd-backward", request + state + "}");
            JsonNode next = answer.at("/diagnostics/adaptive");
            double beta = state.path("beta").asDouble();
            assertThat(answer.at("/diagnostics/tau/0").asDouble())
                    .isEqualTo(beta * Math.sqrt(55), within(1e-12));
            assertThat(next.path("beta").asDouble()).isEqualTo(beta + 0.5, within(1e-12));
            state = next;
        }
    }
}

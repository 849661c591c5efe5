package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Problems at the edge that are problems all the same. */
class EdgeCaseTest {
    private static final Http HTTP = Service.shared().http();
    private static final String[] TYPES = {Http.JSON, Http.CBOR};

    private static JsonNode solve(String fields, String type) {
        JsonNode request = Http.quoted("{'problem': {" + fields + "}}");
        Reply reply = HTTP.exchange("POST", "/solve", request, type, type);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        Contract.requireConforming("POST", "/solve", reply);
        return reply.json();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    # redundant and contradictory rows
                    'c': [1, 2], 'A': [[1, 1], [2, 2]], 'b': [1, 2], 'lb': 0  | optimal
                    'c': [1, 2], 'A': [[1, 1], [1, 1]], 'b': [1, 2], 'lb': 0  | infeasible
                    'c': [1, 2], 'G': [[1, 1], [1, 1]], 'h': [1, 1], 'lb': 0  | optimal
                    'c': [1, 2], 'A': [[0, 0]], 'b': [0], 'lb': 0             | optimal
                    'c': [1, 2], 'A': [[0, 0]], 'b': [1], 'lb': 0             | infeasible
                    'c': [1], 'G': [[1], [-1]], 'h': [0, -1]                  | infeasible
                    # no end
                    'c': [-1], 'lb': 0                                        | unbounded
                    'c': [1, 0], 'P': [[0, 0], [0, 1]]                        | unbounded
                    # nothing there
                    'c': [0, 0]                                               | optimal
                    'c': [1], 'A': [], 'b': [], 'G': [], 'h': [], 'lb': 0     | optimal
                    'c': [1], 'P': [[0]], 'lb': 0                             | optimal
                    # bounds
                    'c': [1], 'lb': 2, 'ub': 2                                | optimal
                    'c': [1, 1], 'lb': [0, null], 'ub': ['Infinity', 'Infinity'], 'G': [[0, -1]], 'h': [1] | optimal
                    'c': [1], 'lb': 0, 'G': [[1]], 'h': ['Infinity']          | optimal
                    # integers
                    'c': [1], 'lb': 0.5, 'ub': 0.6, 'integers': [0]           | infeasible
                    'c': [-1], 'lb': 0, 'integers': [0]                       | unbounded
                    'c': [1], 'lb': 0, 'integers': []                         | optimal
                    'c': [1e-300], 'lb': 0                                    | optimal
                    """)
    void oneProblem(String fields, String status) {
        for (String type : TYPES) {
            JsonNode answer = solve(fields, type);
            assertThat(answer.path("status").asString()).as(answer.toString()).isEqualTo(status);
            assertThat(answer.path("x").isNull()).isEqualTo(!status.equals("optimal"));
            assertThat(answer.path("objective").isNull()).isEqualTo(!status.equals("optimal"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'c': []",
                "'c': [], 'A': [[1, 1]], 'b': [1], 'lb': 0",
                "'c': [], 'A': [[1, 1]], 'b': [], 'lb': [], 'ub': []"
            })
    void emptyBatches(String fields) {
        for (String type : TYPES) {
            JsonNode answer = solve(fields, type);
            for (String name : new String[] {"status", "x", "y", "z", "s", "z_box", "objective"}) {
                assertThat(answer.path(name)).as("%s %s", type, name).isEqualTo(Http.parse("[]"));
            }
            String request =
                    "{'solve': {'id': "
                            + answer.path("id")
                            + "}, 'gradient': {'x': []}, 'tau': []}";
            Reply backward =
                    HTTP.exchange("POST", "/lpgd-backward", Http.quoted(request), type, type);
            assertThat(backward.status()).as(backward.text()).isEqualTo(200);
            Contract.requireConforming("POST", "/lpgd-backward", backward);
            assertThat(backward.json().path("status")).isEqualTo(Http.parse("[]"));
            if (fields.contains("A")) {
                assertThat(backward.json().path("gradients").path("A"))
                        .isEqualTo(Http.parse("[[0.0, 0.0]]"));
            }
        }
    }

    /** Instances without a solution travel back and forth as null, also if there are no others. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'c': [[1], [1]], 'A': [[1]], 'b': [-1], 'lb': 0} | {'x': [[0], [0]]}
                    {'c': [[1], [1]], 'A': [[1]], 'b': [-1], 'lb': 0} | {'x': [[null], [null]], 'objective': [null, null]}
                    {'c': [1], 'A': [[1]], 'b': [-1], 'lb': 0}        | {'x': [0]}
                    {'c': [1], 'A': [[1]], 'b': [-1], 'lb': 0}        | {'x': [null]}
                    {'c': [[1], [-1]], 'lb': 0}                       | {'x': [[1], [null]]}
                    {'c': [[1], [-1]], 'lb': 0}                       | {'x': [[1], null]}
                    """)
    void answersCanBeSentBack(String problem, String gradient) {
        for (String type : TYPES) {
            JsonNode forward = Http.quoted("{'problem': " + problem + "}");
            JsonNode answer = HTTP.exchange("POST", "/solve", forward, type, type).json();
            StringBuilder solution = new StringBuilder("'x': ").append(rows(answer, "x", type));
            for (String name : new String[] {"y", "z", "z_box", "s", "objective"}) {
                solution.append(", '" + name + "': ").append(rows(answer, name, type));
            }
            String request =
                    "{'solve': {'problem': "
                            + problem
                            + ", 'solution': {"
                            + solution
                            + "}}, 'gradient': "
                            + gradient
                            + "}";
            Reply backward =
                    HTTP.exchange("POST", "/lpgd-backward", Http.quoted(request), type, type);
            assertThat(backward.status()).as(backward.text()).isEqualTo(200);
            Contract.requireConforming("POST", "/lpgd-backward", backward);
            assertThat(backward.json().path("status").toString()).contains("forward-failed");

            String warm =
                    "{'problem': "
                            + problem
                            + ", 'warm_start': {'x': "
                            + rows(answer, "x", type)
                            + "}}";
            Reply again = HTTP.exchange("POST", "/solve", Http.quoted(warm), type, type);
            assertThat(again.json().path("status"))
                    .as(again.text())
                    .isEqualTo(answer.path("status"));
        }
    }

    /** A part of an answer as it is sent back: in CBOR a vector that is missing has its length. */
    private static String rows(JsonNode answer, String name, String type) {
        String part = answer.path(name).toString();
        boolean vector = type.equals(Http.CBOR) && !name.equals("objective");
        return vector ? part.replace("null", "[null]") : part;
    }

    /** Where every row of a JSON batch is null, none says how long it would be. */
    @Test
    void aBatchWithoutAnySolutionCanBeSentBack() {
        Reply reply =
                HTTP.post(
                        "/lpgd-backward",
                        "{'solve': {'problem': {'c': [[1, 1], [1, 1]], 'A': [[1, 1]], 'b': [-1], 'lb': 0},"
                                + " 'solution': {'x': [null, null], 'y': [null, null], 'z': [[], []]}},"
                                + " 'gradient': {'x': [null, null]}}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().path("status"))
                .isEqualTo(Http.quoted("['forward-failed', 'forward-failed']"));
    }

    /** Single precision in, single precision out; the numbers are the same here. */
    @Test
    void precision() {
        JsonNode lp = Http.quoted("{'problem': {'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'lb': 0}}");
        Reply full = HTTP.exchange("POST", "/solve", lp, Http.CBOR, Http.CBOR);
        assertThat(tags(full.body())).contains(86).doesNotContain(85);
        Reply single =
                HTTP.send(
                        HTTP.request("/solve")
                                .header("Content-Type", Http.CBOR)
                                .header("Accept", Http.CBOR)
                                .POST(BodyPublishers.ofByteArray(Cbor.inSinglePrecision(lp))));
        assertThat(single.status()).isEqualTo(200);
        assertThat(tags(single.body())).contains(85).doesNotContain(86);
        assertThat(single.json().path("x")).isEqualTo(full.json().path("x"));
    }

    /** The tags of typed arrays that occur; their heads are two bytes, d8 and the tag. */
    private static Set<Integer> tags(byte[] cbor) {
        Set<Integer> tags = new TreeSet<>();
        for (int k = 0; k + 2 < cbor.length; k++) {
            if ((cbor[k] & 0xff) == 0xd8 && (cbor[k + 2] & 0xff) >> 5 == 2) {
                tags.add(cbor[k + 1] & 0xff);
            }
        }
        return tags;
    }
}

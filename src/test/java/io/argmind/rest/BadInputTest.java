package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Solves and registrations that make no problem: each has its code, and the place of all that is
 * wrong.
 */
class BadInputTest {
    private static final Http HTTP = Service.shared().http();
    private static final String SOLVE = "/solve";

    /** In JSON and in CBOR alike. */
    static void refused(String path, ErrorCode code, String request, String... pointers) {
        for (String type : List.of(Http.JSON, Http.CBOR)) {
            Reply reply = HTTP.exchange("POST", path, Http.quoted(request), type, type);
            JsonNode problem = Refusals.require(reply, code, "POST", path);
            assertThat(Refusals.pointers(problem))
                    .as("%s %s", type, problem)
                    .containsExactlyInAnyOrder(pointers);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    # shapes
                    'c': [1, 2], 'A': [[1, 1, 1]], 'b': [1]          | /problem/A
                    'c': [1, 2], 'A': [1, 1], 'b': [1]               | /problem/A /problem/b
                    'c': [1, 2], 'A': [[[[1, 1]]]], 'b': [1]         | /problem/A /problem/b
                    'c': [1, 2], 'A': [[1, 1]], 'b': [1, 2]          | /problem/b
                    'c': [1, 2], 'A': [[1, 1]]                       | /problem/b
                    'c': [1, 2], 'b': [1]                            | /problem/b
                    'c': [1, 2], 'G': [[1, 1]], 'h': [[[1]]]         | /problem/h
                    'c': [1, 2], 'P': [[1, 0]]                       | /problem/P
                    'c': [1, 2], 'lb': [0, 0, 0]                     | /problem/lb
                    'c': [1, 2], 'ub': [[[1, 1]]]                    | /problem/ub
                    'c': 1                                           | /problem/c
                    'c': [[[1]]]                                     | /problem/c
                    'c': [[], []]                                    | /problem/c
                    'A': [[1, 1]], 'b': [1]                          | /problem/c
                    'lb': 0                                          | /problem/c
                    # batches
                    'c': [[1, 2], [3, 4]], 'A': [[1, 1]], 'b': [[1], [2], [3]] | /problem/b
                    'c': [[1, 2]], 'lb': [[0, 0], [0, 0]]            | /problem/lb
                    'c': [[1, 2], [1, 2]], 'P': [[[1, 0], [0, 1]]]   | /problem/c
                    # values
                    'c': [1, null]                                   | /problem/c/1
                    'c': [[1, 2], null]                              | /problem/c/1/0
                    'c': [1, 'Infinity']                             | /problem/c/1
                    'c': [1], 'A': [['-Infinity']], 'b': [1]         | /problem/A/0/0
                    'c': [1], 'A': [[1]], 'b': ['Infinity']          | /problem/b/0
                    'c': [1], 'G': [[1]], 'h': ['-Infinity']         | /problem/h/0
                    'c': [1], 'G': [[1]], 'h': [null]                | /problem/h/0
                    'c': [1], 'lb': ['Infinity']                     | /problem/lb/0
                    'c': [1], 'ub': '-Infinity'                      | /problem/ub
                    'c': [1], 'lb': 2, 'ub': 1                       | /problem/lb
                    'c': [[1], [1]], 'lb': [[0], [2]], 'ub': 1       | /problem/lb
                    # P
                    'c': [1, 2], 'P': [[1, 1], [2, 1]]               | /problem/P
                    'c': [1, 2], 'P': [[1, 2], [2, 1]]               | /problem/P
                    'c': [[1], [1]], 'P': [[[1]], [[-1]]]            | /problem/P/1
                    'c': {'format': 'coo', 'shape': [1, 2], 'rows': [0], 'cols': [0], 'values': [1]} | /problem/c
                    # integers
                    'c': [1, 2], 'lb': 0, 'integers': [2]            | /problem/integers/0
                    'c': [1, 2], 'lb': 0, 'integers': [-1, 0, 0]     | /problem/integers/0 /problem/integers/2
                    # cones
                    'c': [1], 'G': [[1], [1]], 'h': [1, 1], 'cones': [{'type': 'second-order', 'dim': 3}] | /problem/cones
                    'c': [1], 'cones': [{'type': 'exponential'}]     | /problem/cones
                    'c': [1], 'G': [[1], [1]], 'h': [1, 1], 'cones': [{'type': 'second-order', 'dim': 0}, {'type': 'nonnegative', 'dim': -1}] | /problem/cones/0/dim /problem/cones/1/dim
                    'c': [1], 'G': [[1], [1]], 'h': [1, 1], 'cones': [{'type': 'psd', 'side': 2}] | /problem/cones
                    'c': [1], 'G': [[1]], 'h': [1], 'cones': [{'type': 'psd', 'side': 0}, {'type': 'psd', 'side': 70000}] | /problem/cones/0/side /problem/cones/1/side
                    'c': [1], 'G': [[1], [1], [1]], 'h': [1, 1, 1], 'cones': [{'type': 'power', 'alpha': 1}] | /problem/cones/0/alpha
                    'c': [1], 'G': [[1], [1], [1]], 'h': [1, 1], 'cones': [{'type': 'power', 'alpha': 0}] | /problem/cones/0/alpha /problem/h
                    'c': [1], 'G': [[1]], 'h': [1], 'cones': [{'type': 'second-order', 'dim': 2147483647, 'count': 2147483647}] | /problem/cones
                    'c': [1], 'G': [[1]], 'h': [1], 'cones': [{'type': 'second-order', 'dim': 1, 'count': 0}] | /problem/cones/0/count
                    'c': [1], 'G': [[1], [1]], 'h': [1, 'Infinity'], 'cones': [{'type': 'second-order', 'dim': 2}] | /problem/h/1
                    'c': [[1], [1]], 'G': [[1], [1]], 'h': [['Infinity', 1], [1, 'Infinity']], 'cones': [{'type': 'nonnegative', 'dim': 1}, {'type': 'second-order', 'dim': 1}] | /problem/h/1/1
                    'c': [1], 'G': [[1]], 'h': [1], 'integers': [0], 'cones': [{'type': 'second-order', 'dim': 1}] | /problem/integers
                    'c': [1], 'G': [[1]], 'h': [1], 'integers': [0, 1], 'cones': [{'type': 'second-order', 'dim': 2}] | /problem/integers /problem/integers/1 /problem/cones
                    # several at once, of shapes and values
                    'c': [1, 2], 'A': [[1]], 'b': [null], 'lb': [0, 0, 0], 'G': [[1, 1]] | /problem/A /problem/b/0 /problem/lb /problem/h
                    """)
    void problems(String fields, String pointers) {
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {" + fields + "}}",
                pointers.split(" "));
    }

    /** Of a matrix that was sent as coordinates. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    A | 'shape': [1, 3], 'rows': [0], 'cols': [0], 'values': [1]      | shape
                    A | 'shape': [1, 2], 'rows': [1], 'cols': [0], 'values': [1]      | rows/0
                    A | 'shape': [1, 2], 'rows': [0], 'cols': [-1], 'values': [1]     | cols/0
                    A | 'shape': [1, 2], 'rows': [0, 0], 'cols': [0], 'values': [1]   | cols
                    A | 'shape': [1, 2], 'rows': [0], 'cols': [0], 'values': [1, 2]   | values
                    A | 'shape': [1, 2], 'rows': [0], 'cols': [0], 'values': [null]   | values/0
                    A | 'shape': [1, 2], 'rows': [0], 'cols': [0], 'values': [1], 'triangle': 'upper' | triangle
                    P | 'shape': [2, 2], 'rows': [1], 'cols': [0], 'values': [1], 'triangle': 'upper' | rows/0
                    """)
    void coordinates(String field, String members, String pointer) {
        String matrix = "'" + field + "': {'format': 'coo', " + members + "}";
        String rest = field.equals("A") ? ", 'b': [1]" : "";
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {'c': [1, 2], " + matrix + rest + "}}",
                "/problem/" + field + "/" + pointer);
    }

    @Test
    void aNaNInInstance17NamesTheInstance() {
        String c = "[" + "[1,2,3],".repeat(17) + "[1,2,null]" + ",[1,2,3]".repeat(14) + "]";
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {'c': " + c + ", 'lb': 0}}",
                "/problem/c/17/2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'solver': 'gurobi'                | /solver
                    'solver': 'ojalgo-qp'             | /solver
                    'options': {'tolerance': 0}       | /options/tolerance
                    'options': {'tolerance': 1}       | /options/tolerance
                    'options': {'time_limit': 0, 'max_iterations': 1.5} | /options/time_limit /options/max_iterations
                    'options': {'time_limit': -1, 'max_iterations': 0, 'tolerance': -1} | /options/time_limit /options/max_iterations /options/tolerance
                    'warm_start': {'x': [1, 2]}       | /warm_start/x
                    'warm_start': {'y': []}           | /warm_start/x
                    """)
    void restOfASolve(String member, String pointers) {
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {'c': [1], 'lb': 0}, " + member + "}",
                pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                                | /problem
                    {'problem': []}                                   | /problem
                    {'problem': {'c': [1], 'd': [2]}}                 | /problem/d
                    {'problem': {'c': [1], 'd': [2]}, 'e': 1}         | /problem/d /e
                    {'problem': {'c': ['1']}}                         | /problem/c
                    {'problem': {'c': 'abc'}}                         | /problem/c
                    {'problem': {'c': true}}                          | /problem/c
                    {'problem': {'c': [1], 'integers': [0.5]}}        | /problem/integers/0
                    {'problem': {'c': [1], 'cones': {'type': 'psd'}}} | /problem/cones
                    {'problem': {'c': [1], 'cones': [3, 1]}}          | /problem/cones
                    {'problem': {'c': [1], 'cones': [{'dim': 1}, 'psd']}} | /problem/cones/0/type /problem/cones/1
                    {'problem': {'c': [1], 'cones': [{'type': 'soc', 'dim': 1}]}} | /problem/cones/0/type
                    {'problem': {'c': [1], 'cones': [{'type': 'second-order', 'dim': 1.5}]}} | /problem/cones/0/dim
                    {'problem': {'c': [1], 'cones': [{'type': 'psd', 'dim': 3}]}} | /problem/cones/0/side /problem/cones/0/dim
                    {'problem': {'c': [1], 'cones': [{'type': 'power'}, {'type': 'exponential', 'alpha': 0.5}]}} | /problem/cones/0/alpha /problem/cones/1/alpha
                    {'problem': {'c': [1], 'type': 'knapsack'}}       | /problem/c
                    {'problem': {'c': [1], 'base': 1}}                | /problem/base
                    {'problem': {'c': [1], 'A': {'format': 'csr'}}}   | /problem/A/format /problem/A/shape /problem/A/rows /problem/A/cols /problem/A/values
                    {'problem': {'c': [1], 'A': {'format': 'coo', 'shape': [1], 'rows': [], 'cols': [], 'values': []}}} | /problem/A/shape
                    {'problem': {'c': [1], 'P': {'format': 'coo', 'shape': [1, 1], 'rows': [], 'cols': [], 'values': [], 'triangle': 'lower'}}} | /problem/P/triangle
                    {'problem': {'c': [1]}, 'solver': 3, 'retain': 'yes', 'options': [], 'warm_start': 1} | /solver /retain /options /warm_start
                    {'problem': {'c': [1]}, 'options': {'tol': 1}}    | /options/tol
                    {'problem': {'c': [1]}, 'options': {'time_limit': '5'}} | /options/time_limit
                    """)
    void formOfASolve(String request, String pointers) {
        refused(SOLVE, ErrorCode.MALFORMED_REQUEST, request, pointers.split(" "));
    }

    /** A registered part has its values checked, and its shapes where it is whole. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'A': [[1, null]], 'b': [1]}           | /A/0/1
                    {'c': [1], 'A': [[1, 1]], 'b': [1]}    | /A
                    {'c': [1], 'lb': 1, 'ub': 0}           | /lb
                    """)
    void registration(String problem, String pointer) {
        for (String type : List.of(Http.JSON, Http.CBOR)) {
            Reply reply = HTTP.exchange("PUT", "/problems", Http.quoted(problem), type, type);
            JsonNode error = Refusals.require(reply, ErrorCode.INVALID_PROBLEM, "PUT", "/problems");
            assertThat(Refusals.pointers(error)).containsExactly(pointer);
        }
    }

    @Test
    void tooManyInstances() {
        String most = "[" + "[1],".repeat(4095) + "[1]]";
        Reply reply = HTTP.post(SOLVE, "{'problem': {'c': " + most + ", 'lb': 0}}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("status")).hasSize(4096);
        String more = most.replaceFirst("\\[", "[[1],");
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {'c': " + more + ", 'lb': 0}}",
                "/problem/c");
    }

    @Test
    void anEmptyBodyIsMalformed() {
        for (String type : List.of(Http.JSON, Http.CBOR)) {
            Reply reply =
                    HTTP.send(
                            HTTP.request(SOLVE)
                                    .header("Content-Type", type)
                                    .POST(BodyPublishers.noBody()));
            Refusals.require(reply, ErrorCode.MALFORMED_REQUEST, "POST", SOLVE);
        }
    }
}

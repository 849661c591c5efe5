package io.argmind.rest;

import static io.argmind.rest.BadInputTest.refused;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backward passes that cannot be: all that is wrong, and where. */
class BadBackwardTest {
    private static final String BACKWARD = "/lpgd-backward";
    private static final String SOLVED =
            "'solve': {'problem': {'c': [[1, 2], [3, 4]], 'A': [[1, 1]], 'b': [1], 'lb': 0},"
                    + " 'solution': {'x': [[1, 0], [1, 0]], 'y': [[-1], [-3]], 'z_box': [[0, -1], [0, -1]]}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'tau': 0                                  | /tau
                    'tau': -1                                 | /tau
                    'tau': [1, 0]                             | /tau/1
                    'tau': [1, null]                          | /tau/1
                    'tau': [1]                                | /tau
                    'tau': [1, 2, 3]                          | /tau
                    'tau': [[1], [1]]                         | /tau
                    'rho': -1                                 | /rho
                    'wrt': ['c', 'Q']                         | /wrt/1
                    'wrt': ['G']                              | /wrt/0
                    'method': 'identity', 'wrt': ['A']        | /wrt/0
                    'solver': 'nobody'                        | /solver
                    """)
    void settings(String members, String pointers) {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{" + SOLVED + ", 'gradient': {'x': [[1, 0], [1, 0]]}, " + members + "}",
                pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'gradient': {'x': [1, 0]}                 | /gradient/x
                    'gradient': {'x': [[1, 0], [1, null]]}    | /gradient/x/1/1
                    'gradient': {'x': [[1, 0], null]}         | /gradient/x/1/0
                    'gradient': {'x': [[1, 0], [1, 'Infinity']]} | /gradient/x/1/1
                    'gradient': {'objective': 1}              | /gradient/objective
                    'gradient': {'x': [1], 'y': [1], 'z': [1], 's': [1], 'objective': [[1]]}, 'tau': -1, 'rho': -1, 'wrt': ['d'] | /gradient/x /gradient/y /gradient/z /gradient/s /gradient/objective /tau /rho /wrt/0
                    """)
    void gradients(String members, String pointers) {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{" + SOLVED + ", " + members + "}",
                pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'gradient': {}}                                        | /solve
                    {'solve': {}}                                           | /gradient
                    {'solve': {'problem': {'c': [1]}}, 'gradient': {}}      | /solve/solution
                    {'solve': {'id': 3}, 'gradient': {}, 'tau': 'big', 'envelope': 'left', 'method': 'magic', 'projection': 'x', 'return': ['all'], 'wrt': 'c', 'extra': 1} | /solve/id /tau /envelope /method /projection /return /wrt /extra
                    {'solve': {'problem': {'c': [1], 'lb': 0}, 'solution': {'x': [0], 'w': 1}}, 'gradient': {}} | /solve/solution/w
                    {'solve': {'problem': {'c': [1], 'lb': 0}, 'solution': {'x': [0]}}, 'gradient': {'w': [1]}} | /gradient/w
                    {'solve': {'problem': {'c': [1], 'lb': 0}, 'solution': {'x': [0]}}, 'gradient': {}, 'tau': '1'} | /tau
                    """)
    void form(String request, String pointers) {
        refused(BACKWARD, ErrorCode.MALFORMED_REQUEST, request, pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'c': [1], 'A': [[1]], 'b': [1]}   | {'x': [1]}      | /solve/solution/y
                    {'c': [1], 'G': [[-1]], 'h': [0]}  | {'x': [0]}      | /solve/solution/z
                    {'c': [1], 'lb': 0}                | {'x': [0, 0]}   | /solve/solution/x
                    {'c': [1], 'lb': 0}                | {}              | /solve/solution/x
                    {'c': [1], 'lb': 0}                | {'x': [[0]], 'z_box': [1, 2]} | /solve/solution/x /solve/solution/z_box
                    {'c': [[1], [1]], 'lb': 0}         | {'x': [null]}   | /solve/solution/x
                    {'c': [null], 'lb': 0}             | {'x': [0]}      | /solve/problem/c/0
                    """)
    void solutionsSentBack(String problem, String solution, String pointers) {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'problem': "
                        + problem
                        + ", 'solution': "
                        + solution
                        + "}, 'gradient': {}}",
                pointers.split(" "));
    }

    /** What a program with integers cannot be asked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'gradient': {'x': [1, 0]}, 'method': 'implicit' | /method
                    'gradient': {'z': [1]}                          | /gradient/z
                    """)
    void integers(String members, String pointer) {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'problem': {'c': [-1, -1], 'G': [[2, 3]], 'h': [3], 'lb': 0, 'integers': [0, 1]},"
                        + " 'solution': {'x': [1, 0], 'z': [0]}}, "
                        + members
                        + "}",
                pointer);
    }
}

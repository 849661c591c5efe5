package io.argmind.rest;

import static io.argmind.rest.BadInputTest.refused;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Combinatorial problems that are none, and what cannot be asked of those that are. */
class BadCombinatorialTest {
    private static final String SOLVE = "/solve";
    private static final String BACKWARD = "/lpgd-backward";
    private static final String SOLVED =
            "'solve': {'problem': {'type': 'top-k', 'k': 1, 'cost': [[1, 2], [3, 1]]}, 'solution': {'x': [[1, 0], [0, 1]]}}";
    private static final String GRADIENT = "'gradient': {'x': [[1, 0], [1, 0]]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'type': 'ranking'                                            | /problem/cost
                    'type': 'ranking', 'cost': 1                                 | /problem/cost
                    'type': 'ranking', 'cost': [[[1]]]                           | /problem/cost
                    'type': 'ranking', 'cost': [1, null]                         | /problem/cost/1
                    'type': 'top-k', 'cost': [1, 2], 'k': 3                      | /problem/k
                    'type': 'top-k', 'cost': [1, 2], 'k': -1                     | /problem/k
                    'type': 'top-k', 'cost': [1, 2], 'k': 0.5                    | /problem/k
                    'type': 'top-k', 'cost': [1, 2], 'k': [1]                    | /problem/k
                    'type': 'top-k', 'cost': [[1, 2], [null, 1]]                 | /problem/k /problem/cost/1/0
                    'type': 'assignment', 'cost': [1, 2]                         | /problem/cost
                    'type': 'tsp', 'cost': [[1, 2]]                              | /problem/cost
                    'type': 'tsp', 'cost': [[[1, 2]], [[1, 2]]]                  | /problem/cost
                    'type': 'grid-shortest-path', 'cost': [[]]                   | /problem/cost
                    'type': 'grid-shortest-path', 'cost': [[1]], 'neighbourhood': 6 | /problem/neighbourhood
                    'type': 'grid-shortest-path', 'cost': [[1]], 'neighbourhood': 9 | /problem/neighbourhood
                    'type': 'knapsack', 'cost': [1, 2], 'weights': [[1]], 'capacities': [1]       | /problem/cost
                    'type': 'knapsack', 'cost': [1], 'weights': [1], 'capacities': [1]            | /problem/weights
                    'type': 'knapsack', 'cost': [1], 'weights': [[1]], 'capacities': [1, 2]       | /problem/capacities
                    'type': 'knapsack', 'cost': [1], 'weights': [[-1]], 'capacities': [-1]        | /problem/weights/0/0 /problem/capacities/0
                    'type': 'knapsack', 'cost': [1], 'weights': [[null]], 'capacities': [1]       | /problem/weights/0/0
                    'type': 'knapsack', 'cost': [1]                                               | /problem/weights /problem/capacities
                    'type': 'spanning-tree', 'cost': [1]                                          | /problem/edges /problem/nodes
                    'type': 'spanning-tree', 'cost': [1], 'edges': [[0, 1]], 'nodes': 0           | /problem/nodes
                    'type': 'spanning-tree', 'cost': [1], 'edges': [[0, 1]], 'nodes': 1e9         | /problem/nodes
                    'type': 'spanning-tree', 'cost': [1], 'edges': [[0, 1]], 'nodes': 1           | /problem/edges/0/1
                    'type': 'spanning-tree', 'cost': [1], 'edges': [[-1, 1.5]], 'nodes': 2        | /problem/edges/0/0 /problem/edges/0/1
                    'type': 'spanning-tree', 'cost': [1], 'edges': [0, 1], 'nodes': 2             | /problem/edges
                    'type': 'spanning-tree', 'cost': [1], 'edges': [[0, 1, 2]], 'nodes': 3        | /problem/edges
                    'type': 'spanning-tree', 'cost': [1, 2], 'edges': [[0, 1]], 'nodes': 2        | /problem/cost
                    'type': 'spanning-tree', 'cost': [[1, 2]], 'edges': [[0, 1]], 'nodes': 2      | /problem/cost
                    'type': 'shortest-path', 'cost': [1], 'edges': [[0, 1]], 'nodes': 2           | /problem/source /problem/target
                    'type': 'shortest-path', 'cost': [1], 'edges': [[0, 1]], 'nodes': 2, 'source': 2, 'target': -1 | /problem/source /problem/target
                    'type': 'shortest-path', 'cost': [null], 'edges': [[0, 3]], 'nodes': 2, 'source': 0.5, 'target': [1] | /problem/cost/0 /problem/edges/0/1 /problem/source /problem/target
                    'type': 'min-cost-flow', 'cost': [1], 'edges': [[0, 1]], 'nodes': 2           | /problem/capacity /problem/supply
                    'type': 'min-cost-flow', 'cost': [1], 'edges': [[0, 1]], 'nodes': 2, 'capacity': [-1], 'supply': [1, -1]   | /problem/capacity/0
                    'type': 'min-cost-flow', 'cost': [1], 'edges': [[0, 1]], 'nodes': 2, 'capacity': [0.5], 'supply': [1, 0]   | /problem/capacity/0 /problem/supply
                    'type': 'min-cost-flow', 'cost': [1], 'edges': [[0, 1]], 'nodes': 2, 'capacity': [1, 1], 'supply': [1]     | /problem/capacity /problem/supply
                    'type': 'min-cost-flow', 'cost': [1], 'edges': [[0, 1]], 'nodes': 2, 'capacity': ['Infinity'], 'supply': 0 | /problem/capacity/0 /problem/supply
                    """)
    void problems(String fields, String pointers) {
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {" + fields + "}}",
                pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'type': 'magic', 'cost': [1]                       | /problem/type
                    'type': 3, 'cost': [1]                             | /problem/type /problem/cost
                    'type': 'ranking', 'cost': [1], 'k': 1             | /problem/k
                    'type': 'ranking', 'c': [1]                        | /problem/c
                    'type': 'ranking', 'cost': 'x'                     | /problem/cost
                    'type': 'shortest-path', 'directed': 1             | /problem/directed
                    'type': 'program', 'cost': [1]                     | /problem/cost
                    'cost': [1]                                        | /problem/cost
                    """)
    void form(String fields, String pointers) {
        refused(
                SOLVE,
                ErrorCode.MALFORMED_REQUEST,
                "{'problem': {" + fields + "}}",
                pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'solver': 'ortools-glop'                       | /solver
                    'solver': 'nobody'                             | /solver
                    'warm_start': {'x': [1, 2]}                    | /warm_start
                    'perturbation': {'samples': 0}                 | /perturbation/samples
                    'perturbation': {'samples': 1.5, 'sigma': 0}   | /perturbation/samples /perturbation/sigma
                    'perturbation': {'seed': -1}                   | /perturbation/seed
                    'perturbation': {'seed': [1, 2]}               | /perturbation/seed
                    """)
    void requests(String members, String pointers) {
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {'type': 'ranking', 'cost': [1, 2]}, " + members + "}",
                pointers.split(" "));
    }

    @Test
    void noiseOnPrograms() {
        refused(
                SOLVE,
                ErrorCode.INVALID_PROBLEM,
                "{'problem': {'c': [1], 'lb': 0}, 'perturbation': {}}",
                "/perturbation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'method': 'implicit'                               | /method
                    'method': 'blackbox', 'envelope': 'upper'          | /envelope
                    'method': 'blackbox', 'lambda': 0                  | /lambda
                    'method': 'blackbox', 'lambda': 1, 'tau': 1        | /lambda
                    'method': 'blackbox', 'rho': 1                     | /rho
                    'method': 'perturbed', 'rho': 1                    | /rho
                    'method': 'perturbed', 'samples': 20000            | /samples
                    'method': 'imle', 'seed': [1, 2, 3]                | /seed
                    'method': 'lpgd', 'samples': 3                     | /method
                    'lambda': 1                                        | /lambda
                    'tau': [1]                                         | /tau
                    'tau': [1, -1]                                     | /tau/1
                    'adaptive': {}                                     | /adaptive
                    'tau': 'adaptive', 'adaptive': {'beta': -1, 'decay': 2} | /adaptive/beta /adaptive/decay
                    'wrt': ['c']                                       | /wrt/0
                    'wrt': ['cost', 'k']                               | /wrt/1
                    'solver': 'nobody'                                 | /solver
                    """)
    void methods(String members, String pointers) {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{" + SOLVED + ", " + GRADIENT + ", " + members + "}",
                pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'gradient': {'y': [[1], [1]]}                      | /gradient/y
                    'gradient': {}, 'tau': 'big'                       | /tau
                    'gradient': {}, 'method': 'imle', 'noise': 'pink'  | /noise
                    'gradient': {}, 'tau': 'adaptive', 'adaptive': {'alpha': 1} | /adaptive/alpha
                    """)
    void methodsThatAreNone(String members, String pointers) {
        refused(
                BACKWARD,
                ErrorCode.MALFORMED_REQUEST,
                "{" + SOLVED + ", " + members + "}",
                pointers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'x': [[1, 0]]}                | 'gradient': {}                         | /solve/solution/x
                    {'objective': [1, 1]}          | 'gradient': {}                         | /solve/solution/x
                    {'x': [[1, 0], [0, 1]]}        | 'gradient': {'x': [1, 0]}              | /gradient/x
                    {'x': [[1, 0], [0, 1]]}        | 'gradient': {'x': [[1, 0], [0, null]]} | /gradient/x/1/1
                    {'x': [[1, 0], [0, 1]]}        | 'gradient': {'objective': 1}           | /gradient/objective
                    """)
    void shapes(String solution, String members, String pointers) {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'problem': {'type': 'top-k', 'k': 1, 'cost': [[1, 2], [3, 1]]}, 'solution': "
                        + solution
                        + "}, "
                        + members
                        + "}",
                pointers.split(" "));
    }

    /** (x - x*)^2 is not linear in flows larger than 1. */
    @Test
    void rhoOnFlows() {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'problem': {'type': 'min-cost-flow', 'edges': [[0, 1]], 'nodes': 2, 'capacity': 3, 'supply': [2, -2], 'cost': [1]},"
                        + " 'solution': {'x': [2]}}, 'gradient': {'x': [1]}, 'rho': 1}",
                "/rho");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'method': 'perturbed'                  | /method
                    'method': 'imle'                       | /method
                    'tau': 'adaptive'                      | /tau
                    'method': 'blackbox', 'wrt': ['lb']    | /wrt/0
                    'method': 'blackbox', 'rho': 1         | /rho
                    'samples': 3                           | /method
                    """)
    void programs(String members, String pointers) {
        refused(
                BACKWARD,
                ErrorCode.INVALID_PROBLEM,
                "{'solve': {'problem': {'c': [1], 'lb': 0}, 'solution': {'x': [0]}}, 'gradient': {'x': [1]}, "
                        + members
                        + "}",
                pointers.split(" "));
    }
}

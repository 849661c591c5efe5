"""Combinatorial kinds: what the client sends, and what the service answers against other people's solvers."""

import numpy as np
import pytest

import argmind
import discrete
from argmind import kinds
from argmind._minimizer import KINDS
from discrete_families import random_costs, random_set

NAMES = sorted(KINDS)


def wire(kind):
    """The fields as the oracles read them."""
    return dict(kind.items())


def one_of(name, seed=5):
    """A set with at least one element, and costs [3, ...]."""
    rng = np.random.default_rng(seed)
    while True:
        kind, shape = random_set(name, rng)
        costs = random_costs(name, rng, 3, shape)
        if np.prod(shape) > 1 and discrete.solve(wire(kind), costs[0]) is not None:
            return kind, costs


@pytest.mark.live
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_optima_are_those_of_others(live, name, seed):
    """Ties: the objective and membership are compared, not x."""
    rng = np.random.default_rng([seed, NAMES.index(name)])
    counted = {"optimal": 0, "infeasible": 0}
    for _ in range(20):
        kind, shape = random_set(name, rng)
        costs = random_costs(name, rng, 20, shape)
        solution = live.solve(kind.problem(costs))
        assert solution.x.shape == costs.shape
        for i, cost in enumerate(costs):
            expected = discrete.solve(wire(kind), cost)
            counted[solution.status[i]] += 1
            if expected is None:
                assert solution.status[i] == "infeasible"
                assert np.isnan(solution.x[i]).all()
                assert np.isnan(solution.objective[i])
                continue
            assert solution.status[i] == "optimal"
            assert discrete.contains(wire(kind), solution.x[i])
            value, scale = (expected * cost).sum(), np.abs(expected * cost).sum()
            assert (solution.x[i] * cost).sum() == pytest.approx(value, rel=1e-9, abs=1e-9 * scale)
            assert solution.objective[i] == pytest.approx(value, rel=1e-9, abs=1e-9 * scale)
    assert sum(counted.values()) == 400
    assert counted["optimal"] > 100


@pytest.mark.parametrize("name", NAMES)
def test_without_a_batch_the_answer_has_none(client, name):
    kind, costs = one_of(name)
    solution = client.solve(kind.problem(costs[0]))
    assert solution.x.shape == costs[0].shape
    assert solution.status == "optimal"
    assert discrete.contains(wire(kind), solution.x)
    np.testing.assert_allclose(solution.objective, (solution.x * costs[0]).sum(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_batch(client, name):
    kind, costs = one_of(name)
    solution = client.solve(kind.problem(costs[:0]))
    assert solution.x.shape == (0, *costs.shape[1:])
    assert solution.status == []


@pytest.mark.parametrize("name", NAMES)
def test_float32_stays_float32(client, name):
    kind, costs = one_of(name)
    fields = {k: v.astype(np.float32) if k in ("weights", "capacities") else v for k, v in wire(kind).items()}
    if name == "min-cost-flow":
        fields |= {k: fields[k].astype(np.float32) for k in ("capacity", "supply")}
    solution = client.solve({**fields, "cost": costs.astype(np.float32)})
    assert solution.x.dtype == np.float32
    assert solution.objective.dtype == np.float32


@pytest.mark.parametrize("name", NAMES)
def test_a_registered_kind_needs_costs_only(client, name):
    kind, costs = one_of(name)
    base = client.register(kind)
    together = client.solve(base.replace(cost=costs))
    np.testing.assert_array_equal(together.x, client.solve(kind.problem(costs)).x)
    gradient = np.ones_like(costs)
    backward = client.lpgd_backward(together, {"x": gradient}, tau=1.0, envelope="lower")
    assert backward["cost"].shape == costs.shape


def test_a_forgotten_kind_is_registered_again(service, offline):
    base = offline.register(kinds.TopK(1))
    service.forget()
    np.testing.assert_array_equal(offline.solve(base.replace(cost=[2.0, 1.0])).x, [0, 1])
    assert service.paths == ["/problems", "/solve", "/problems", "/solve"]


def test_small_sets(client):
    for kind, cost, x in (
        (kinds.ShortestPath(np.zeros((0, 2), int), 1, 0, 0), [], []),
        (kinds.ShortestPath([[0, 0]], 1, 0, 0), [1.0], [0]),
        (kinds.GridShortestPath(), [[2.0]], [[1]]),
        (kinds.Assignment(), [[3.0]], [[1]]),
        (kinds.Assignment(), [[3.0, 1.0]], [[0, 1]]),
        (kinds.SpanningTree([], 1), [], []),
        (kinds.Knapsack([1.0], 1.0), [-1.0], [1]),
        (kinds.Knapsack([1.0], 0.5), [-1.0], [0]),
        (kinds.TopK(0), [1.0], [0]),
        (kinds.TopK(1), [1.0], [1]),
        (kinds.Ranking(), [1.0], [1]),
        (kinds.TSP(), [[0.0, 1.0], [2.0, 0.0]], [[0, 1], [1, 0]]),
    ):
        solution = client.solve(kind.problem(np.array(cost, float)))
        assert solution.status == "optimal", kind
        np.testing.assert_array_equal(solution.x, x)


def test_a_bad_instance_costs_the_others_nothing(client):
    # A negative cycle in the second instance only.
    kind = kinds.ShortestPath([[0, 1], [1, 2], [2, 1], [0, 2]], 3, 0, 2)
    costs = np.array([[1.0, 1, 1, 3], [1, -2, 1, 3], [1, 3, 1, 3]])
    solution = client.solve(kind.problem(costs))
    assert solution.status == ["optimal", "unbounded", "optimal"]
    np.testing.assert_array_equal(solution.x[[0, 2]], [[1, 1, 0, 0], [0, 0, 0, 1]])
    assert np.isnan(solution.x[1]).all()
    backward = client.lpgd_backward(solution, {"x": np.nan_to_num(solution.x)}, tau=4.0, envelope="lower", wrt=["cost"])
    assert backward.status == ["ok", "forward-failed", "ok"]
    assert not backward["cost"][1].any()


@pytest.mark.parametrize(
    ("kind", "cost"),
    [
        (kinds.TopK(1), [1.0, np.nan]),
        (kinds.TopK(1), 1.0),
        (kinds.Assignment(), [1.0, 2.0]),
    ],
)
def test_bad_costs_are_an_error_that_points_to_them(client, kind, cost):
    with pytest.raises(argmind.InvalidProblem) as caught:
        client.solve(kind.problem(cost))
    (error,) = caught.value.errors
    assert error.pointer.startswith("/problem/cost")


def test_edges_are_pairs_of_integers():
    for edges in ([[0, 1, 2]], [0, 1], [[0.5, 1.0]]):
        with pytest.raises(ValueError, match=r"edges must be integers \[E, 2\]"):
            kinds.SpanningTree(edges, 3)
    assert kinds.SpanningTree([], 1).edges.shape == (0, 2)


def test_which_are_indicators():
    assert kinds.MinCostFlow([[0, 1]], 2, [1], [1, -1]).binary
    assert not kinds.MinCostFlow([[0, 1]], 2, [2], [1, -1]).binary
    assert not kinds.Ranking().binary
    assert kinds.TSP().binary

"""Integer programs: small knapsacks against the enumeration of all 0/1 vectors."""

import itertools

import numpy as np
import pytest
import torch

import argmind
from argmind.torch import Layer

N, BATCH = 8, 12
CUBE = np.array(list(itertools.product([0.0, 1.0], repeat=N)))
RNG = np.random.default_rng(71)
WEIGHTS = RNG.integers(1, 20, (2, N)).astype(float)
CAPACITY = np.floor(WEIGHTS.sum(1) / 2)
COST = -RNG.uniform(1.0, 10.0, (BATCH, N))
UPSTREAM = RNG.standard_normal((BATCH, N))
KNAPSACK = {"c": COST, "G": WEIGHTS, "h": CAPACITY, "lb": 0.0, "ub": 1.0, "integers": list(range(N))}
FEASIBLE = CUBE[(CUBE @ WEIGHTS.T <= CAPACITY).all(1)]


def best(cost, centre=None, rho=0.0):
    """Argmin cost'x + rho/2 |x - centre|^2 over the feasible 0/1 vectors, for each row of cost."""
    value = FEASIBLE @ cost.T
    if centre is not None:
        value = value + rho / 2 * ((FEASIBLE[:, None] - centre[None]) ** 2).sum(-1)
    order = np.sort(value, axis=0)
    assert (order[1] - order[0] > 1e-6).all(), "the test wants unique minimizers"
    return FEASIBLE[value.argmin(axis=0)]


def test_the_best_knapsack(client):
    solution = client.solve(KNAPSACK)
    assert set(solution.status) == {"optimal"}
    np.testing.assert_allclose(solution.x, best(COST), atol=1e-6)
    np.testing.assert_allclose(solution.objective, (COST * best(COST)).sum(1), atol=1e-5)
    np.testing.assert_allclose(solution.s, CAPACITY - solution.x @ WEIGHTS.T, atol=1e-5)


@pytest.mark.parametrize("tau", [0.01, 2.0, 20.0])
@pytest.mark.parametrize("rho", [0.0, 1.5])
@pytest.mark.parametrize("envelope", ["lower", "upper", "average"])
def test_lpgd_is_the_difference_of_two_knapsacks(client, tau, rho, envelope):
    solution = client.solve(KNAPSACK)
    gradients = client.lpgd_backward(solution, {"x": UPSTREAM}, tau=tau, rho=rho, envelope=envelope, wrt=["c"])
    assert set(gradients.status) == {"ok"}
    x = best(COST)
    lower, upper = (best(COST + step * UPSTREAM, x, rho) for step in (tau, -tau))
    expected = {
        "lower": (lower - x) / tau,
        "upper": (x - upper) / tau,
        "average": (lower - upper) / (2 * tau),
    }[envelope]
    np.testing.assert_allclose(gradients["c"], expected, atol=1e-5 / tau)


def test_a_mixed_integer_program(client):
    """Min -x1 - 0.55 x2, x1 + x2 <= 2.5, x1 integer: x = (2, 0.5)."""
    problem = {"c": [-1.0, -0.55], "G": [[1.0, 1.0]], "h": [2.5], "lb": 0.0, "ub": 2.0, "integers": [0]}
    solution = client.solve(problem)
    assert solution.status == "optimal"
    np.testing.assert_allclose(solution.x, [2.0, 0.5], atol=1e-6)


def test_an_infeasible_integer_program(client):
    problem = {"c": np.ones((2, 1)), "lb": np.array([[0.2], [0.2]]), "ub": np.array([[0.8], [1.2]]), "integers": [0]}
    solution = client.solve(problem)
    assert solution.status == ["infeasible", "optimal"]
    np.testing.assert_allclose(solution.x, [[np.nan], [1.0]], atol=1e-6)


def test_the_layer_learns_the_values_of_a_knapsack(client):
    """Two steps of gradient descent on |x - x_target|^2 do what steps by hand do, and the loss does not rise."""
    target = torch.tensor(best(COST + UPSTREAM))
    fields = {name: torch.tensor(KNAPSACK[name]) for name in ("G", "h")}
    layer = Layer(client=client, tau=3.0, envelope="lower", integers=range(N), constants={"lb": 0.0, "ub": 1.0})
    c = torch.tensor(COST, requires_grad=True)
    by_hand, losses = COST, []
    for _ in range(2):
        x = layer(c=c, **fields)
        loss = ((x - target) ** 2).sum()
        (gradient,) = torch.autograd.grad(loss, c)
        c = (c - 0.5 * gradient).detach().requires_grad_()
        current = best(by_hand)
        by_hand = by_hand - 0.5 * (best(by_hand + 3.0 * 2 * (current - target.numpy())) - current) / 3.0
        losses.append(loss.item())
    np.testing.assert_allclose(c.detach(), by_hand, atol=1e-5)
    assert losses[1] <= losses[0]


@pytest.mark.live
def test_the_multipliers_are_those_of_the_program_with_integers_fixed(live):
    """Min -x1 - 0.55 x2, x1 + x2 <= 2.5, x1 integer and fixed at 2: z = 0.55, and the bounds of x1 carry the rest."""
    h = torch.tensor([2.5], dtype=torch.float64, requires_grad=True)
    c = torch.tensor([-1.0, -0.55], dtype=torch.float64)
    out = Layer(("x", "z", "objective"), client=live, integers=[0])(c=c, G=torch.ones(1, 2), h=h, lb=0.0, ub=2.0)
    np.testing.assert_allclose(out.x.detach(), [2.0, 0.5], atol=1e-6)
    np.testing.assert_allclose(out.z.detach(), [0.55], atol=1e-6)
    np.testing.assert_allclose(out.info.solution.z_box, [0.45, 0.0], atol=1e-6)
    out.objective.backward()
    np.testing.assert_allclose(h.grad, [-0.55], atol=1e-6)


@pytest.mark.live
def test_multipliers_of_an_integer_program_have_no_upstream_gradient(live):
    layer = Layer(("x", "y"), client=live, integers=[0])
    c = torch.ones(2, requires_grad=True)
    out = layer(c=c, A=torch.ones(1, 2), b=torch.ones(1), lb=0.0, ub=1.0)
    with pytest.raises(argmind.InvalidProblem, match="integer variables"):
        out.y.sum().backward()

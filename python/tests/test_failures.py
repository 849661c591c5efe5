"""Instances that fail: the others are not affected, and what happens to the failed ones is a choice."""

import warnings

import numpy as np
import pytest
import torch

import argmind
from argmind.torch import FailedInstancesWarning, Layer
from problems import FIELDS, known_qps

COUNT, INFEASIBLE, UNBOUNDED = 64, 5, 40
OUTPUTS = ("x", "y", "z", "s", "objective")
GOOD = np.delete(np.arange(COUNT), [INFEASIBLE, UNBOUNDED])


@pytest.fixture(scope="module")
def known():
    return known_qps(COUNT, seed=21)


def spoiled(known):
    """The known problems, one made infeasible (a bound above what a row allows), one unbounded (nothing but a cost)."""
    data = {name: value.copy() for name, value in known.data.items()}
    data["A"][INFEASIBLE] = 0.0
    data["b"][INFEASIBLE] = 1.0
    for name in ("P", "A", "b", "G"):
        data[name][UNBOUNDED] = 0.0
    data["h"][UNBOUNDED] = 1.0
    data["lb"][UNBOUNDED], data["ub"][UNBOUNDED] = -np.inf, np.inf
    return data


def leaves(data, *, requires_grad=FIELDS):
    return {name: torch.tensor(value, requires_grad=name in requires_grad) for name, value in data.items()}


def test_the_statuses_say_which_and_why(client, known):
    solution = client.solve(spoiled(known))
    assert solution.status[INFEASIBLE] == "infeasible"
    assert solution.status[UNBOUNDED] == "unbounded"
    assert solution.summary() == {"optimal": COUNT - 2, "infeasible": 1, "unbounded": 1}
    assert np.flatnonzero(~solution.ok).tolist() == [INFEASIBLE, UNBOUNDED]
    for part in (solution.x, solution.y, solution.z, solution.s, solution.objective):
        assert np.isnan(part[[INFEASIBLE, UNBOUNDED]]).all()
        assert np.isfinite(part[GOOD]).all()


def test_the_others_are_the_same_to_the_bit(client, known):
    clean, mixed = client.solve(known.data), client.solve(spoiled(known))
    for name in ("x", "y", "z", "s", "z_box", "objective"):
        assert np.array_equal(getattr(clean, name)[GOOD], getattr(mixed, name)[GOOD]), name
    gradient = {"x": np.cos(np.arange(COUNT * 8.0)).reshape(COUNT, 8)}
    clean, mixed = (client.lpgd_backward(solution, gradient, tau=0.01) for solution in (clean, mixed))
    for name in FIELDS:
        assert np.array_equal(clean[name][GOOD], mixed[name][GOOD]), name
        assert not mixed[name][[INFEASIBLE, UNBOUNDED]].any(), name
    assert [mixed.status[i] for i in (INFEASIBLE, UNBOUNDED)] == ["forward-failed"] * 2


def test_failed_instances_add_nothing_to_a_shared_gradient(client, known):
    data = {name: value[:4].copy() for name, value in known.data.items()}
    data["A"], data["c"] = data["A"][0], data["c"]
    data["b"] = np.einsum("pn,bn->bp", data["A"], known.solution["x"][:4])
    data["lb"][1] = data["ub"][1] = 100.0
    whole = client.solve(data)
    assert whole.status[1] == "infeasible"
    assert whole.ok.sum() == 3
    rest = client.solve({name: value if name == "A" else np.delete(value, 1, axis=0) for name, value in data.items()})
    upstream = np.sin(np.arange(32.0)).reshape(4, 8)
    first = client.lpgd_backward(whole, {"x": upstream}, tau=0.01)
    second = client.lpgd_backward(rest, {"x": np.delete(upstream, 1, axis=0)}, tau=0.01)
    np.testing.assert_allclose(first["A"], second["A"], rtol=1e-9, atol=1e-12)


def test_raise_names_the_instances(client, known):
    layer = Layer(client=client)
    with pytest.raises(argmind.SolveFailed) as caught:
        layer(**leaves(spoiled(known)))
    assert caught.value.indices == [INFEASIBLE, UNBOUNDED]
    assert caught.value.statuses == ["infeasible", "unbounded"]
    assert "2 of 64 instances have no solution: 1 infeasible (at 5), 1 unbounded (at 40)" in str(caught.value)


def test_raise_without_a_batch(client):
    with pytest.raises(argmind.SolveFailed, match=r"1 of 1 instances have no solution: 1 unbounded \(at 0\)"):
        Layer(client=client)(c=torch.ones(2))


@pytest.mark.parametrize("policy", ["zero", "nan"])
def test_a_policy_fills_in_and_leaves_the_others_alone(client, known, policy):
    options = {"client": client, "tau": 0.01, "on_failure": policy}
    clean, mixed = leaves(known.data), leaves(spoiled(known))
    expected, out = Layer(OUTPUTS, **options)(**clean), Layer(OUTPUTS, **options)(**mixed)
    assert (~out.info.ok).nonzero().flatten().tolist() == [INFEASIBLE, UNBOUNDED]
    for part, reference in zip(out, expected, strict=True):
        assert torch.equal(part[GOOD], reference[GOOD])
        bad = part[[INFEASIBLE, UNBOUNDED]]
        assert (bad == 0).all() if policy == "zero" else bad.isnan().all()
    weight = torch.linspace(1, 2, 8, dtype=torch.float64)
    (expected.x @ weight).sum().backward()
    (out.x @ weight).sum().backward()  # NaN under the policy "nan"; its gradient is used all the same
    for name in FIELDS:
        assert torch.equal(mixed[name].grad[GOOD], clean[name].grad[GOOD])
        assert not mixed[name].grad[[INFEASIBLE, UNBOUNDED]].any()


def test_masking_by_ok_makes_a_finite_loss(client, known):
    fields = leaves(spoiled(known))
    out = Layer(("x", "objective"), client=client, tau=0.01, on_failure="nan")(**fields)
    loss = (out.x**2).sum(-1)[out.info.ok].mean()
    loss.backward()
    assert loss.isfinite()
    assert all(value.grad.isfinite().all() for value in fields.values())


def test_unbatched_instances_follow_the_policy(client):
    c = torch.ones(2, requires_grad=True)
    for policy, value in (("zero", 0.0), ("nan", torch.nan)):
        layer = Layer(("x", "objective"), client=client, on_failure=policy)
        out = layer(c=c)
        assert torch.equal(out.x.isnan(), torch.full((2,), value).isnan())
        assert torch.equal(out.objective.nan_to_num(7.0), torch.tensor(value).nan_to_num(7.0))
        assert not out.info.ok
        out.x.sum().backward()
        assert torch.equal(c.grad, torch.zeros(2))


# min c x over x >= 0: the solution is 0, but at c - tau g < 0 the problem is unbounded, for tau and for much less.
HALF_LINE = {"c": np.array([[1e-3], [1.0]]), "lb": 0.0}
STEEP = {"x": np.array([[1.0], [0.1]])}


def test_one_failed_side_is_left_out(client):
    solution = client.solve(HALF_LINE)
    gradients = client.lpgd_backward(solution, STEEP, tau=2.0)
    assert gradients.status == ["one-sided", "ok"]
    assert gradients.ok.all()
    np.testing.assert_allclose(gradients["c"], 0.0, atol=1e-9)


def test_a_failed_perturbed_solve_is_zero_and_says_so(client):
    solution = client.solve(HALF_LINE)
    gradients = client.lpgd_backward(solution, STEEP, tau=2.0, envelope="upper")
    assert gradients.status == ["solver-failed", "ok"]
    assert gradients.ok.tolist() == [False, True]
    assert gradients.summary() == {"solver-failed": 1, "ok": 1}
    np.testing.assert_array_equal(gradients["c"][0], 0.0)


def half_line_layer(client, policy):
    c = torch.tensor(HALF_LINE["c"], requires_grad=True)
    layer = Layer(client=client, tau=2.0, envelope="upper", on_failure=policy)
    return c, layer, (layer(c=c, lb=0.0) * torch.tensor(STEEP["x"])).sum()


def test_raise_also_in_the_backward(client):
    _, layer, loss = half_line_layer(client, "raise")
    with pytest.raises(argmind.SolveFailed, match=r"1 of 2 instances have no gradient: 1 solver-failed \(at 0\)"):
        loss.backward()
    assert layer.last.backward.status == ["solver-failed", "ok"]


@pytest.mark.parametrize("policy", ["zero", "nan"])
def test_a_policy_warns_in_the_backward(client, policy):
    c, layer, loss = half_line_layer(client, policy)
    with pytest.warns(FailedInstancesWarning, match="their gradients are zero"):
        loss.backward()
    assert c.grad[0] == 0
    assert layer.last.backward.status == ["solver-failed", "ok"]


def test_the_warning_comes_once(client):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            half_line_layer(client, "zero")[2].backward()
    assert [entry.category for entry in caught] == [FailedInstancesWarning]

"""Decision losses against their formulas, their own definitions, and each other."""

import copy
import pickle

import numpy as np
import pytest
import torch

import argmind
import discrete
from argmind import kinds, losses
from argmind import torch as layers
from argmind._minimizer import Minimizer
from test_kinds import NAMES, one_of, wire

ITEMS = kinds.Knapsack([[3.0, 4.0, 2.0, 5.0, 1.0], [1.0, 2.0, 2.0, 1.0, 3.0]], [8.0, 5.0])
SIMPLEX = {"A": np.ones((1, 5)), "b": [2.0], "lb": 0, "ub": 1}


def pair(shape, batch=12, seed=0):
    """Predicted and true costs without ties, nonnegative after reflection."""
    rng = np.random.default_rng(seed)
    true = rng.random((batch, *shape)) + 0.5
    return true + 0.2 * rng.standard_normal((batch, *shape)).clip(-1, 1), true


def minimizers(kind, cost):
    return np.stack([discrete.solve(wire(kind), row) for row in cost])


def inner(a, b):
    return (a * b).reshape(len(a), -1).sum(axis=1)


@pytest.mark.parametrize("name", NAMES)
def test_spo_plus(client, name):
    kind, shape = one_of(name)[0], one_of(name)[1].shape[1:]
    predicted, true = pair(shape)
    loss = losses.spo_plus(kind, predicted, true, client=client)
    best, spo = minimizers(kind, true), minimizers(kind, 2 * predicted - true)
    published = inner(true - 2 * predicted, spo) + 2 * inner(predicted, best) - inner(true, best)
    np.testing.assert_allclose(loss.value, published, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(loss.gradient, 2 * (best - spo), atol=1e-12)
    regret = losses.regret(kind, predicted, true, client=client)
    np.testing.assert_allclose(regret.value, inner(true, minimizers(kind, predicted)) - inner(true, best), atol=1e-9)
    assert (regret.value >= -1e-9).all()
    assert (loss.value >= regret.value - 1e-9).all()
    assert list(client.paths) == ["/problems", "/solve"] * 2


def test_known_solutions_are_not_solved_for_again(service, offline):
    predicted, true = pair((5,))
    cost = -predicted, -true
    minimizer = Minimizer(ITEMS, client=offline)
    free = losses.spo_plus(minimizer, *cost)
    known = losses.spo_plus(minimizer, *cost, true_solution=minimizer(-true))
    np.testing.assert_array_equal(known.value, free.value)
    np.testing.assert_array_equal(known.gradient, free.gradient)
    sizes = [len(body["problem"]["cost"]) for request, body in service.requests if request.path == "/solve"]
    assert sizes == [24, 12, 12]
    objective = inner(-true, minimizer(-true))
    np.testing.assert_allclose(
        losses.regret(minimizer, *cost, true_objective=objective).value, losses.regret(minimizer, *cost).value
    )


def test_spo_plus_is_lpgd_at_one_half(client):
    """T16: 2 [x(c) - x(2c^ - c)] = LPGD(upper, tau = 1/2, g = c) + 2 [x(c) - x(c^)]."""
    kind = kinds.ShortestPath([[0, 1], [0, 2], [1, 3], [2, 3], [1, 2], [0, 3]], 4, 0, 3)
    predicted, true = pair((6,), 40)
    c = torch.tensor(predicted, requires_grad=True)
    layer = layers.CombinatorialLayer(kind, client=client, tau=0.5, envelope="upper")
    x = layer(c)
    x.backward(torch.tensor(true))
    loss = losses.spo_plus(layer.minimizer, predicted, true)
    np.testing.assert_allclose(
        loss.gradient, c.grad.numpy() + 2 * (minimizers(kind, true) - x.detach().numpy()), atol=1e-12
    )


@pytest.mark.parametrize("noise", ["gaussian", "gumbel"])
@pytest.mark.live
def test_fenchel_young_of_programs_has_the_same_noise(live, noise):
    """Programs and combinatorial kinds alike; the oracle in Python has no noise on programs."""
    predicted, true = pair((5,), 4)
    target = minimizers(kinds.TopK(2), true)
    options = {"sigma": 0.3, "samples": 7, "seed": 9, "noise": noise, "client": live}
    one = losses.fenchel_young(SIMPLEX, predicted, target, **options)
    other = losses.fenchel_young(kinds.TopK(2), predicted, target, **options)
    np.testing.assert_allclose(one.value, other.value, atol=1e-6)
    np.testing.assert_allclose(one.gradient, other.gradient, atol=1e-6)


@pytest.mark.parametrize("integers", [None, [0, 1, 2, 3, 4]])
def test_programs(client, integers):
    """The two smallest of five costs, as a linear and as an integer program."""
    predicted, true = pair((5,), 6)
    program = SIMPLEX if integers is None else {**SIMPLEX, "integers": integers}
    as_kind = kinds.TopK(2)
    target = minimizers(as_kind, true)
    for loss, arguments in (
        (losses.spo_plus, (true,)),
        (losses.structured_hinge, (target,)),
        (losses.regret, (true,)),
    ):
        one = loss(program, predicted, *arguments, client=client)
        other = loss(as_kind, predicted, *arguments, client=client)
        np.testing.assert_allclose(one.value, other.value, atol=1e-6)
        if one.gradient is not None:
            np.testing.assert_allclose(one.gradient, other.gradient, atol=1e-6)


def test_programs_with_a_batch_of_constraints(client):
    b = np.array([[1.0], [2.0], [3.0]])
    program = argmind.Problem(A=np.ones((1, 5)), b=b, lb=0, ub=1)
    predicted, true = pair((5,), 3)
    loss = losses.spo_plus(program, predicted, true, client=client)
    for i in range(3):
        alone = losses.spo_plus(kinds.TopK(i + 1), predicted[i], true[i], client=client)
        assert loss.value[i] == pytest.approx(alone.value, abs=1e-6)
        np.testing.assert_allclose(loss.gradient[i], alone.gradient, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "min-cost-flow"])
def test_structured_hinge(client, name):
    """The maximum over a sample of elements does not exceed the value, and the value is attained."""
    kind, shape = one_of(name)[0], one_of(name)[1].shape[1:]
    predicted, true = pair(shape)
    target = minimizers(kind, true)
    loss = losses.structured_hinge(kind, predicted, target, scale=0.1, client=client)
    others = np.concatenate([minimizers(kind, pair(shape, 20, seed)[1]) for seed in range(3)])
    for i in range(len(predicted)):
        distances = 0.1 * ((others - target[i]) ** 2).reshape(len(others), -1).sum(axis=1)
        margins = distances + inner(np.broadcast_to(predicted[i], others.shape), target[i] - others)
        assert loss.value[i] >= margins.max() - 1e-9
        worst = target[i] - loss.gradient[i]
        assert discrete.contains(wire(kind), np.round(worst, 9))
        attained = 0.1 * ((worst - target[i]) ** 2).sum() + (predicted[i] * (target[i] - worst)).sum()
        assert loss.value[i] == pytest.approx(attained, abs=1e-9)
    assert (loss.value >= -1e-12).all()


def test_a_margin_for_each_instance(client):
    predicted, true = pair((5,), 2)
    target = minimizers(kinds.TopK(2), true)
    both = losses.structured_hinge(kinds.TopK(2), predicted, target, scale=[0.0, 2.0], client=client)
    for i, scale in enumerate((0.0, 2.0)):
        one = losses.structured_hinge(kinds.TopK(2), predicted[i], target[i], scale=scale, client=client)
        assert both.value[i] == one.value


def test_distances_that_are_not_linear_are_refused(client):
    flow = kinds.MinCostFlow([[0, 1]], 2, [3], [2, -2])
    for problem, target, error in (
        (flow, [2.0], "linear only"),
        ({"A": np.ones((1, 2)), "b": [1.0]}, [1.0, 0.0], "linear only"),
        (kinds.TopK(1), [0.5, 0.5], "0 or 1"),
        (kinds.Ranking(), [1.0, 1.0], "permutation"),
    ):
        with pytest.raises(ValueError, match=error):
            losses.structured_hinge(problem, np.ones(len(target)), target, client=client)


def test_fenchel_young(client):
    """Value and gradient against a simulation of its own, and the definition's consequences."""
    kind = kinds.TopK(2)
    predicted = np.array([[0.0, 0.5, 1.0, -0.5]])
    target = np.array([[1.0, 0.0, 0.0, 1.0]])
    noise = {"sigma": 0.8, "samples": 10000, "seed": 2}
    loss = losses.fenchel_young(kind, predicted, target, **noise, client=client)
    z = 0.8 * np.random.default_rng(13).standard_normal((100000, 4))
    smallest = np.argsort(predicted + z, axis=1)[:, :2]
    least = np.take_along_axis(predicted + z, smallest, axis=1).sum(axis=1).mean()
    mean = np.bincount(smallest.ravel(), minlength=4) / len(z)
    assert loss.value[0] == pytest.approx((predicted * target).sum() - least, abs=0.03)
    np.testing.assert_allclose(loss.gradient[0], target[0] - mean, atol=0.02)


def test_fenchel_young_gradients_are_derivatives_of_its_values(client):
    """With the noise fixed the loss is piecewise linear: differences over a short step are exact."""
    rng = np.random.default_rng(14)
    kind = kinds.GridShortestPath()
    predicted, target = rng.random((3, 4, 4)) + 2, minimizers(kind, rng.random((3, 4, 4)))
    noise = {"sigma": 0.3, "samples": 4, "seed": 5}
    direction = rng.standard_normal(predicted.shape)
    minimizer = Minimizer(kind, client=client)
    here = losses.fenchel_young(minimizer, predicted, target, **noise)
    step = 1e-6
    ahead = losses.fenchel_young(minimizer, predicted + step * direction, target, **noise)
    np.testing.assert_allclose((ahead.value - here.value) / step, inner(here.gradient, direction), atol=1e-5)


@pytest.mark.parametrize("normalized", ["mean", "", None, 2])
def test_regret_is_normalized_in_two_ways(normalized):
    with pytest.raises(ValueError, match="normalized must be"):
        losses.regret(ITEMS, np.ones(3), np.ones(3), normalized=normalized)
    with pytest.raises(ValueError, match="normalized must be"):
        layers.Regret(ITEMS, normalized=normalized)


def test_normalized_regret(client):
    predicted, true = pair((5,))
    plain = losses.regret(ITEMS, -predicted, -true, client=client)
    best = np.abs(inner(-true, minimizers(ITEMS, -true)))
    each = losses.regret(ITEMS, -predicted, -true, normalized=True, client=client)
    batch = losses.regret(ITEMS, -predicted, -true, normalized="batch", client=client)
    np.testing.assert_allclose(each.value, plain.value / best)
    assert batch.value.mean() == pytest.approx(plain.value.sum() / best.sum())
    empty = losses.regret(kinds.TopK(0), predicted, true, normalized=True, client=client)
    assert not empty.ok.any()
    assert np.isnan(empty.value).all()


# Tensors


MODULES = {
    "spo+": lambda **o: (layers.SPOPlus(kinds.TopK(2), **o), True),
    "fenchel-young": lambda **o: (layers.FenchelYoung(kinds.TopK(2), samples=3, seed=1, sigma=0.3, **o), False),
    "hinge": lambda **o: (layers.StructuredHinge(kinds.TopK(2), **o), False),
}


def arguments(needs_cost, batch=6):
    predicted, true = pair((5,), batch)
    return torch.tensor(predicted), torch.tensor(true if needs_cost else minimizers(kinds.TopK(2), true))


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_modules(client, name, reduction):
    module, needs_cost = MODULES[name](client=client, reduction=reduction)
    c, other = arguments(needs_cost)
    c.requires_grad_()
    loss = module(c, other)
    weights = torch.arange(1.0, 7.0, dtype=torch.float64)
    (loss if reduction != "none" else (loss * weights).sum()).backward()
    assert list(client.paths) == ["/problems", "/solve"]
    scale = {"mean": torch.full((6,), 1 / 6), "sum": torch.ones(6), "none": weights}[reduction]
    torch.testing.assert_close(c.grad, scale[:, None].double() * torch.tensor(module.last.gradient))
    value = torch.tensor(module.last.value)
    torch.testing.assert_close(loss.detach(), {"mean": value.mean(), "sum": value.sum(), "none": value}[reduction])
    assert "top-k" in repr(module)


@pytest.mark.parametrize("name", MODULES)
def test_gradients_are_derivatives(client, name):
    """All are piecewise linear in the costs, and no kink is near."""
    module, needs_cost = MODULES[name](client=client, reduction="none")
    c, other = arguments(needs_cost, 3)
    assert torch.autograd.gradcheck(lambda c: module(c, other), (c.requires_grad_(),), eps=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("lead", [(), (0,), (6,), (2, 3)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_shapes_and_dtypes(client, name, lead, dtype):
    module, needs_cost = MODULES[name](client=client, reduction="none")
    c, other = (t[: int(np.prod(lead))].reshape(*lead, 5).to(dtype) for t in arguments(needs_cost))
    c.requires_grad_()
    loss = module(c, other)
    assert loss.shape == lead
    assert loss.dtype == dtype
    loss.sum().backward()
    assert c.grad.dtype == dtype
    assert c.grad.shape == c.shape


def test_functions_are_the_modules(client):
    c, true = arguments(True)
    target = arguments(False)[1]
    problem = kinds.TopK(2)
    pairs = (
        (layers.spo_plus(problem, c, true, client=client), layers.SPOPlus(problem, client=client)(c, true)),
        (
            layers.fenchel_young(problem, c, target, samples=3, seed=1, client=client),
            layers.FenchelYoung(problem, samples=3, seed=1, client=client)(c, target),
        ),
        (
            layers.structured_hinge(problem, c, target, scale=0.2, client=client),
            layers.StructuredHinge(problem, scale=0.2, client=client)(c, target),
        ),
        (
            layers.regret(problem, c, true, normalized="batch", client=client),
            layers.Regret(problem, normalized="batch", client=client)(c, true),
        ),
    )
    for one, other in pairs:
        torch.testing.assert_close(one, other)
        assert one.shape == ()


def test_losses_take_layers(client):
    c, true = arguments(True)
    layer = layers.TopK(2, client=client)
    torch.testing.assert_close(layers.SPOPlus(layer)(c, true), layers.spo_plus(layer.minimizer, c, true))
    assert list(client.paths) == ["/problems", "/solve", "/solve"]
    with pytest.raises(TypeError, match="give client to the"):
        layers.SPOPlus(layer, client=client)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda loss: pickle.loads(pickle.dumps(loss))])
def test_a_copy_works(again):
    from service import Service, serve  # noqa: PLC0415

    with serve(Service()) as url:
        c, true = arguments(True)
        loss = layers.SPOPlus(kinds.TopK(2), client=url)
        value = loss(c, true)
        copied = again(loss)
        assert copied.last is None
        torch.testing.assert_close(copied(c, true), value)
        for one in (loss, copied):
            one.minimizer.client.close()


def test_regret_has_no_gradient(client):
    c, true = arguments(True)
    assert not layers.Regret(kinds.TopK(2), client=client)(c.requires_grad_(), true).requires_grad


def test_a_second_derivative_is_an_error(client):
    c, true = arguments(True)
    loss = layers.SPOPlus(kinds.TopK(2), client=client)(c.requires_grad_(), true)
    (gradient,) = torch.autograd.grad(loss, c, create_graph=True)
    with pytest.raises(NotImplementedError, match="no second derivative"):
        (gradient**2).sum().backward()


def test_functional_gradients(client):
    c, true = arguments(True)
    module = layers.SPOPlus(kinds.TopK(2), client=client)
    functional = torch.func.grad(lambda c: module(c, true))(c)
    module(c.requires_grad_(), true).backward()
    torch.testing.assert_close(functional, c.grad)


# Failures


def bad_batch():
    """The true costs of the second instance have a negative cycle."""
    kind = kinds.ShortestPath([[0, 1], [1, 2], [2, 1], [0, 2]], 3, 0, 2)
    true = np.array([[1.0, 1, 1, 3], [1, -2, 1, 3], [1, 3, 1, 3]])
    return kind, np.abs(true) + 0.5, true


def test_failures_are_data(client):
    kind, predicted, true = bad_batch()
    loss = losses.spo_plus(kind, predicted, true, client=client)
    assert loss.ok.tolist() == [True, False, True]
    assert loss.status == ["optimal", "unbounded", "optimal"]
    assert loss.summary() == {"optimal": 2, "unbounded": 1}
    assert np.isnan(loss.value[1])
    assert not loss.gradient[1].any()
    alone = losses.spo_plus(kind, predicted[[0, 2]], true[[0, 2]], client=client)
    np.testing.assert_array_equal(loss.value[[0, 2]], alone.value)
    np.testing.assert_array_equal(loss.gradient[[0, 2]], alone.gradient)
    assert losses.regret(kind, predicted, true, client=client).ok.tolist() == [True, False, True]


@pytest.mark.parametrize("on_failure", ["zero", "nan"])
def test_failed_instances_of_tensors(client, on_failure):
    kind, predicted, true = bad_batch()
    c = torch.tensor(predicted, requires_grad=True)
    module = layers.SPOPlus(kind, client=client, on_failure=on_failure, reduction="none")
    loss = module(c, true)
    assert (loss[1] == 0 if on_failure == "zero" else torch.isnan(loss[1])).item()
    loss.mean().backward()
    torch.testing.assert_close(c.grad, torch.tensor(module.last.gradient) / 3)
    assert c.grad.isfinite().all()


def test_a_failure_names_the_instances(client):
    kind, predicted, true = bad_batch()
    with pytest.raises(argmind.SolveFailed, match="1 of 3 instances have no value: 1 unbounded") as caught:
        layers.SPOPlus(kind, client=client)(torch.tensor(predicted), true)
    assert caught.value.indices == [1]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: losses.spo_plus(kinds.TopK(1), [1.0, 2.0], [1.0]), ValueError, "true_cost must be shaped like cost"),
        (lambda: losses.spo_plus(kinds.Assignment(), [1.0], [1.0]), ValueError, "at least 2 axes"),
        (lambda: Minimizer({"P": [[1.0]], "lb": 0}), ValueError, "P makes the objective quadratic"),
        (lambda: Minimizer({"c": [1.0], "lb": 0}), ValueError, "leave c out"),
        (lambda: Minimizer(kinds.TopK(1).problem([1.0])), ValueError, "leave cost out"),
        (lambda: Minimizer({"type": "sat"}), ValueError, "unknown type 'sat': expected program or one of"),
        (lambda: losses.spo_plus(Minimizer(kinds.TopK(1)), [1.0], [1.0], solver="x"), TypeError, "give solver to"),
        (
            lambda: losses.regret(kinds.TopK(1), [1.0], [1.0], true_objective=[1.0], client=argmind.Client("http://x")),
            ValueError,
            "true_objective",
        ),
        (lambda: layers.SPOPlus(kinds.TopK(1), reduction="max"), ValueError, "reduction must be"),
        (lambda: layers.SPOPlus(kinds.TopK(1), on_failure="skip"), ValueError, "on_failure must be"),
    ],
)
def test_bad_arguments(call, error, words, monkeypatch, offline):
    monkeypatch.setattr(Minimizer, "solve", lambda self, *costs, **_: solve(self, offline, costs))
    with pytest.raises(error, match=words):
        call()


def solve(minimizer, client, costs):
    minimizer.client = client
    return minimizer._request([np.asarray(cost, float) for cost in costs], None)

"""Gradients against finite differences and against the exact derivative of the KKT system, for every field."""

import numpy as np
import pytest
import torch

import oracle
from argmind.torch import Layer
from problems import FIELDS, direction, known_qps

OUTPUTS = ("x", "y", "z", "s", "objective")


def random_upstream(rng, known, names=OUTPUTS):
    """A gradient by each of the outputs, [B, ...]."""
    return {name: rng.standard_normal(known.solution[name].shape) for name in names}


def derivatives(client, known, upstream, step):
    """d/dt of <upstream, outputs> along one random direction for each instance and field, by central differences.

    One request: for each field and each of -step, +step a copy of the batch.
    """
    rng = np.random.default_rng(99)
    directions = {name: direction(rng, known.data, name) for name in FIELDS}
    moved = {name: [] for name in FIELDS}
    for name in FIELDS:
        for sign in (-1, 1):
            for field in FIELDS:
                shift = sign * step * directions[field] if field == name else 0.0
                moved[field].append(known.data[field] + shift)
    solution = client.solve({name: np.concatenate(parts) for name, parts in moved.items()}, tolerance=1e-11)
    assert solution.ok.all()
    value = sum((getattr(solution, k) * np.tile(g, (16,) + (1,) * (g.ndim - 1))).reshape(len(solution.x), -1).sum(1)
                for k, g in upstream.items())  # fmt: skip
    low, high = np.swapaxes(value.reshape(len(FIELDS), 2, -1), 0, 1)
    return directions, dict(zip(FIELDS, (high - low) / (2 * step), strict=True))


def along(gradients, directions):
    """<gradient, direction> for each instance and field."""
    return {name: np.einsum("bi,bi->b", *(part[name].reshape(len(part[name]), -1) for part in (gradients, directions)))
            for name in FIELDS}  # fmt: skip


@pytest.mark.parametrize("loss_of", [OUTPUTS, *[(name,) for name in OUTPUTS]], ids="+".join)
@pytest.mark.parametrize("method", ["lpgd", "implicit"])
def test_finite_differences_of_200_qps(client, loss_of, method):
    known = known_qps(200, seed=31)
    upstream = random_upstream(np.random.default_rng(32), known, loss_of)
    solution = client.solve(known.data, tolerance=1e-11)
    gradients = client.lpgd_backward(solution, upstream, tau=0.01, method=method, tolerance=1e-11)
    assert set(gradients.status) == {"ok"}
    directions, expected = derivatives(client, known, upstream, step=1e-4)
    for name, value in along(gradients, directions).items():
        error = np.abs(value - expected[name]) / np.maximum(1.0, np.abs(expected[name]))
        assert error.max() < 1e-5, (name, error.max(), error.argmax())


def test_the_exact_derivative_of_the_kkt_system(client):
    known = known_qps(30, seed=33)
    upstream = random_upstream(np.random.default_rng(34), known)
    solution = client.solve(known.data, tolerance=1e-11)
    for options in ({"tau": 0.01}, {"method": "implicit"}):
        gradients = client.lpgd_backward(solution, upstream, tolerance=1e-11, **options)
        for i in range(30):
            expected = oracle.kkt_adjoint(known.instance(i), known.point(i), {k: g[i] for k, g in upstream.items()})
            for name in FIELDS:
                np.testing.assert_allclose(gradients[name][i], expected[name], atol=1e-6, err_msg=f"{name} of {i}")


def test_known_solutions(client):
    known = known_qps(100, seed=35)
    solution = client.solve(known.data, tolerance=1e-10)
    for name, expected in known.solution.items():
        np.testing.assert_allclose(getattr(solution, name), expected, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("field", FIELDS)
def test_gradcheck(client, field):
    """PyTorch's own check, every entry of the field against every output."""
    known = known_qps(1, seed=36, n=6, p=1, m=3)
    data = {name: torch.tensor(value[0]) for name, value in known.data.items()}
    layer = Layer(OUTPUTS, client=client, tau=1e-3, tolerance=1e-11)

    def outputs(value):
        return tuple(layer(**{**data, field: value}))

    def of_factor(L):
        return tuple(layer(**{**data, "P": L @ L.T + torch.eye(6, dtype=L.dtype)}))

    if field == "P":
        start, function = torch.linalg.cholesky(data["P"] - 0.9 * torch.eye(6, dtype=torch.float64)), of_factor
    else:
        start, function = data[field].clone(), outputs
    torch.autograd.gradcheck(function, start.requires_grad_(), eps=1e-4, atol=1e-4, rtol=1e-3, nondet_tol=1e-9)


@pytest.mark.parametrize("output", OUTPUTS)
def test_each_output_alone(client, output):
    known = known_qps(12, seed=37)
    fields = {name: torch.tensor(value, requires_grad=True) for name, value in known.data.items()}
    layer = Layer((output,), client=client, tau=0.01, tolerance=1e-11)
    value = layer(**fields)
    weight = torch.cos(torch.arange(value.numel(), dtype=value.dtype)).reshape(value.shape)
    (value * weight).sum().backward()
    for i in range(12):
        expected = oracle.kkt_adjoint(known.instance(i), known.point(i), {output: weight[i].numpy()})
        for name in FIELDS:
            np.testing.assert_allclose(fields[name].grad[i], expected[name], atol=1e-6, err_msg=f"{name} of {i}")


def test_gradients_flow_through_two_layers(client):
    """x* of one problem is the cost of the next; the chain rule against finite differences."""
    known = known_qps(1, seed=38)
    data = {name: torch.tensor(value[0]) for name, value in known.data.items()}
    layer = Layer(client=client, tau=1e-3, tolerance=1e-11)

    def twice(c):
        x = layer(**{**data, "c": c})
        return layer(**{**data, "c": data["c"] + 0.1 * x}).square().sum()

    c = data["c"].clone().requires_grad_()
    twice(c).backward()
    d = torch.tensor(direction(np.random.default_rng(1), {"c": known.data["c"]}, "c")[0])
    with torch.no_grad():
        difference = (twice(c + 1e-4 * d) - twice(c - 1e-4 * d)) / 2e-4
    torch.testing.assert_close(c.grad @ d, difference, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("envelope", ["lower", "upper"])
@pytest.mark.parametrize("tau", [0.3, 3.0, 30.0])
def test_lpgd_is_the_gradient_of_a_difference_of_optimal_values(client, envelope, tau):
    """At any tau, across changes of the active set: [L*(c + tau g_x, b - tau g_y, h - tau g_z) - L*] / tau, g fixed."""
    known = known_qps(20, seed=39)
    rng = np.random.default_rng(40)
    sign = 1.0 if envelope == "lower" else -1.0
    g = {name: rng.standard_normal(known.solution[name].shape) for name in ("x", "y", "z")}
    g["y"] *= 0.02 / tau  # a shift of b and h by tau g must leave the problem feasible
    g["z"] *= 0.02 / tau
    step = sign * tau
    shift = {"c": step * g["x"], "b": -step * g["y"], "h": -step * g["z"]}

    gradients = client.lpgd_backward(
        client.solve(known.data, tolerance=1e-11), g, tau=tau, envelope=envelope, tolerance=1e-11
    )
    assert set(gradients.status) == {"ok"}
    directions = {name: direction(rng, known.data, name) for name in FIELDS}
    steps = (-2, -1, 1, 2)  # fourth-order differences: weights 1, -8, 8, -1 over 12
    h = 3e-4
    moved = {name: [] for name in FIELDS}
    for name in FIELDS:
        for k in steps:
            for perturbed in (False, True):
                for field in FIELDS:
                    value = known.data[field] + (k * h * directions[field] if field == name else 0.0)
                    moved[field].append(value + (shift.get(field, 0.0) if perturbed else 0.0))
    solution = client.solve({name: np.concatenate(parts) for name, parts in moved.items()}, tolerance=1e-11)
    assert solution.ok.all()
    values = solution.objective.reshape(len(FIELDS), 4, 2, -1)
    envelope_values = (values[:, :, 1] - values[:, :, 0]) / step
    expected = np.einsum("k,fkb->fb", np.array([1, -8, 8, -1]) / (12 * h), envelope_values)
    changed = np.asarray(gradients.diagnostics["displacement"]) if "displacement" in gradients.diagnostics else None
    for name, difference in zip(FIELDS, expected, strict=True):
        value = along(gradients, directions)[name]
        error = np.abs(value - difference) / np.maximum(1.0, np.abs(difference))
        assert error.max() < 1e-6, (name, error.max(), error.argmax())
    assert changed is None or (changed > 0).all()

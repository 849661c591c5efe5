"""Combinatorial layers: methods by their formulas, shapes, dtypes, requests, seeds, failures."""

import copy
import pickle

import numpy as np
import pytest
import torch

import argmind
import discrete
from argmind import kinds
from argmind import torch as layers
from argmind._minimizer import KINDS
from discrete_families import random_costs
from test_kinds import NAMES, one_of, wire

DIAMOND = np.array([[0, 1], [0, 2], [1, 3], [2, 3], [1, 2], [0, 3]])


def paths(client, **options):
    return layers.ShortestPath(DIAMOND, 4, 0, 3, client=client, **options)


def costs(batch=5, seed=0, **options):
    return torch.tensor(np.random.default_rng(seed).random((batch, 6)) + 0.5, requires_grad=True, **options)


def minimizers(kind, cost):
    return np.stack([discrete.solve(wire(kind), row) for row in cost])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("envelope", ["lower", "upper", "average"])
def test_lpgd_is_a_difference_of_minimizers(client, name, envelope):
    """Lower: (x(c + tau g) - x(c)) / tau; upper: (x(c) - x(c - tau g)) / tau; the mean of both (T7)."""
    kind, _ = one_of(name)
    shape = one_of(name)[1].shape[1:]
    rng = np.random.default_rng(3)
    cost = rng.random((8, *shape)) + 0.5  # no ties, and nonnegative when perturbed
    g = rng.standard_normal((8, *shape))
    tau = 0.4 / np.abs(g).max()
    c = torch.tensor(cost, requires_grad=True)
    layer = layers.CombinatorialLayer(kind, client=client, envelope=envelope, tau=tau)
    x = layer(c)
    np.testing.assert_array_equal(x.detach(), minimizers(kind, cost))
    x.backward(torch.tensor(g))
    lower = (minimizers(kind, cost + tau * g) - x.detach().numpy()) / tau
    upper = (x.detach().numpy() - minimizers(kind, cost - tau * g)) / tau
    expected = {"lower": lower, "upper": upper, "average": (lower + upper) / 2}[envelope]
    np.testing.assert_allclose(c.grad, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_blackbox_is_the_lower_envelope(client, name):
    kind, shape = one_of(name)[0], one_of(name)[1].shape[1:]
    rng = np.random.default_rng(4)
    cost = torch.tensor(rng.random((6, *shape)) + 0.5)
    g = torch.tensor(rng.standard_normal((6, *shape)))
    gradients = []
    for options in ({"method": "blackbox", "lambda_": 0.1}, {"tau": 0.1, "envelope": "lower"}):
        c = cost.clone().requires_grad_()
        layers.CombinatorialLayer(kind, client=client, **options)(c).backward(g)
        gradients.append(c.grad)
    torch.testing.assert_close(gradients[0], gradients[1], rtol=0, atol=0)


@pytest.mark.parametrize("projection", [None, "none", "mean", "standardize"])
def test_identity(client, projection):
    c = costs()
    g = torch.randn(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    paths(client, method="identity", projection=projection)(c).backward(g)
    expected = g.clone()
    if projection in ("mean", "standardize"):
        expected = g - g.mean(-1, keepdim=True)
    if projection == "standardize":
        c2 = c.detach().clone().requires_grad_()
        centred = c2 - c2.mean(-1, keepdim=True)
        scaled = (centred / centred.norm(dim=-1, keepdim=True) * g).sum()
        (expected,) = torch.autograd.grad(scaled, c2)
        # Up to the scale of the projection, which implementations choose differently.
        ratio = -c.grad / expected
        torch.testing.assert_close(ratio, ratio[:, :1].expand_as(ratio), rtol=1e-6, atol=1e-6)
        assert (ratio > 0).all()
        return
    torch.testing.assert_close(c.grad, -expected)


def test_rho_makes_the_perturbed_problem_stay(client):
    """With rho large against tau g and c nothing moves; T12 on indicators."""
    c = costs()
    g = torch.randn(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    paths(client, tau=1.0, rho=100.0)(c).backward(g)
    assert not c.grad.any()
    c.grad = None
    paths(client, tau=1.0, rho=0.05)(c).backward(g)
    x = minimizers(kinds.ShortestPath(DIAMOND, 4, 0, 3), c.detach().numpy())
    perturbed = c.detach().numpy() + g.numpy() + 0.05 * (0.5 - x)  # a graph without cycles: costs may be negative
    np.testing.assert_allclose(c.grad, minimizers(kinds.ShortestPath(DIAMOND, 4, 0, 3), perturbed) - x, atol=1e-12)


def test_a_large_tau_goes_to_the_best_element(client):
    """T9: tau dc = argmin <g, x> - x* from a finite tau on; and ||dc|| <= diam(X) / tau for all of them."""
    c = costs(20)
    g = torch.randn(20, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(9))
    kind = kinds.ShortestPath(DIAMOND, 4, 0, 3)
    x = minimizers(kind, c.detach().numpy())
    for tau in (0.1, 1.0, 1e6):
        c.grad = None
        paths(client, tau=tau)(c).backward(g)
        assert (c.grad.norm(dim=-1) <= np.sqrt(6) / tau + 1e-12).all()
    np.testing.assert_allclose(1e6 * c.grad, minimizers(kind, g.numpy()) - x, atol=1e-9)


@pytest.mark.parametrize("beta", [0.1, 1.0, 10.0])
def test_rho_and_a_large_tau_lead_to_the_identity(client, beta):
    """With rho = tau / beta, x goes to the element nearest to x* - beta g (equation 12 with X instead of its hull)."""
    c = costs(20)
    g = torch.randn(20, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(10))
    every = np.array([[1, 0, 1, 0, 0, 0], [0, 1, 0, 1, 0, 0], [1, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 1]])
    x = minimizers(kinds.ShortestPath(DIAMOND, 4, 0, 3), c.detach().numpy())
    paths(client, tau=1e7, rho=1e7 / beta)(c).backward(g)
    target = x - beta * g.numpy()
    nearest = every[((every - target[:, None]) ** 2).sum(-1).argmin(-1)]
    np.testing.assert_allclose(1e7 * c.grad, nearest - x, atol=1e-6)


def test_golden_values_on_the_simplex(client):
    """G1: e3 replaces e2 from tau = 0.5 on (T10) on the lower side, and nothing ever does on the upper one."""
    for tau, lower in ((0.4, [0, 0, 0]), (0.6, [0, -1 / 0.6, 1 / 0.6]), (2.0, [0, -0.5, 0.5])):
        for envelope, factor in (("lower", 1.0), ("upper", 0.0), ("average", 0.5)):
            c = torch.tensor([-0.1, -0.2, 0.1], dtype=torch.float64, requires_grad=True)
            g = torch.tensor([0.1, 0.1, -0.5], dtype=torch.float64)
            layers.TopK(1, client=client, tau=tau, envelope=envelope)(c).backward(g)
            np.testing.assert_allclose(c.grad, factor * np.array(lower), atol=1e-12)


def test_scaling_the_upstream_gradient_scales_tau(client):
    """T6: LPGD(tau; a g) = a LPGD(a tau; g)."""
    g = torch.randn(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(11))
    gradients = []
    for tau, scale in ((0.3, 4.0), (1.2, 1.0)):
        c = costs()
        paths(client, tau=tau)(c).backward(scale * g)
        gradients.append(c.grad / scale)
    torch.testing.assert_close(*gradients)


def test_descent(client):
    """T8: <g, dc> <= 0 for every envelope and tau."""
    c = costs(50)
    g = torch.randn(50, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    for envelope in ("lower", "upper", "average"):
        for tau in (0.01, 0.1, 0.4):
            c.grad = None
            paths(client, tau=tau, envelope=envelope)(c).backward(g)
            assert ((c.grad * g).sum(-1) <= 1e-12).all()


def test_objective_is_an_output(client):
    c = costs()
    layer = paths(client, outputs=("x", "objective"), tau=0.1)
    x, objective = layer(c)
    torch.testing.assert_close(objective, (x * c).sum(-1))
    objective.sum().backward()
    torch.testing.assert_close(c.grad, x.detach())


@pytest.mark.parametrize("lead", [(), (1,), (5,), (5, 1), (1, 5, 1)])
def test_batch_axes_are_kept(client, lead):
    count = int(np.prod(lead))
    flat = costs(count)
    c = flat.detach().reshape(*lead, 6).requires_grad_()
    g = torch.randn(count, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    tau = torch.full(lead, 0.7, dtype=torch.float64)
    layer = paths(client, tau=tau)
    x = layer(c)
    assert x.shape == c.shape
    assert layer.last.ok.shape == lead
    x.backward(g.reshape(c.shape))
    paths(client, tau=0.7)(flat).backward(g)
    torch.testing.assert_close(c.grad.reshape(flat.shape), flat.grad)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_dtypes_are_kept(client, dtype):
    c = torch.tensor([[1.0, 2, 1, 2, 0.5, 4]], dtype=dtype, requires_grad=True)
    x = paths(client, tau=4.0)(c)
    assert x.dtype == dtype
    x.backward(x.detach())
    assert c.grad.dtype == dtype
    assert c.grad.any()


def test_each_kind_has_a_layer(client):
    for name in NAMES:
        kind, c = one_of(name)
        named = getattr(layers, type(kind).__name__)
        layer = named(**{k: v for k, v in kind.items() if k != "type"}, client=client, tau=1.0)
        assert isinstance(layer, layers.CombinatorialLayer)
        assert layer.kind.type == name
        tensor = torch.tensor(c, requires_grad=True)
        x = layer(tensor)
        np.testing.assert_array_equal(x.detach(), client.solve(kind.problem(c)).x)
        x.sum().backward()
        assert tensor.grad.shape == tensor.shape
        assert repr(name) in repr(layer)
    assert {cls.__name__ for cls in KINDS.values()} <= set(layers.__all__)


# Requests


def test_the_kind_is_sent_once(client):
    layer = paths(client, method="blackbox", lambda_=1.0)
    assert list(client.paths) == []
    c = costs()
    for _ in range(2):
        layer(c).sum().backward()
    assert list(client.paths) == ["/problems", *["/solve", "/lpgd-backward"] * 2]


def test_only_costs_travel(service, offline):
    paths(offline)(costs())
    assert service.requests[0][1].keys() == {"type", "edges", "nodes", "source", "target", "directed"}
    assert service.requests[1][1]["problem"].keys() == {"base", "cost"}


def test_without_gradients_nothing_is_retained(service, offline):
    layer = paths(offline)
    with torch.no_grad():
        assert not layer(costs()).requires_grad
    layer(costs().detach())
    layer(costs())
    assert [body["retain"] for request, body in service.requests if request.path == "/solve"] == [False, False, True]


@pytest.mark.parametrize("options", [{"tau": 0.7}, {"method": "perturbed", "samples": 3, "seed": 1}])
def test_what_the_service_forgets_is_sent_again(service, offline, options):
    c = costs()
    x = paths(offline, **options)(c)
    g = torch.randn(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    x.backward(g, retain_graph=True)
    before, c.grad = c.grad, None
    service.forget()
    x.backward(g)
    torch.testing.assert_close(c.grad, before)
    assert service.paths[-4:] == ["/lpgd-backward", "/lpgd-backward", "/problems", "/lpgd-backward"]


def test_zero_upstream_needs_no_request(client):
    c = costs()
    paths(client)(c).backward(torch.zeros(5, 6, dtype=torch.float64))
    assert list(client.paths) == ["/problems", "/solve"]
    assert not c.grad.any()


@pytest.mark.parametrize("again", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_copy_works(again):
    from service import Service, serve  # noqa: PLC0415

    with serve(Service()) as url:
        layer = paths(url, tau="adaptive")
        layer(costs()).sum().backward()
        copied = again(torch.nn.Sequential(layer))[0]
        assert copied.last is None
        assert copied.adaptive.beta == layer.adaptive.beta
        torch.testing.assert_close(copied(costs()), layer(costs()))
        for one in (layer, copied):
            one.minimizer.client.close()


# Noise


@pytest.mark.parametrize("method", ["perturbed", "imle"])
def test_the_seed_is_the_layers_or_pytorchs(client, method):
    c = costs().detach()
    options = {"method": method, "samples": 5, "sigma": 2.0}
    fixed = paths(client, **options, seed=7)
    torch.testing.assert_close(fixed(c), fixed(c))
    torch.testing.assert_close(fixed(c, seed=8), paths(client, **options, seed=8)(c))
    free = paths(client, **options)
    torch.manual_seed(0)
    first, second = free(c), free(c)
    assert not torch.equal(first, second)
    torch.manual_seed(0)
    torch.testing.assert_close(free(c), first)


@pytest.mark.parametrize("noise", ["gaussian", "gumbel"])
def test_perturbed_means_are_those_of_an_independent_simulation(client, noise):
    c = torch.tensor([[0.0, 0.5, 1.0, -0.5]], dtype=torch.float64)
    x = layers.TopK(2, client=client, method="perturbed", samples=4000, sigma=0.8, seed=3, noise=noise)(c)
    rng = np.random.default_rng(11)
    z = rng.standard_normal((40000, 4)) if noise == "gaussian" else rng.gumbel(size=(40000, 4))
    order = np.argsort(c.numpy() - 0.8 * z, axis=1)[:, :2]
    np.testing.assert_allclose(x.numpy()[0], np.bincount(order.ravel(), minlength=4) / len(z), atol=0.03)


@pytest.mark.live
@pytest.mark.parametrize("noise", ["gaussian", "gumbel"])
@pytest.mark.parametrize("seed", [0, 2**53, [3, 4, 5]])
def test_the_noise_of_the_service_is_the_clients(live, noise, seed):
    """Sample by sample: the mean over the client's own noise is the service's answer to the last bit."""
    how = argmind.Perturbation(samples=6, seed=seed, noise=noise, sigma=0.7)
    cost = np.random.default_rng(0).random((3, 7))
    solution = live.solve(kinds.TopK(3).problem(cost), perturbation=how)
    noisy = cost[:, None] - 0.7 * how.draw(3, 7)
    x = np.zeros((3, 6, 7))
    np.put_along_axis(x, np.argsort(noisy, axis=-1)[..., :3], 1.0, axis=-1)
    np.testing.assert_allclose(solution.x, x.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(solution.smoothed_objective, (noisy * x).sum(axis=-1).mean(axis=1), rtol=1e-9)
    np.testing.assert_allclose(solution.objective, (cost * solution.x).sum(axis=-1), rtol=1e-12)


@pytest.mark.parametrize("noise", ["gaussian", "gumbel"])
def test_perturbed_gradients_are_covariances(client, noise):
    """- 1/sigma cov(<g, x>, nu'(Z)) over the samples, with nu' the score of the noise's density."""
    c = torch.tensor(np.random.default_rng(1).random((2, 6)), requires_grad=True)
    g = np.random.default_rng(2).standard_normal((2, 6))
    layers.TopK(2, client=client, method="perturbed", samples=40, sigma=0.5, seed=11, noise=noise)(c).backward(
        torch.tensor(g)
    )
    z = argmind.Perturbation(samples=40, seed=11, noise=noise).draw(2, 6)
    x = np.zeros((2, 40, 6))
    np.put_along_axis(x, np.argsort(c.detach().numpy()[:, None] - 0.5 * z, axis=-1)[..., :2], 1.0, axis=-1)
    score = z if noise == "gaussian" else 1 - np.exp(-z)
    seen = np.einsum("bsn,bn->bs", x, g)
    for i in range(2):
        covariance = [np.cov(seen[i], score[i, :, j])[0, 1] for j in range(6)]
        np.testing.assert_allclose(c.grad[i], -np.array(covariance) / 0.5, rtol=1e-9, atol=1e-12)


def test_perturbed_gradients_are_those_of_an_independent_simulation(client):
    """D E<g, x(c - sigma Z)> / dc = E[<g, x(c - sigma Z)> Z] / sigma, by central differences of the mean."""
    c = torch.tensor([0.0, 0.5, 1.0, -0.5], dtype=torch.float64, requires_grad=True)
    g = torch.tensor([1.0, -1.0, 2.0, 0.0], dtype=torch.float64)
    layers.TopK(2, client=client, method="perturbed", samples=10000, sigma=0.8, seed=3)(c).backward(g)
    z = np.random.default_rng(12).standard_normal((200000, 4))

    def mean(cost):
        order = np.argsort(cost + 0.8 * z, axis=1)[:, :2]
        return g.numpy()[order].sum(axis=1).mean()

    steps = 0.05 * np.eye(4)
    expected = [(mean(c.detach().numpy() + e) - mean(c.detach().numpy() - e)) / 0.1 for e in steps]
    np.testing.assert_allclose(c.grad, expected, atol=0.08)


def test_imle_of_little_noise_is_blackbox(client):
    c = costs()
    g = torch.randn(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(6))
    paths(client, method="imle", samples=3, sigma=1e-9, tau=0.2)(c).backward(g)
    imle, c.grad = c.grad, None
    paths(client, method="blackbox", lambda_=0.2)(c).backward(g)
    torch.testing.assert_close(imle, c.grad)


@pytest.mark.parametrize("method", ["lpgd", pytest.param("imle", marks=pytest.mark.live)])
def test_adaptive_tau(client, method):
    """Beta ||c|| / ||g||; beta grows while gradients are sparse, shrinks otherwise, and is in the state."""
    layer = paths(client, method=method, tau=layers.AdaptiveTau(target=3.0, step=0.5, beta=0.1, decay=0.5))
    c = costs()
    g = torch.randn(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(7))
    betas = []
    for _ in range(12):
        betas.append(float(layer.adaptive.beta))
        c.grad = None
        layer(c).backward(g)
        if betas[-1]:
            expected = betas[-1] * c.detach().norm(dim=-1) / g.norm(dim=-1)
            torch.testing.assert_close(torch.tensor(layer.last.backward.diagnostics["tau"]), expected)
    assert betas[1] == pytest.approx(0.6)
    assert max(betas) > 1
    again = paths(client, tau="adaptive")
    again.load_state_dict(layer.state_dict())
    assert again.adaptive.beta == layer.adaptive.beta
    assert again.adaptive.nonzeros == layer.adaptive.nonzeros


# Failures


def bad_batch():
    """A negative cycle in the second instance."""
    kind = kinds.ShortestPath([[0, 1], [1, 2], [2, 1], [0, 2]], 3, 0, 2)
    return kind, torch.tensor([[1.0, 1, 1, 3], [1, -2, 1, 3], [1, 3, 1, 3]], requires_grad=True)


def test_a_failure_names_the_instances(client):
    kind, c = bad_batch()
    with pytest.raises(argmind.SolveFailed, match="1 of 3 instances have no solution: 1 unbounded") as caught:
        layers.CombinatorialLayer(kind, client=client)(c)
    assert caught.value.indices == [1]


@pytest.mark.parametrize("on_failure", ["zero", "nan"])
def test_a_failed_instance_costs_the_others_nothing(client, on_failure):
    kind, c = bad_batch()
    x = layers.CombinatorialLayer(kind, client=client, on_failure=on_failure, tau=4.0)(c)
    assert (torch.isnan(x[1]).all() if on_failure == "nan" else (x[1] == 0).all()).item()
    torch.testing.assert_close(x[[0, 2]], torch.tensor([[1.0, 1, 0, 0], [0, 0, 0, 1]]))
    x[[0, 2]].square().sum().backward()
    alone = c.detach()[[0, 2]].requires_grad_()
    layers.CombinatorialLayer(kind, client=client, tau=4.0)(alone).square().sum().backward()
    torch.testing.assert_close(c.grad[[0, 2]], alone.grad)
    assert not c.grad[1].any()


def test_an_empty_batch(client):
    c = torch.zeros(0, 6, requires_grad=True)
    x = paths(client)(c)
    x.sum().backward()
    assert x.shape == c.grad.shape == (0, 6)


def test_a_second_derivative_is_an_error(client):
    c = costs()
    (gradient,) = torch.autograd.grad((paths(client, tau=1.0)(c) ** 2).sum(), c, create_graph=True)
    with pytest.raises(NotImplementedError, match="no second derivative"):
        gradient.sum().backward()


def test_vmap_is_an_error(offline):
    with pytest.raises(NotImplementedError, match="batch axis"):
        torch.vmap(paths(offline))(costs().detach())


def test_functional_gradients(client):
    layer = paths(client, tau=0.7)
    g = torch.randn(5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(8))
    c = costs()
    functional = torch.func.grad(lambda c: (layer(c) * g).sum())(c.detach())
    (layer(c) * g).sum().backward()
    torch.testing.assert_close(functional, c.grad)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"method": "exact"}, "method must be"),
        ({"method": "blackbox"}, "needs lambda_"),
        ({"lambda_": 1.0}, "needs lambda_"),
        ({"method": "identity", "rho": 1.0}, "rho is of methods"),
        ({"method": "blackbox", "lambda_": 1.0, "tau": 1.0}, "tau is of methods 'lpgd' and 'imle'.* lambda_"),
        ({"method": "perturbed", "tau": "adaptive"}, "tau is of methods .* sigma"),
        ({"samples": 16}, "samples is of methods 'perturbed' and 'imle', not of 'lpgd'"),
        ({"method": "blackbox", "lambda_": 1.0, "sigma": 0.5}, "sigma is of methods"),
        ({"method": "identity", "noise": "gumbel"}, "noise is of methods"),
        ({"seed": 1}, "seed is of methods"),
        ({"method": "identity", "projection": "median"}, "projection must be"),
        ({"outputs": ("y",)}, "outputs must be"),
        ({"on_failure": "ignore"}, "on_failure must be"),
        ({"envelope": "both"}, "envelope must be"),
        ({"method": "perturbed", "samples": 0}, "samples must be at least 1"),
        ({"method": "imle", "sigma": 0.0}, "sigma must be positive"),
    ],
)
def test_options_are_checked(options, error):
    with pytest.raises(ValueError, match=error):
        paths(None, **options)


def test_a_call_has_no_tau_that_the_method_lacks(offline):
    with pytest.raises(ValueError, match="tau is of methods"):
        paths(offline, method="blackbox", lambda_=1.0)(costs(), tau=1.0)


def test_a_call_has_no_seed_that_the_method_ignores(offline):
    with pytest.raises(ValueError, match="seed is of methods 'perturbed' and 'imle', not of 'lpgd'"):
        paths(offline)(costs(), seed=1)


def test_rho_needs_a_linear_distance():
    with pytest.raises(ValueError, match="indicator or a ranking"):
        layers.MinCostFlow([[0, 1]], 2, [2], [1, -1], rho=1.0)
    layers.Ranking(rho=1.0)


@pytest.mark.parametrize("seed", [-1, 2**53 + 1, 0.5, [[1]]])
def test_seeds_are_whole_numbers(seed):
    with pytest.raises(ValueError, match="seed must be a whole number"):
        argmind.Perturbation(seed=seed)


def test_costs_need_the_axes_of_an_instance(offline):
    with pytest.raises(ValueError, match="at least 2 axes"):
        layers.Assignment(client=offline)(torch.ones(3))


def test_random_costs_have_the_shape(offline):
    cost = random_costs("top-k", np.random.default_rng(0), 4, (3,))
    assert offline.solve(kinds.TopK(1).problem(cost)).x.shape == (4, 3)

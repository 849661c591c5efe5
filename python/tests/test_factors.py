"""Gradients by dense matrices travel as outer products; nobody who reads them can tell."""

import numpy as np
import pytest
import torch

from argmind._solution import Outer
from argmind._transport import Deadline
from argmind.torch import Layer
from problems import known_qps

B, N, P, M = 5, 24, 12, 16
KNOWN = known_qps(B, seed=82, n=N, p=P, m=M).data
RNG = np.random.default_rng(83)
UPSTREAM = {
    "x": RNG.standard_normal((B, N)),
    "y": RNG.standard_normal((B, P)),
    "s": RNG.standard_normal((B, M)),
    "objective": RNG.standard_normal(B),
}


pytestmark = pytest.mark.live


@pytest.fixture
def client(live):
    """Of a service: the oracle in Python always sends whole matrices."""
    return live


def whole(client, solution, upstream, **options):
    """The answer of a client that does not ask for factors."""
    body = {"solve": {"id": solution.id}, "gradient": upstream, **options}
    return client._connection.call("POST", "/lpgd-backward", Deadline(60), body)


@pytest.mark.parametrize(
    "options", [{"tau": 0.01}, {"tau": 3.0, "envelope": "lower", "rho": 0.5}, {"method": "implicit"}]
)
@pytest.mark.parametrize("outputs", [("x",), ("x", "y", "s", "objective")])
def test_factors_are_the_whole_gradient(client, options, outputs):
    upstream = {name: UPSTREAM[name] for name in outputs}
    solution = client.solve(KNOWN)
    gradients = client.lpgd_backward(solution, upstream, **options)
    assert all(isinstance(gradients.fields.as_sent(name), Outer) for name in ("P", "A", "G"))
    plain = whole(client, solution, upstream, **options)["gradients"]
    assert set(plain) == set(gradients)
    for name, expected in plain.items():
        np.testing.assert_allclose(gradients[name], expected, rtol=1e-11, atol=1e-11)
        assert gradients[name] is gradients.fields[name]


def test_a_failed_instance_has_zeros(client):
    bad = {**KNOWN, "b": KNOWN["b"].copy(), "A": KNOWN["A"].copy()}
    bad["A"][2, 1], bad["b"][2, 1] = bad["A"][2, 0], bad["b"][2, 0] + 1
    solution = client.solve(bad)
    assert [status == "optimal" for status in solution.status] == [True, True, False, True, True]
    gradients = client.lpgd_backward(solution, {"x": np.ones((B, N))}, tau=0.1)
    assert isinstance(gradients.fields.as_sent("P"), Outer)
    for name in ("P", "A", "G"):
        assert not gradients[name][2].any()
        assert all(gradients[name][i].any() for i in (0, 1, 3, 4))


def test_what_is_small_or_shared_or_sparse_comes_as_it_was_sent(client):
    solution = client.solve({"P": np.stack([np.eye(3)] * 2), "c": np.ones((2, 3)), "A": np.ones((1, 3)), "b": [1.0]})
    gradients = client.lpgd_backward(solution, {"x": np.eye(2, 3)}, tau=0.1)
    assert gradients.fields.as_sent("P").shape == (2, 3, 3)
    shared = {**KNOWN, "P": KNOWN["P"][0] + np.eye(N)}
    gradients = client.lpgd_backward(client.solve(shared), {"x": UPSTREAM["x"]}, tau=0.1)
    assert gradients.fields.as_sent("P").shape == (N, N)
    assert isinstance(gradients.fields.as_sent("G"), Outer)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_tensors_get_them_in_their_dtype(client, dtype):
    fields = {name: torch.tensor(value, dtype=dtype, requires_grad=True) for name, value in KNOWN.items()}
    fields["P"] = (0.5 * (fields["P"] + fields["P"].mT)).detach().requires_grad_()
    layer = Layer(tau=0.1, client=client)
    layer(**fields).backward(torch.tensor(UPSTREAM["x"], dtype=dtype))
    solved = {name: value.detach().double().numpy() for name, value in fields.items()}
    gradients = client.lpgd_backward(client.solve(solved), {"x": UPSTREAM["x"]}, tau=0.1)
    accuracy = {torch.float64: 1e-9, torch.float32: 1e-3, torch.bfloat16: 0.1}[dtype]
    for name in ("P", "A", "G"):
        found = fields[name].grad
        assert found.dtype == dtype
        scale = np.abs(gradients[name]).max()
        np.testing.assert_allclose(found.double(), gradients[name], atol=accuracy * scale)
        assert layer.last.backward[name].shape == found.shape

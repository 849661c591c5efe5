"""The PyTorch layer called ahead."""

import pytest
import torch

from argmind import ServerError
from argmind.torch import Layer
from problems import FIELDS, known_qps
from service import Answer

KNOWN = known_qps(4, seed=5)


def tensors():
    return {name: torch.tensor(KNOWN.data[name], requires_grad=name in "cb") for name in FIELDS}


def test_it_is_what_calling_would_have_been(client):
    layer = Layer(("x", "y"), client=client, tau=1e-3, tolerance=1e-10)
    fields = tensors()
    pending = layer.submit(**fields)
    x, y = pending.result(timeout=60)
    assert pending.done()
    assert pending.result().x is x
    assert layer.last is pending.result().info
    now = layer(**fields)
    torch.testing.assert_close((x, y), tuple(now), rtol=1e-7, atol=1e-9)
    leaves = [fields["c"], fields["b"]]
    ahead, later = (torch.autograd.grad(out[0].sum() + out[1].sum(), leaves) for out in ((x, y), now))
    torch.testing.assert_close(ahead, later, rtol=1e-5, atol=1e-6)


def test_several_are_on_their_way_at_once(client):
    layer = Layer(client=client, tolerance=1e-10)
    fields = tensors()
    pending = [layer.submit(**{**fields, "c": fields["c"] * k}, tau=0.1) for k in (1.0, 2.0, 3.0)]
    for k, one in zip((1.0, 2.0, 3.0), pending, strict=True):
        torch.testing.assert_close(one.result().x, layer(**{**fields, "c": fields["c"] * k}), rtol=1e-7, atol=1e-8)


def test_changing_what_was_submitted_is_an_error(offline):
    fields = {name: value.detach() for name, value in tensors().items()}
    pending = Layer(client=offline).submit(**fields)
    fields["c"].add_(1.0)
    with pytest.raises(RuntimeError, match="changed in place"):
        pending.result()


def test_errors_come_with_the_result(service, offline):
    service.failing = [Answer.problem(500, detail="broken")]
    pending = Layer(client=offline).submit(**tensors())
    with pytest.raises(ServerError, match="broken"):
        pending.result(10)


def test_settings_of_one_call(service, offline):
    layer = Layer(client=offline, tau=0.5)
    fields = tensors()
    layer.call_with({"tolerance": 1e-5, "envelope": "lower", "tau": 0.25}, **fields).x.sum().backward()
    (_, solve), (_, backward) = service.requests
    assert solve["options"] == {"tolerance": 1e-5}
    assert (backward["tau"], backward["envelope"]) == (0.25, "lower")
    with pytest.raises(TypeError, match=r"settings of a call are .* not epsilon"):
        layer.call_with({"epsilon": 1}, **fields)

"""The PyTorch layer: shapes, dtypes, what it asks the service for, copies, and what it refuses."""

import copy
import pickle

import numpy as np
import pytest
import torch

import argmind.torch
from argmind import Sparse, cones
from argmind.torch import Info, Layer, Output
from problems import FIELDS, known_qps

KNOWN = known_qps(6, seed=11)
OUTPUTS = ("x", "y", "z", "s", "objective")


def tensors(count=6, *, dtype=torch.float64, requires_grad=()):
    """The known problems as tensors [count, ...]."""
    data = {name: torch.tensor(KNOWN.data[name][:count], dtype=dtype) for name in FIELDS}
    return {name: value.requires_grad_(name in requires_grad) for name, value in data.items()}


def loss(out):
    """A smooth function of all outputs with different gradients everywhere."""
    return sum(
        (torch.sin(part + k) * (1 + torch.arange(part.numel()).reshape(part.shape))).sum() for k, part in enumerate(out)
    )


def layer_of(client, outputs=("x",), **options):
    return Layer(outputs, client=client, **{"tau": 1e-3, "tolerance": 1e-10, **options})


def test_one_output_is_a_tensor(client):
    x = layer_of(client)(**tensors())
    torch.testing.assert_close(x, torch.tensor(KNOWN.solution["x"]), atol=1e-6, rtol=0)
    assert not x.requires_grad


def test_several_outputs_have_names(client):
    layer = layer_of(client, OUTPUTS)
    out = layer(**tensors())
    assert isinstance(out, Output)
    x, y, z, s, objective = out
    for name, part in zip(OUTPUTS, (x, y, z, s, objective), strict=True):
        assert getattr(out, name) is part
        torch.testing.assert_close(part, torch.tensor(KNOWN.solution[name]), atol=1e-6, rtol=0)
    assert out.info is layer.last
    assert out.info.ok.tolist() == [True] * 6
    assert out.info.status == ["optimal"] * 6
    assert out.info.solution.solver
    with pytest.raises(AttributeError, match="'z_box' is not among the outputs"):
        out.z_box  # noqa: B018


@pytest.mark.parametrize("lead", [(), (1,), (6,), (2, 3), (3, 1, 2)])
def test_batch_axes_are_kept(client, lead):
    count = int(np.prod(lead))
    fields = {name: value.reshape(*lead, *value.shape[1:]).requires_grad_() for name, value in tensors(count).items()}
    out = layer_of(client, OUTPUTS)(**fields)
    assert [part.shape for part in out] == [(*lead, k) for k in (8, 2, 6, 6)] + [lead]
    assert out.info.ok.shape == lead
    loss([part.reshape(count, *part.shape[len(lead) :]) for part in out]).backward()
    flat = tensors(count, requires_grad=FIELDS)
    loss(layer_of(client, OUTPUTS)(**flat)).backward()
    for name in FIELDS:
        assert fields[name].grad.shape == fields[name].shape
        torch.testing.assert_close(fields[name].grad.reshape(flat[name].shape), flat[name].grad, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("shared", FIELDS)
def test_the_gradient_of_a_shared_field_is_the_sum(client, shared):
    one = tensors(1)
    many = {name: value.expand(3, *value.shape[1:]).clone() for name, value in one.items()}
    many["c"] = many["c"] + 0.01 * torch.arange(3)[:, None]
    apart = {name: value.clone().requires_grad_(name == shared) for name, value in many.items()}
    together = {**many, shared: one[shared][0].clone().requires_grad_()}
    if shared == "c":
        apart["b"] = many["b"] = many["b"] + 0.01 * torch.arange(3)[:, None]
        apart["c"] = one["c"].expand(3, 8).clone().requires_grad_()
        together["b"] = many["b"]
    for fields in (apart, together):
        loss(layer_of(client, OUTPUTS)(**fields)).backward()
    assert together[shared].grad.shape == one[shared].shape[1:]
    torch.testing.assert_close(together[shared].grad, apart[shared].grad.sum(0), atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_dtypes_are_kept(client, dtype):
    fields = tensors(dtype=dtype, requires_grad=FIELDS)
    out = Layer(OUTPUTS, client=client, tau=0.1)(**fields)
    assert {part.dtype for part in out} == {dtype}
    tolerance = {torch.float16: 3e-2, torch.bfloat16: 0.3, torch.float32: 1e-4, torch.float64: 1e-6}[dtype]
    torch.testing.assert_close(out.x.double(), torch.tensor(KNOWN.solution["x"]), atol=tolerance, rtol=0)
    loss(part.float() for part in out).backward()
    for name in FIELDS:
        assert fields[name].grad.dtype == dtype
        assert fields[name].grad.isfinite().all()


def test_float32_gradients_are_those_of_float64(client):
    gradients = []
    for dtype in (torch.float64, torch.float32):
        fields = tensors(dtype=dtype, requires_grad=FIELDS)
        loss(layer_of(client, OUTPUTS, tau=0.02)(**fields)).backward()
        gradients.append(fields)
    for name in FIELDS:
        torch.testing.assert_close(gradients[1][name].grad.double(), gradients[0][name].grad, atol=2e-3, rtol=2e-3)


def test_mixed_dtypes_are_promoted(client):
    fields = tensors()
    fields["c"] = fields["c"].float().requires_grad_()
    fields["lb"] = torch.tensor(-20.0, dtype=torch.float64)
    x = layer_of(client)(**fields)
    assert x.dtype == torch.float64
    x.sum().backward()
    assert fields["c"].grad.dtype == torch.float32
    single = {name: value.detach().float() for name, value in fields.items()}
    assert layer_of(client)(**{**single, "lb": fields["lb"]}).dtype == torch.float32  # a number does not promote


def test_constants_of_a_call_do_not_decide_the_dtype(client):
    data = {name: KNOWN.data[name] for name in FIELDS}
    c = torch.tensor(data.pop("c"), dtype=torch.float32)
    assert layer_of(client)(c=c, **data).dtype == torch.float32
    assert layer_of(client)(c=[1.0, 2.0], lb=0).dtype == torch.get_default_dtype()


def test_integer_tensors_become_floats(client):
    c = torch.tensor([1, -1])
    x = layer_of(client)(c=c, lb=0.0, ub=torch.tensor([3, 3]))
    assert x.dtype == torch.get_default_dtype()
    torch.testing.assert_close(x, torch.tensor([0.0, 3.0]), atol=1e-5, rtol=0)


@pytest.mark.parametrize("mode", ["no_grad", "inference_mode", "nothing requires a gradient"])
def test_inference_is_one_request_and_retains_nothing(client, mode):
    fields = tensors(requires_grad=() if mode.startswith("nothing") else FIELDS)
    context = {"no_grad": torch.no_grad, "inference_mode": torch.inference_mode}.get(mode, torch.enable_grad)
    layer = layer_of(client)
    with context():
        x = layer(**fields)
    assert not x.requires_grad
    assert list(client.paths) == ["/solve"]
    assert layer.last.solution.id is None


def test_a_training_step_is_two_requests(client):
    fields = tensors(requires_grad=FIELDS)
    loss(layer_of(client, OUTPUTS)(**fields)).backward()
    assert list(client.paths) == ["/solve", "/lpgd-backward"]


def test_only_what_requires_a_gradient_is_asked_for(service, offline):
    fields = tensors(requires_grad=("c", "G"))
    out = layer_of(offline, ("x", "z"), rho=0.5, envelope="lower", solver="oracle", max_iterations=7)(**fields)
    out.z.sum().backward()
    body = service.requests[1][1]
    assert sorted(body["wrt"]) == ["G", "c"]
    assert body["gradient"].keys() == {"z"}
    assert (body["tau"], body["rho"], body["envelope"], body["solver"]) == (1e-3, 0.5, "lower", "oracle")
    assert body["options"] == {"tolerance": 1e-10, "max_iterations": 7}
    assert fields["A"].grad is None


def test_a_zero_upstream_gradient_asks_nothing(client):
    fields = tensors(requires_grad=FIELDS)
    (layer_of(client)(**fields) * 0.0).sum().backward()
    assert list(client.paths) == ["/solve"]
    for name in FIELDS:
        assert torch.equal(fields[name].grad, torch.zeros_like(fields[name]))


def test_an_upstream_gradient_that_is_not_finite_stays_with_its_instance(client):
    fields = tensors(requires_grad=("c",))
    shared = torch.zeros(8, dtype=torch.float64, requires_grad=True)
    fields["lb"] = fields["lb"].min(0).values - 5 + shared
    x = layer_of(client)(**fields)
    weight = torch.ones(6, 8, dtype=torch.float64)
    weight[2, 3] = torch.nan
    weight[4, 0] = torch.inf
    x.backward(weight)
    assert fields["c"].grad.isnan().all(dim=1).tolist() == [False, False, True, False, True, False]
    assert fields["c"].grad[[0, 1, 3, 5]].isfinite().all()
    assert shared.grad.isnan().all()  # as the sum of the instances


@pytest.mark.parametrize("form", ["one tau for each", "in the call", "an attribute", "in the call, with axes"])
def test_tau_may_be_set_in_many_ways(client, form):
    taus = torch.tensor([1e-3, 1e-2, 3.0, 10.0, 30.0, 100.0])
    fields = {name: value[:1].expand(6, *value.shape[1:]).clone() for name, value in tensors().items()}
    layer = layer_of(client, envelope="lower")
    call = {}
    if form == "one tau for each":
        layer = layer_of(client, envelope="lower", tau=taus)
    elif form == "an attribute":
        layer.tau = taus.numpy()
    else:
        call["tau"] = taus
    if form.endswith("axes"):
        fields = {name: value.reshape(2, 3, *value.shape[1:]) for name, value in fields.items()}
        call["tau"] = taus.reshape(2, 3)
    fields["c"].requires_grad_()
    layer(**fields, **call).sum().backward()
    np.testing.assert_allclose(layer.last.backward.diagnostics["tau"], taus, rtol=1e-6)
    gradients = fields["c"].grad.reshape(6, 8)
    assert (gradients[0] - gradients[5]).abs().max() > 0.1  # saturated: diameter of the box over tau


def test_tau_auto(client):
    fields = tensors(requires_grad=("c",))
    layer = Layer(client=client)
    layer(**fields).sum().backward()
    assert fields["c"].grad.isfinite().all()
    assert (np.asarray(layer.last.backward.diagnostics["tau"]) > 0).all()
    assert layer.last.backward.ok.all()


# Sparse matrices


def dense_gradients(client, requires_grad):
    fields = tensors(3, requires_grad=requires_grad)
    loss(layer_of(client, OUTPUTS)(**fields)).backward()
    return fields


@pytest.mark.parametrize("columns", [8, 4])
def test_a_sparse_matrix_shared_by_the_batch(client, columns):
    fields = tensors(3)
    A = fields["A"][0].clone()
    A[:, columns:] = 0.0
    fields["b"] = torch.einsum("pn,bn->bp", A, torch.tensor(KNOWN.solution["x"][:3]))
    dense, coo = A.clone().requires_grad_(), A.to_sparse().requires_grad_()
    values = A[:, :columns].reshape(-1).clone().requires_grad_()
    rows, cols = np.indices((2, columns)).reshape(2, -1)
    results = []
    for matrix in (dense, coo, Sparse((2, 8), rows, cols, values)):
        out = layer_of(client, ("x", "y"))(**{**fields, "A": matrix})
        loss(out).backward()
        results.append(out.x)
    torch.testing.assert_close(results[1], results[0], atol=1e-7, rtol=0)
    torch.testing.assert_close(results[2], results[0], atol=1e-7, rtol=0)
    assert coo.grad.is_sparse
    on_pattern = dense.grad[:, :columns]
    torch.testing.assert_close(coo.grad.to_dense()[:, :columns], on_pattern, atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(values.grad.reshape(2, columns), on_pattern, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("form", ["coordinates", "Sparse"])
@pytest.mark.parametrize("lead", [(3,), (3, 1)])
def test_a_batch_of_sparse_matrices(client, form, lead):
    expected = dense_gradients(client, ("G", "P"))
    fields = tensors(3)
    fields = {name: value.reshape(*lead, *value.shape[1:]) for name, value in fields.items()}
    leaves = {}
    for name in ("G", "P"):
        dense = fields[name]
        if form == "coordinates":
            leaves[name] = fields[name] = dense.to_sparse().requires_grad_()
        else:
            rows, cols = np.indices(dense.shape[-2:]).reshape(2, -1)
            leaves[name] = dense.reshape(*lead, -1).clone().requires_grad_()
            fields[name] = Sparse(tuple(dense.shape[-2:]), rows, cols, leaves[name])
    out = layer_of(client, OUTPUTS)(**fields)
    loss([part.reshape(3, *part.shape[len(lead) :]) for part in out]).backward()
    for name, leaf in leaves.items():
        gradient = leaf.grad.to_dense() if leaf.grad.is_sparse else leaf.grad
        torch.testing.assert_close(gradient.reshape(expected[name].shape), expected[name].grad, atol=1e-6, rtol=1e-6)


def test_sparse_matrices_with_different_patterns_share_their_union(client):
    dense = torch.tensor([[[1.0, 2.0, 0.0]], [[0.0, 1.0, 3.0]]], dtype=torch.float64)
    A = dense.to_sparse().requires_grad_()
    fields = {"P": torch.eye(3, dtype=torch.float64), "c": torch.zeros(3, dtype=torch.float64)}
    x = layer_of(client)(**fields, A=A, b=torch.ones(1, dtype=torch.float64))
    torch.testing.assert_close(x, dense[:, 0] / torch.tensor([[5.0], [10.0]]), atol=1e-7, rtol=0)
    x.sum().backward()
    assert A.grad.coalesce().indices().shape[1] == 4


@pytest.mark.filterwarnings("ignore:Sparse CSR")
@pytest.mark.parametrize(
    "make", [torch.Tensor.to_sparse_csr, lambda eye: eye[..., None].to_sparse(2), lambda eye: eye[0].to_sparse()]
)
def test_other_sparse_layouts_are_refused(offline, make):
    with pytest.raises(TypeError, match=r"sparse_coo|COO"):
        layer_of(offline)(c=torch.ones(2), A=make(torch.eye(2)), b=torch.ones(2))


# Constants


def test_constants_are_registered_once(client):
    data = {name: KNOWN.data[name][0] for name in FIELDS}
    c = torch.tensor(KNOWN.data["c"], requires_grad=True)
    layer = layer_of(client, constants={name: data[name] for name in FIELDS if name != "c"})
    assert list(client.paths) == []
    for _ in range(2):
        layer(c=c).sum().backward()
    assert list(client.paths) == ["/problems", *["/solve", "/lpgd-backward"] * 2]
    gradient, c.grad = c.grad / 2, None
    plain = layer_of(client)(c=c, **{name: torch.tensor(data[name]) for name in FIELDS if name != "c"})
    plain.sum().backward()
    torch.testing.assert_close(gradient, c.grad, atol=1e-7, rtol=1e-7)


def test_only_the_rest_is_sent(service, offline):
    layer = layer_of(
        offline, constants={"A": np.ones((1, 2)), "b": [1.0], "lb": 0, "ub": 1}, integers=torch.tensor([1])
    )
    layer(c=torch.ones(2))
    assert service.requests[0][1].keys() == {"A", "b", "lb", "ub", "integers"}
    assert service.requests[1][1]["problem"].keys() == {"base", "c"}


@pytest.mark.parametrize("constant", [False, True])
def test_cones_are_sent_as_they_are(service, offline, constant):
    partition = [cones.nonnegative(1)]  # the oracle of this test knows no other
    fixed = {"G": np.ones((1, 2)), "h": np.ones(1), "lb": -1.0}
    layer = layer_of(offline, constants=fixed if constant else None, cones=partition)
    layer(c=torch.ones(2), **({} if constant else fixed))
    where = service.requests[0][1] if constant else service.requests[0][1]["problem"]
    assert where["cones"] == partition


def test_a_batch_may_come_from_the_constants(client):
    x = layer_of(client, constants={"ub": np.array([[1.0, 2.0], [3.0, 4.0]])})(c=-torch.ones(2), lb=0.0)
    torch.testing.assert_close(x, torch.tensor([[1.0, 2.0], [3.0, 4.0]]), atol=1e-5, rtol=0)


def test_a_constant_has_no_gradient(offline):
    with pytest.raises(ValueError, match="the constant A requires a gradient"):
        layer_of(offline, constants={"A": torch.ones(1, 2, requires_grad=True)})


# Copies


@pytest.mark.parametrize("again", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_copy_of_a_layer_works(monkeypatch, again):
    from service import Service, serve  # noqa: PLC0415

    with serve(Service()) as url:
        for client in (url, None):
            monkeypatch.setenv("ARGMIND_URL", url)
            layer = Layer(("x", "y"), client=client, tau=0.25, constants={"lb": 0.0})
            c = torch.ones(2, requires_grad=True)
            fields = {"c": c, "A": torch.ones(1, 2), "b": torch.ones(1)}
            layer(**fields)
            copied = again(torch.nn.Sequential(layer))[0]
            assert copied.last is None
            assert (copied.tau, copied.outputs) == (0.25, ("x", "y"))
            assert repr(copied) == repr(layer)
            copied(**fields).x.sum().backward()
            assert c.grad is not None
            c.grad = None
            (layer.client or argmind.default_client()).close()
            (copied.client or argmind.default_client()).close()


def test_an_output_can_be_copied(offline):
    out = layer_of(offline, ("x", "y"))(**tensors(2))
    for again in (copy.copy(out), pickle.loads(pickle.dumps(out))):
        assert torch.equal(again.y, out.y)
        assert isinstance(again.info, Info)


# When the service forgets


@pytest.mark.parametrize("constants", [None, ("A", "b")])
def test_a_forgotten_solve_is_sent_again(service, offline, constants):
    fields = tensors(requires_grad=FIELDS)
    constants = constants and {name: fields.pop(name).detach() for name in constants}
    layer = layer_of(offline, OUTPUTS, constants=constants)
    out = layer(**fields)
    loss(out).backward(retain_graph=True)
    before = {name: value.grad.clone() for name, value in fields.items()}
    service.forget()
    loss(out).backward()
    for name, value in fields.items():
        torch.testing.assert_close(value.grad, 2 * before[name], atol=1e-7, rtol=1e-7)


def test_changing_an_input_before_the_backward_is_an_error(client):
    fields = tensors(requires_grad=("c",))
    x = layer_of(client)(**fields)
    fields["G"].mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        x.sum().backward()


# What does not work, and says so


def test_a_second_derivative_is_an_error(client):
    fields = tensors(requires_grad=("c",))
    (gradient,) = torch.autograd.grad((layer_of(client)(**fields) ** 2).sum(), fields["c"], create_graph=True)
    with pytest.raises(NotImplementedError, match="no second derivative"):
        gradient.sum().backward()


def test_vmap_is_an_error_that_says_what_to_do(offline):
    with pytest.raises(NotImplementedError, match="give the fields a batch axis"):
        torch.vmap(lambda c: layer_of(offline)(c=c, lb=0.0))(torch.ones(3, 2))


def test_functional_gradients(client):
    fields = tensors()
    c = fields.pop("c")
    layer = layer_of(client)
    functional = torch.func.grad(lambda c: (layer(c=c, **fields) ** 2).sum())(c)
    c.requires_grad_()
    (layer(c=c, **fields) ** 2).sum().backward()
    torch.testing.assert_close(functional, c.grad, atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"c": torch.ones(3, 2), "b": torch.ones(2, 1)}, r"batch axes of the fields disagree: c \[3\], b \[2\]"),
        ({"c": torch.ones(2, 3, 2), "lb": torch.ones(6, 2)}, r"c \[2, 3\], lb \[6\]"),
        ({"c": torch.ones(3, 2), "h": np.ones((2, 1))}, r"c \[3\], h \[2\]"),
        ({"c": torch.ones(2, device="meta"), "lb": torch.ones(2)}, "one device"),
    ],
)
def test_fields_must_agree(offline, fields, error):
    with pytest.raises(ValueError, match=error):
        layer_of(offline)(**fields)


def test_complex_fields_are_refused(offline):
    with pytest.raises(TypeError, match="must be real"):
        layer_of(offline)(c=torch.ones(2, dtype=torch.complex64))


@pytest.mark.parametrize("options", [{"outputs": ()}, {"outputs": ("w",)}, {"on_failure": "ignore"}])
def test_options_are_checked(options):
    with pytest.raises(ValueError, match="must be"):
        Layer(**options)


def test_an_invalid_problem_is_an_error(client):
    with pytest.raises(argmind.InvalidProblem) as caught:
        layer_of(client)(c=torch.ones(4), A=torch.ones(3, 5), b=torch.ones(3))
    assert any("A" in error.pointer for error in caught.value.errors)


# Odd sizes


def test_an_empty_batch(client):
    fields = {name: value[:0].requires_grad_() for name, value in tensors().items()}
    out = layer_of(client, OUTPUTS)(**fields)
    assert [part.shape for part in out] == [(0, 8), (0, 2), (0, 6), (0, 6), (0,)]
    loss(out).backward()
    assert fields["P"].grad.shape == (0, 8, 8)


def test_absent_rows_have_empty_duals(client):
    c = torch.tensor([[1.0, -1.0], [2.0, 3.0]], requires_grad=True)
    out = layer_of(client, OUTPUTS)(c=c, lb=-1.0, ub=1.0)
    assert [part.shape for part in out] == [(2, 2), (2, 0), (2, 0), (2, 0), (2,)]
    (out.objective.sum() + out.y.sum() + out.z.sum()).backward()
    torch.testing.assert_close(c.grad, torch.tensor([[-1.0, 1.0], [-1.0, -1.0]]), atol=1e-4, rtol=0)


def test_one_variable(client):
    q = torch.tensor([[2.0]], dtype=torch.float64)
    c = torch.tensor([3.0], dtype=torch.float64, requires_grad=True)
    x = layer_of(client)(P=q, c=c)
    x.backward(torch.ones(1, dtype=torch.float64))
    torch.testing.assert_close(x.detach(), torch.tensor([-1.5], dtype=torch.float64), atol=1e-8, rtol=0)
    torch.testing.assert_close(c.grad, torch.tensor([-0.5], dtype=torch.float64), atol=1e-6, rtol=0)


def test_a_scalar_bound_has_a_scalar_gradient(client):
    lb = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    c = torch.tensor([[1.0, 1.0], [1.0, -1.0]], dtype=torch.float64)
    x = layer_of(client)(c=c, lb=lb, ub=2.0, P=torch.eye(2, dtype=torch.float64))
    torch.testing.assert_close(
        x.detach(), torch.tensor([[0.5, 0.5], [0.5, 1.0]], dtype=torch.float64), atol=1e-6, rtol=0
    )
    x.sum().backward()
    torch.testing.assert_close(lb.grad, torch.tensor(3.0, dtype=torch.float64), atol=1e-5, rtol=0)


@pytest.mark.live
@pytest.mark.parametrize("integers", [None, [0, 1, 2]])
def test_blackbox_is_the_lower_envelope(live, integers):
    gradients = []
    for options in ({"method": "blackbox", "lambda_": 2.0}, {"tau": 2.0, "envelope": "lower"}):
        c = torch.tensor([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]], requires_grad=True)
        x = Layer(client=live, integers=integers, **options)(c=c, A=torch.ones(1, 3), b=torch.ones(1), lb=0.0, ub=1.0)
        x.backward(x.detach())
        gradients.append(c.grad)
    torch.testing.assert_close(gradients[0], gradients[1])
    torch.testing.assert_close(gradients[0], torch.tensor([[-0.5, 0.5, 0.0], [0.0, -0.5, 0.5]]))


def test_the_functional_form(client):
    fields = tensors(requires_grad=("c",))
    out = argmind.torch.solve(fields, client=client, tau=1e-3)
    assert out.objective.shape == (6,)
    only = argmind.torch.solve(fields, ("x",), client=client, tau=1e-3, envelope="lower")
    torch.testing.assert_close(only.x, out.x, atol=1e-6, rtol=0)
    only.x.sum().backward()
    assert only.info.backward.ok.all()
    assert fields["c"].grad is not None


TWO_OF_FIVE = {"A": np.ones((1, 5)), "b": np.array([2.0]), "lb": 0, "ub": 1}


@pytest.mark.live
@pytest.mark.parametrize("integers", [None, range(5)])
@pytest.mark.parametrize("options", [{"method": "perturbed"}, {"method": "imle", "tau": 0.4, "envelope": "upper"}])
def test_noise_on_the_costs_of_a_program(live, integers, options):
    """The two least of five as a program: x, its objective and gradients are those of the combinatorial kind."""
    noise = {"noise": "gumbel", "samples": 23, "sigma": 0.6, "seed": 4, "outputs": ("x", "objective"), "client": live}
    costs = torch.randn(2, 3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    weights = torch.randn(2, 3, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    pulled = []
    for solve in (
        lambda c: argmind.torch.Layer(**noise, **options, constants=TWO_OF_FIVE, integers=integers).call(c=c),
        argmind.torch.TopK(2, **noise, **options).call,
    ):
        c = costs.clone().requires_grad_()
        out = solve(c)
        ((out.x * weights).sum() + 0.3 * out.objective.sum()).backward()
        pulled.append((out.x.detach(), out.objective.detach(), c.grad))
    for one, other in zip(*pulled, strict=True):
        torch.testing.assert_close(one, other, atol=1e-9, rtol=1e-9)
    assert pulled[0][2].abs().median() > 0.1


@pytest.mark.live
def test_noise_is_drawn_for_each_call(live):
    layer = argmind.torch.Layer(method="perturbed", samples=3, constants=TWO_OF_FIVE, client=live)
    c = torch.zeros(5, dtype=torch.float64, requires_grad=True)
    assert not torch.equal(layer(c=c), layer(c=c))
    torch.manual_seed(5)
    first = layer(c=c)
    torch.manual_seed(5)
    assert torch.equal(first, layer(c=c))
    seeded = [layer.call_with({"seed": 8}, c=c).x for _ in range(2)]
    assert torch.equal(*seeded)
    with pytest.raises(argmind.InvalidProblem, match="linear objective"):
        layer(c=c, P=torch.eye(5, dtype=torch.float64))


def test_what_a_mean_does_not_have(offline):
    with pytest.raises(ValueError, match="outputs x and objective, not"):
        Layer(("x", "y"), method="perturbed")
    with pytest.raises(ValueError, match="outputs x and objective, not"):
        Layer(("x", "z"), client=offline).call_with({"method": "imle"}, c=torch.ones(2), lb=0.0)
    with pytest.raises(ValueError, match="samples must be at least 1"):
        Layer(method="imle", samples=0)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"method": "score"}, "method must be"),
        ({"method": "perturbed", "tau": 1.0}, "tau is of methods 'lpgd' and 'imle', not of 'perturbed'; .* sigma"),
        ({"envelope": "both"}, "envelope must be"),
        ({"method": "identity", "projection": "median"}, "projection must be"),
        ({"method": "blackbox"}, "needs lambda_"),
        ({"lambda_": 1.0}, "needs lambda_"),
        (
            {"method": "blackbox", "lambda_": 1.0, "tau": 1.0},
            "tau is of methods 'lpgd' and 'imle', not of 'blackbox'; .* lambda_",
        ),
        (
            {"method": "implicit", "tau": torch.ones(2)},
            "tau is of methods 'lpgd' and 'imle', not of 'implicit'; .* leave it out",
        ),
        ({"method": "identity", "rho": 1.0}, "rho is of methods 'lpgd' and 'imle', not of 'identity'"),
    ],
)
def test_nothing_is_ignored_silently(offline, options, error):
    with pytest.raises(ValueError, match=error):
        Layer(**options)
    with pytest.raises(ValueError, match=error):
        Layer(client=offline).call_with(options, c=torch.ones(2), lb=0.0)


def test_a_call_has_no_seed_that_the_method_ignores(offline):
    with pytest.raises(ValueError, match="seed is of methods 'perturbed' and 'imle', not of 'implicit'"):
        Layer(client=offline, samples=2, seed=3).call_with({"method": "implicit", "seed": 4}, c=torch.ones(2), lb=0.0)


def test_a_call_may_choose_a_method_without_tau(client):
    c = torch.ones(2, requires_grad=True)
    layer = Layer(client=client, tau=0.1, rho=0.1)
    layer.call_with({"method": "implicit"}, c=c, P=torch.eye(2)).x.sum().backward()
    torch.testing.assert_close(c.grad, -torch.ones(2), atol=1e-5, rtol=0)
    with pytest.raises(ValueError, match="tau is of method"):
        Layer(client=client, method="implicit")(c=c, P=torch.eye(2), tau=0.1)

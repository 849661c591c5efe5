"""`argmind.jax`: jit, grad and vmap as one request, shapes and dtypes, failures, and what it refuses."""

import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from jax.test_util import check_grads

import argmind.torch
from argmind import Client, Sparse, cones
from argmind._wire import decode
from argmind.jax import Layer
from problems import FIELDS, known_qps
from service import Service

KNOWN = known_qps(5, seed=23)


@pytest.fixture(autouse=True)
def x64():
    """64 bits, as most tests need them."""
    with jax.enable_x64(True):
        yield


def layer_of(client, outputs=("x",), **options):
    return Layer(outputs, client=client, **{"tau": 1e-3, "tolerance": 1e-11, **options})


def arrays(*names):
    return {name: jnp.asarray(KNOWN.data[name]) for name in names or FIELDS}


def one(i=0):
    return {name: jnp.asarray(KNOWN.data[name][i]) for name in FIELDS}


def weighted(outputs):
    return sum(
        (jnp.sin(part + k) * (1 + jnp.arange(part.size)).reshape(part.shape)).sum() for k, part in enumerate(outputs)
    )


def test_outputs_of_one_problem(client):
    outputs = ("x", "y", "z", "s", "objective", "ok")
    *found, ok = layer_of(client, outputs)(**one())
    for name, part in zip(outputs, found, strict=False):
        np.testing.assert_allclose(part, KNOWN.solution[name][0], atol=1e-6)
        assert part.dtype == jnp.float64
    assert bool(ok)
    assert isinstance(layer_of(client)(**one()), jax.Array)


def test_vmap_is_one_request_and_so_is_its_gradient(client):
    layer = layer_of(client, ("x", "y"))
    before = len(client.paths)
    loss = jax.jit(jax.vmap(lambda c, rest: weighted(layer(c=c, **rest))))
    fields = arrays()
    c = fields.pop("c")
    loss(c, fields)
    assert list(client.paths[before:]) == ["/solve"]
    before = len(client.paths)
    gradient = jax.jit(jax.grad(lambda c: loss(c, fields).sum()))(c)
    assert list(client.paths[before:]) == ["/solve", "/lpgd-backward"]
    tensors = {name: torch.tensor(KNOWN.data[name], requires_grad=name == "c") for name in FIELDS}
    out = argmind.torch.Layer(("x", "y"), client=client, tau=1e-3, tolerance=1e-11)(**tensors)
    ordinal = [1 + torch.arange(part.shape[1]) for part in out]
    sum((torch.sin(part + k) * ordinal[k]).sum() for k, part in enumerate(out)).backward()
    np.testing.assert_allclose(gradient, tensors["c"].grad, rtol=1e-6, atol=1e-8)


def test_nested_vmaps_are_one_request(client):
    layer = layer_of(client)
    fields = one()
    scale = jnp.linspace(0.9, 1.1, 3)
    shift = jnp.asarray([0.0, 0.01])

    def solve(a, d):
        return layer(**{**fields, "c": a * fields["c"] + d})

    before = len(client.paths)
    grid = jax.vmap(jax.vmap(solve, (None, 0)), (0, None))(scale, shift)
    assert list(client.paths[before:]) == ["/solve"]
    assert grid.shape == (3, 2, 8)
    np.testing.assert_allclose(grid[2, 1], solve(scale[2], shift[1]), atol=1e-7)


def test_gradients_are_checked_by_jax(client):
    layer = layer_of(client, ("x", "y", "z", "objective"), method="implicit", tau="auto")
    fields = one(1)
    for name in ("c", "A", "b", "G", "h", "lb", "ub"):
        rest = {key: value for key, value in fields.items() if key != name}
        check_grads(
            lambda value, name=name, rest=rest: weighted(layer(**{name: value}, **rest)),
            (fields[name],), order=1, modes=["rev"], eps=1e-5, atol=1e-4, rtol=1e-3,
        )  # fmt: skip


def test_shared_fields_have_gradients_of_each_kind(client):
    layer = layer_of(client, ("x",))
    fields = one()
    c = jnp.asarray(KNOWN.data["c"]) * 0.05 + fields["c"]

    def loss(c, A):
        return weighted([layer(**{**fields, "c": c, "A": A})])

    each = jax.vmap(jax.grad(loss, 1), (0, None))(c, fields["A"])  # of each instance
    total = jax.grad(lambda A: jax.vmap(loss, (0, None))(c, A).sum())(fields["A"])  # of the sum
    apart = jnp.stack([jax.grad(loss, 1)(row, fields["A"]) for row in c])
    np.testing.assert_allclose(each, apart, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(total, apart.sum(0), rtol=1e-4, atol=1e-6)
    axes = jax.grad(lambda A: weighted(list(layer(**{**fields, "c": c, "A": A}))))(fields["A"])  # batch without vmap
    np.testing.assert_allclose(axes, total_of_rows(layer, fields, c), rtol=1e-4, atol=1e-6)


def total_of_rows(layer, fields, c):
    def loss(A):
        return weighted([layer(**{**fields, "c": row, "A": A}) for row in c])

    return jax.grad(loss)(fields["A"])


def test_what_needs_no_gradient_is_sent_once_for_the_batch(service, offline):
    layer = layer_of(offline)
    fields = one()
    c = jnp.asarray(KNOWN.data["c"]) * 0.05 + fields["c"]
    jax.grad(lambda c: jax.vmap(lambda row: layer(**{**fields, "c": row}).sum())(c).sum())(c)
    problem = service.requests[0][1]["problem"]
    assert problem["c"].shape == (5, 8)
    assert problem["P"].shape == (8, 8)
    assert problem["lb"].shape == (8,)
    assert service.requests[1][1]["wrt"] == ["c"]
    assert service.requests[1][1]["solve"].keys() == {"id"}
    layer(**fields)
    assert service.requests[2][1]["retain"] is False


def test_a_jacobian_pulls_many_gradients_through_one_solve(client):
    layer = layer_of(client, method="implicit", tau="auto")
    fields = one()
    before = len(client.paths)
    jacobian = jax.jacrev(lambda b: layer(**{**fields, "b": b}))(fields["b"])
    assert list(client.paths[before:]) == ["/solve", "/lpgd-backward"]
    for i in range(8):
        row = jax.grad(lambda b, i=i: layer(**{**fields, "b": b})[i])(fields["b"])
        np.testing.assert_allclose(jacobian[i], row, rtol=1e-5, atol=1e-7)


def test_a_forgotten_solve_is_sent_again(service, offline):
    layer = layer_of(offline, ("x", "z"))
    fields = arrays()
    outputs, pull = jax.vjp(lambda c: layer(**{**fields, "c": c}), fields["c"])
    upstream = tuple(jnp.ones_like(part) for part in outputs)
    (before,) = pull(upstream)
    service.forget()
    (after,) = pull(upstream)
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-7)
    assert service.requests[-1][1]["solve"].keys() == {"problem", "solution"}


def test_a_batch_that_is_split_has_its_gradients_too(service):
    with Client("http://oracle", transport=service, chunk=2) as client:
        layer = layer_of(client)
        fields = arrays()
        gradient = jax.grad(lambda c: layer(**{**fields, "c": c}).sum())(fields["c"])
    with Client("http://oracle", transport=service) as client:
        layer = layer_of(client)
        expected = jax.grad(lambda c: layer(**{**fields, "c": c}).sum())(fields["c"])
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("on_failure", ["nan", "zero"])
def test_failures_are_data(client, on_failure):
    layer = layer_of(
        client, ("x", "objective", "ok"), on_failure=on_failure, constants={"A": np.ones((1, 3)), "lb": 0.0}
    )
    b = jnp.asarray([[1.0], [-1.0], [2.0]])

    @jax.jit
    def loss(b):
        x, objective, ok = layer(P=jnp.eye(3), c=jnp.ones(3), b=b)
        return jnp.where(ok, (x**2).sum(-1) + objective, 0.0).sum(), (x, ok)

    (value, (x, ok)), gradient = jax.value_and_grad(loss, has_aux=True)(b)
    assert ok.tolist() == [True, False, True]
    np.testing.assert_array_equal(np.isnan(x[1]) if on_failure == "nan" else x[1] == 0, True)
    assert np.isfinite(value)
    np.testing.assert_allclose(gradient, [[2 / 3 + 4 / 3], [0.0], [4 / 3 + 5 / 3]], atol=1e-3)


def test_an_upstream_gradient_that_is_not_finite_stays_in_its_instance(client):
    layer = layer_of(client)
    fields = arrays()
    _, pull = jax.vjp(lambda c: layer(**{**fields, "c": c}), fields["c"])
    (gradient,) = pull(jnp.ones((5, 8)).at[2, 3].set(jnp.inf))
    assert np.isnan(gradient).all(1).tolist() == [False, False, True, False, False]
    assert np.isfinite(gradient).all(1).tolist() == [True, True, False, True, True]


def test_dtypes_are_kept():
    for bits, dtype in ((True, jnp.float64), (True, jnp.float32), (False, jnp.float32), (True, jnp.bfloat16)):
        with jax.enable_x64(bits):
            sent = []
            layer = layer_of(recording(sent), tolerance=1e-5)
            x, pull = jax.vjp(lambda c, layer=layer: layer(c=c, P=jnp.eye(2, dtype=c.dtype)), jnp.ones(2, dtype))
            assert x.dtype == dtype
            assert pull(jnp.ones(2, dtype))[0].dtype == dtype
            expected = np.float64 if dtype == jnp.float64 else np.float32
            assert sent[0]["problem"]["c"].dtype == expected
            assert sent[1]["gradient"]["x"].dtype == expected


def recording(sent):
    service = Service()

    def transport(request):
        sent.append(decode(request.content))
        return service(request)

    return Client("http://oracle", transport=transport)


def test_constants_are_registered_and_sparse_values_differentiated(client):
    rows, cols = np.nonzero(np.ones((1, 3)))
    layer = layer_of(client, constants={"P": np.eye(3), "b": np.ones(1), "lb": 0})

    def loss(values, c):
        return (layer(A=Sparse((1, 3), rows, cols, values), c=c) ** 2 * jnp.arange(1, 4)).sum()

    before = len(client.paths)
    values, c = jnp.asarray([1.0, 1.2, 0.8]), jnp.asarray([0.1, -0.2, 0.3])
    gradients = jax.grad(loss, (0, 1))(values, c)
    assert list(client.paths[before:]) == ["/problems", "/solve", "/lpgd-backward"]
    h = 1e-5
    for i in range(3):
        difference = (loss(values.at[i].add(h), c) - loss(values.at[i].add(-h), c)) / (2 * h)
        assert float(gradients[0][i]) == pytest.approx(float(difference), rel=1e-3, abs=1e-4)


def test_tau_may_be_traced_and_of_each_instance(service, offline):
    layer = layer_of(offline, tau="auto")
    fields = arrays()
    jax.grad(lambda c: layer(**{**fields, "c": c}).sum())(fields["c"])
    assert service.requests[-1][1]["tau"] == "auto"

    def gradient(tau):
        return jax.grad(lambda c: layer(**{**fields, "c": c}, tau=tau).sum())(fields["c"])

    jax.jit(gradient)(0.25)
    assert service.requests[-1][1]["tau"] == 0.25
    jax.jit(gradient)(jnp.arange(1.0, 6.0))
    np.testing.assert_array_equal(service.requests[-1][1]["tau"], np.arange(1.0, 6.0))


def test_scalar_bounds_may_differ_by_instance(client):
    layer = layer_of(client)
    low = jnp.asarray([0.0, -0.5])
    solve = jax.vmap(lambda low: layer(P=jnp.eye(3), c=jnp.ones(3), lb=low))
    np.testing.assert_allclose(solve(low), np.repeat(low[:, None], 3, 1), atol=1e-7)
    np.testing.assert_allclose(jax.grad(lambda low: solve(low).sum())(low), [3.0, 3.0], atol=1e-4)


@pytest.mark.live
def test_integers_and_cones(live):
    layer = Layer(client=live, tau=5.0, envelope="lower", integers=[0, 1, 2], constants={"lb": 0, "ub": 1})
    G, h = jnp.asarray([[2.0, 3, 1]]), jnp.asarray([4.0])
    solve = jax.jit(jax.vmap(lambda c: layer(c=c, G=G, h=h)))
    c = -jnp.asarray([[3.0, 5, 1], [3, 1, 2]])
    np.testing.assert_array_equal(solve(c), [[0, 1, 1], [1, 0, 1]])
    gradient = jax.grad(lambda c: (solve(c) * jnp.asarray([-1.0, 0, 0])).sum())(c)
    np.testing.assert_allclose(gradient, [[0.2, -0.2, 0], [0, 0, 0]])
    disc = Layer(client=live, cones=[cones.second_order(3)], tolerance=1e-10, method="implicit")
    G, h = jnp.asarray([[0.0, 0], [-1, 0], [0, -1]]), jnp.asarray([1.0, 0, 0])
    np.testing.assert_allclose(disc(c=jnp.asarray([3.0, 4]), G=G, h=h), [-0.6, -0.8], atol=1e-6)


def test_it_can_be_pickled():
    layer = Layer(("x", "ok"), constants={"A": np.ones((1, 2))}, client="http://somewhere")
    assert pickle.loads(pickle.dumps(layer)).outputs == ("x", "ok")


def test_what_it_refuses(offline):
    with pytest.raises(ValueError, match="outputs must be some of"):
        Layer(("w",))
    with pytest.raises(ValueError, match="exceptions have no place in jit"):
        Layer(on_failure="raise")
    with pytest.raises(ValueError, match="no duals"):
        Layer(("x", "y"), integers=[0])
    with pytest.raises(ValueError, match="constants are of one problem: pass A"):
        Layer(constants={"A": np.ones((2, 1, 3)), "b": np.ones(1)})
    with pytest.raises(ValueError, match="method must be"):
        Layer(method="blackbox")
    with pytest.raises(ValueError, match="envelope must be"):
        Layer(envelope="both")
    with pytest.raises(ValueError, match="tau is of method 'lpgd'"):
        Layer(method="implicit", tau=0.1)
    with pytest.raises(ValueError, match="tau is of method 'lpgd'"):
        Layer(client=offline, method="implicit")(c=jnp.ones(2), tau=jnp.asarray(0.1))
    layer = layer_of(offline)
    with pytest.raises(TypeError, match="Q is no field"):
        layer(c=jnp.ones(2), Q=jnp.eye(2))
    with pytest.raises(ValueError, match="too few axes: P"):
        layer(c=jnp.ones(2), P=jnp.ones(2))
    with pytest.raises(ValueError, match="batch axes of the fields disagree"):
        layer(c=jnp.ones((3, 2)), P=jnp.ones((3, 1, 2, 2)))
    with pytest.raises(ValueError, match="at least one field"):
        layer()
    with pytest.raises(TypeError, match="must be real"):
        layer(c=jnp.ones(2) * 1j)
    with pytest.raises(ValueError, match="Pure callbacks do not support JVP"):
        jax.hessian(lambda c: layer(c=c, P=jnp.eye(2)).sum())(jnp.ones(2))

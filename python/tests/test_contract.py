"""The contract as a user of the NumPy client meets it."""

import concurrent.futures
import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

import argmind
from argmind import Sparse
from problems import FIELDS, known_qps

KNOWN = known_qps(8, seed=81)
UPSTREAM = {"x": np.cos(np.arange(64.0)).reshape(8, 8)}


def one(i=0):
    return {name: value[i] for name, value in KNOWN.data.items()}


def test_the_solvers_are_listed(client):
    listed = client.solvers()
    assert all(isinstance(solver["name"], str) and "version" in solver for solver in listed)
    assert client.solve(one()).solver in {solver["name"] for solver in listed}


def test_a_solver_may_be_named(client):
    chosen = client.solve(one())
    named = client.solve(one(), solver=chosen.solver)
    assert named.solver == chosen.solver
    np.testing.assert_allclose(named.x, chosen.x, atol=1e-9)


def test_shapes_without_a_batch(client):
    solution = client.solve(one(), tolerance=1e-9)
    assert solution.status == "optimal"
    shapes = {"x": (8,), "y": (2,), "z": (6,), "s": (6,), "z_box": (8,), "objective": ()}
    assert {name: getattr(solution, name).shape for name in shapes} == shapes
    assert all(np.shape(residual) == () for residual in solution.residuals.values())
    gradients = client.lpgd_backward(solution, {"x": np.ones(8)}, tau=0.1)
    assert gradients.status == "ok"
    assert {name: gradients[name].shape for name in FIELDS} == {name: np.shape(one()[name]) for name in FIELDS}
    assert np.shape(gradients.diagnostics["tau"]) == ()


def test_a_batch_of_one_keeps_its_axis(client):
    solution = client.solve({**one(), "c": KNOWN.data["c"][:1]})
    assert solution.status == ["optimal"]
    assert solution.x.shape == (1, 8)
    assert client.lpgd_backward(solution, {"x": np.ones((1, 8))}, tau=0.1)["P"].shape == (8, 8)


def test_residuals_are_those_of_the_problem(client):
    solution = client.solve(KNOWN.data, tolerance=1e-9)
    assert set(solution.residuals) >= {"primal", "dual", "gap"}
    for name, residual in solution.residuals.items():
        assert residual.shape == (8,)
        assert (residual <= 1e-6).all(), name
    assert solution.solve_seconds >= 0


@pytest.mark.parametrize("make", [sparse.csr_array, lambda m: Sparse(m.shape, *np.nonzero(m), m[np.nonzero(m)])])
def test_sparse_is_dense(client, make):
    rng = np.random.default_rng(82)
    mask = rng.random((6, 8)) < 0.6
    data = one()
    data["G"] = np.where(mask, data["G"], 0.0)
    data["h"] = data["G"] @ KNOWN.solution["x"][0] + 1.0
    dense = client.solve(data, tolerance=1e-10)
    thin = client.solve({**data, "G": make(data["G"]), "P": make(data["P"]), "A": make(data["A"])}, tolerance=1e-10)
    np.testing.assert_allclose(thin.x, dense.x, atol=1e-7)
    expected = client.lpgd_backward(dense, {"x": np.ones(8)}, tau=0.1, tolerance=1e-10)
    gradients = client.lpgd_backward(thin, {"x": np.ones(8)}, tau=0.1, tolerance=1e-10)
    assert isinstance(gradients["G"], Sparse)
    np.testing.assert_allclose(gradients["G"].toarray(), np.where(mask, expected["G"], 0.0), atol=1e-6)
    np.testing.assert_allclose(gradients["P"].toarray(), expected["P"], atol=1e-6)
    np.testing.assert_allclose(gradients["c"], expected["c"], atol=1e-6)


def test_the_upper_triangle_of_p(client):
    data = one()
    rows, cols = np.triu_indices(8)
    upper = Sparse((8, 8), rows, cols, data["P"][rows, cols], triangle="upper")
    full, thin = client.solve(data, tolerance=1e-10), client.solve({**data, "P": upper}, tolerance=1e-10)
    np.testing.assert_allclose(thin.x, full.x, atol=1e-7)
    options = {"tau": 0.1, "tolerance": 1e-10, "wrt": ["P"]}
    both = client.lpgd_backward(full, {"x": np.ones(8)}, **options)["P"]
    gradient = client.lpgd_backward(thin, {"x": np.ones(8)}, **options)["P"]
    expected = np.where(rows == cols, both[rows, cols], 2 * both[rows, cols])  # the entry stands for both
    np.testing.assert_allclose(gradient.values, expected, atol=1e-6)


def test_a_sparse_batch_shares_its_pattern(client):
    rows, cols = np.indices((2, 8)).reshape(2, -1)
    stacked = Sparse((2, 8), rows, cols, KNOWN.data["A"].reshape(8, 16))
    dense = client.solve(KNOWN.data, tolerance=1e-10)
    thin = client.solve({**KNOWN.data, "A": stacked}, tolerance=1e-10)
    np.testing.assert_allclose(thin.x, dense.x, atol=1e-7)
    expected = client.lpgd_backward(dense, UPSTREAM, tau=0.1)["A"]
    gradient = client.lpgd_backward(thin, UPSTREAM, tau=0.1)["A"]
    assert gradient.values.shape == (8, 16)
    np.testing.assert_allclose(gradient.values.reshape(8, 2, 8), expected, atol=1e-6)


def test_infinite_and_absent_bounds(client):
    problem = {"P": np.eye(3), "c": np.array([1.0, -1.0, 5.0]), "lb": [None, -np.inf, -2.0], "ub": [np.inf, 0.5, None]}
    solution = client.solve(problem, tolerance=1e-9)
    np.testing.assert_allclose(solution.x, [-1.0, 0.5, -2.0], atol=1e-6)
    np.testing.assert_allclose(solution.z_box, [0.0, 0.5, -3.0], atol=1e-6)
    gradients = client.lpgd_backward(solution, {"x": np.ones(3)}, tau=0.01)
    np.testing.assert_allclose(gradients["lb"], [0, 0, 1], atol=1e-5)
    np.testing.assert_allclose(gradients["ub"], [0, 1, 0], atol=1e-5)
    np.testing.assert_allclose(gradients["c"], [-1, 0, 0], atol=1e-5)


def test_bounds_that_cross_are_an_error(client):
    with pytest.raises(argmind.InvalidProblem, match="lb"):
        client.solve({"c": [1.0], "lb": [1.0], "ub": [0.0]})


def test_float32_problems(client):
    single = {name: value.astype(np.float32) for name, value in KNOWN.data.items()}
    solution = client.solve(single)
    assert solution.ok.all()
    np.testing.assert_allclose(solution.x, KNOWN.solution["x"], atol=1e-3)


def test_what_is_not_retained_has_no_id(client):
    assert client.solve(one(), retain=False).id is None
    assert client.solve(one()).id


def test_a_forgotten_id_is_an_error_of_its_own(client):
    with pytest.raises(argmind.SolveNotRetained) as caught:
        client.lpgd_backward("no-such-solve", {"x": np.ones(8)}, tau=0.1)
    assert caught.value.status == 410


def test_a_forgotten_solve_is_sent_again(client):
    solution = client.solve(KNOWN.data, tolerance=1e-10)
    known = client.lpgd_backward(solution, UPSTREAM, tau=0.1, tolerance=1e-10)
    for stranger in (replace(solution, id="no-such-solve"), replace(solution, id=None)):
        again = client.lpgd_backward(stranger, UPSTREAM, tau=0.1, tolerance=1e-10)
        for name in FIELDS:
            np.testing.assert_allclose(again[name], known[name], atol=1e-6, err_msg=name)


def test_a_registered_problem(client):
    data = one()
    c = data.pop("c")
    registered = client.register(data)
    assert client.register(copy.deepcopy(data)).id == registered.id
    assert client.register({**data, "b": data["b"] + 1}).id != registered.id
    solution, whole = client.solve(registered.replace(c=c), tolerance=1e-10), client.solve(one(), tolerance=1e-10)
    np.testing.assert_allclose(solution.x, whole.x, atol=1e-9)
    batch = client.solve(registered.replace(c=KNOWN.data["c"][:1] + np.linspace(0, 0.1, 5)[:, None]), tolerance=1e-10)
    assert batch.x.shape == (5, 8)
    gradients = client.lpgd_backward(batch, {"x": np.ones((5, 8))}, tau=0.1)
    assert gradients["c"].shape == (5, 8)
    assert gradients["A"].shape == (2, 8)


def test_a_forgotten_base_is_registered_again(client):
    data = one()
    c = data.pop("c")
    registered = replace(client.register(data), id="0" * 64)
    before = len(client.paths)
    solution = client.solve(registered.replace(c=c))
    assert solution.status == "optimal"
    assert "/problems" in [client.paths[i] for i in range(before, len(client.paths))]


def test_everything_that_is_wrong_is_named_at_once(client):
    problem = {"c": np.ones(4), "A": np.ones((3, 5)), "b": np.ones(3), "G": np.ones((2, 4)), "h": np.ones((1, 1, 2))}
    with pytest.raises(argmind.InvalidProblem) as caught:
        client.solve(problem)
    pointers = " ".join(error.pointer for error in caught.value.errors)
    assert "/problem/A" in pointers
    assert "/problem/h" in pointers
    assert all(error.detail for error in caught.value.errors)


@pytest.mark.parametrize(
    "bad", [{"c": [np.nan, 1.0]}, {"c": [1.0], "lb": [np.nan]}, {"A": np.ones((1, 2)), "b": [1.0]}]
)
def test_values_that_make_no_problem(client, bad):
    with pytest.raises(argmind.InvalidProblem):
        client.solve(bad)


def test_requests_from_many_threads(client):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        solutions = list(pool.map(lambda i: client.solve(one(i), tolerance=1e-10), [0, 1, 2, 3, 4, 5, 6, 7] * 4))
    for k, solution in enumerate(solutions):
        np.testing.assert_allclose(solution.x, KNOWN.solution["x"][k % 8], atol=1e-7)

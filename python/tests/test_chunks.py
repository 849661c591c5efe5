"""Batches in parts: the same answers in the same order, sums in a fixed order, and what happens when a part fails."""

import sys
import threading

import numpy as np
import pytest

import argmind
from argmind import Client, Sparse
from argmind._chunks import join_gradients
from argmind._solution import GradientFields, Gradients
from problems import FIELDS, known_qps
from service import Answer

KNOWN = known_qps(7, seed=3)
DATA = {name: KNOWN.data[name] for name in FIELDS} | {"A": KNOWN.data["A"][0]}  # A is shared


@pytest.fixture(scope="module")
def upstream():
    rng = np.random.default_rng(0)
    return {"x": rng.standard_normal((7, 8)), "y": rng.standard_normal((7, 2))}


def shared(data):
    """The batch with b made to fit the shared A, so that every instance has a solution near the known one."""
    return {**data, "b": np.einsum("pn,bn->bp", data["A"], KNOWN.solution["x"])}


def test_parts_give_the_answer_of_the_whole(client, upstream):
    data = shared(DATA)
    whole = client.solve(data, tolerance=1e-10)
    requests = len(client.paths)
    parts = client.solve(data, chunk=3, tolerance=1e-10)
    assert list(client.paths[requests:]) == ["/solve"] * 3
    assert [len(part.status) for part in parts.chunks] == [2, 2, 3]
    assert parts.id is None
    assert parts.status == whole.status
    for name in ("x", "y", "z", "s", "z_box", "objective"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-6, atol=1e-8)
    options = {"tau": np.linspace(1e-3, 2e-3, 7), "tolerance": 1e-10}
    one = client.lpgd_backward(whole, upstream, **options)
    requests = len(client.paths)
    many = client.lpgd_backward(parts, upstream, **options)
    assert list(client.paths[requests:]) == ["/lpgd-backward"] * 3
    assert many.status == one.status
    np.testing.assert_allclose(many.diagnostics["tau"], options["tau"])
    for name in FIELDS:
        assert many[name].shape == np.shape(data[name]) == one[name].shape
        np.testing.assert_allclose(many[name], one[name], rtol=1e-4, atol=1e-5)


def test_shared_gradients_are_added_in_the_order_of_the_batch(service, upstream):
    data = shared(DATA)
    results = []
    for _ in range(3):
        with Client("http://oracle", transport=service, chunk=1) as client:
            results.append(client.lpgd_backward(client.solve(data), upstream, tau=1e-3)["A"])
    with Client("http://oracle", transport=service, chunk=1) as client:
        parts = client.solve(data).chunks
        expected = np.zeros_like(data["A"])
        for i, part in enumerate(parts):
            expected += client.lpgd_backward(part, {k: v[i : i + 1] for k, v in upstream.items()}, tau=1e-3, problem={
                **data, **{k: data[k][i : i + 1] for k in FIELDS if k != "A"}})["A"]  # fmt: skip
    for result in results:
        np.testing.assert_array_equal(result, expected)


def test_a_forgotten_part_is_sent_again(service, offline, upstream):
    data = shared(DATA)
    base = offline.register({"A": data["A"], "P": data["P"]})  # its batched P is split as well
    problem = base.replace(**{name: data[name] for name in FIELDS if name not in "AP"})
    solution = offline.solve(problem, chunk=4)
    expected = offline.lpgd_backward(solution, upstream, tau=1e-3)
    service.forget()
    again = offline.lpgd_backward(solution, upstream, tau=1e-3)
    for name in FIELDS:
        np.testing.assert_allclose(again[name], expected[name], rtol=1e-6, atol=1e-8)


def test_a_solution_that_was_not_retained_is_sent_in_parts(service, offline, upstream):
    data = shared(DATA)
    solution = offline.solve(data, retain=False)
    expected = offline.lpgd_backward(solution, upstream, problem=data, tau=1e-3)
    with Client("http://oracle", transport=service, chunk=3) as client:
        count = len(service.requests)
        gradients = client.lpgd_backward(solution, upstream, problem=data, tau=1e-3)
        assert service.paths[count:] == ["/lpgd-backward"] * 3
    for name in FIELDS:
        np.testing.assert_allclose(gradients[name], expected[name], rtol=1e-6, atol=1e-8)


def test_sparse_fields_and_warm_starts_are_split(service, offline):
    rows, cols = np.nonzero(np.ones((1, 3)))
    A = Sparse((1, 3), rows, cols, np.ones((4, 3)))
    fields = {"P": np.eye(3), "c": np.zeros(3), "A": A, "b": np.ones(1)}
    solution = offline.solve(fields, chunk=2, warm_start={"x": np.arange(12.0).reshape(4, 3), "y": np.zeros((4, 1))})
    guesses = sorted(body["warm_start"]["x"][0, 0] for _, body in service.requests)
    assert guesses == [0.0, 6.0]
    gradients = offline.lpgd_backward(solution, {"x": np.ones((4, 3))}, tau=0.1)
    assert gradients["A"].values.shape == (4, 3)
    assert gradients["P"].shape == (3, 3)
    assert gradients["c"].shape == (3,)


def test_a_combinatorial_batch_is_split_along_its_cost(service):
    cost = np.arange(24.0).reshape(4, 2, 3)
    answers = [
        Answer.cbor(
            {"x": part, "objective": part[:, 0, 0], "status": ["optimal"] * 2, "solver": "s", "iterations": [0, 0]}
        )
        for part in (cost[:2], cost[2:])
    ]
    service.failing = list(answers)
    with Client("http://oracle", transport=service, max_connections=1) as client:  # one after the other
        solution = client.solve({"type": "assignment", "cost": cost}, chunk=2)
    np.testing.assert_array_equal(solution.x, cost)
    assert [body["problem"]["cost"].shape for _, body in service.requests] == [(2, 2, 3)] * 2


def test_the_first_failing_part_is_the_error(service, offline):
    service.failing = [Answer.problem(500, detail="oh"), Answer.problem(500, detail="no")]
    with pytest.raises(argmind.ServerError):
        offline.solve(shared(DATA), chunk=1)


@pytest.mark.parametrize("chunk", [0, -1, True, "all", 2.5, [2]])
def test_a_chunk_is_a_positive_number(offline, chunk):
    with pytest.raises(ValueError, match='chunk must be "auto" or a positive number'):
        offline.solve(DATA, chunk=chunk)


def test_auto_splits_only_what_a_service_would_refuse(service, offline):
    offline.solve({"P": np.eye(1), "c": np.zeros((50, 1))})
    assert len(service.requests) == 1
    answers = []

    def counted(request):
        answers.append(request)
        return service(request)

    with Client("http://oracle", transport=counted) as client:
        solution = client.solve({"P": np.eye(1), "c": np.zeros((5000, 1))})
    assert len(answers) == 2
    assert solution.x.shape == (5000, 1)


def test_submit_solves_in_the_background(service, offline):
    started, go = threading.Event(), threading.Event()

    def slow(request):
        started.set()
        assert go.wait(10)
        return service(request)

    with Client("http://oracle", transport=slow) as client:
        future = client.submit({"P": np.eye(2), "c": np.ones(2)}, tolerance=1e-9)
        assert started.wait(10)
        assert not future.done()
        go.set()
        np.testing.assert_allclose(future.result(10).x, [-1, -1])
    with pytest.raises(argmind.InvalidProblem):
        offline.submit({"P": np.eye(2)}).result(10)


def test_progress_shows_a_bar(offline, capsys):
    offline.solve(shared(DATA), chunk=2, progress=True)
    assert "7/7" in capsys.readouterr().err


def test_progress_without_tqdm_says_what_to_install(offline, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    offline.solve(shared(DATA), progress=True)  # nothing is split, so there is nothing to show
    with pytest.raises(ImportError, match=r"argmind\[progress\]"):
        offline.solve(shared(DATA), chunk=2, progress=True)


def test_a_part_whose_instances_all_failed_has_no_sides():
    """The service names a side only if some instance of the request has it."""
    there = {
        "moved": {"lower": np.array([True, False]), "upper": np.array([False, True])},
        "tau": np.array([1.0, 2.0]),
    }
    solutions = {"lower": {"x": np.ones((2, 3)), "objective": np.ones(2)}}
    good = Gradients(GradientFields({"c": np.ones((2, 3))}), ["ok"] * 2, there, solutions, "s", 0.0)
    none = {"moved": {}, "tau": np.array([np.nan])}
    bad = Gradients(GradientFields({"c": np.zeros((1, 3))}), ["forward-failed"], none, {}, None, 0.0)
    for parts, lost in (((good, bad), 2), ((bad, good), 0)):
        whole = join_gradients(parts, {"c": 1})
        kept = np.delete(np.arange(3), lost)
        for side, flags in there["moved"].items():
            moved = whole.diagnostics["moved"][side]
            assert moved.dtype == bool
            assert not moved[lost]
            np.testing.assert_array_equal(moved[kept], flags)
        for name, values in solutions["lower"].items():
            assert np.isnan(whole.solutions["lower"][name][lost]).all()
            np.testing.assert_array_equal(whole.solutions["lower"][name][kept], values)
    assert join_gradients((bad, bad), {"c": 1}).diagnostics["moved"] == {}


def test_a_batch_with_noise_is_one_request(offline):
    problem = {"type": "top-k", "k": 1, "cost": np.ones((4, 3))}
    with pytest.raises(ValueError, match="one request: 4 instances, not chunks of 2"):
        offline.solve(problem, chunk=2, perturbation=argmind.Perturbation(2))

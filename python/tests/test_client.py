"""The client against the oracle service: what is sent, what comes back, and what happens when the service forgets."""

import dataclasses
import pickle
import subprocess
import sys

import numpy as np
import pytest

import argmind
from argmind import Client, Problem, Sparse
from problems import known_qps
from service import Answer

QP = {"P": np.diag([1.0, 2.0]), "c": np.ones(2), "A": np.ones((1, 2)), "b": np.ones(1), "lb": 0.0}
GRADIENT = {"x": np.array([1.0, 0.0])}


def test_an_unbatched_solution(offline):
    solution = offline.solve(QP)
    np.testing.assert_allclose(solution.x, [2 / 3, 1 / 3], atol=1e-9)
    np.testing.assert_allclose(solution.y, [-5 / 3], atol=1e-9)
    assert solution.objective == pytest.approx(4 / 3)
    assert solution.status == "optimal"
    assert solution.ok.shape == ()
    assert solution.ok
    assert solution.summary() == {"optimal": 1}
    assert (solution.solver, solution.reason) == ("oracle", "the only solver")
    assert set(solution.residuals) == {"primal", "dual", "gap"}


def test_a_batched_solution(offline):
    solution = offline.solve({**QP, "b": np.array([[1.0], [-1.0], [2.0]])})
    assert solution.x.shape == (3, 2)
    assert solution.y.shape == (3, 1)
    assert solution.objective.shape == solution.iterations.shape == (3,)
    assert solution.status == ["optimal", "infeasible", "optimal"]
    assert solution.ok.tolist() == [True, False, True]
    assert solution.summary() == {"optimal": 2, "infeasible": 1}
    assert np.isnan(solution.x[1]).all()


def test_an_empty_batch(offline):
    solution = offline.solve({**QP, "c": np.zeros((0, 2))})
    assert solution.x.shape == (0, 2)
    assert solution.status == []
    assert solution.ok.shape == (0,)
    assert offline.lpgd_backward(solution, {"x": np.zeros((0, 2))})["c"].shape == (0, 2)


def test_missing_members_of_an_answer_are_none_or_nan(service, offline):
    answer = {"x": [1, None], "objective": None, "status": "iteration-limit", "solver": "s"}
    service.failing = [Answer.cbor(answer)]
    solution = offline.solve(QP)
    assert solution.y is solution.z is solution.s is solution.z_box is solution.id is solution.reason is None
    np.testing.assert_array_equal(solution.x, [1.0, np.nan])
    assert np.isnan(solution.objective)
    assert not solution.ok


def test_only_what_is_given_is_sent(service, offline):
    offline.solve(QP)
    assert service.requests[0][1].keys() == {"problem", "solver", "retain"}
    offline.solve(
        QP,
        solver="oracle",
        tolerance=1e-6,
        time_limit=2.0,
        max_iterations=9,
        warm_start={"x": [0.0, 1.0], "y": np.zeros(1)},
        retain=False,
    )
    body = service.requests[1][1]
    assert body["options"] == {"tolerance": 1e-6, "time_limit": 2.0, "max_iterations": 9}
    assert (body["solver"], body["retain"]) == ("oracle", False)
    assert body["warm_start"]["x"].tolist() == [0.0, 1.0]
    assert body["warm_start"].keys() == {"x", "y"}


def test_a_solution_is_a_warm_start(service, offline):
    first = offline.solve(QP)
    offline.solve(QP, warm_start=first)
    warm = service.requests[1][1]["warm_start"]
    np.testing.assert_array_equal(warm["x"], first.x)
    assert warm.keys() == {"x", "y", "z_box"}  # there are no inequalities


def test_the_options_of_a_backward(service, offline):
    solution = offline.solve({**QP, "c": np.ones((2, 2))})
    offline.lpgd_backward(solution, {"x": [[1, 0], [0, 1]], "y": None})
    body = service.requests[1][1]
    assert body.keys() == {"solve", "gradient", "tau", "rho", "envelope", "method", "return"}
    assert body["solve"] == {"id": solution.id}
    assert body["gradient"].keys() == {"x"}
    assert (body["tau"], body["rho"], body["envelope"], body["method"]) == ("auto", 0.0, "average", "lpgd")
    gradients = offline.lpgd_backward(
        solution,
        {"x": np.ones((2, 2))},
        tau=np.array([0.1, 0.2]),
        rho=0.5,
        envelope="lower",
        wrt=("c",),
        solver="oracle",
        tolerance=1e-9,
        time_limit=1.0,
        max_iterations=5,
        return_solutions=True,
    )
    body = service.requests[2][1]
    assert body["options"] == {"tolerance": 1e-9, "time_limit": 1.0, "max_iterations": 5}
    assert (body["wrt"], body["solver"], body["return"]) == (["c"], "oracle", ["factors", "solutions"])
    assert list(gradients) == ["c"]
    assert len(gradients) == 1
    assert "c" in gradients
    assert "b" not in gradients
    assert gradients.status == ["ok", "ok"]
    assert gradients.diagnostics["tau"].tolist() == [0.1, 0.2]
    assert gradients.solutions["lower"]["x"].shape == (2, 2)
    assert gradients.summary() == {"ok": 2}
    assert gradients.ok.all()


def test_gradients_have_the_shapes_of_their_fields(offline):
    matrix = Sparse((1, 2), [0, 0], [0, 1], np.array([[1.0, 1.0], [1.0, 2.0]]))
    solution = offline.solve({**QP, "A": matrix, "lb": 0.0, "c": np.ones((2, 2))})
    gradients = offline.lpgd_backward(solution, {"x": np.ones((2, 2)) * [1.0, 0.5]})
    assert {name: np.shape(value) for name, value in gradients.fields.items() if name != "A"} == {
        "P": (2, 2),
        "c": (2, 2),
        "b": (1,),
        "lb": (),
    }
    assert isinstance(gradients["A"], Sparse)
    assert gradients["A"].values.shape == (2, 2)
    assert gradients["A"].toarray().shape == (2, 1, 2)


def test_an_invalid_problem_says_which_field(offline):
    with pytest.raises(argmind.InvalidProblem) as caught:
        offline.solve({"c": np.ones((2, 2, 2)), "lb": np.array([np.nan])})
    assert {error.pointer for error in caught.value.errors} == {"/problem/c", "/problem/lb"}


def test_other_methods_have_no_tau(service, offline):
    solution = offline.solve(QP)
    exact = offline.lpgd_backward(solution, GRADIENT, tau=0.3, rho=0.1, method="implicit")
    assert service.requests[1][1].keys() == {"solve", "gradient", "method", "return"}
    np.testing.assert_allclose(exact["c"], [-1 / 3, 1 / 3], atol=1e-9)


def test_diagnostics_of_failed_instances(service, offline):
    answer = {
        "gradients": {"c": np.zeros((3, 2))},
        "status": ["ok", "forward-failed", "one-sided"],
        "diagnostics": {
            "tau": np.array([0.1, np.nan, 0.2]),
            "degenerate": [True, None, False],
            "displacement": [1, None, 2.5],
            "iterations": np.array([3, 0, 4], np.int32),
        },
        "reason": "named in the request",
        "solve_seconds": 0.25,
    }
    solution = offline.solve(QP)
    service.failing = [Answer.cbor(answer)]
    gradients = offline.lpgd_backward(solution, GRADIENT)
    assert gradients.diagnostics["degenerate"].tolist() == [True, False, False]
    np.testing.assert_array_equal(gradients.diagnostics["displacement"], [1.0, np.nan, 2.5])
    assert gradients.ok.tolist() == [True, False, True]
    assert (gradients.solver, gradients.reason, gradients.solve_seconds) == (None, "named in the request", 0.25)


# What the service forgets


def test_a_forgotten_solve_is_sent_again(service, offline):
    solution = offline.solve(QP)
    before = offline.lpgd_backward(solution, GRADIENT, tau=0.1)
    service.forget()
    after = offline.lpgd_backward(solution, GRADIENT, tau=0.1)
    assert service.paths == ["/solve", "/lpgd-backward", "/lpgd-backward", "/lpgd-backward"]
    resent = service.requests[-1][1]["solve"]
    assert resent.keys() == {"problem", "solution"}
    assert resent["solution"].keys() == {"x", "y", "z_box"}
    for name in before:
        np.testing.assert_allclose(after[name], before[name], atol=1e-12)


def test_what_is_sent_again_is_what_was_solved(service, offline):
    problem = {name: np.array(value) for name, value in QP.items()}
    solution = offline.solve(problem)
    before = offline.lpgd_backward(solution, GRADIENT, tau=0.1)
    problem["P"] *= 100
    service.forget()
    np.testing.assert_allclose(offline.lpgd_backward(solution, GRADIENT, tau=0.1)["c"], before["c"], atol=1e-12)


def test_a_solution_that_was_not_retained_needs_its_problem(service, offline):
    solution = offline.solve(QP, retain=False)
    assert solution.id is None
    with pytest.raises(ValueError, match="not retained"):
        offline.lpgd_backward(solution, GRADIENT)
    offline.lpgd_backward(solution, GRADIENT, problem=QP)
    assert service.paths == ["/solve", "/lpgd-backward"]


def test_a_problem_is_made_only_when_it_is_needed(service, offline):
    made = []
    solution = offline.solve(QP, keep_problem=False)
    assert solution.problem is None
    for forget in (False, True):
        service.forget(retained=forget)
        offline.lpgd_backward(solution, GRADIENT, problem=lambda: made.append(1) or QP)
        assert len(made) == forget


def test_a_bare_id_cannot_be_sent_again(service, offline):
    solution = offline.solve(QP)
    assert offline.lpgd_backward(solution.id, GRADIENT)["c"].shape == (2,)
    service.forget()
    for problem in (None, QP):
        with pytest.raises(argmind.SolveNotRetained):
            offline.lpgd_backward(solution.id, GRADIENT, problem=problem)


def test_registering_sends_the_rest_once(service, offline):
    registered = offline.register({"P": QP["P"], "A": QP["A"], "b": QP["b"], "lb": 0.0})
    plain = offline.solve(QP)
    for problem in (
        registered.replace(c=QP["c"]),
        {"base": registered, "c": QP["c"]},
        Problem(QP["c"], base=registered),
    ):
        np.testing.assert_array_equal(offline.solve(problem).x, plain.x)
        assert service.requests[-1][1]["problem"].keys() == {"base", "c"}
    assert service.paths.count("/problems") == 1
    assert service.requests[0][0].method == "PUT"


def test_a_registered_problem_is_a_problem(offline):
    np.testing.assert_allclose(offline.solve(offline.register(QP)).x, [2 / 3, 1 / 3], atol=1e-9)


def test_a_field_replaces_that_of_the_base(offline):
    registered = offline.register(QP)
    np.testing.assert_allclose(offline.solve(registered.replace(b=[2.0])).x.sum(), 2, atol=1e-9)


def test_registering_on_top_of_a_base(offline):
    first = offline.register({"P": QP["P"]})
    second = offline.register(first.replace(c=QP["c"], lb=0.0, A=QP["A"], b=QP["b"]))
    assert second.id == offline.register(QP).id


def test_a_forgotten_base_is_registered_again(service, offline):
    registered = offline.register(QP)
    service.forget()
    solution = offline.solve(registered.replace(c=[0.0, 0.0]))
    assert service.paths == ["/problems", "/solve", "/problems", "/solve"]
    service.forget()
    gradients = offline.lpgd_backward(solution, GRADIENT, tau=0.1)
    assert service.paths[4:] == ["/lpgd-backward", "/lpgd-backward", "/problems", "/lpgd-backward"]
    np.testing.assert_allclose(gradients["c"], [-1 / 3, 1 / 3], atol=1e-9)


def test_replicas_that_share_nothing_get_the_whole_problem(service, offline):
    registered = offline.register(QP)
    service.registered = type("Forgetful", (dict,), {"__contains__": lambda *_: False})()
    np.testing.assert_allclose(offline.solve(registered.replace(b=[2.0])).x.sum(), 2, atol=1e-9)
    assert service.paths == ["/problems", "/solve", "/problems", "/solve", "/solve"]
    assert service.requests[-1][1]["problem"].keys() == QP.keys()


def test_a_registered_problem_is_independent_and_can_be_pickled(service, offline):
    problem = {name: np.array(value) for name, value in QP.items()}
    registered = pickle.loads(pickle.dumps(offline.register(problem)))
    problem["b"] *= 7
    service.forget()
    np.testing.assert_allclose(offline.solve(registered).x.sum(), 1, atol=1e-9)


def test_all_requests_of_a_call_share_its_deadline(service, offline, monkeypatch):
    deadlines = []
    call = offline._connection.call
    monkeypatch.setattr(offline._connection, "call", lambda *a: deadlines.append(a[2]) or call(*a))
    registered = offline.register(QP)
    service.forget()
    offline.solve(registered)
    assert len(deadlines) == 4
    assert len(set(deadlines)) == 2  # one of register, one of solve


# The rest


def test_solvers(offline):
    assert offline.solvers() == [{"name": "oracle", "version": "1", "duals": True}]


@pytest.mark.parametrize("answer", [{}, [], {"solvers": 1}])
def test_odd_answers_are_named(service, offline, answer):
    service.failing = [Answer.cbor(answer)] * 3
    with pytest.raises(argmind.InvalidResponse, match="/solvers"):
        offline.solvers()
    with pytest.raises(argmind.InvalidResponse, match="/problems"):
        offline.register(QP)
    solution = dataclasses.replace(offline_solution(), id="1")
    with pytest.raises(argmind.InvalidResponse, match="/lpgd-backward"):
        offline.lpgd_backward(solution, GRADIENT)


def offline_solution():
    nothing = np.zeros(0)
    return argmind.Solution(nothing, None, None, None, None, nothing, [], {}, nothing, 0.0, None, "s")


def test_precision_is_that_of_the_problem(offline):
    solution = offline.solve({name: np.asarray(value, np.float32) for name, value in QP.items()})
    assert solution.x.dtype == np.float32


def test_a_solution_can_be_pickled(offline):
    solution = pickle.loads(pickle.dumps(offline.solve(QP)))
    assert offline.lpgd_backward(solution, GRADIENT)["c"].shape == (2,)


def test_the_functions_of_the_module_use_the_environment(service, monkeypatch):
    from argmind import _default  # noqa: PLC0415

    clients = {(None, None): Client("http://none", transport=service)}
    monkeypatch.setattr(_default, "_clients", clients)
    monkeypatch.delenv("ARGMIND_URL", raising=False)
    monkeypatch.delenv("ARGMIND_API_KEY", raising=False)
    assert argmind.default_client() is clients[None, None]
    solution = argmind.solve(argmind.register(QP), retain=True)
    assert argmind.lpgd_backward(solution, GRADIENT, tau=0.1).status == "ok"
    assert argmind.solvers()[0]["name"] == "oracle"
    assert service.paths == ["/problems", "/solve", "/lpgd-backward", "/solvers"]
    monkeypatch.setenv("ARGMIND_URL", "http://other")
    assert argmind.default_client().url == "http://other"
    assert argmind.default_client() is argmind.default_client()


def test_known_solutions(offline):
    known = known_qps(5, seed=3)
    solution = offline.solve(known.data)
    for name, expected in known.solution.items():
        np.testing.assert_allclose(getattr(solution, name), expected, atol=1e-9)


@pytest.mark.live
def test_the_default_client_is_closed_at_the_end():
    code = "import argmind; argmind.solve({'c': [1.0], 'lb': 0.0}); argmind.me = argmind.default_client()"
    done = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", code],
        capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    assert done.stderr == ""

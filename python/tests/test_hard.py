"""Small hard programs: solved to the tolerance or honestly refused, and never a wrong answer."""

import numpy as np
import pytest

from families import verdict
from hard import Hard, programs
from kkt import worst

SOLVER = "interior"
TOLERANCE = 1e-8
REFUSED = {"numerical-error", "iteration-limit", "time-limit"}
ALL = programs()


@pytest.mark.parametrize("hard", [h for h in ALL if h.sure], ids=lambda hard: hard.name)
def test_the_truth_is_the_truth(hard):
    """Clarabel, which has no stake in it, comes to the same verdict where a verdict is demanded."""
    value, status = verdict(hard.problem, hard.cones)
    word = {"optimal": "Solved", "infeasible": "PrimalInfeasible", "unbounded": "DualInfeasible"}[hard.truth]
    assert status == word
    if hard.objective is not None:
        assert value == pytest.approx(hard.objective, rel=1e-6, abs=1e-6)


@pytest.mark.live
@pytest.mark.parametrize("hard", ALL, ids=lambda hard: hard.name)
def test_right_or_refused(live, hard):
    answer = live.solve(hard.wire(), solver=SOLVER, tolerance=TOLERANCE, retain=False)
    judge(hard, answer.status, answer)


def judge(hard: Hard, status: str, answer) -> None:
    """Holds one answer against what is true of the program."""
    # points that satisfy the conditions to the tolerance do exist where no point attains the infimum
    truth = "optimal" if hard.truth == "unattained" else hard.truth
    allowed = {truth} | (set() if hard.sure else REFUSED)
    assert status in allowed, f"{hard.name}: {status}, but it is {hard.truth}"
    if status == "optimal":
        parts = [None if part is None else np.atleast_2d(part) for part in (answer.y, answer.z, answer.z_box)]
        data = {name: np.asarray(value, float) for name, value in hard.problem.items()}
        error = worst(data, list(hard.cones), answer.x[None], *parts)[0]
        assert error <= 1.01 * TOLERANCE, f"{hard.name}: conditions off by {error:.1e}"
        if hard.objective is not None:
            # a point may be off by the tolerance in each condition, and degenerate programs multiply that
            assert answer.objective == pytest.approx(hard.objective, rel=1e-6, abs=1e-6)
    else:
        assert np.isnan(answer.x).all()


@pytest.mark.live
@pytest.mark.parametrize("hard", [h for h in ALL if not h.cones and h.truth != "optimal"], ids=lambda hard: hard.name)
def test_neighbours_do_not_feel_it(live, hard):
    """The same bits in its neighbours, whoever shares their vector with them."""
    n = len(hard.problem["c"])
    rng = np.random.default_rng(5)
    box = {"lb": np.full((8, n), -1.0), "ub": np.full((8, n), 1.0)}
    easy = {"c": rng.standard_normal((8, n)), **box}
    for name, value in hard.problem.items():
        if name not in easy:
            easy[name] = np.broadcast_to(np.asarray(value, float), (8, *np.shape(value))).copy()
    if "b" in easy:
        easy["b"] = np.zeros_like(easy["b"])
    if "h" in easy:
        easy["h"] = np.ones_like(easy["h"])
    spoiled = {name: value.copy() for name, value in easy.items()}
    for name, bound in (("lb", -np.inf), ("ub", np.inf)):
        spoiled[name][3] = hard.problem.get(name, bound)
    for name, value in hard.problem.items():
        spoiled[name][3] = value
    alone = live.solve(easy, solver=SOLVER, retain=False)
    beside = live.solve(spoiled, solver=SOLVER, retain=False)
    others = np.arange(8) != 3
    assert set(alone.status) == {"optimal"}
    assert {beside.status[i] for i in np.flatnonzero(others)} == {"optimal"}
    np.testing.assert_array_equal(beside.x[others], alone.x[others])
    assert beside.status[3] in {hard.truth} | (set() if hard.sure else REFUSED)

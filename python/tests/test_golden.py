"""Problems small enough for pen and paper: solutions and gradients as closed forms."""

import numpy as np
import pytest

SIDES = {"lower": (1,), "upper": (-1,), "average": (1, -1)}


def pull(client, problem, gradient, **options):
    """The gradients of one problem; also checks that it was solved and differentiated."""
    solution = client.solve(problem, tolerance=1e-10)
    assert solution.status == "optimal"
    gradients = client.lpgd_backward(solution, gradient, tolerance=1e-10, **options)
    assert gradients.status == "ok"
    return solution, gradients


def close(actual, expected, atol=1e-6):
    np.testing.assert_allclose(actual, expected, atol=atol, rtol=0)


# A linear program: min c'x over the simplex of R^3. The perturbation moves x* = e2 to e3 once tau > 0.5.

SIMPLEX = {"c": np.array([-0.1, -0.2, 0.1]), "A": np.ones((1, 3)), "b": np.ones(1)}
BOUNDED = {"bounds": {"lb": 0.0}, "rows": {"G": -np.eye(3), "h": np.zeros(3)}}
G_SIMPLEX = {"x": np.array([0.1, 0.1, -0.5])}


@pytest.mark.parametrize("form", BOUNDED)
@pytest.mark.parametrize(
    ("envelope", "tau", "expected"),
    [
        ("lower", 0.45, (0, 0, 0)),
        ("lower", 0.55, (0, -1 / 0.55, 1 / 0.55)),
        ("lower", 4.0, (0, -0.25, 0.25)),
        ("upper", 0.55, (0, 0, 0)),
        ("upper", 40.0, (0, 0, 0)),
        ("average", 4.0, (0, -0.125, 0.125)),
    ],
)
def test_simplex(client, form, envelope, tau, expected):
    solution, gradients = pull(client, {**SIMPLEX, **BOUNDED[form]}, G_SIMPLEX, tau=tau, envelope=envelope)
    close(solution.x, [0, 1, 0])
    close(solution.y, [0.2])
    close(gradients["c"], expected)


@pytest.mark.parametrize("form", BOUNDED)
@pytest.mark.parametrize(("tau", "expected"), [(1.0, (0, -0.15, 0.15)), (2.0, (0, -0.225, 0.225))])
def test_simplex_with_a_proximal_term(client, form, tau, expected):
    _, gradients = pull(client, {**SIMPLEX, **BOUNDED[form]}, G_SIMPLEX, tau=tau, rho=1.0, envelope="lower")
    close(gradients["c"], expected)


# A quadratic program: P = diag(1, 2), c = (1, 1), x1 + x2 = 1, x >= 0.

QP = {"P": np.diag([1.0, 2.0]), "c": np.ones(2), "A": np.ones((1, 2)), "b": np.ones(1)}
QP_ROWS = {**QP, "G": -np.eye(2), "h": np.zeros(2)}
QP_BOUNDS = {**QP, "lb": np.zeros(2)}
FIRST = {"x": np.array([1.0, 0.0])}


def in_region(t):
    """Gradients of one side; t = tau for the lower envelope, -tau for the upper one."""
    return {
        "c": [-1 / 3, 1 / 3],
        "b": [2 / 3],
        "A": [[(1 + 2 * t) / 9, -(7 + 2 * t) / 9]],
        "P": [[(t - 4) / 18, (1 - t) / 18], [(1 - t) / 18, (2 + t) / 18]],
        "G": np.zeros((2, 2)),
        "h": np.zeros(2),
    }


def test_qp_solution(client):
    solution = client.solve(QP_ROWS, tolerance=1e-10)
    close(solution.x, [2 / 3, 1 / 3])
    close(solution.y, [-5 / 3])
    close(solution.z, [0, 0])
    close(solution.s, [2 / 3, 1 / 3])
    close(solution.objective, 4 / 3)


@pytest.mark.parametrize(
    ("envelope", "tau"), [("lower", 0.1), ("lower", 1.9), ("upper", 0.9), ("average", 0.1), ("average", 0.9)]
)
def test_qp_within_one_region(client, envelope, tau):
    _, gradients = pull(client, QP_ROWS, FIRST, tau=tau, envelope=envelope)
    sides = [in_region(sign * tau) for sign in SIDES[envelope]]
    for name in sides[0]:
        close(gradients[name], np.mean([side[name] for side in sides], axis=0))


@pytest.mark.parametrize("tau", [2.5, 4.0])
def test_qp_beyond_the_region(client, tau):
    """x1 has hit zero: x = (0, 1), y = -3, z1 = tau - 2."""
    _, gradients = pull(client, QP_ROWS, FIRST, tau=tau, envelope="lower")
    close(gradients["c"], [-2 / 3 / tau, 2 / 3 / tau])
    close(gradients["b"], [4 / 3 / tau])
    close(gradients["A"], [[10 / 9 / tau, -22 / 9 / tau]])
    close(gradients["h"], [-(tau - 2) / tau, 0])
    close(gradients["G"], [[0, (tau - 2) / tau], [0, 0]])
    close(gradients["P"], (np.diag([0.0, 1.0]) - np.outer([2 / 3, 1 / 3], [2 / 3, 1 / 3])) / (2 * tau))
    _, bounds = pull(client, QP_BOUNDS, FIRST, tau=tau, envelope="lower")
    close(bounds["lb"], [(tau - 2) / tau, 0])
    close(bounds["A"], gradients["A"])


@pytest.mark.parametrize("rho", [0.5, 1.0])
def test_qp_with_a_proximal_term(client, rho):
    _, gradients = pull(client, QP_ROWS, FIRST, tau=0.01, rho=rho, envelope="lower")
    close(gradients["c"], np.array([-1, 1]) / (3 + 2 * rho))
    close(gradients["b"], [(2 + rho) / (3 + 2 * rho)])


@pytest.mark.parametrize("envelope", SIDES)
def test_qp_with_a_loss_of_the_dual(client, envelope):
    _, gradients = pull(client, QP_ROWS, {"y": np.ones(1)}, tau=0.5, envelope=envelope)
    close(gradients["c"], [-2 / 3, -1 / 3])
    close(gradients["b"], [-2 / 3])


# A scalar: min q/2 x^2 + p x, x <= h.


def scalar(form, q, p, h):
    bound = {"G": np.ones((1, 1)), "h": np.array([h])} if form == "rows" else {"ub": np.array([h])}
    return {"P": np.array([[q]]), "c": np.array([p]), **bound}


@pytest.mark.parametrize(("form", "field"), [("rows", "h"), ("bounds", "ub")])
@pytest.mark.parametrize("tau", [0.5, 0.9, 2.0, 5.0])
def test_scalar_at_its_bound(client, form, field, tau):
    """Q = 2, p = -3, h = 1: x* = 1 with the multiplier 1."""
    problem = scalar(form, 2.0, -3.0, 1.0)
    solution, lower = pull(client, problem, {"x": np.ones(1)}, tau=tau, envelope="lower")
    close(solution.x, [1])
    close(solution.z if form == "rows" else solution.z_box, [1])
    beyond = max(0.0, tau - 1.0)
    close(lower["c"], [-beyond / (2 * tau)])
    close(lower[field], [min(tau, 1.0) / tau])
    _, upper = pull(client, problem, {"x": np.ones(1)}, tau=tau, envelope="upper")
    close(upper["c"], [0])
    close(upper[field], [1])


@pytest.mark.parametrize("form", ["rows", "bounds"])
def test_scalar_inside(client, form):
    solution, gradients = pull(client, scalar(form, 2.0, -1.0, 1.0), {"x": np.ones(1)}, tau=0.1)
    close(solution.x, [0.5])
    close(gradients["c"], [-0.5])
    close(gradients["h" if form == "rows" else "ub"], [0])

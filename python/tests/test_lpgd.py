"""What any correct LPGD satisfies: its definition, its limits, and how it changes with the problem."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.optimize import linprog

import oracle
from argmind import torch as argmind_torch
from problems import FIELDS, known_qps

KNOWN = known_qps(24, seed=51)
TIGHT = {"tolerance": 1e-11}


def upstream_of(names, *, seed=52, scale=None, known=KNOWN):
    """Random gradients by the outputs, [B, ...]; `scale` shrinks those that move b and h."""
    rng = np.random.default_rng(seed)
    drawn = {name: rng.standard_normal(known.solution[name].shape) for name in ("x", "y", "z", "s")}
    return {name: drawn[name] * ((scale or 1.0) if name in ("y", "z") else 1.0) for name in names}


def pull(client, data, upstream, **options):
    solution = client.solve(data, **TIGHT)
    assert solution.ok.all()
    gradients = client.lpgd_backward(solution, upstream, **{**TIGHT, **options})
    assert gradients.ok.all()
    return solution, gradients


def close(actual, expected, atol=1e-6, rtol=1e-6, what=""):
    np.testing.assert_allclose(actual, expected, atol=atol, rtol=rtol, err_msg=what)


# The definition


@pytest.mark.parametrize("envelope", ["lower", "upper", "average"])
@pytest.mark.parametrize(("tau", "rho"), [(0.05, 0.0), (1.0, 0.0), (10.0, 0.0), (1.0, 0.5), (10.0, 2.0)])
def test_two_solves_of_the_definition(client, envelope, tau, rho):
    """The perturbed problem solved by another solver, gradients written down from the Lagrangian, every field."""
    upstream = upstream_of(("x", "y", "z"), scale=0.05 / tau)
    _, gradients = pull(client, KNOWN.data, upstream, tau=tau, rho=rho, envelope=envelope)
    for i in range(24):
        g = {name: value[i] for name, value in upstream.items()}
        expected, status, _ = oracle.lpgd(KNOWN.instance(i), KNOWN.point(i), g, tau, rho, envelope)
        assert status == "ok"
        for name in FIELDS:
            close(gradients[name][i], expected[name], what=f"{name} of {i}")


@pytest.mark.parametrize("tau", [0.05, 1.0])
@pytest.mark.parametrize("names", [("s",), ("x", "y", "z", "s")])
def test_a_loss_of_the_slack_is_a_problem_with_the_slack_as_a_variable(client, tau, names):
    upstream = upstream_of(names, scale=0.05)
    _, gradients = pull(client, KNOWN.data, upstream, tau=tau, envelope="lower")
    for i in range(24):
        g = {name: value[i] for name, value in upstream.items()}
        expected, status, _ = oracle.lpgd(KNOWN.instance(i), KNOWN.point(i), g, tau, 0.0, "lower")
        assert status == "ok"
        for name in FIELDS:
            close(gradients[name][i], expected[name], what=f"{name} of {i}")


def test_the_perturbed_solutions(client):
    upstream = upstream_of(("x",))
    solution, gradients = pull(client, KNOWN.data, upstream, tau=0.7, return_solutions=True)
    lower, upper = (gradients.solutions[side]["x"] for side in ("lower", "upper"))
    close(gradients["c"], (lower - upper) / 1.4)
    moved = client.solve({**KNOWN.data, "c": KNOWN.data["c"] + 0.7 * upstream["x"]}, **TIGHT)
    close(lower, moved.x)
    if "displacement" in gradients.diagnostics:
        largest = np.maximum(*(np.linalg.norm(side - solution.x, axis=1) for side in (lower, upper)))
        assert (gradients.diagnostics["displacement"] <= 1.001 * largest + 1e-6).all()


# Small tau


def test_within_one_region_one_sided_gradients_have_a_known_bias(client):
    """Lower: dP + tau/2 d_x d_x', dA + tau d_y d_x', dG + tau d_z d_x', with d the derivative of the solution."""
    upstream = upstream_of(("x", "y", "z"))
    taus = (0.02, 0.01)
    one_sided = {
        (side, tau): pull(client, KNOWN.data, upstream, tau=tau, envelope=side)[1]
        for side in ("lower", "upper")
        for tau in taus
    }
    for i in range(24):
        exact = oracle.kkt_adjoint(
            KNOWN.instance(i), KNOWN.point(i), {name: value[i] for name, value in upstream.items()}
        )
        d_x, d_y, d_z = exact["c"], -exact["b"], -exact["h"]
        bias = {"P": np.outer(d_x, d_x) / 2, "A": np.outer(d_y, d_x), "G": np.outer(d_z, d_x)}
        for (side, tau), gradients in one_sided.items():
            sign = 1 if side == "lower" else -1
            for name in FIELDS:
                close(gradients[name][i], exact[name] + sign * tau * bias.get(name, 0.0), what=f"{name} of {i}, {side}")


def test_a_vanishing_tau_is_the_derivative_with_the_proximal_term_in_p(client):
    upstream = upstream_of(("x",))
    _, gradients = pull(client, KNOWN.data, upstream, tau=1e-3, rho=0.7)
    for i in range(24):
        data = KNOWN.instance(i)
        stiff = replace(data, P=data.P + 0.7 * np.eye(8))
        expected = oracle.kkt_adjoint(stiff, KNOWN.point(i), {"x": upstream["x"][i]})
        for name in FIELDS:
            close(gradients[name][i], expected[name], atol=1e-5, what=f"{name} of {i}")


def test_a_proximal_term_that_vanishes_with_tau_vanishes(client):
    upstream = upstream_of(("x",))
    exact = [oracle.kkt_adjoint(KNOWN.instance(i), KNOWN.point(i), {"x": upstream["x"][i]})["c"] for i in range(24)]
    errors = []
    for tau in (1e-2, 1e-3):
        _, gradients = pull(client, KNOWN.data, upstream, tau=tau, rho=tau)
        errors.append(np.abs(gradients["c"] - exact).max())
    assert errors[0] < 0.05
    assert errors[1] < 0.2 * errors[0]


def test_an_unconstrained_qp(client):
    P, c, g = KNOWN.data["P"], KNOWN.data["c"], upstream_of(("x",))["x"]
    x, d = (-np.linalg.solve(P, v[..., None])[..., 0] for v in (c, g))
    for envelope, tau in (("lower", 3.0), ("upper", 0.1), ("average", 1.0)):
        solution, gradients = pull(client, {"P": P, "c": c}, {"x": g}, tau=tau, envelope=envelope)
        close(solution.x, x)
        close(gradients["c"], d)
    close(gradients["P"], (x[:, :, None] * d[:, None] + d[:, :, None] * x[:, None]) / 2)


# Symmetries


def test_a_scaled_gradient_is_a_scaled_tau(client):
    upstream = upstream_of(("x",))
    for a in (0.1, 7.0):
        _, scaled = pull(client, KNOWN.data, {"x": a * upstream["x"]}, tau=1.0, rho=0.3, envelope="lower")
        _, moved = pull(client, KNOWN.data, upstream, tau=a, rho=0.3, envelope="lower")
        for name in FIELDS:
            close(scaled[name], a * moved[name], what=name)


def test_a_scaled_objective(client):
    k, upstream = 5.0, upstream_of(("x", "y"), scale=0.1)
    data = {**KNOWN.data, "P": k * KNOWN.data["P"], "c": k * KNOWN.data["c"]}
    dual = {**upstream, "y": upstream["y"] / k}  # the duals are k times as large
    _, scaled = pull(client, data, dual, tau=0.5, rho=1.0, envelope="lower")
    _, plain = pull(client, KNOWN.data, upstream, tau=0.5 / k, rho=1.0 / k, envelope="lower")
    close(scaled["c"], plain["c"] / k)


def test_left_is_minus_right_of_minus_the_gradient(client):
    upstream = upstream_of(("x", "y", "z"), scale=0.05)
    negative = {name: -value for name, value in upstream.items()}
    parts = {
        side: pull(client, KNOWN.data, g, tau=1.0, envelope=envelope)[1]
        for side, g, envelope in (
            ("lower", upstream, "lower"),
            ("upper", upstream, "upper"),
            ("mirrored", negative, "lower"),
            ("average", upstream, "average"),
        )
    }
    for name in FIELDS:
        close(parts["upper"][name], -parts["mirrored"][name], what=name)
        close(parts["average"][name], (parts["lower"][name] + parts["upper"][name]) / 2, what=name)


def test_scaled_rows(client):
    k = np.array([3.0, 0.2])
    data = {**KNOWN.data, "A": k[:, None] * KNOWN.data["A"], "b": k * KNOWN.data["b"]}
    upstream = upstream_of(("x",))
    solution, scaled = pull(client, data, upstream, tau=0.8)
    _, plain = pull(client, KNOWN.data, upstream, tau=0.8)
    close(solution.y, KNOWN.solution["y"] / k)
    close(scaled["c"], plain["c"])
    close(scaled["b"], plain["b"] / k)
    close(scaled["A"], plain["A"] / k[:, None])


def test_a_duplicated_row_shares_its_gradient(client):
    data = {**KNOWN.data, "A": KNOWN.data["A"][:, [0, 1, 1]], "b": KNOWN.data["b"][:, [0, 1, 1]]}
    upstream = upstream_of(("x",))
    _, twice = pull(client, data, upstream, tau=0.1)
    _, once = pull(client, KNOWN.data, upstream, tau=0.1)
    close(twice["c"], once["c"], atol=1e-5)
    close(twice["b"][:, 0], once["b"][:, 0], atol=1e-5)
    close(twice["b"][:, 1:].sum(1), once["b"][:, 1], atol=1e-5)


def test_bounds_are_rows(client):
    upstream = upstream_of(("x",))
    rows = {name: KNOWN.data[name] for name in ("P", "c", "A", "b")}
    eye = np.broadcast_to(np.eye(8), (24, 8, 8))
    rows["G"] = np.concatenate([KNOWN.data["G"], -eye, eye], axis=1)
    rows["h"] = np.concatenate([KNOWN.data["h"], -KNOWN.data["lb"], KNOWN.data["ub"]], axis=1)
    as_bounds, bounds = pull(client, KNOWN.data, upstream, tau=1.0)
    as_rows, plain = pull(client, rows, upstream, tau=1.0)
    close(as_rows.x, as_bounds.x)
    close(as_rows.z[:, 14:] - as_rows.z[:, 6:14], as_bounds.z_box)
    close(plain["h"][:, :6], bounds["h"])
    close(-plain["h"][:, 6:14], bounds["lb"])
    close(plain["h"][:, 14:], bounds["ub"])


def test_permutations(client):
    rng = np.random.default_rng(53)
    var, eq, ineq, order = (rng.permutation(k) for k in (8, 2, 6, 24))
    axes = {"P": (var, var), "c": (var,), "A": (eq, var), "b": (eq,), "G": (ineq, var), "h": (ineq,)}
    axes |= {"lb": (var,), "ub": (var,)}

    def permuted(name, value):
        return value[np.ix_(order, *axes[name])]

    upstream = upstream_of(("x",))
    _, plain = pull(client, KNOWN.data, upstream, tau=1.0)
    data = {name: permuted(name, value) for name, value in KNOWN.data.items()}
    _, moved = pull(client, data, {"x": permuted("c", upstream["x"])}, tau=1.0)
    for name in FIELDS:
        close(moved[name], permuted(name, plain[name]), what=name)


def test_a_zero_upstream_gradient_is_exactly_zero(client):
    upstream = {"x": np.zeros((24, 8)), "y": np.zeros((24, 2)), "objective": np.zeros(24)}
    _, gradients = pull(client, KNOWN.data, upstream, tau=0.5)
    for name in FIELDS:
        assert not gradients[name].any(), name


def test_a_warm_start_changes_nothing(client):
    cold = client.solve(KNOWN.data, **TIGHT)
    shifted = {**KNOWN.data, "c": KNOWN.data["c"] + 0.3}
    first, second = client.solve(shifted, **TIGHT), client.solve(shifted, warm_start=cold, **TIGHT)
    for name in ("x", "y", "z", "s", "objective"):
        close(getattr(second, name), getattr(first, name), what=name)
    gradients = [client.lpgd_backward(s, upstream_of(("x",)), tau=0.1, **TIGHT) for s in (first, second)]
    for name in FIELDS:
        close(gradients[1][name], gradients[0][name], what=name)


# Descent and bounds


@pytest.mark.parametrize("rho", [0.0, 0.5])
@pytest.mark.parametrize("envelope", ["lower", "upper", "average"])
def test_descent(client, envelope, rho):
    upstream = upstream_of(("x",))
    moved = []
    for tau in (0.01, 0.1, 1.0, 10.0, 100.0):
        _, gradients = pull(client, KNOWN.data, upstream, tau=tau, rho=rho, envelope=envelope)
        slope = np.einsum("bi,bi->b", upstream["x"], gradients["c"])
        assert (slope <= 1e-7 / tau).all()
        moved.append(tau * slope)
    assert (np.diff(moved, axis=0) <= 1e-6).all()


def test_descent_of_the_dual(client):
    upstream = upstream_of(("y",), scale=0.1)
    _, gradients = pull(client, KNOWN.data, upstream, tau=0.5, envelope="lower")
    assert (np.einsum("bi,bi->b", upstream["y"], gradients["b"]) <= 1e-7).all()


def test_a_large_tau_saturates(client):
    """Min c'x over a box: tau dc = argmin <g, x> - x*, and |dc| <= diameter / tau."""
    rng = np.random.default_rng(54)
    c, g = rng.standard_normal((2, 16, 5))
    solution, gradients = pull(client, {"c": c, "lb": -1.0, "ub": 2.0}, {"x": g}, tau=1e4, envelope="lower")
    close(solution.x, np.where(c > 0, -1.0, 2.0))
    close(1e4 * gradients["c"], np.where(g > 0, -1.0, 2.0) - solution.x, atol=1e-4)
    assert (np.linalg.norm(gradients["c"], axis=1) <= 3 * np.sqrt(5) / 1e4 + 1e-8).all()


# Linear programs


def random_lps(count, seed, n=6, p=2, m=3):
    """LPs over a box with a few rows, feasible at a random point: (data, upstream)."""
    rng = np.random.default_rng(seed)
    inside = rng.uniform(0.2, 0.8, (count, n))
    A, G = rng.standard_normal((count, p, n)), rng.standard_normal((count, m, n))
    data = {
        "c": rng.standard_normal((count, n)),
        "A": A,
        "b": np.einsum("bij,bj->bi", A, inside),
        "G": G,
        "h": np.einsum("bij,bj->bi", G, inside) + rng.uniform(0.0, 0.5, (count, m)),
        "lb": np.zeros((count, n)),
        "ub": np.ones((count, n)),
    }
    return data, rng.standard_normal((count, n))


def vertex(data, i, c):
    """Solution and Lagrangian gradients of LP number i with the cost c, by HiGHS' simplex."""
    A, b, G, h = (data[name][i] for name in ("A", "b", "G", "h"))
    result = linprog(c, A_ub=G, b_ub=h, A_eq=A, b_eq=b, bounds=(0, 1), method="highs-ds")
    assert result.success
    y, z, x = -result.eqlin.marginals, -result.ineqlin.marginals, result.x
    return {
        "c": x,
        "A": np.outer(y, x),
        "b": -y,
        "G": np.outer(z, x),
        "h": -z,
        "lb": result.lower.marginals,
        "ub": result.upper.marginals,
    }


@pytest.mark.parametrize("envelope", ["lower", "upper", "average"])
@pytest.mark.parametrize("tau", [0.3, 5.0])
def test_a_linear_program_is_a_black_box(client, envelope, tau):
    """Two vertices of a simplex solver and their difference: black-box differentiation, for every field."""
    data, g = random_lps(20, seed=55)
    _, gradients = pull(client, data, {"x": g}, tau=tau, envelope=envelope)
    assert set(gradients.status) == {"ok"}
    for i in range(20):
        ends = [
            vertex(data, i, data["c"][i] + (tau if envelope != "upper" else 0.0) * g[i]),
            vertex(data, i, data["c"][i] - (tau if envelope != "lower" else 0.0) * g[i]),
        ]
        width = 2 * tau if envelope == "average" else tau
        for name in data:
            close(gradients[name][i], (ends[0][name] - ends[1][name]) / width, atol=1e-5, what=f"{name} of {i}")


def test_a_linear_program_with_a_proximal_term_is_a_projection(client):
    """Over a box: x_tau = clip(x* - (c + tau g)/rho)."""
    rng = np.random.default_rng(56)
    c, g = rng.standard_normal((2, 16, 5))
    solution, gradients = pull(client, {"c": c, "lb": 0.0, "ub": 1.0}, {"x": g}, tau=0.8, rho=1.5, envelope="lower")
    close(gradients["c"], (np.clip(solution.x - (c + 0.8 * g) / 1.5, 0, 1) - solution.x) / 0.8)


def test_without_cost_and_constraints_it_is_the_scaled_negative_identity(client):
    g = upstream_of(("x",))["x"]
    for tau in (0.1, 10.0):
        _, gradients = pull(client, {"c": np.zeros((24, 8))}, {"x": g}, tau=tau, rho=0.5, envelope="lower")
        close(gradients["c"], -g / 0.5)


def test_a_quadratic_program_that_is_a_projection(client):
    """Min 1/2|x - v|^2 over the unit box: x = clip(v), dc = (clip(v - tau g) - clip(v)) / tau."""
    rng = np.random.default_rng(57)
    v, g = rng.uniform(-0.5, 1.5, (2, 16, 5))
    solution, gradients = pull(
        client, {"P": np.eye(5), "c": -v, "lb": 0.0, "ub": 1.0}, {"x": g}, tau=0.9, envelope="lower"
    )
    close(solution.x, np.clip(v, 0, 1))
    close(gradients["c"], (np.clip(v - 0.9 * g, 0, 1) - np.clip(v, 0, 1)) / 0.9)


def test_spo_plus(client):
    """2 [x(c) - x(2 ĉ - c)] = LPGD of the upper envelope at tau = 1/2 with the gradient c, plus 2 [x(c) - x(ĉ)]."""
    data, true_cost = random_lps(20, seed=58)
    predicted = data["c"]
    solution, gradients = pull(client, data, {"x": true_cost}, tau=0.5, envelope="upper")
    at_true = client.solve({**data, "c": true_cost}, **TIGHT).x
    at_reflected = client.solve({**data, "c": 2 * predicted - true_cost}, **TIGHT).x
    close(2 * (at_true - at_reflected), gradients["c"] + 2 * (at_true - solution.x), atol=1e-5)


# The chain rule


def test_parameters_upstream_of_the_fields(client):
    """C = B theta, b = A z0 and A shared: gradients by theta, z0 and A through PyTorch's graph."""
    data = {name: torch.tensor(value[:4]) for name, value in KNOWN.data.items()}
    rng = np.random.default_rng(59)
    B = torch.tensor(rng.standard_normal((8, 3)))
    theta = torch.tensor(rng.standard_normal((4, 3)), requires_grad=True)
    A = data["A"][0].clone().requires_grad_()
    z0 = torch.tensor(KNOWN.solution["x"][:4], requires_grad=True)
    c, b = theta @ B.T, z0 @ A.T
    for part in (c, b):
        part.retain_grad()
    out = argmind_torch.solve({**data, "A": A, "c": c, "b": b}, ("x",), client=client, tau=0.5, tolerance=1e-11)
    out.x.square().sum().backward()
    solution = client.solve({**{k: v.numpy() for k, v in data.items()}, **plain(A=A, b=b, c=c)}, **TIGHT)
    gradients = client.lpgd_backward(solution, {"x": 2 * solution.x}, tau=0.5, **TIGHT)
    close(c.grad, gradients["c"])
    close(theta.grad, gradients["c"] @ B.numpy())
    close(z0.grad, gradients["b"] @ A.detach().numpy())
    close(A.grad, gradients["A"] + gradients["b"].T @ z0.detach().numpy())


def plain(**tensors):
    return {name: value.detach().numpy() for name, value in tensors.items()}

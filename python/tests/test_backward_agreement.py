"""Two-sided LPGD of the service's own solver equals the difference of two cold solves of the perturbed programs.

The reference never starts from anything: `oracle` writes each perturbed program down from the definition, solves it
with Clarabel to 1e-11 and polishes; linear programs are solved by the simplex method of HiGHS. Whatever the service
does instead of solving again - a step inside the region, a change of the active set, a warm start - must come to the
same.
"""

import numpy as np
import pytest
from scipy.optimize import linprog

import oracle
from oracle import Data

SOLVER = "interior"
TIGHT = 1e-11

pytestmark = pytest.mark.live


def tolerance(tau: float, scale: float) -> float:
    """What may separate two right answers.

    Each of the two solutions is known to about 100 * TIGHT: a KKT residual of TIGHT, times the condition of the active
    system, which is at most about 100 in these programs. The difference is divided by tau. Beyond 1e-7 of its size
    `scale` a gradient is not compared.
    """
    return 2 * 100 * TIGHT / tau + 1e-7 * (1 + scale)


def strictly_convex(rng, n=6, m=8, p=2, kind="random"):
    """A QP, with its active set made as `kind` says: at random, weakly active rows, or rows that repeat others."""
    root = rng.standard_normal((n, n))
    P = root @ root.T / n + 0.3 * np.eye(n)
    A, G, x = rng.standard_normal((p, n)), rng.standard_normal((m, n)), rng.standard_normal(n)
    z, s = rng.uniform(0.2, 1, m), rng.uniform(0.2, 1, m)
    active = np.arange(m) < 3
    z, s = np.where(active, z, 0), np.where(active, 0, s)
    if kind == "weakly active":
        z[2] = 0.0  # active, with multiplier zero: the solution is at a kink
        s[3] = 0.0
    if kind == "redundant":
        G[5], z[5], s[5] = 2 * G[0], 0.0, 0.0
        G[6], z[6], s[6] = G[0] + G[1], 0.0, 0.0
    y = rng.standard_normal(p)
    lb = np.where(np.arange(n) == n - 1, x - 0.4, -np.inf)
    return Data.of(c=-P @ x - A.T @ y - G.T @ z, P=P, A=A, b=A @ x, G=G, h=G @ x + s, lb=lb, ub=x + 0.6)


def fields(data: Data) -> dict:
    """As the client takes it."""
    return {name: getattr(data, name) for name in ("P", "c", "A", "b", "G", "h", "lb", "ub")}


def stacked(datas: list) -> dict:
    """A batch."""
    return {name: np.stack([fields(data)[name] for data in datas]) for name in fields(datas[0])}


def compare(client, datas, upstream, tau, rho, names):
    """Gradients of a batch, the same upstream x-gradients for both sides, against the oracle's."""
    solution = client.solve(stacked(datas), solver=SOLVER, tolerance=TIGHT)
    assert set(solution.status) == {"optimal"}
    options = {"tau": tau, "rho": rho, "envelope": "average", "solver": SOLVER, "tolerance": TIGHT}
    answer = client.lpgd_backward(solution, upstream, return_solutions=True, **options)
    assert set(answer.status) == {"ok"}
    taus = np.broadcast_to(tau, len(datas))
    for i, data in enumerate(datas):
        point = oracle.solve(data)
        g = {name: value[i] for name, value in upstream.items()}
        expected, status, sides = oracle.lpgd(data, point, g, taus[i], rho)
        assert status == "ok"
        for side, sign in (("lower", 1), ("upper", -1)):
            x, exact = answer.solutions[side]["x"][i], sides[sign].x
            np.testing.assert_allclose(x, exact, rtol=0, atol=1e-8 * (1 + np.abs(exact).max()))
        for name in names:
            allowed = tolerance(taus[i], np.abs(expected[name]).max())
            np.testing.assert_allclose(answer[name][i], expected[name], rtol=0, atol=allowed, err_msg=f"{name} of {i}")


@pytest.mark.parametrize("rho", [0.0, 0.7])
@pytest.mark.parametrize("tau", [1e-5, 1e-2, 1.0, 30.0, 1e3])
@pytest.mark.parametrize("kind", ["random", "weakly active", "redundant"])
def test_quadratic_programs(live, kind, tau, rho):
    rng = np.random.default_rng([61, int(1e6 * tau), int(10 * rho)])
    datas = [strictly_convex(rng, kind=kind) for _ in range(16)]
    # duals of repeated rows are not unique, nor are the gradients that they enter
    names = ("P", "c") if kind == "redundant" else ("P", "c", "A", "b", "G", "h", "lb", "ub")
    compare(live, datas, {"x": rng.standard_normal((16, 6))}, tau, rho, names)


@pytest.mark.parametrize("tau", [1e-3, 0.05])
def test_a_loss_of_all_outputs(live, tau):
    rng = np.random.default_rng([62, int(1e6 * tau)])
    datas = [strictly_convex(rng) for _ in range(16)]
    sizes = {"x": 6, "y": 2, "z": 8, "s": 8}
    upstream = {name: rng.standard_normal((16, size)) for name, size in sizes.items()}
    upstream["z"][:, 3:] *= 0.1  # a shift of h by tau g_z keeps slack rows slack
    compare(live, datas, upstream, tau, 0.0, ("P", "c", "A", "b", "h"))


@pytest.mark.parametrize("rho", [0.0, 0.05, 5.0])
@pytest.mark.parametrize("seed", range(5))
def test_any_quadratic_program_at_any_tau(live, seed, rho):
    """All kinds in one batch, with a tau of its own for each from 1e-5 to 1e4."""
    rng = np.random.default_rng([64, seed])
    datas = [strictly_convex(rng, kind=kind) for kind in ("random", "weakly active", "redundant") * 10]
    tau = 10 ** rng.uniform(-5, 4, 30)
    compare(live, datas, {"x": rng.standard_normal((30, 6))}, tau, rho, ("P", "c"))


@pytest.mark.parametrize("tau", [1e-3, 0.1, 1.0, 100.0])
def test_linear_programs(live, tau):
    """Both perturbed solutions are vertices, unique with probability one, and so is their difference."""
    rng = np.random.default_rng([63, int(1e6 * tau)])
    G, h = rng.standard_normal((8, 6)), rng.uniform(0.5, 1, 8)
    c, g = rng.standard_normal((2, 24, 6))
    solution = live.solve({"c": c, "G": G, "h": h, "lb": 0.0, "ub": 1.0}, solver=SOLVER, tolerance=TIGHT)
    assert set(solution.status) == {"optimal"}
    options = {"tau": tau, "envelope": "average", "solver": SOLVER, "tolerance": TIGHT, "wrt": ("c",)}
    answer = live.lpgd_backward(solution, {"x": g}, **options)
    assert set(answer.status) == {"ok"}
    for i in range(24):
        up, down = (linprog(c[i] + sign * tau * g[i], G, h, bounds=(0, 1), method="highs-ds").x for sign in (1, -1))
        expected = (up - down) / (2 * tau)
        # a vertex is right to the simplex method's 1e-9 or so of feasibility, or it is another vertex altogether
        np.testing.assert_allclose(answer["c"][i], expected, rtol=0, atol=1e-8 / tau + 1e-7, err_msg=str(i))

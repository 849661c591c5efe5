"""Solutions and LPGD gradients of one problem, computed with nothing of the service and nothing of the client.

Clarabel solves, an active-set step polishes to machine precision, and the gradients are written down straight from
the definition: the slack is a variable of an enlarged problem, not eliminated; each bound is a row. Slow and plain.
"""

import itertools
from dataclasses import dataclass, replace

import clarabel
import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Data:
    """min 1/2 x'Px + c'x, A x = b, G x <= h, lb <= x <= ub: P[n,n] c[n] A[p,n] b[p] G[m,n] h[m] lb[n] ub[n]."""

    P: np.ndarray
    c: np.ndarray
    A: np.ndarray
    b: np.ndarray
    G: np.ndarray
    h: np.ndarray
    lb: np.ndarray
    ub: np.ndarray
    integers: tuple[int, ...] = ()

    @staticmethod
    def of(c, P=None, A=None, b=None, G=None, h=None, lb=None, ub=None, integers=()):
        """Fills in what is absent."""
        c = np.asarray(c, float)
        n = c.size

        def rows(matrix, rhs):
            if rhs is None:
                return np.zeros((0, n)), np.zeros(0)
            return np.asarray(matrix, float).reshape(-1, n), np.asarray(rhs, float)

        return Data(
            np.zeros((n, n)) if P is None else np.asarray(P, float),
            c,
            *rows(A, b),
            *rows(G, h),
            np.broadcast_to(-np.inf if lb is None else np.asarray(lb, float), n),
            np.broadcast_to(np.inf if ub is None else np.asarray(ub, float), n),
            tuple(integers),
        )


@dataclass(frozen=True)
class Point:
    """A solution; z_box = z_ub - z_lb."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    s: np.ndarray
    z_lb: np.ndarray
    z_ub: np.ndarray
    objective: float
    status: str

    @property
    def z_box(self):
        """Signed duals of the bounds."""
        return self.z_ub - self.z_lb


def solve(data: Data) -> Point:
    """The solution to about 1e-12, or a point of NaN with the status."""
    if data.integers:
        return _enumerate(data)
    n, p, m = data.c.size, data.b.size, data.h.size
    low, high = np.flatnonzero(np.isfinite(data.lb)), np.flatnonzero(np.isfinite(data.ub))
    eye = np.eye(n)
    rows = np.vstack([data.A, data.G, -eye[low], eye[high]])
    rhs = np.concatenate([data.b, data.h, -data.lb[low], data.ub[high]])
    x, w, status = _conic(data.P, data.c, rows, rhs, p)
    if status == "optimal":
        x, w = _polish(data.P, data.c, rows, rhs, p, x, w)
    else:
        x, w = np.full(n, np.nan), np.full(rhs.size, np.nan)
    z_lb, z_ub = np.zeros(n), np.zeros(n)
    z_lb[low], z_ub[high] = w[p + m : p + m + low.size], w[p + m + low.size :]
    objective = float(0.5 * x @ data.P @ x + data.c @ x)
    return Point(x, w[:p], w[p : p + m], data.h - data.G @ x, z_lb, z_ub, objective, status)


def _conic(P, c, rows, rhs, equalities):
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-11
    cones = [clarabel.ZeroConeT(equalities), clarabel.NonnegativeConeT(rhs.size - equalities)]
    result = clarabel.DefaultSolver(sparse.csc_matrix(np.triu(P)), c, sparse.csc_matrix(rows), rhs, cones, settings)
    result = result.solve()
    status = {"Solved": "optimal", "AlmostSolved": "optimal", "PrimalInfeasible": "infeasible"}
    status |= {"AlmostPrimalInfeasible": "infeasible", "DualInfeasible": "unbounded"}
    status |= {"AlmostDualInfeasible": "unbounded"}
    return np.array(result.x), np.array(result.z), status.get(str(result.status), "numerical-error")


def _polish(P, c, rows, rhs, equalities, x, w):
    """One minimum-norm Newton step on the system of the active rows; kept only where it reduces the KKT residual.

    At a kink slack and multiplier are both small, about the root of the tolerance, and do not tell whether a row is
    active: for up to six such rows every choice is tried.
    """
    n = x.size
    slack = rhs - rows @ x
    active = np.arange(rhs.size) < equalities
    doubtful = np.flatnonzero(~active & (np.maximum(w, slack) < 1e-4))[:6]
    active |= w > slack

    def error(x, w):
        s = (rhs - rows @ x)[equalities:]
        stationarity = np.abs(P @ x + c + rows.T @ w).max(initial=0)
        feasibility = max(np.abs((rhs - rows @ x)[:equalities]).max(initial=0), -s.min(initial=0))
        multipliers = w[equalities:]
        return max(stationarity, feasibility, -multipliers.min(initial=0), np.abs(s * multipliers).max(initial=0))

    best = x, w
    for choice in itertools.product((False, True), repeat=doubtful.size):
        active[doubtful] = choice
        R = rows[active]
        K = np.block([[P, R.T], [R, np.zeros((len(R), len(R)))]])
        w_in = np.where(active, w, 0.0)
        residual = np.concatenate([P @ x + c + rows.T @ w_in, R @ x - rhs[active]])
        step = np.linalg.lstsq(K, -residual, rcond=1e-12)[0]
        x_new, w_new = x + step[:n], w_in.copy()
        w_new[active] += step[n:]
        best = min(best, (x_new, w_new), key=lambda point: error(*point))
    return best


def _enumerate(data: Data) -> Point:
    """Integer programs: every combination of the integer variables, which must be bounded; no duals."""
    ranges = [range(int(np.ceil(data.lb[i])), int(np.floor(data.ub[i])) + 1) for i in data.integers]
    index = list(data.integers)
    best = None
    for values in itertools.product(*ranges):
        lb, ub = data.lb.copy(), data.ub.copy()
        lb[index] = ub[index] = values
        if len(index) == data.c.size:
            x = np.array(values, float)[np.argsort(index)]
            feasible = np.allclose(data.A @ x, data.b, atol=1e-9) and (data.G @ x <= data.h + 1e-9).all()
            objective = 0.5 * x @ data.P @ x + data.c @ x if feasible else np.inf
        else:
            point = solve(replace(data, lb=lb, ub=ub, integers=()))
            x, objective = point.x, point.objective if point.status == "optimal" else np.inf
        if objective < (best[1] if best else np.inf):
            best = x, float(objective)
    n, p, m = data.c.size, data.b.size, data.h.size
    x, objective = best or (np.full(n, np.nan), np.nan)
    none = [np.full(size, np.nan) for size in (p, m, n, n)]
    status = "optimal" if best else "infeasible"
    return Point(x, none[0], none[1], data.h - data.G @ x, none[2], none[3], objective, status)


def perturbed(data: Data, point: Point, upstream: dict, step: float, rho: float) -> Point:
    """Solves with the Lagrangian shifted by step * (upstream . z) + rho/2 ||x - x*||^2; step is +tau or -tau.

    Definition (9) and (11) of LPGD: c + step g_x, b - step g_y, h - step g_z. If the loss sees the slack, s is a
    variable of its own: min over (x, s), G x + s = h, s >= 0, with cost step g_s on s.
    """
    n, m = data.c.size, data.h.size
    g_x, g_y = upstream.get("x", np.zeros(n)), upstream.get("y", np.zeros(data.b.size))
    g_z, g_s = upstream.get("z", np.zeros(m)), upstream.get("s", np.zeros(m))
    moved = replace(
        data,
        P=data.P + rho * np.eye(n),
        c=data.c + step * g_x - rho * point.x,
        b=data.b - step * g_y,
        h=data.h - step * g_z,
    )
    if not g_s.any():
        return solve(moved)
    wide = Data.of(
        P=np.block([[moved.P, np.zeros((n, m))], [np.zeros((m, n + m))]]),
        c=np.concatenate([moved.c, step * g_s]),
        A=np.block([[moved.A, np.zeros((moved.b.size, m))], [moved.G, np.eye(m)]]),
        b=np.concatenate([moved.b, moved.h]),
        lb=np.concatenate([moved.lb, np.zeros(m)]),
        ub=np.concatenate([moved.ub, np.full(m, np.inf)]),
    )
    q = solve(wide)
    p = data.b.size
    return Point(q.x[:n], q.y[:p], q.y[p:], q.x[n:], q.z_lb[:n], q.z_ub[:n], q.objective, q.status)


def lagrangian_gradient(point: Point) -> dict:
    """dL/dtheta at (x, y, z, z_lb, z_ub) for every field theta."""
    x, y, z = point.x, point.y, point.z
    return {
        "P": np.outer(x, x) / 2,
        "c": x,
        "A": np.outer(y, x),
        "b": -y,
        "G": np.outer(z, x),
        "h": -z,
        "lb": point.z_lb,
        "ub": -point.z_ub,
    }


def lpgd(data: Data, point: Point, upstream: dict, tau: float, rho: float = 0.0, envelope: str = "average"):
    """Gradients by every field, status, and the perturbed points by side."""
    if point.status not in ("optimal", "feasible"):
        return zeros(data), "forward-failed", {}
    wanted = {"lower": (1,), "upper": (-1,), "average": (1, -1)}[envelope]
    sides = {sign: perturbed(data, point, upstream, sign * tau, rho) for sign in wanted}
    solved = {sign: side for sign, side in sides.items() if side.status == "optimal"}
    if not solved:
        return zeros(data), "solver-failed", {}
    ends = [solved.get(1, point), solved.get(-1, point)]
    first, last = (lagrangian_gradient(end) for end in ends)
    width = tau * len(solved)
    gradients = {name: (first[name] - last[name]) / width for name in first}
    if "objective" in upstream:  # the envelope theorem: no perturbation needed
        exact = lagrangian_gradient(point)
        gradients = {name: gradients[name] + upstream["objective"] * exact[name] for name in gradients}
    return gradients, "ok" if len(solved) == len(wanted) else "one-sided", solved


def kkt_adjoint(data: Data, point: Point, upstream: dict) -> dict:
    """Exact gradients where the active set is locally constant: the KKT system of the active rows, transposed."""
    n, p, m = data.c.size, data.b.size, data.h.size
    tight, low, high = point.z > point.s, point.z_lb > point.x - data.lb, point.z_ub > data.ub - point.x
    eye = np.eye(n)
    R = np.vstack([data.A, data.G[tight], -eye[low], eye[high]])
    K = np.block([[data.P, R.T], [R, np.zeros((len(R), len(R)))]])
    g_s = upstream.get("s", np.zeros(m))
    g_w = np.zeros(len(R))
    g_w[:p] = upstream.get("y", 0.0)
    g_w[p : p + tight.sum()] = upstream.get("z", np.zeros(m))[tight]
    g_x = upstream.get("x", np.zeros(n)) - data.G.T @ g_s
    d = -np.linalg.solve(K, np.concatenate([g_x, g_w]))
    d_x, d_y, d_z, d_lb, d_ub = d[:n], d[n : n + p], np.zeros(m), np.zeros(n), np.zeros(n)
    k = n + p
    d_z[tight] = d[k : k + tight.sum()]
    k += tight.sum()
    d_lb[low] = d[k : k + low.sum()]
    d_ub[high] = d[k + low.sum() :]
    x, exact = point.x, lagrangian_gradient(point)
    gradients = {
        "P": (np.outer(d_x, x) + np.outer(x, d_x)) / 2,
        "c": d_x,
        "A": np.outer(d_y, x) + np.outer(point.y, d_x),
        "b": -d_y,
        "G": np.outer(d_z, x) + np.outer(point.z, d_x) - np.outer(g_s, x),
        "h": -d_z + g_s,
        "lb": d_lb,
        "ub": -d_ub,
    }
    scale = upstream.get("objective", 0.0)
    return {name: value + scale * exact[name] for name, value in gradients.items()}


def zeros(data: Data) -> dict:
    """A zero gradient by every field."""
    return {name: np.zeros(getattr(data, name).shape) for name in ("P", "c", "A", "b", "G", "h", "lb", "ub")}

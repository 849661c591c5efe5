"""Families of random programs for the agreement tests, and a reference that solves them one by one.

Every program is made around an interior pair: x, s in the interior of K and z in the interior of K*, from which b, h
and c follow. So it is feasible and bounded, strong duality holds, and the optimum is attained.
"""

from collections.abc import Callable
from dataclasses import dataclass

import clarabel
import numpy as np
import scs
from scipy import sparse

from argmind import Sparse
from kkt import Cone, full, matrices, vectors


@dataclass(frozen=True)
class Family:
    """A batch of programs of one structure.

    Attributes:
        problem: as the client takes it, without cones.
        cones: the partition of the rows of G; empty for none but the nonnegative one.
        batch: how many.
    """

    problem: dict
    cones: tuple
    batch: int

    def wire(self) -> dict:
        """The problem with its cones."""
        return {**self.problem, **({"cones": [cone.wire() for cone in self.cones]} if self.cones else {})}


def lp(seed: int, batch: int) -> Family:
    """Dense linear programs, variables bounded on either side, both, or none."""
    return _family(seed, batch, quadratic=False)


def qp(seed: int, batch: int) -> Family:
    """Dense quadratic programs, P of any rank."""
    return _family(seed, batch, quadratic=True)


def qp_sparse(seed: int, batch: int) -> Family:
    """Sparse quadratic programs of one pattern and different values."""
    return _family(seed, batch, quadratic=True, sizes=(20, 41), density=0.12)


def conic(kind: str) -> Callable[[int, int], Family]:
    """Programs over cones of one kind, beside nonnegative rows; without P."""
    return lambda seed, batch: _family(seed, batch, quadratic=False, kinds=(kind,))


def mixed(seed: int, batch: int) -> Family:
    """Programs over cones of all kinds with a quadratic objective."""
    kinds = ("second-order", "psd", "exponential", "power")
    return _family(seed, batch, quadratic=True, kinds=kinds)


def _family(seed, batch, *, quadratic, kinds=(), sizes=(4, 13), density=1.0):
    rng = np.random.default_rng([seed, 2026])
    n = int(rng.integers(*sizes))
    p = int(rng.integers(0, n // 3 + 1))
    cones = _cones(rng, kinds, n)
    m = sum(cone.dim for cone in cones)
    x, y = rng.standard_normal((batch, n)), rng.standard_normal((batch, p))
    A, G = _matrix(rng, batch, p, n, density), _matrix(rng, batch, m, n, density)
    s = np.concatenate([interior(rng, cone, batch) for cone in cones], axis=1)
    z = np.concatenate([interior_dual(rng, cone, batch) for cone in cones], axis=1)
    lb, ub, low, high = _bounds(rng, x)
    P = _psd_matrix(rng, batch, n, density) if quadratic else np.zeros((batch, n, n))
    Px, Aty, Gtz = (np.einsum("bij,bj->bi", M, v) for M, v in ((P, x), (A.swapaxes(1, 2), y), (G.swapaxes(1, 2), z)))
    problem = {"c": -Px - Aty - Gtz - high + low, "G": G, "h": np.einsum("bij,bj->bi", G, x) + s, "lb": lb, "ub": ub}
    if p:
        problem |= {"A": A, "b": np.einsum("bij,bj->bi", A, x)}
    if quadratic:
        problem["P"] = P
    if density < 1:
        problem |= {name: _coo(problem[name]) for name in ("P", "A", "G") if name in problem}
    return Family(problem, tuple(cones) if kinds else (), batch)


def _cones(rng, kinds, n):
    cones = [Cone("nonnegative", int(rng.integers(1, n + 1)))]
    for kind in kinds:
        for _ in range(int(rng.integers(1, 3))):
            side = int(rng.integers(2, 5))
            dims = {"second-order": int(rng.integers(2, 6)), "psd": side * (side + 1) // 2}
            cones.append(Cone(kind, dims.get(kind, 3), float(rng.uniform(0.15, 0.85))))
    rng.shuffle(cones)
    return cones


def _matrix(rng, batch, rows, cols, density):
    pattern = rng.random((rows, cols)) < density
    return rng.standard_normal((batch, rows, cols)) * pattern


def _psd_matrix(rng, batch, n, density):
    rank = int(rng.integers(1, n + 1))
    root = _matrix(rng, batch, rank, n, density)
    return root.swapaxes(1, 2) @ root / np.sqrt(n)


def _bounds(rng, x):
    """Bounds around x and multipliers: of each variable none, the lower, the upper, or both bounds are finite."""
    n = x.shape[1]
    kind = rng.integers(0, 4, n)
    below, above = kind % 2 == 1, kind >= 2
    lb = np.where(below, x - rng.uniform(0.1, 1, x.shape), -np.inf)
    ub = np.where(above, x + rng.uniform(0.1, 1, x.shape), np.inf)
    low, high = (np.where(there, rng.uniform(0.1, 1, x.shape), 0.0) for there in (below, above))
    return lb, ub, low, high


def _coo(matrix):
    rows, cols = np.nonzero(matrix.any(axis=0))
    return Sparse(matrix.shape[1:], rows, cols, matrix[:, rows, cols])


def interior(rng, cone: Cone, batch: int) -> np.ndarray:
    """Points well inside the cone, [B, dim]."""
    size = rng.uniform(0.3, 2, (batch, 1))
    if cone.kind == "nonnegative":
        return rng.uniform(0.1, 1, (batch, cone.dim))
    if cone.kind == "second-order":
        v = rng.standard_normal((batch, cone.dim - 1))
        return np.concatenate([np.linalg.norm(v, axis=1, keepdims=True) + size, v], axis=1)
    if cone.kind == "psd":
        root = rng.standard_normal((batch, cone.side, cone.side))
        return vectors(root @ root.swapaxes(1, 2) + 0.2 * np.eye(cone.side))
    if cone.kind == "exponential":
        x, y = rng.standard_normal((batch, 1)), rng.uniform(0.5, 2, (batch, 1))
        return np.concatenate([x, y, y * np.exp(x / y) + size], axis=1)
    x, y = rng.uniform(0.5, 2, (2, batch, 1))
    z = 0.8 * rng.uniform(-1, 1, (batch, 1)) * x**cone.alpha * y ** (1 - cone.alpha)
    return np.concatenate([x, y, z], axis=1)


def interior_dual(rng, cone: Cone, batch: int) -> np.ndarray:
    """Points well inside the dual cone, [B, dim]."""
    if cone.kind == "exponential":
        first, second, third = interior(rng, cone, batch).T  # = (u - v, -u, w)
        return np.stack([-second, -second - first, third], axis=1)
    if cone.kind == "power":
        return interior(rng, cone, batch) * np.array([cone.alpha, 1 - cone.alpha, 1.0])
    return interior(rng, cone, batch)


def reference(family: Family) -> tuple:
    """Objectives of all programs by Clarabel, and whether it says that it solved them: ([B], [B]).

    To 1e-10; where rounding does not let it get there, which is usual with second-order cones, to 1e-8.
    """
    d = full(family.problem, family.batch)
    cones, order = _clarabel_cones(family.cones, d)
    objective, solved = np.empty(family.batch), np.empty(family.batch, bool)
    for i in range(family.batch):
        for tolerance in (1e-10, 1e-8):
            objective[i], status = _clarabel(d, i, cones, order, tolerance)
            solved[i] = status == "Solved"
            if solved[i]:
                break
    return objective, solved


def verdict(problem: dict, cones: tuple) -> tuple[float, str]:
    """Objective and status of one program (without a batch axis) by Clarabel at its default tolerance."""
    d = full(problem, 1)
    return _clarabel(d, 0, *_clarabel_cones(cones, d), 1e-8)


def _clarabel(d, i, cones, order, tolerance):
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    rows, rhs = _rows(d, i)
    P, M = sparse.csc_matrix(np.triu(d["P"][i])), sparse.csc_matrix(rows[order])
    answer = clarabel.DefaultSolver(P, d["c"][i], M, rhs[order], cones, settings).solve()
    return answer.obj_val, str(answer.status)


def second_reference(family: Family, i: int) -> float:
    """The objective of program i by SCS, which has the same order of the psd cone's rows as the service."""
    d = full(family.problem, family.batch)
    rows, rhs = _rows(d, i)
    count = {
        "z": d["b"].shape[1],
        "l": len(rhs) - d["b"].shape[1] - d["h"].shape[1],
        "q": [],
        "s": [],
        "ep": 0,
        "p": [],
    }
    parts: dict = {kind: [] for kind in ("nonnegative", "second-order", "psd", "exponential", "power")}
    row = count["z"]
    for cone in family.cones:
        parts[cone.kind] += range(row, row + cone.dim)
        row += cone.dim
        count["q"] += [cone.dim] * (cone.kind == "second-order")
        count["s"] += [cone.side] * (cone.kind == "psd")
        count["ep"] += cone.kind == "exponential"
        count["p"] += [cone.alpha] * (cone.kind == "power")
    count["l"] += len(parts["nonnegative"])
    order = [*range(count["z"]), *parts["nonnegative"], *range(row, len(rhs))]
    order += [k for kind in ("second-order", "psd", "exponential", "power") for k in parts[kind]]
    data = {"P": sparse.csc_matrix(np.triu(d["P"][i])), "c": d["c"][i]}
    data |= {"A": sparse.csc_matrix(rows[order]), "b": rhs[order]}
    answer = scs.SCS(data, count, verbose=False, eps_abs=1e-9, eps_rel=1e-9, max_iters=200_000).solve()
    assert answer["info"]["status"] == "solved"
    return float(answer["info"]["pobj"])


def _rows(d, i):
    """All constraints as rows: A, G in the order sent, then the finite lower and upper bounds."""
    n = d["c"].shape[1]
    low, high = np.isfinite(d["lb"][i]), np.isfinite(d["ub"][i])
    rows = np.vstack([d["A"][i], d["G"][i], -np.eye(n)[low], np.eye(n)[high]])
    return rows, np.concatenate([d["b"][i], d["h"][i], -d["lb"][i][low], d["ub"][i][high]])


def _clarabel_cones(blocks, d):
    """Clarabel's cones, and the order of rows that it wants: upper triangles by columns."""
    p, m = d["b"].shape[1], d["h"].shape[1]
    bounds = int(np.isfinite(d["lb"][0]).sum() + np.isfinite(d["ub"][0]).sum())
    cones = [clarabel.ZeroConeT(p)]
    order = list(range(p))
    for cone in blocks or [Cone("nonnegative", m)]:
        start = len(order)
        inside = np.arange(cone.dim)
        if cone.kind == "psd":
            place = matrices(np.arange(1.0, cone.dim + 1)[None])[0] * np.where(np.eye(cone.side), 1, np.sqrt(2))
            columns, rows = np.tril_indices(cone.side)  # row-wise lower is column-wise upper
            inside = np.rint(place[rows, columns]).astype(int) - 1
        order += list(start + inside)
        cones.append(
            {
                "nonnegative": lambda c: clarabel.NonnegativeConeT(c.dim),
                "second-order": lambda c: clarabel.SecondOrderConeT(c.dim),
                "psd": lambda c: clarabel.PSDTriangleConeT(c.side),
                "exponential": lambda _: clarabel.ExponentialConeT(),
                "power": lambda c: clarabel.PowerConeT(c.alpha),
            }[cone.kind](cone)
        )
    return [*cones, clarabel.NonnegativeConeT(bounds)], np.array(order + list(range(p + m, p + m + bounds)), int)

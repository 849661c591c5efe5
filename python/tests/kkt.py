"""The optimality conditions of a batch of conic programs, recomputed from the programs as they were sent.

Nothing of the service, of the client or of a solver is used. Residuals are absolute, and each comes with the size
of the terms that cancel in it: an answer to a tolerance has residual <= tolerance * (1 + size).
"""

from dataclasses import dataclass

import numpy as np

RANKS = {"P": 2, "c": 1, "A": 2, "b": 1, "G": 2, "h": 1, "lb": 1, "ub": 1}


@dataclass(frozen=True)
class Cone:
    """One cone of the rows h - G x, as the wire names it: kind, number of rows, and what the kind needs to know."""

    kind: str
    dim: int
    alpha: float = 0.5

    @property
    def side(self) -> int:
        """The order of the matrix of a psd cone."""
        return int((np.sqrt(8 * self.dim + 1) - 1) / 2)

    def wire(self) -> dict:
        """As the contract writes it."""
        extra = {"nonnegative": {"dim": self.dim}, "second-order": {"dim": self.dim}, "psd": {"side": self.side}}
        extra |= {"exponential": {}, "power": {"alpha": self.alpha}}
        return {"type": self.kind, **extra[self.kind]}


def outside(cone: Cone, s: np.ndarray) -> np.ndarray:
    """A lower bound, tight up to a small factor, of the Euclidean distance of each of s[B, dim] from the cone.

    For the curved cones: how far to go along a direction that takes every point at distance d in after at most d.
    """
    if cone.kind == "nonnegative":
        return np.maximum(-s.min(axis=1, initial=0.0), 0.0)
    if cone.kind == "second-order":
        return np.maximum(np.linalg.norm(s[:, 1:], axis=1) - s[:, 0], 0) / np.sqrt(2)
    if cone.kind == "psd":
        return np.maximum(-np.linalg.eigvalsh(matrices(s))[:, 0], 0)
    if cone.kind == "exponential":
        return _push(lambda d: _in_exponential(s + d[:, None] * np.array([-1.0, 1.0, 2.0])), s)
    return _push(lambda d: _in_power(s + d[:, None] * np.array([2.0, 2.0, 0.0]), cone.alpha), s)


def outside_dual(cone: Cone, z: np.ndarray) -> np.ndarray:
    """The same for the dual cone; linear maps take it to the cone, and stretch distances by at most the factor here."""
    if cone.kind == "exponential":
        return outside(cone, np.stack([z[:, 0] - z[:, 1], -z[:, 0], z[:, 2]], axis=1)) / 2
    if cone.kind == "power":
        weights = np.array([cone.alpha, 1 - cone.alpha, 1.0])
        return outside(cone, z / weights) * min(weights)
    return outside(cone, z)


def _push(inside, s):
    """The least d >= 0 at which `inside` holds, by bisection."""
    low, high = np.zeros(len(s)), 4 * (1 + np.abs(s).max(axis=1))
    zero = inside(low)
    for _ in range(80):
        middle = (low + high) / 2
        held = inside(middle)
        low, high = np.where(held, low, middle), np.where(held, middle, high)
    return np.where(zero, 0.0, high)


def _in_exponential(s):
    """Whether y exp(x / y) <= z with y > 0, or x <= 0, z >= 0 with y = 0."""
    x, y, z = s.T
    with np.errstate(all="ignore"):
        curved = (y > 0) & (z > 0) & (x <= y * np.log(z / y))
    return curved | ((y == 0) & (x <= 0) & (z >= 0))


def _in_power(s, alpha):
    """Whether x^alpha y^(1 - alpha) >= |z|."""
    x, y, z = s.T
    with np.errstate(all="ignore"):
        return (x >= 0) & (y >= 0) & (np.power(x, alpha) * np.power(y, 1 - alpha) >= np.abs(z))


def matrices(s: np.ndarray) -> np.ndarray:
    """[B, k, k] of [B, k (k + 1) / 2]: lower triangles by columns, entries off the diagonal times sqrt 2."""
    k = int((np.sqrt(8 * s.shape[1] + 1) - 1) / 2)
    cols, rows = np.triu_indices(k)  # row-wise upper is column-wise lower
    full = np.zeros((len(s), k, k))
    full[:, rows, cols] = s / np.where(rows == cols, 1.0, np.sqrt(2))
    return full + np.tril(full, -1).swapaxes(1, 2)


def vectors(S: np.ndarray) -> np.ndarray:
    """The inverse of `matrices`."""
    cols, rows = np.triu_indices(S.shape[-1])
    return S[..., rows, cols] * np.where(rows == cols, 1.0, np.sqrt(2))


def full(data: dict, batch: int) -> dict:
    """All fields with a batch axis, absent ones filled in; matrices dense."""
    n = np.shape(data["c"])[-1]
    shapes = {"P": (n, n), "A": (0, n), "b": (0,), "G": (0, n), "h": (0,)}
    absent = {name: np.zeros(shape) for name, shape in shapes.items()} | {"lb": -np.inf, "ub": np.inf}
    found = {}
    for name, rank in RANKS.items():
        value = absent.get(name) if data.get(name) is None else data[name]
        value = value.toarray() if hasattr(value, "toarray") else np.asarray(value, float)
        own = value.shape[-rank:] if value.ndim else (n,)  # a scalar bounds every variable
        found[name] = np.broadcast_to(value, (batch, *own))
    return found


def residuals(data: dict, cones: list, x, y, z, z_box) -> dict:
    """By name of the condition: (residual [B], size of the terms [B])."""
    d = full(data, len(x))
    y = np.zeros_like(d["b"]) if y is None else y
    z = np.zeros_like(d["h"]) if z is None else z
    z_box = np.zeros_like(x) if z_box is None else z_box
    lb, ub = d["lb"], d["ub"]
    Ax, Gx, Px = (_times(d[k], x) for k in ("A", "G", "P"))
    AT, GT = _times(d["A"].swapaxes(1, 2), y), _times(d["G"].swapaxes(1, 2), z)
    present = [_box(x, lb, ub), _largest(Ax - d["b"])]
    signs = []
    row = 0
    for cone in cones or [Cone("nonnegative", z.shape[1])]:
        part = slice(row, row + cone.dim)
        present.append(outside(cone, d["h"][:, part] - Gx[:, part]))
        signs.append(outside_dual(cone, z[:, part]))
        row += cone.dim
    low, high = np.maximum(-z_box, 0), np.maximum(z_box, 0)
    signs += [_largest(np.where(np.isinf(lb), low, 0)), _largest(np.where(np.isinf(ub), high, 0))]
    at_low, at_high = np.where(np.isinf(lb), 0, lb) * low, np.where(np.isinf(ub), 0, ub) * high
    h = np.where(np.isinf(d["h"]), 0, d["h"])
    terms = [_dot(x, Px), _dot(d["c"], x), _dot(d["b"], y), _dot(h, z), at_high.sum(1), -at_low.sum(1)]
    bounded = np.where(np.isinf(lb) & np.isinf(ub), 0, x)
    return {
        "primal": (np.max(present, axis=0), _size(Ax, d["b"], Gx, h, bounded)),
        "sign": (np.max(signs, axis=0), _size(z, z_box)),
        "dual": (_largest(Px + d["c"] + AT + GT + z_box), _size(Px, d["c"], AT, GT, z_box)),
        "gap": (np.abs(sum(terms)), np.max(np.abs(terms), axis=0)),
    }


def objective(data: dict, x) -> np.ndarray:
    """1/2 x'Px + c'x of each instance."""
    d = full(data, len(x))
    return 0.5 * _dot(x, _times(d["P"], x)) + _dot(d["c"], x)


def worst(data: dict, cones: list, x, y, z, z_box) -> np.ndarray:
    """The largest residual of each instance, relative to one plus the size of its terms."""
    return np.max([r / (1 + size) for r, size in residuals(data, cones, x, y, z, z_box).values()], axis=0)


def _times(matrix, vector):
    return np.einsum("bij,bj->bi", matrix, vector)


def _dot(one, other):
    return np.einsum("bi,bi->b", one, other)


def _largest(values):
    return np.abs(values).max(axis=1, initial=0.0)


def _size(*terms):
    return np.max([_largest(term) for term in terms], axis=0)


def _box(x, lb, ub):
    return np.maximum(np.maximum(lb - x, x - ub).max(axis=1, initial=0.0), 0.0)

"""The cones that rows h - G x of a problem may lie in.

    >>> from argmind import cones
    >>> argmind.solve({"c": c, "G": G, "h": h, "cones": [cones.nonnegative(2), cones.second_order(4)]})

The list partitions the rows in order; without one all are nonnegative. The conventions are those of SCS and Clarabel.
`count` stands for so many of a cone one after another.
"""

from typing import Any, TypeAlias

__all__ = ["Cone", "exponential", "nonnegative", "power", "psd", "second_order"]

Cone: TypeAlias = dict[str, Any]
"""A cone as the contract writes it."""


def nonnegative(dim: int) -> Cone:
    """`dim` rows s >= 0."""
    return {"type": "nonnegative", "dim": int(dim)}


def second_order(dim: int, count: int = 1) -> Cone:
    """`dim` rows (t, v) with t >= norm(v), t first."""
    return _repeated({"type": "second-order", "dim": int(dim)}, count)


def psd(side: int, count: int = 1) -> Cone:
    """Positive semidefinite matrices of order `side` = k, in k (k + 1) / 2 rows.

    The rows are the lower triangle column by column, with entries off the diagonal times sqrt(2).
    """
    return _repeated({"type": "psd", "side": int(side)}, count)


def exponential(count: int = 1) -> Cone:
    """Three rows (x, y, z) in the closure of y > 0, y exp(x / y) <= z."""
    return _repeated({"type": "exponential"}, count)


def power(alpha: float, count: int = 1) -> Cone:
    """Three rows (x, y, z) with x^alpha y^(1 - alpha) >= abs(z) and x, y >= 0, for 0 < alpha < 1."""
    return _repeated({"type": "power", "alpha": float(alpha)}, count)


def _repeated(cone: Cone, count: int) -> Cone:
    return cone if count == 1 else {**cone, "count": int(count)}

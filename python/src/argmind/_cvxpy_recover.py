"""From the solution of the canonical program back to the user's variables and constraint duals.

Every variable and every dual is a selection of entries of x, y or z, so one index array for each says all: entries
that the canonical program lacks (off a diagonal, outside a sparsity pattern) have index -1 and are zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cvxpy as cp
import numpy as np
import torch
from cvxpy import constraints as con
from torch import Tensor

from ._problem import Array

# What CVXPY makes of a constraint whose dual it hands back unchanged.
_CANONICAL: dict[type, type] = {
    con.Equality: con.Zero,
    con.Zero: con.Zero,
    con.Inequality: con.NonNeg,
    con.NonNeg: con.NonNeg,
    con.SOC: con.SOC,
    con.ExpCone: con.ExpCone,
    con.PowCone3D: con.PowCone3D,
    con.PSD: con.SvecPSD,
}


@dataclass(frozen=True, eq=False)
class Recovery:
    """A variable or dual as entries of an output of the service.

    Attributes:
        source: which output.
        index: int[shape], where each entry is; -1 for zero.
        scale: float[shape], by which each entry is multiplied; None for 1.
        exponential: whether the canonical variable is the logarithm (geometric programs).
    """

    source: Literal["x", "y", "z"]
    index: Array
    scale: Array | None = None
    exponential: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", np.asarray(self.index))  # arithmetic makes scalars of arrays without axes

    def __call__(self, output: Tensor) -> Tensor:
        """Reads it from an output [..., k]."""
        index = torch.from_numpy(self.index).to(output.device)
        flat = output[..., index.clamp_min(0).reshape(-1)].reshape((*output.shape[:-1], *self.index.shape))
        if self.scale is not None:
            flat = flat * torch.from_numpy(self.scale).to(output)
        if (self.index < 0).any():
            flat = torch.where(index < 0, torch.zeros_like(flat), flat)
        return flat.exp() if self.exponential else flat


def primal(variable: cp.Variable, program: Any, ids: Mapping[int, int], *, exponential: bool) -> Recovery:
    """Where a variable is in x."""
    start = program.var_id_to_col[ids.get(variable.id, variable.id)]
    return Recovery("x", _entries(variable, start), exponential=exponential)


def _entries(leaf: Any, start: int) -> Array:
    """int[shape]: the place of each entry of a variable or parameter that begins at `start`, -1 where it has none."""
    shape = tuple(leaf.shape)
    index = np.full(shape, -1, np.int64)
    if is_symmetric(leaf):
        rows, cols = np.triu_indices(shape[0])
        index[rows, cols] = index[cols, rows] = start + np.arange(rows.size)
    elif leaf.attributes["diag"]:
        np.fill_diagonal(index, start + np.arange(shape[0]))
    elif leaf.sparse_idx is not None:
        index[tuple(leaf.sparse_idx)] = start + np.arange(len(leaf.sparse_idx[0]))
    else:
        index = start + np.arange(int(np.prod(shape))).reshape(shape, order="F")
    return index


def is_symmetric(leaf: Any) -> bool:
    """Whether CVXPY keeps only the upper triangle, row by row, of a variable or parameter.

    Raises:
        NotImplementedError: it is a stack of symmetric matrices.
    """
    if not any(leaf.attributes[name] for name in ("symmetric", "PSD", "NSD", "hermitian")):
        return False
    if leaf.ndim != 2:
        raise NotImplementedError(f"{leaf.name()} is a stack of symmetric matrices; only single ones are supported")
    return True


def dual(variable: Any, constraint: Any, program: Any, ids: Mapping[int, int]) -> Recovery:
    """Where a dual variable of a constraint is in y (equalities) or z (everything else).

    Raises:
        NotImplementedError: CVXPY rewrites the constraint, so that its dual is none of the canonical program's.
    """
    start = 0
    for canonical in program.constraints:
        if canonical.id == ids.get(constraint.id, constraint.id):
            if _CANONICAL.get(type(constraint)) is not type(canonical):
                break
            zero = program.cone_dims.zero
            source: Literal["y", "z"] = "y" if isinstance(canonical, con.Zero) else "z"
            position = [one.id for one in constraint.dual_variables].index(variable.id)
            index, scale = _rows(constraint, position, tuple(variable.shape))
            return Recovery(source, start + index - (0 if source == "y" else zero), scale)
        start += canonical.size
    kind = type(constraint).__name__
    raise NotImplementedError(f"CVXPY rewrites the {kind} constraint {constraint}, so its dual is not available")


def _rows(constraint: Any, position: int, shape: tuple[int, ...]) -> tuple[Array, Array | None]:
    """int[shape]: the constraint's rows that hold its dual variable number `position`, and their factors."""
    size = int(np.prod(shape))
    if isinstance(constraint, con.PSD):
        return _svec_rows(constraint)
    if isinstance(constraint, con.SOC):
        cones = np.arange(constraint.num_cones())[:, None] * constraint.cone_sizes()[0]
        if position == 0:
            return cones.reshape(shape), None
        body = cones + np.arange(1, constraint.cone_sizes()[0])
        return (body.T if constraint.axis == 0 and len(shape) > 1 else body).reshape(shape), None
    stride, first = (3, position) if isinstance(constraint, con.ExpCone | con.PowCone3D) else (1, 0)
    return (first + stride * np.arange(size)).reshape(shape, order="F"), None


def _svec_rows(constraint: Any) -> tuple[Array, Array]:
    if constraint.num_cones() != 1:
        raise NotImplementedError(f"{constraint} is a stack of matrices, whose duals are not available")
    n = constraint.args[0].shape[-1]
    index, scale = np.empty((n, n), np.int64), np.full((n, n), np.sqrt(0.5))
    above = np.triu_indices(n)  # the upper triangle row by row is the lower one column by column
    index[above] = np.arange(above[0].size)
    index.T[above] = index[above]
    np.fill_diagonal(scale, 1.0)
    return index, scale


def duals_of(problem: cp.Problem) -> dict[int, Any]:
    """The constraint of each dual variable."""
    return {dual.id: constraint for constraint in problem.constraints for dual in constraint.dual_variables}


def flatten(parameter: Any, value: Tensor) -> Tensor:
    """A parameter's tensor [..., *shape] as CVXPY's vector [..., size]: float64 on the host, columns first."""
    value = value.to(device="cpu", dtype=torch.float64)
    lead = value.ndim - parameter.ndim
    if is_symmetric(parameter):
        rows, cols = np.triu_indices(parameter.shape[0])
        return ((value + value.transpose(-1, -2)) / 2)[..., rows, cols]
    if parameter.attributes["diag"]:
        return value.diagonal(dim1=-2, dim2=-1)
    if parameter.sparse_idx is not None:
        row, col = (torch.from_numpy(np.asarray(index)) for index in parameter.sparse_idx)
        return value[..., row, col]
    axes = [*range(lead), *reversed(range(lead, value.ndim))]
    return value.permute(axes).reshape(*value.shape[:lead], parameter.size)


def sources(recoveries: Sequence[Recovery]) -> tuple[str, ...]:
    """The outputs that are needed, in the contract's order."""
    used = {recovery.source for recovery in recoveries}
    return tuple(name for name in ("x", "y", "z") if name in used)

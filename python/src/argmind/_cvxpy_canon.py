"""A parametrized CVXPY problem as a parametrized program of the contract, made once.

CVXPY's own reductions lead to
    minimize 1/2 x'P x + q'x  subject to  A x + s = b, s in K,  lb <= x <= ub
with every entry affine in the parameters. Its zero cone is the contract's A and b, the rest of its rows are G and h.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import cvxpy as cp
import numpy as np
import scipy.sparse as sp
from cvxpy import settings
from cvxpy.reductions.dgp2dcp.dgp2dcp import Dgp2Dcp

from . import cones
from ._cvxpy_check import check
from ._cvxpy_maps import FieldMap
from ._cvxpy_recover import Recovery, dual, duals_of, primal
from ._cvxpy_solver import Canonicalizer
from ._problem import Array, Sparse

_DENSE = 0.5  # share of nonzeros from which a matrix is sent dense


@dataclass(eq=False)
class CanonicalField:
    """One field of the program: how its values follow from the parameters, and where they are in a matrix.

    Attributes:
        values: the map to its values.
        pattern: of a sparse matrix, its values left empty; None for vectors and dense matrices.
        shape: of a dense matrix, whose values are row by row; None for vectors and sparse matrices.
    """

    values: FieldMap
    pattern: Sparse | None = None
    shape: tuple[int, int] | None = None

    def dress(self, values: Any) -> Any:
        """Values [..., k], a tensor or an array, as what is sent."""
        if self.pattern is not None:
            pattern = self.pattern
            return Sparse(pattern.shape, pattern.rows, pattern.cols, values, pattern.triangle)
        return values.reshape((*values.shape[:-1], *self.shape)) if self.shape else values


@dataclass(eq=False)
class Canonical:
    """The program.

    Attributes:
        fields: by name, those that are not absent.
        cones: of the rows of G; None if all are nonnegative.
        integers: int[k], the integer variables.
        recoveries: how to read each of the asked-for variables from the solution.
        logarithms: bool for each parameter: whether the program has its logarithm.
    """

    fields: dict[str, CanonicalField]
    cones: list[cones.Cone] | None
    integers: Array
    recoveries: list[Recovery]
    logarithms: list[bool]


def canonicalize(
    problem: cp.Problem,
    parameters: Sequence[Any],
    variables: Sequence[Any],
    *,
    gp: bool,
    backend: str | None = None,
    verbose: bool = False,
) -> Canonical:
    """Writes a problem in the contract's form.

    Raises:
        ValueError: it is no DPP problem, or has what the service lacks; the message names the constraint.
    """
    check(problem, parameters, variables, gp=gp)
    logs: dict[Any, Any] = {}
    outer_variables: dict[int, int] = {}
    if gp:
        reduction = Dgp2Dcp(problem)
        problem, _ = reduction.apply(problem)
        logs = reduction.canon_methods._parameters
        outer_variables = {old: new[0] for old, new in reduction.var_id_map.items()}
    data, chain, _ = problem.get_problem_data(
        solver=Canonicalizer(), enforce_dpp=True, canon_backend=backend, verbose=verbose
    )
    program = data[settings.PARAM_PROB]
    inner = {old: new[0] for old, new in chain.compose_var_id_map().items()}
    ids = {**inner, **{old: inner.get(new, new) for old, new in outer_variables.items()}}
    columns = _columns([logs.get(p, p) for p in parameters], program, chain)
    duals = duals_of(problem)
    constraint_ids = chain.compose_constr_id_map()
    recoveries = [
        dual(v, duals[v.id], program, constraint_ids) if v.id in duals else primal(v, program, ids, exponential=gp)
        for v in variables
    ]
    integers = _indices(program.x, "integer") | _indices(program.x, "boolean")
    return Canonical(
        fields=_fields(program, columns),
        cones=_cones(program.cone_dims),
        integers=np.array(sorted(integers), np.int64),
        recoveries=recoveries,
        logarithms=[p in logs for p in parameters],
    )


def _columns(parameters: Sequence[Any], program: Any, chain: Any) -> list[slice]:
    """Where each parameter is in CVXPY's vector of all of them."""
    ids = {old: new[0] for old, new in chain.compose_param_id_map().items()}
    sizes = program.param_id_to_size
    slices = []
    for parameter in parameters:
        name = ids.get(parameter.id, parameter.id)
        start = program.param_id_to_col.get(name)
        slices.append(slice(0, 0) if start is None else slice(start, start + sizes[name]))
    return slices


def _fields(program: Any, columns: list[slice]) -> dict[str, CanonicalField]:
    n, zero = program.x.size, program.cone_dims.zero
    fields = {"c": CanonicalField(FieldMap.of(sp.csr_array(program.q)[:-1], columns))}
    if program.P is not None:
        program.reduced_P.cache()
        fields |= _quadratic(program.reduced_P, n, columns)
    program.reduced_A.cache()
    mapping, rows, cols, height = _entries(program.reduced_A)
    for matrix, vector, low, high in (("A", "b", 0, zero), ("G", "h", zero, height)):
        if low == high:
            continue
        mine = (rows >= low) & (rows < high)
        left, right = mine & (cols < n), mine & (cols == n)
        # CVXPY's rows are A x + b in K; the contract's G is -A.
        fields[matrix] = _matrix(-mapping[left], rows[left] - low, cols[left], (high - low, n), columns)
        spread = sp.csr_array(
            (np.ones(right.sum()), (rows[right] - low, np.arange(right.sum()))), (high - low, right.sum())
        )
        fields[vector] = CanonicalField(FieldMap.of(spread @ mapping[right], columns))
    return fields | _bounds(program, columns)


def _entries(reduced: Any) -> tuple[Any, Array, Array, int]:
    """The map from parameters to the stored entries of a matrix, and the row and column of each, and its height."""
    if reduced.problem_data_index is None:
        width = reduced.matrix_data.shape[1]
        none = np.zeros(0, np.int64)
        return sp.csr_array((0, width)), none, none, 0
    indices, starts, (height, width) = reduced.problem_data_index
    cols = np.repeat(np.arange(width), np.diff(starts))
    return sp.csr_array(reduced.reduced_mat), np.asarray(indices, np.int64), cols.astype(np.int64), int(height)


def _quadratic(reduced: Any, n: int, columns: list[slice]) -> dict[str, CanonicalField]:
    """The upper triangle of P: the mean of both, so that it does not matter how CVXPY split the entries."""
    mapping, rows, cols, _ = _entries(reduced)
    keys, place = np.unique(np.minimum(rows, cols) * n + np.maximum(rows, cols), return_inverse=True)
    weight = np.where(rows == cols, 1.0, 0.5)
    halves = sp.csr_array((weight, (place, np.arange(place.size))), (keys.size, place.size))
    if not keys.size:
        return {}
    pattern = Sparse((n, n), keys // n, keys % n, np.zeros(keys.size), "upper")
    if keys.size < _DENSE * n * (n + 1) / 2:
        return {"P": CanonicalField(FieldMap.of(halves @ mapping, columns), pattern=pattern)}
    off = pattern.rows != pattern.cols
    flat = np.concatenate([pattern.rows * n + pattern.cols, (pattern.cols * n + pattern.rows)[off]])
    which = np.concatenate([np.arange(keys.size), np.flatnonzero(off)])
    both = sp.csr_array((np.ones(flat.size), (flat, which)), (n * n, keys.size))
    return {"P": CanonicalField(FieldMap.of(both @ halves @ mapping, columns), shape=(n, n))}


def _matrix(mapping: Any, rows: Array, cols: Array, shape: tuple[int, int], columns: list[slice]) -> CanonicalField:
    if rows.size < _DENSE * shape[0] * shape[1]:
        pattern = Sparse(shape, rows, cols, np.zeros(rows.size))
        return CanonicalField(FieldMap.of(mapping, columns), pattern=pattern)
    flat = rows * shape[1] + cols
    spread = sp.csr_array((np.ones(flat.size), (flat, np.arange(flat.size))), (shape[0] * shape[1], flat.size))
    return CanonicalField(FieldMap.of(spread @ mapping, columns), shape=shape)


def _bounds(program: Any, columns: list[slice]) -> dict[str, CanonicalField]:
    fields = {}
    for name, fixed, tensor, none in (
        ("lb", program.lower_bounds, program.lb_tensor, -np.inf),
        ("ub", program.upper_bounds, program.ub_tensor, np.inf),
    ):
        if tensor is not None:
            bound = FieldMap.of(tensor, columns)
        elif fixed is not None:
            bound = FieldMap(np.array(fixed, float), {})
        else:
            bound = FieldMap(np.full(program.x.size, none), {})
        for i in _indices(program.x, "boolean"):
            bound.constant[i] = max(bound.constant[i], 0.0) if name == "lb" else min(bound.constant[i], 1.0)
        if bound.matrices or (bound.constant != none).any():
            fields[name] = CanonicalField(bound)
    return fields


def _indices(x: Any, attribute: str) -> set[int]:
    return {int(np.ravel(i)[0]) for i in (getattr(x, f"{attribute}_idx", None) or ())}


def _cones(dims: Any) -> list[cones.Cone] | None:
    made = [cones.nonnegative(dims.nonneg)] if dims.nonneg else []
    made += [cones.second_order(dim, len(list(some))) for dim, some in groupby(dims.soc)]
    made += [cones.psd(side, len(list(some))) for side, some in groupby(dims.psd)]
    made += [cones.exponential(dims.exp)] if dims.exp else []
    made += [cones.power(alpha, len(list(some))) for alpha, some in groupby(map(float, dims.p3d))]
    return made if len(made) > bool(dims.nonneg) else None

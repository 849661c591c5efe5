"""Problems as users write them, and as the service reads them.

    minimize    1/2 x'Px + c'x
    subject to  A x = b,  G x <= h,  lb <= x <= ub,  x_i integer for i in integers

or h - G x in a product of cones; with n variables, p equalities, m inequalities or rows of cones and, for a batch,
one leading axis B on any of the fields.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[Any]
Fields: TypeAlias = dict[str, Any]

# Rank of each differentiable field of one problem; a batch has one axis more.
RANKS = {"P": 2, "c": 1, "A": 2, "b": 1, "G": 2, "h": 1, "lb": 1, "ub": 1}
MATRICES = ("P", "A", "G")
REALS = ("cost", "weights", "capacities", "capacity", "supply")  # of the combinatorial kinds


@dataclass(frozen=True, eq=False)
class Sparse:
    """A sparse matrix by coordinates, or a batch of them with one pattern.

    Attributes:
        shape: (rows, columns) of one matrix.
        rows: int[k], row of each entry.
        cols: int[k], column of each entry.
        values: float[k], or float[B, k] with one row per instance. In `argmind.torch` it may be a tensor.
        triangle: "upper" if only the upper triangle of a symmetric P is listed.
    """

    shape: tuple[int, int]
    rows: Array
    cols: Array
    values: Any
    triangle: Literal["upper"] | None = None

    def __post_init__(self) -> None:
        for name in ("rows", "cols"):
            index = np.asarray(as_numpy(getattr(self, name)))
            if index.size and index.dtype.kind not in "iu":
                raise TypeError(f"{name} must be integers, not {index.dtype}")
            object.__setattr__(self, name, index.astype(np.int64))
        if not hasattr(self.values, "shape"):
            object.__setattr__(self, "values", np.asarray(self.values, dtype=float))
        count = self.values.shape[-1] if self.values.ndim else None
        if self.rows.ndim != 1 or self.rows.shape != self.cols.shape or count != self.rows.size:
            raise ValueError(
                "rows, cols and the last axis of values must have one length, got shapes "
                f"{self.rows.shape}, {self.cols.shape} and {tuple(self.values.shape)}"
            )
        object.__setattr__(self, "shape", (int(self.shape[0]), int(self.shape[1])))

    def toarray(self) -> Array:
        """The dense matrix [r, c] or matrices [B, r, c]; entries listed twice add up."""
        values = np.moveaxis(np.asarray(as_numpy(self.values)), -1, 0)
        rows, cols = self.shape
        flat = np.zeros((rows * cols, *values.shape[1:]), values.dtype)
        np.add.at(flat, self.rows * cols + self.cols, values)
        if self.triangle == "upper":
            above = self.rows < self.cols
            np.add.at(flat, self.cols[above] * cols + self.rows[above], values[above])
        dense: Array = np.moveaxis(flat, 0, -1).reshape(*values.shape[1:], rows, cols)
        return dense

    def to_wire(self) -> Fields:
        """The matrix as the contract writes it."""
        wire: Fields = {"format": "coo", "shape": list(self.shape), "rows": self.rows, "cols": self.cols}
        wire["values"] = real("values", self.values)
        return {**wire, "triangle": self.triangle} if self.triangle else wire


@dataclass(frozen=True, eq=False)
class RegisteredProblem:
    """A problem that the service knows: later ones name it as their `base` and state only what differs.

    It keeps the problem, so that an evicted one is registered again without the caller noticing.

    Attributes:
        id: the hash of its content; the same on every replica of the service.
        fields: the problem's fields, ready for the wire.
    """

    id: str
    fields: Fields

    def replace(self, **changes: Any) -> "ProblemLike":
        """The problem with these fields replaced or added: `c` of a program, `cost` of a combinatorial kind."""
        return {"base": self, **changes} if "type" in self.fields else Problem(base=self, **changes)


@dataclass(frozen=True, eq=False)
class Problem:
    """A linear, quadratic, conic or mixed-integer program, or a batch of them. Every field but `c` may be left out.

    Matrices may be dense arrays, `Sparse`, SciPy sparse or PyTorch COO; `P` is symmetric. Bounds may hold
    infinities (or None, in lists), and a scalar bounds every variable. `cones`, made with `argmind.cones`, says what
    the rows h - G x lie in; without it all are nonnegative. With a `base`, the fields given replace or add to those of
    the base.
    """

    c: ArrayLike | None = None
    P: Any = None
    A: Any = None
    b: ArrayLike | None = None
    G: Any = None
    h: ArrayLike | None = None
    lb: Any = None
    ub: Any = None
    integers: Sequence[int] | Array | None = None
    cones: Sequence[Mapping[str, Any]] | None = None
    base: RegisteredProblem | None = None

    def items(self) -> Iterator[tuple[str, Any]]:
        """Pairs of name and value of the fields that are present."""
        for field in fields(self):
            if (value := getattr(self, field.name)) is not None:
                yield field.name, value


class HasFields(Protocol):
    """Anything that lists its fields, as the combinatorial kinds do."""

    def items(self) -> Iterable[tuple[str, Any]]:
        """Pairs of name and value."""


ProblemLike: TypeAlias = Problem | RegisteredProblem | Mapping[str, Any] | HasFields


def as_numpy(value: Any) -> Any:
    """A PyTorch tensor on any device as a NumPy array (sharing memory where it can); anything else unchanged."""
    if not hasattr(value, "detach"):
        return value
    tensor = value.detach().cpu()
    try:
        return tensor.numpy()
    except TypeError:  # bfloat16 has no NumPy type
        return tensor.float().numpy()


def split(problem: ProblemLike) -> tuple[RegisteredProblem | None, Fields]:
    """The base of a problem, if any, and its own fields made ready for the wire."""
    if isinstance(problem, RegisteredProblem):
        return problem, {}
    own = {name: value for name, value in problem.items() if value is not None}
    base = own.pop("base", None)
    if base is not None and not isinstance(base, RegisteredProblem):
        raise TypeError(f"base must be what Client.register returned, not {type(base).__name__}")
    return base, {name: wire_field(name, value) for name, value in own.items()}


def wire_field(name: str, value: Any) -> Any:
    """One field as the contract writes it: an array, a sparse matrix, an index list, or a plain value."""
    matrix = _sparse(value) if name in MATRICES else None
    if matrix is not None:
        return matrix.to_wire()
    if isinstance(value, Mapping):  # already as the contract writes it
        return value
    if name in RANKS or name in REALS:
        return real(name, value)
    if name == "cones":
        return [dict(cone) for cone in value]
    if name == "integers":
        return [int(i) for i in np.asarray(as_numpy(value)).ravel()]
    plain = isinstance(value, list | tuple) and not any(isinstance(item, Mapping | str) for item in value)
    return np.asarray(value) if plain else as_numpy(value)


def _sparse(value: Any) -> Sparse | None:
    if isinstance(value, Sparse):
        return value
    if hasattr(value, "tocoo"):  # SciPy; by way of CSR, which adds up entries listed twice
        coo = value.tocsr().tocoo()
        return Sparse(coo.shape, coo.row, coo.col, coo.data)
    if getattr(value, "is_sparse", False):  # PyTorch
        coo = value.detach().coalesce().cpu()
        rows, cols = coo.indices()
        return Sparse(tuple(coo.shape), rows, cols, coo.values())
    return None


def real(name: str, value: Any) -> Array:
    """Real numbers as float32 or float64: narrower floats are widened, integers and wider floats become float64."""
    array = np.asarray(as_numpy(value))
    if array.dtype.kind == "O" and name in ("lb", "ub"):  # None is no bound
        absent = np.equal(array, np.array(None))
        array = np.where(absent, -np.inf if name == "lb" else np.inf, array).astype(float)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be real numbers, not {array.dtype}")
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        return array.astype(np.float64)
    return array.astype(np.float32) if array.dtype == np.float16 else array


def snapshot(wire: Fields) -> Fields:
    """A copy that later changes of the caller's arrays do not reach."""
    copies: Fields = {}
    for name, value in wire.items():
        if isinstance(value, np.ndarray):
            copies[name] = value.copy()
        else:
            copies[name] = snapshot(dict(value)) if isinstance(value, Mapping) else value
    return copies

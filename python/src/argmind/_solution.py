"""What the service answers: solutions and gradients, with what became of each instance."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._errors import InvalidResponse
from ._problem import Array, Fields, ProblemLike, Sparse

SOLVED = ("optimal", "feasible")
DIFFERENTIATED = ("ok", "one-sided")


@dataclass(frozen=True, eq=False)
class Solution:
    """Solutions of a problem, or of a batch of B (shapes in brackets lose the B if there was no batch).

    Attributes:
        x: float[B, n], the minimizers; for combinatorial problems, an indicator or count shaped like the cost.
        y: float[B, p], duals of A x = b; None if the solver has none (integer programs).
        z: float[B, m], duals of G x <= h.
        s: float[B, m], slacks h - G x.
        z_box: float[B, n], duals of the bounds: positive at an upper bound, negative at a lower one.
        objective: float[B].
        status: one string, or a list of B: optimal, feasible, infeasible, unbounded, iteration-limit, time-limit,
            numerical-error. An instance without a solution has NaN everywhere.
        residuals: float[B] for each of primal, dual and gap, computed by the service from the problem as sent.
        iterations: int[B], of the solver.
        solve_seconds: how long the solves took on the service.
        id: names the retained solve for a later backward; None if it was not retained.
        solver: which one solved it.
        reason: why that solver, in words.
        details: of each instance, why it has no solution, if there is more to say than its status; None otherwise.
        smoothed_objective: float[B], of a solve with noise: the mean of the noisy minima, whose gradient by the costs
            is x; None without noise.
        problem: what was solved, kept to be sent again if the service forgets the solve.
        chunks: of a batch that went in several requests, the solution of each; `id` is None then, theirs count.
    """

    x: Array
    y: Array | None
    z: Array | None
    s: Array | None
    z_box: Array | None
    objective: Array
    status: str | list[str]
    residuals: dict[str, Array]
    iterations: Array
    solve_seconds: float
    id: str | None
    solver: str
    reason: str | None = None
    details: Any = None
    smoothed_objective: Array | None = None
    problem: ProblemLike | None = field(default=None, repr=False)
    chunks: tuple["Solution", ...] = field(default=(), repr=False)

    @property
    def ok(self) -> NDArray[np.bool_]:
        """bool[B]: the instances that have a solution (status optimal or feasible)."""
        return _among(self.status, SOLVED)

    def summary(self) -> dict[str, int]:
        """How many instances have each status."""
        return summary(self.status)

    def parts(self) -> Fields:
        """x, y, z, z_box as the service wants a solution back."""
        named = {"x": self.x, "y": self.y, "z": self.z, "z_box": self.z_box}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, eq=False)
class Outer:
    """Matrices [B, r, c] as few outer products: the sum over k of left[:, k] right[:, k]'.

    Attributes:
        left: float[B, k, r].
        right: float[B, k, c].
    """

    left: Array
    right: Array

    @property
    def shape(self) -> tuple[int, int, int]:
        """[B, r, c]."""
        return len(self.left), self.left.shape[2], self.right.shape[2]


class GradientFields(Mapping[str, Any]):
    """Gradients by field; those that came in factors are multiplied out when they are first read."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = dict(fields)

    def __getitem__(self, name: str) -> Any:
        if isinstance(self._fields[name], Outer):
            self._multiply_out()
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def as_sent(self, name: str) -> Any:
        """One gradient as the service sent it, perhaps as `Outer`."""
        return self._fields[name]

    def _multiply_out(self) -> None:
        """All at once into one piece of memory, which is large enough for the system to hand it out in large pages."""
        outer = {name: value for name, value in self._fields.items() if isinstance(value, Outer)}
        room = np.empty(
            sum(math.prod(value.shape) for value in outer.values()),
            np.result_type(*(value.right for value in outer.values())),
        )
        for name, value in outer.items():
            own, room = np.split(room, [math.prod(value.shape)])
            self._fields[name] = np.matmul(value.left.swapaxes(1, 2), value.right, out=own.reshape(value.shape))


@dataclass(frozen=True, eq=False)
class Gradients:
    """Gradients by the problem's fields, each in the shape of its field.

    A field shared by the batch has the sum over the batch, a sparse field a `Sparse` on its own pattern.
    `gradients["c"]` reads one.

    Attributes:
        fields: the gradients by name.
        status: one string, or a list of B: ok, one-sided (one of the two perturbed solves of the average failed and
            the other alone was used), solver-failed, forward-failed. The last two contributed zero.
        diagnostics: arrays [B], what the method has of: tau, the one used; displacement, ||x_tau - x*||; degenerate,
            whether the exact derivative of x vanishes or is not unique; noise, the error that the solves' tolerance
            can put into the gradient; iterations; moved, by side, whether the solution moved; clamped, whether
            perturbed costs of a path were raised to 0; adaptive, the state of an adaptive tau. NaN (False for flags)
            where the forward failed.
        solutions: the perturbed solutions by side ("lower", "upper"), if they were asked for.
        solver: which one solved the perturbed problems; None if there were none.
        solve_seconds: how long that took on the service.
        reason: why that solver, in words.
    """

    fields: GradientFields
    status: str | list[str]
    diagnostics: dict[str, Any]
    solutions: dict[str, dict[str, Array]]
    solver: str | None
    solve_seconds: float
    reason: str | None = None

    @property
    def ok(self) -> NDArray[np.bool_]:
        """bool[B]: the instances that have a gradient (status ok or one-sided)."""
        return _among(self.status, DIFFERENTIATED)

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def summary(self) -> dict[str, int]:
        """How many instances have each status."""
        return summary(self.status)


def summary(status: str | list[str]) -> dict[str, int]:
    """Counts of each status, the most frequent first."""
    return dict(Counter([status] if isinstance(status, str) else status).most_common())


def _among(status: str | list[str], good: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array(status in good if isinstance(status, str) else [one in good for one in status], bool)


def solution_from(answer: Any, problem: ProblemLike | None) -> Solution:
    """Reads the answer to POST /solve."""
    with _Reading("/solve"):
        return Solution(
            x=_floats(answer["x"]),
            y=_optional(answer.get("y")),
            z=_optional(answer.get("z")),
            s=_optional(answer.get("s")),
            z_box=_optional(answer.get("z_box")),
            objective=_floats(answer["objective"]),
            status=_status(answer["status"]),
            residuals={name: _floats(value) for name, value in (answer.get("residuals") or {}).items()},
            iterations=np.asarray(answer.get("iterations", -1)),
            solve_seconds=float(answer.get("solve_seconds") or 0.0),
            id=answer.get("id"),
            solver=str(answer["solver"]),
            reason=answer.get("reason"),
            details=answer.get("details"),
            smoothed_objective=_optional(answer.get("smoothed_objective")),
            problem=problem,
        )


def gradients_from(answer: Any) -> Gradients:
    """Reads the answer to POST /lpgd-backward."""
    with _Reading("/lpgd-backward"):
        return Gradients(
            fields=GradientFields({name: _gradient(value) for name, value in answer["gradients"].items()}),
            status=_status(answer["status"]),
            diagnostics={name: _diagnostic(value) for name, value in (answer.get("diagnostics") or {}).items()},
            solutions={
                side: {name: _floats(part) for name, part in parts.items() if part is not None}
                for side, parts in (answer.get("solutions") or {}).items()
            },
            solver=answer.get("solver"),
            reason=answer.get("reason"),
            solve_seconds=float(answer.get("solve_seconds") or 0.0),
        )


class _Reading:
    """Turns what fails while an answer is taken apart into an `InvalidResponse` that names the answer."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, KeyError | TypeError | ValueError | AttributeError):
            raise InvalidResponse(f"the answer to {self.path} is not as the contract says: {error!r}") from error


def _floats(value: Any) -> Array:
    array = np.asarray(value)
    return array if array.dtype.kind == "f" else array.astype(np.float64)  # None becomes NaN


def _optional(value: Any) -> Array | None:
    return None if value is None else _floats(value)


def _diagnostic(value: Any) -> Any:
    if isinstance(value, Mapping):  # one for each side
        return {side: _diagnostic(part) for side, part in value.items()}
    array = np.asarray(value)
    if array.dtype.kind != "O":
        return array
    absent = np.equal(array, np.array(None))
    flags = any(isinstance(item, bool) for item in array.flat)
    return np.where(absent, False, array).astype(bool) if flags else array.astype(np.float64)


def _status(value: Any) -> str | list[str]:
    return value if isinstance(value, str) else [str(item) for item in value]


def _gradient(value: Any) -> Any:
    if isinstance(value, Mapping) and value["format"] == "outer":
        return Outer(_floats(value["left"]), _floats(value["right"]))
    if isinstance(value, Mapping):
        triangle = value.get("triangle")
        return Sparse(tuple(value["shape"]), value["rows"], value["cols"], _floats(value["values"]), triangle)
    return _floats(value)

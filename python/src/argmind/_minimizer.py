"""Problems whose costs are left open: what losses and checks call with one batch of costs after another."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import kinds
from ._client import Client
from ._default import default_client
from ._errors import InvalidResponse
from ._perturbation import Perturbation
from ._problem import RANKS, Array, Fields, ProblemLike, RegisteredProblem, as_numpy, real, snapshot, split
from ._solution import Solution

KINDS: dict[str, type[kinds.Kind]] = {
    cls.type: cls for cls in map(kinds.__dict__.__getitem__, kinds.__all__) if cls is not kinds.Kind
}


@dataclass(frozen=True, eq=False)
class Minima:
    """Minimizers of a batch of costs.

    Attributes:
        x: float[..., *shape]; NaN where there is none.
        objective: float[...], <cost, x>, as the service computed it; with noise, the mean of the noisy minima.
        ok: bool[...]: the instances that have a solution.
        status: list of B, the leading axes made one.
        solution: the answer that these are a part of.
    """

    x: Array
    objective: Array
    ok: NDArray[np.bool_]
    status: list[str]
    solution: Solution


class Minimizer:
    """x*(cost), a minimizer of a linear cost over a feasible set, for costs [..., *shape].

    The set is registered with the service at the first call; after that, only costs travel.

    Args:
        problem: one of `argmind.kinds`; or the constraints of a linear or integer program, as a `Problem`, a dict or
            what `Client.register` returned: everything but the costs.
        client: a `Client`, the URL of a service, or None for the default client.
        solver: a name the service knows, or "auto".
        tolerance, time_limit, max_iterations, timeout: as in `Client.solve`.

    Attributes:
        field: the costs' name in the contract: "cost", or "c" of a program.
        rank: axes of one instance's costs.
        kind: the combinatorial kind's name, or None for a program.
        binary: whether every x is an indicator; None if the problem does not tell.
    """

    def __init__(
        self,
        problem: ProblemLike,
        *,
        client: Client | str | None = None,
        solver: str = "auto",
        tolerance: float | None = None,
        time_limit: float | None = None,
        max_iterations: int | None = None,
        timeout: float | None = None,
    ) -> None:
        base, fields = split(problem)
        fields = snapshot({**base.fields, **fields} if base else fields)
        name = fields.get("type", "program")
        if name != "program" and name not in KINDS:
            raise ValueError(f"unknown type {name!r}: expected program or one of {', '.join(KINDS)}")
        self.kind: str | None = None if name == "program" else str(name)
        self.field = "c" if self.kind is None else "cost"
        self.rank = 1 if self.kind is None else KINDS[self.kind].rank
        if self.field in fields:
            raise ValueError(f"leave {self.field} out of the problem: the costs are what varies")
        if "P" in fields:
            raise ValueError("P makes the objective quadratic: only problems with a linear cost will do")
        self.binary = _binary(self.kind, fields)
        self.client = Client(client) if isinstance(client, str) else client
        self._options: Fields = {"solver": solver, "tolerance": tolerance, "time_limit": time_limit}
        self._options |= {"max_iterations": max_iterations, "timeout": timeout}
        self._fields = fields
        self._base = base if isinstance(problem, RegisteredProblem) else None
        self._batched = any(np.ndim(_values(fields[k])) > _rank(k, fields[k]) for k in RANKS.keys() & fields.keys())

    def __repr__(self) -> str:
        return f"Minimizer({self.kind or 'program'})"

    def __call__(self, cost: Any) -> Array:
        """Minimizers, in the shape of the costs; NaN where there is none."""
        return self.solve(cost)[0].x

    def solve(self, *costs: Any, perturbation: Perturbation | None = None) -> list[Minima]:
        """Minimizers of several batches of costs, in one request unless the constraints have a batch axis.

        Args:
            costs: float[..., *shape] each, with the same shape.
            perturbation: noise; each x is then a mean over the samples.
        """
        arrays = [real(self.field, cost) for cost in costs]
        shape = arrays[0].shape
        if any(array.shape != shape for array in arrays) or len(shape) < self.rank:
            raise ValueError(
                f"costs must have one shape with at least {self.rank} axes, not "
                + " and ".join(str(list(array.shape)) for array in arrays)
            )
        if self._batched:
            return [part for array in arrays for part in self._request([array], perturbation)]
        return self._request(arrays, perturbation)

    def base(self) -> RegisteredProblem:
        """The problem as registered with the service; registers it at the first call."""
        if self._base is None:
            client = self.client or default_client()
            self._base = client.register(self._fields, timeout=self._options["timeout"])
        return self._base

    def _request(self, arrays: Sequence[Array], perturbation: Perturbation | None) -> list[Minima]:
        shape = arrays[0].shape
        lead = shape[: len(shape) - self.rank]
        count, one = math.prod(lead), shape[len(shape) - self.rank :]
        together = np.concatenate([array.reshape(count, *one) for array in arrays])
        solution = (self.client or default_client()).solve(
            self.base().replace(**{self.field: together}),
            perturbation=perturbation,
            retain=False,
            **self._options,
        )
        solution = replace(solution, status=list(solution.status))
        objective = solution.objective if perturbation is None else solution.smoothed_objective
        if objective is None:
            raise InvalidResponse("the answer to /solve with noise has no smoothed_objective")
        parts = []
        for start in range(0, len(together), count) if count else [0] * len(arrays):
            mine = slice(start, start + count)
            part = Minima(
                x=solution.x[mine].reshape(shape),
                objective=objective[mine].reshape(lead),
                ok=solution.ok[mine].reshape(lead),
                status=list(solution.status)[mine],
                solution=solution,
            )
            parts.append(part)
        return parts


def _values(field: Any) -> Any:
    return field["values"] if isinstance(field, Mapping) else field


def _rank(name: str, field: Any) -> int:
    return 1 if isinstance(field, Mapping) else RANKS[name]


def _binary(kind: str | None, fields: Fields) -> bool | None:
    """Whether x is an indicator; of programs, whether x lies in [0, 1]^n, where distances to 0/1 points are linear."""
    if kind == "min-cost-flow":
        return bool((np.asarray(fields["capacity"]) <= 1).all()) if "capacity" in fields else None
    if kind is not None:
        return kind != "ranking"
    if "lb" not in fields or "ub" not in fields:
        return None
    lb, ub = (np.asarray(as_numpy(fields[name])) for name in ("lb", "ub"))
    return True if (lb >= 0).all() and (ub <= 1).all() else None

"""Large batches in parts: which instances go together, and how the answers become one again.

The parts of a batch are solved independently, so every instance's answer is what it would have been. Gradients of
shared fields are sums over the batch: the service sums each part in the order of its instances, and the parts are
added in their order here, whichever answers first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np

from ._problem import RANKS, Array, Fields, ProblemLike, RegisteredProblem, Sparse
from ._progress import Advance, bar
from ._solution import GradientFields, Gradients, Outer, Solution
from ._workers import Workers

Part = TypeVar("Part", Solution, Gradients)
Chunk: TypeAlias = int | Literal["auto"]

# "auto" stays well within what a service accepts by default (4096 instances, 64 MB): a backward may have to carry the
# problem, the solution and the upstream gradient at once.
_INSTANCES = 4096
_BYTES = 16 << 20
_COST_RANKS = {"grid-shortest-path": 2, "assignment": 2, "tsp": 2}


class Batched:
    """The fields of a problem, ready for the wire, that differ from instance to instance.

    Attributes:
        size: of the batch; None without one.
    """

    def __init__(self, base: RegisteredProblem | None, fields: Fields) -> None:
        self.base = base
        self.whole = {**base.fields, **fields} if base else fields
        self.own = fields
        ranks = dict(RANKS)
        if "type" in self.whole:
            ranks = {"cost": _COST_RANKS.get(str(self.whole["type"]), 1)}
        self.names = [
            name for name, value in self.whole.items() if name in ranks and _rank(value) > _base(ranks, name, value)
        ]
        sizes = {len(_array(self.whole[name])) for name in self.names}
        self.size: int | None = sizes.pop() if len(sizes) == 1 else None  # if they disagree, the service says how

    def part(self, start: int, stop: int) -> tuple[RegisteredProblem | None, Fields]:
        """Base and fields of some of the instances."""
        return self.base, {**self.own, **{name: _slice(self.whole[name], start, stop) for name in self.names}}

    def ranges(self, chunk: Chunk) -> list[tuple[int, int]]:
        """Where to split, as even as possible; a single range if there is nothing to split."""
        if chunk != "auto" and not _positive(chunk):
            raise ValueError(f'chunk must be "auto" or a positive number of instances, not {chunk!r}')
        if not self.size:
            return [(0, 0)]
        limit = self._fitting(self.size) if chunk == "auto" else chunk
        count = -(-self.size // limit)
        edges = [self.size * i // count for i in range(count + 1)]
        return list(pairwise(edges))

    def _fitting(self, size: int) -> int:
        batched = sum(_array(self.whole[name]).nbytes for name in self.names)
        shared = sum(_bytes(value) for name, value in self.own.items() if name not in self.names)
        if batched + shared <= _BYTES and size <= _INSTANCES:
            return size
        each = batched / size
        return int(min(_INSTANCES, max(1.0, (_BYTES - shared) / max(each, 1.0))))


def _positive(chunk: Any) -> bool:
    return isinstance(chunk, int | np.integer) and not isinstance(chunk, bool) and bool(chunk > 0)


def _array(value: Any) -> Array:
    return np.asarray(value["values"] if isinstance(value, Mapping) else value)


def _rank(value: Any) -> int:
    return _array(value).ndim


def _base(ranks: Mapping[str, int], name: str, value: Any) -> int:
    return 1 if isinstance(value, Mapping) else ranks[name]


def _bytes(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(_bytes(part) for part in value.values())
    return value.nbytes if isinstance(value, np.ndarray) else 0


def _slice(value: Any, start: int, stop: int) -> Any:
    if isinstance(value, Mapping):
        return {**value, "values": _array(value)[start:stop]}
    return _array(value)[start:stop]


def sliced(parts: Mapping[str, Any], size: int, start: int, stop: int) -> Fields:
    """Some instances of arrays that have one row for each of `size` instances (an upstream gradient, tau)."""
    return {
        name: array[start:stop] if (array := np.asarray(value)).ndim and len(array) == size else array
        for name, value in parts.items()
    }


def spread(
    workers: Workers, ranges: Sequence[tuple[int, int]], work: Callable[[int, int], Part], what: str, *, show: bool
) -> list[Part]:
    """Does the parts of a batch at once, and returns their answers in the order of the batch.

    Args:
        workers: whose threads do it.
        ranges: first and last + 1 instance of each part.
        work: does one part.
        what: for the progress bar.
        show: the bar.
    """
    futures = []
    with bar(ranges[-1][1], what, show=show) as advance:
        try:
            for start, stop in ranges:
                futures.append(workers.submit(work, start, stop))
                futures[-1].add_done_callback(partial(_moved, advance, stop - start))
            return [future.result() for future in futures]
        finally:
            for future in futures:  # after a failure the rest is not wanted any more
                future.cancel()


def _moved(advance: Advance, count: int, _done: object) -> None:
    advance(count)


def join_solutions(parts: Sequence[Solution], problem: ProblemLike | None) -> Solution:
    """The solution of the whole batch, whose problem this was."""
    first = parts[0]

    def together(name: str) -> Any:
        arrays = [getattr(part, name) for part in parts]
        return None if any(array is None for array in arrays) else np.concatenate(arrays)

    return Solution(
        **{name: together(name) for name in ("x", "y", "z", "s", "z_box", "objective", "iterations")},
        status=[one for part in parts for one in part.status],
        residuals={name: np.concatenate([part.residuals[name] for part in parts]) for name in first.residuals},
        solve_seconds=sum(part.solve_seconds for part in parts),
        id=None,
        solver=_distinct(part.solver for part in parts),
        reason=first.reason,
        details=_details(parts),
        problem=problem,
        chunks=tuple(parts),
    )


def _details(parts: Sequence[Solution]) -> list[Any] | None:
    if all(part.details is None for part in parts):
        return None
    return [one for part in parts for one in (part.details or [None] * len(part.status))]


def split_solution(solution: Solution, ranges: Sequence[tuple[int, int]]) -> tuple[Solution, ...]:
    """A solution that the service does not retain, in parts: as much of each as has to be sent."""
    if len(ranges) < 2:
        return ()
    return tuple(
        replace(solution, problem=None, **{name: array[start:stop] for name, array in solution.parts().items()})
        for start, stop in ranges
    )


def join_gradients(parts: Sequence[Gradients], ranks: Mapping[str, int]) -> Gradients:
    """The gradients of the whole batch: rows of batched fields one after another, those of shared fields added up."""
    first = parts[0]
    solvers = [part.solver for part in parts if part.solver is not None]
    sizes = [len(part.status) for part in parts]
    return Gradients(
        fields=GradientFields({name: _join(name, [part.fields for part in parts], ranks) for name in first.fields}),
        status=[one for part in parts for one in part.status],
        diagnostics={name: _joined([part.diagnostics[name] for part in parts], sizes) for name in first.diagnostics},
        solutions=_sides([part.solutions for part in parts], sizes, np.nan),
        solver=_distinct(solvers) if solvers else None,
        solve_seconds=sum(part.solve_seconds for part in parts),
        reason=first.reason,
    )


def _joined(parts: Sequence[Any], sizes: Sequence[int]) -> Any:
    """A diagnostic of all instances, perhaps one for each side; what is not of instances is that of the first part."""
    if isinstance(parts[0], Mapping):
        return _sides(parts, sizes, 0)
    return np.concatenate(parts) if np.ndim(parts[0]) else parts[0]


def _sides(parts: Sequence[Mapping[str, Any]], sizes: Sequence[int], fill: float) -> dict[str, Any]:
    """Arrays, or mappings of them, by side: a part whose instances all failed has no side, and gets rows of `fill`."""

    def together(arrays: Sequence[Any]) -> Any:
        given = next(array for array in arrays if array is not None)
        if isinstance(given, Mapping):
            return _sides([array or {} for array in arrays], sizes, fill)
        if not np.ndim(given):
            return given
        return np.concatenate([
            np.full((size, *given.shape[1:]), fill, given.dtype) if array is None else array
            for array, size in zip(arrays, sizes, strict=True)
        ])  # fmt: skip

    names = dict.fromkeys(name for part in parts for name in part)
    return {name: together([part.get(name) for part in parts]) for name in names}


def _join(name: str, fields: Sequence[GradientFields], ranks: Mapping[str, int]) -> Any:
    sent = [some.as_sent(name) for some in fields]
    if all(isinstance(one, Outer) for one in sent) and len({one.left.shape[1] for one in sent}) == 1:
        return Outer(*(np.concatenate([getattr(one, side) for one in sent]) for side in ("left", "right")))
    gradients = [some[name] for some in fields]
    first = gradients[0]
    if isinstance(first, Sparse):
        values = _join_arrays([gradient.values for gradient in gradients], batched=first.values.ndim > 1)
        return Sparse(first.shape, first.rows, first.cols, values, first.triangle)
    return _join_arrays(gradients, batched=first.ndim > ranks.get(name, 1))


def _join_arrays(arrays: Sequence[Array], *, batched: bool) -> Array:
    if batched:
        return np.concatenate(arrays)
    total = arrays[0].copy()
    for array in arrays[1:]:
        total += array
    return total


def _distinct(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))

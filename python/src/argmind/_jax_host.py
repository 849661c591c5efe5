"""What a JAX layer does on the host: one request for all the axes that vmap has put in front.

Arrays come with their own axes at the end and batch axes in front of them, of length 1 where vmap did not map (its
"expand_dims"). Fields that were not mapped stay shared, unless a gradient by them is wanted: JAX wants it for each
instance, and the service would answer its sum.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ._client import Client
from ._problem import Array, Fields, RegisteredProblem, Sparse
from ._solution import Gradients, Solution

TOKEN = 64  # bytes that name an instance of a retained solve: 56 of the id, then its number and the batch's size
PARTS = ("x", "y", "z", "z_box")


@dataclass(frozen=True, eq=False)
class Slot:
    """A field that travels: its name, the rank of one instance's array, the pattern of a sparse matrix."""

    name: str
    rank: int
    pattern: Sparse | None = None

    def wire(self, array: Array) -> Any:
        """As the contract writes it."""
        return array if self.pattern is None else replace(self.pattern, values=array)


@dataclass(eq=False)
class Last:
    """What became of the latest forward and the latest backward that have run."""

    solution: Solution | None = None
    backward: Gradients | None = None


@dataclass(frozen=True, eq=False)
class Host:
    """The host's side of one call of a layer.

    Attributes:
        client: of the service.
        base: the registered constants, if any.
        fixed: fields that are sent with each call as they are.
        slots: fields that come from JAX, in order.
        outputs: what is wanted, of x, y, z, s, objective, ok.
        sizes: shape of each output and part for one instance.
        dtype: of the outputs.
        fill: of the outputs of failed instances.
        solving: options of solves.
        pulling: options of backwards.
        last: where to note the answers.
    """

    client: Client
    base: RegisteredProblem | None
    fixed: Fields
    slots: tuple[Slot, ...]
    outputs: tuple[str, ...]
    sizes: Mapping[str, tuple[int, ...]]
    dtype: np.dtype[Any]
    fill: float
    solving: Fields
    pulling: Fields
    last: Last

    def forward(self, wrt: tuple[str, ...], *values: Any) -> tuple[Array, ...]:
        """Solves.

        Args:
            wrt: fields whose gradients may be asked for; empty if none will be.
            *values: of the slots.

        Returns:
            The outputs, then with `wrt` the parts of the solution and the token, all with the batch axes.
        """
        arrays = [np.asarray(value) for value in values]
        lead = _lead(arrays, [slot.rank for slot in self.slots])
        fields = self._fields(arrays, lead, wrt)
        solution = self.client.solve(fields, retain=bool(wrt), keep_problem=False, **self.solving)
        self.last.solution = solution
        ok = np.asarray(solution.ok)
        results = [self._output(name, solution, ok) for name in self.outputs]
        if wrt:
            results += [self._part(solution, name) for name in PARTS]
            results.append(_tokens(solution, ok.shape))
        return tuple(self._spread(array, ok.ndim, lead) for array in results)

    def backward(self, wrt: tuple[str, ...], upstream: tuple[str, ...], *inputs: Any) -> tuple[Array, ...]:
        """Pulls gradients back.

        Args:
            wrt: the fields.
            upstream: the outputs that have a gradient.
            *inputs: values of the slots, parts of the solution, the token, tau, and the upstream gradients.

        Returns:
            A gradient for each of `wrt`, with the batch axes.
        """
        arrays = [np.asarray(value) for value in inputs]
        ranks = [*(slot.rank for slot in self.slots), *(len(self.sizes[name]) for name in PARTS), 1, 0]
        ranks += [len(self.sizes[name]) for name in upstream]
        lead = _lead(arrays, ranks)
        count = math.prod(lead)
        k = len(self.slots)
        values, parts, token, tau = arrays[:k], arrays[k : k + len(PARTS)], arrays[k + 4], arrays[k + 5]
        solution = self._solution(parts, token, lead)
        solved = ~np.isnan(solution.x.reshape(count, -1)).any(axis=1)
        gradients = {
            name: _flat(array, lead, len(self.sizes[name])).astype(self.dtype).copy()
            for name, array in zip(upstream, arrays[k + 6 :], strict=True)
        }
        broken = np.zeros(count, bool)  # upstream gradients that are not finite make theirs so, and no others
        for array in gradients.values():
            broken |= solved & ~np.isfinite(array.reshape(count, -1)).all(axis=1)
        for array in gradients.values():
            array[broken | ~solved] = 0.0
        asked = {name: array if solution.x.ndim > 1 else array[0] for name, array in gradients.items() if array.any()}
        shapes = {s.name: (*lead, *v.shape[v.ndim - s.rank :]) for s, v in zip(self.slots, values, strict=True)}
        answer: Gradients | None = None
        if asked:
            options = dict(self.pulling)
            if options["method"] == "lpgd" and options["tau"] is None:
                options["tau"] = _flat(tau, lead, 0) if tau.size > 1 else float(tau.ravel()[0])
            answer = self.client.lpgd_backward(
                solution, asked, problem=lambda: self._fields(values, lead, wrt), wrt=wrt, **options
            )
            self.last.backward = answer
        return tuple(self._gradient(answer, name, shapes[name], broken) for name in wrt)

    def _gradient(self, answer: Gradients | None, name: str, shape: tuple[int, ...], broken: Array) -> Array:
        if answer is None:
            array = np.zeros(shape, self.dtype)
        else:
            field = answer[name]
            array = np.asarray(field.values if isinstance(field, Sparse) else field)
            array = np.array(array.reshape(shape), dtype=self.dtype)
        if broken.any():
            array.reshape(len(broken), -1)[broken] = np.nan
        return array

    def _fields(self, arrays: Sequence[Array], lead: tuple[int, ...], wrt: tuple[str, ...]) -> Fields:
        fields: Fields = {"base": self.base} if self.base else {}
        fields |= self.fixed
        for slot, array in zip(self.slots, arrays, strict=True):
            own = array.shape[array.ndim - slot.rank :]
            single = math.prod(lead) == 1 and not lead
            shared = array.size == math.prod(own) and (slot.name not in wrt or single)
            fields[slot.name] = slot.wire(array.reshape(own) if shared else _flat(array, lead, slot.rank))
        return fields

    def _output(self, name: str, solution: Solution, ok: Array) -> Array:
        if name == "ok":
            return ok
        array = self._part(solution, name)
        if not ok.all():
            array = array.copy()
            array[~ok] = self.fill
        return array

    def _part(self, solution: Solution, name: str) -> Array:
        array = getattr(solution, name)
        if array is None:
            return np.full((*np.shape(solution.ok), *self.sizes[name]), np.nan, self.dtype)
        return np.asarray(array, self.dtype)

    def _spread(self, array: Array, batched: int, lead: tuple[int, ...]) -> Array:
        """An answer with the batch axes: one axis made several, or none repeated."""
        if batched:
            return array.reshape(*lead, *array.shape[1:])
        return np.broadcast_to(array, (*lead, *array.shape)).copy()

    def _solution(self, parts: Sequence[Array], token: Array, lead: tuple[int, ...]) -> Solution:
        """What there is of the solution, with the id if these are the instances of one retained solve, in order."""
        named = _read(_flat(token, lead, 1))
        batched = bool(lead) if named is None else named[1]
        flat = {name: _flat(array, lead, len(self.sizes[name])) for name, array in zip(PARTS, parts, strict=True)}
        known = {name: array if batched else array[0] for name, array in flat.items()}
        duals = {name: None if np.isnan(known[name]).all() else known[name] for name in ("y", "z", "z_box")}
        blank = np.zeros(0)
        return Solution(
            x=known["x"], y=duals["y"], z=duals["z"], s=None, z_box=duals["z_box"], objective=blank, status=[],
            residuals={}, iterations=blank, solve_seconds=0.0, id=None if named is None else named[0], solver="",
        )  # fmt: skip


def _lead(arrays: Sequence[Array], ranks: Sequence[int]) -> tuple[int, ...]:
    return np.broadcast_shapes(*(a.shape[: a.ndim - rank] for a, rank in zip(arrays, ranks, strict=True)))


def _flat(array: Array, lead: tuple[int, ...], rank: int) -> Array:
    """float[instances, ...]: batch axes broadcast and made one."""
    own = array.shape[array.ndim - rank :]
    return np.ascontiguousarray(np.broadcast_to(array, (*lead, *own))).reshape(math.prod(lead), *own)


def _tokens(solution: Solution, shape: tuple[int, ...]) -> Array:
    """uint8[..., TOKEN]: the id, the instance's number, and how many there are (0 if the problem had no batch)."""
    name = (solution.id or "").encode()
    count = shape[0] if shape else 0
    tokens = np.zeros((max(count, 1), TOKEN), np.uint8)
    if 0 < len(name) <= TOKEN - 8:
        tokens[:, : len(name)] = np.frombuffer(name, np.uint8)
        numbers = np.stack([np.arange(max(count, 1)), np.full(max(count, 1), count)], axis=1).astype("<u4")
        tokens[:, -8:] = numbers.view(np.uint8)
    return tokens if shape else tokens[0]


def _read(tokens: Array) -> tuple[str, bool] | None:
    """The id, and whether the problem had a batch; None if these are not all instances of one solve in their order."""
    names, numbers = tokens[:, :-8], np.ascontiguousarray(tokens[:, -8:]).view("<u4")
    if not len(tokens) or not names[0].any() or (names != names[0]).any():
        return None
    count = int(numbers[0, 1])
    if max(count, 1) != len(tokens) or (numbers[:, 0] != np.arange(len(tokens))).any():
        return None
    return names[0].tobytes().rstrip(b"\0").decode(), count > 0

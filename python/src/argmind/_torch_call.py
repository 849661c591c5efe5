"""One call of the PyTorch layer as a node of the autograd graph."""

import inspect
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor

from ._client import Client
from ._errors import InvalidResponse, SolveFailed
from ._problem import Array, Fields, RegisteredProblem
from ._solution import Gradients, Solution, summary
from ._torch_adaptive import AdaptiveTau
from ._torch_batch import Batch

OutputName: TypeAlias = Literal["x", "y", "z", "s", "objective"]
OnFailure: TypeAlias = Literal["raise", "zero", "nan"]

NO_VMAP = "argmind layers batch by themselves: give the fields a batch axis instead of using torch.vmap"
NO_SECOND = "argmind layers have no second derivative"


class FailedInstancesWarning(UserWarning):
    """Perturbed solves of some instances failed, and their gradients are zero."""


@dataclass(eq=False)
class Info:
    """What became of one call.

    Attributes:
        solution: the service's answer as NumPy arrays, the batch axes made one; its status, solver, reason,
            iterations, residuals and solve_seconds are of interest.
        ok: bool tensor [...]: the instances that have a solution.
        backward: the answer to the latest backward, with its status and diagnostics; None before it. Its gradients
            are those that PyTorch got, in the same memory.
    """

    solution: Solution
    ok: Tensor
    backward: Gradients | None = None

    @property
    def status(self) -> str | list[str]:
        """One string, or one for each instance of the flattened batch."""
        return self.solution.status


class Output(tuple[Tensor, ...]):
    """The outputs asked for, by position and by name (`x, y = out`, `out.x`), and `info` about the call."""

    info: Info
    _names: tuple[str, ...]

    def __new__(cls, tensors: Sequence[Tensor], names: Sequence[str], info: Info) -> "Output":
        self = super().__new__(cls, tuple(tensors))
        self.info = info
        self._names = tuple(names)
        return self

    def __getattr__(self, name: str) -> Tensor:
        names = self.__dict__.get("_names", ())
        if name not in names:
            raise AttributeError(f"{name!r} is not among the outputs {names}")
        tensor: Tensor = self[names.index(name)]
        return tensor

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self), self._names, self.info


@dataclass(eq=False)
class Call:
    """One forward and its backwards."""

    client: Client
    base: RegisteredProblem | None
    batch: Batch
    outputs: tuple[str, ...]
    on_failure: OnFailure
    solving: Fields
    pulling: Fields
    tuner: AdaptiveTau | None = None
    info: Info = None  # type: ignore[assignment]  # set by forward
    prefetched: Solution | None = None

    def problem(self, tensors: Sequence[Tensor]) -> Fields:
        return {"base": self.base, **self.batch.problem(tensors)}

    def solve(self, tensors: Sequence[Tensor]) -> Solution:
        """Asks the service; the only part of a forward that may happen in another thread."""
        return self.client.solve(self.problem(tensors), keep_problem=False, **self.solving)

    def forward(self, tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
        solution = self.prefetched or self.solve(tensors)
        ok = np.asarray(solution.ok)
        if self.on_failure == "raise" and not ok.all():
            raise failed("have no solution", ~np.atleast_1d(ok), solution.status)
        self.info = Info(solution, torch.as_tensor(ok, device=self.batch.device).reshape(self.batch.lead))
        return tuple(self.batch.tensor(self._output(name, ok)) for name in self.outputs)

    def _output(self, name: str, ok: Array) -> Array:
        array: Array | None = getattr(self.info.solution, name)
        if array is None:
            rows = {"y": "b", "z": "h", "s": "h"}[name]
            if rows in {*self.batch.constants, *(self.base.fields if self.base else ()), *self._names}:
                raise ValueError(f"{self.info.solution.solver} gives no {name} for this problem; it has no duals")
            return np.zeros((*ok.shape, 0))
        if not ok.all():
            array = array.copy()
            array[~ok] = 0.0 if self.on_failure == "zero" else np.nan
        return array

    @property
    def _names(self) -> list[str]:
        return [slot.name for slot in self.batch.slots]

    def backward(
        self, tensors: Sequence[Tensor], upstream: Sequence[Tensor | None], wanted: Sequence[bool]
    ) -> list[Tensor | None]:
        solved = np.atleast_1d(self.info.solution.ok)
        broken = np.zeros_like(solved)  # instances whose upstream gradient is not finite: theirs is NaN
        arrays = {}
        for name, gradient in zip(self.outputs, upstream, strict=True):
            if gradient is not None:
                array = self.batch.upstream(gradient)
                broken |= solved & ~np.isfinite(array).all(axis=tuple(range(1, array.ndim)))
                arrays[name] = array
        for array in arrays.values():
            array[broken | ~solved] = 0.0
        arrays = {name: self.batch.as_sent(array) for name, array in arrays.items() if array.any()}
        wrt = [slot.name for slot, want in zip(self.batch.slots, wanted, strict=True) if want]
        gradients = self._pull_back(arrays, tensors, wrt, solved) if arrays else None
        return [
            self.batch.gradient(slot, tensor, gradients.fields if gradients else None, broken) if want else None
            for slot, tensor, want in zip(self.batch.slots, tensors, wanted, strict=True)
        ]

    def _pull_back(
        self, upstream: dict[str, Array], tensors: Sequence[Tensor], wrt: list[str], solved: Array
    ) -> Gradients:
        gradients = self.client.lpgd_backward(
            self.info.solution,
            upstream,
            problem=lambda: self.problem(tensors),
            wrt=wrt,
            adaptive=None if self.tuner is None else self.tuner.state(),
            **self.pulling,
        )
        self.info.backward = gradients
        if missing := set(wrt) - set(gradients):
            raise InvalidResponse(f"the service gave no gradient by {sorted(missing)}")
        if self.tuner is not None:
            self.tuner.learn(gradients.diagnostics["adaptive"])
        lost = solved & ~np.atleast_1d(gradients.ok)
        if lost.any():
            if self.on_failure == "raise":
                raise failed("have no gradient", lost, gradients.status)
            warnings.warn(
                "perturbed solves of some instances failed and their gradients are zero; see Layer.last.backward",
                FailedInstancesWarning,
                stacklevel=2,
            )
        return gradients


def run(call: Call, tensors: Sequence[Tensor]) -> Output:
    """Makes the call; its outputs remember how to pull gradients back to the tensors."""
    results: tuple[Tensor, ...] = _Solve.apply(call, *tensors)
    return Output(results, call.outputs, call.info)


class _Solve(torch.autograd.Function):
    """The call as one node of the graph. The inputs are saved, so that changing them in place is noticed."""

    @staticmethod
    def forward(call: Call, *tensors: Tensor) -> tuple[Tensor, ...]:
        return call.forward(tensors)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:  # noqa: ARG004
        ctx.call, *tensors = inputs
        ctx.save_for_backward(*tensors)
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor | None) -> tuple[Tensor | None, ...]:
        pull = _PullBack.apply if torch.is_grad_enabled() else _PullBack.forward  # without a graph, no node is needed
        return (None, *pull(ctx.call, ctx.needs_input_grad[1:], *ctx.saved_tensors, *upstream))

    @staticmethod
    def vmap(*_args: Any) -> Any:
        raise NotImplementedError(NO_VMAP)


# PyTorch looks it up in every call
_Solve.forward.__signature__ = inspect.signature(_Solve.forward)  # type: ignore[attr-defined]


class End(torch.autograd.Function):
    """A node that ends the graph: there is no second derivative."""

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        pass

    @staticmethod
    def backward(*_args: Any) -> Any:
        raise NotImplementedError(NO_SECOND)

    @staticmethod
    def vmap(*_args: Any) -> Any:
        raise NotImplementedError(NO_VMAP)


class _PullBack(End):
    """The backward as a node of its own: it sees plain tensors under torch.func too, and ends the graph."""

    @staticmethod
    def forward(call: Call, wanted: Sequence[bool], *tensors: Any) -> tuple[Tensor | None, ...]:
        return tuple(call.backward(tensors[: len(wanted)], tensors[len(wanted) :], wanted))


def failed(what: str, where: Array, status: str | list[str], hint: str = "; see on_failure") -> SolveFailed:
    """The exception that names instances: bool[B] says which."""
    every = [status] if isinstance(status, str) else status
    indices = [int(i) for i in np.flatnonzero(where)]
    statuses = [every[i] for i in indices]
    groups = []
    for name, count in summary(statuses).items():
        found = [str(i) for i in indices if every[i] == name]
        groups.append(f"{count} {name} (at {', '.join(found[:10])}{', ...' if count > 10 else ''})")
    message = f"{len(indices)} of {len(every)} instances {what}: {', '.join(groups)}{hint}"
    return SolveFailed(message, indices, statuses)

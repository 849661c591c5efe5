"""A loss whose gradient is known with its value, as a node of the autograd graph."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import torch
from torch import Tensor

from . import kinds, losses
from ._minimizer import Minimizer
from ._problem import Array, ProblemLike, as_numpy
from ._torch_batch import cost_dtype
from ._torch_call import NO_VMAP, End, OnFailure, failed
from ._torch_discrete import CombinatorialLayer

Reduction: TypeAlias = Literal["mean", "sum", "none"]
ProblemOf: TypeAlias = ProblemLike | kinds.Kind | Minimizer | CombinatorialLayer
Compute: TypeAlias = Callable[..., losses.LossValue]


def minimizer_of(problem: ProblemOf, options: dict[str, Any]) -> Minimizer:
    """The problem without its costs."""
    if isinstance(problem, CombinatorialLayer):
        problem = problem.minimizer
    if not isinstance(problem, Minimizer):
        return Minimizer(problem, **options)
    if options:
        raise TypeError(f"give {', '.join(options)} to the Minimizer or layer")
    return problem


def check(reduction: str, on_failure: str) -> None:
    """Raises ValueError for an unknown word."""
    for name, value, known in (
        ("reduction", reduction, get_args(Reduction)),
        ("on_failure", on_failure, get_args(OnFailure)),
    ):
        if value not in known:
            raise ValueError(f"{name} must be one of {known}, not {value!r}")


def differentiable(
    cost: Tensor, constants: Sequence[Any], compute: Compute, reduction: Reduction, on_failure: OnFailure
) -> tuple[Tensor, losses.LossValue]:
    """The reduced loss, and what it was computed from.

    Args:
        cost: the predicted costs.
        constants: what else the loss depends on: tensors, arrays, or None.
        compute: the loss from costs and constants as NumPy arrays.
        reduction: over the batch.
        on_failure: what an instance without a solution does.
    """
    check(reduction, on_failure)
    found: list[losses.LossValue] = []

    def numbers(array: Array, *others: Any) -> tuple[Array, Array]:
        loss = compute(array, *others)
        found.append(loss)
        if on_failure == "raise" and not loss.ok.all():
            raise failed("have no value", ~np.atleast_1d(loss.ok).ravel(), loss.status)
        value = np.where(loss.ok, loss.value, 0.0 if on_failure == "zero" else np.nan)
        return value, np.zeros_like(array) if loss.gradient is None else loss.gradient

    value, _ = _Loss.apply(cost, numbers, *constants)
    if reduction != "none":
        value = value.mean() if reduction == "mean" else value.sum()
    return value, found[0]


class _Loss(torch.autograd.Function):
    """A loss of each instance, whose gradient is known with it."""

    @staticmethod
    def forward(cost: Tensor, numbers: Callable[..., tuple[Array, Array]], *constants: Any) -> tuple[Tensor, Tensor]:
        arrays = numbers(*map(as_numpy, (cost, *constants)))
        value, gradient = (torch.tensor(array, dtype=cost_dtype(cost), device=cost.device) for array in arrays)
        return value, gradient

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
        ctx.mark_non_differentiable(output[1])
        ctx.save_for_backward(inputs[0], output[1])
        ctx.constants = len(inputs) - 1

    @staticmethod
    def backward(ctx: Any, upstream: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        return _Scale.apply(*ctx.saved_tensors, upstream), *(None,) * ctx.constants

    @staticmethod
    def vmap(*_args: Any) -> Any:
        raise NotImplementedError(NO_VMAP)


class _Scale(End):
    """Upstream gradient times gradient, which ends the graph."""

    @staticmethod
    def forward(_cost: Tensor, gradient: Tensor, upstream: Tensor) -> Tensor:
        upstream = upstream.reshape(*upstream.shape, *(1,) * (gradient.ndim - upstream.ndim))
        # An instance without a solution has the gradient zero, whatever comes from above.
        return torch.where(gradient == 0, 0, upstream * gradient)

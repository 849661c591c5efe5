"""A loss whose gradient is known with its value, as a node of the autograd graph."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import torch
from torch import Tensor

from . import kinds, losses
from ._minimizer import Minimizer
from ._problem import Array, ProblemLike, as_numpy
from ._torch_batch import cost_dtype
from ._torch_call import NO_SECOND, NO_VMAP, OnFailure, failed
from ._torch_discrete import CombinatorialLayer

Reduction: TypeAlias = Literal["mean", "sum", "none"]
ProblemOf: TypeAlias = ProblemLike | kinds.Kind | Minimizer | CombinatorialLayer


def minimizer_of(problem: ProblemOf, options: dict[str, Any]) -> Minimizer:
    """The problem without its costs."""
    if isinstance(problem, CombinatorialLayer):
        problem = problem.minimizer
    if not isinstance(problem, Minimizer):
        return Minimizer(problem, **options)
    if options:
        raise TypeError(f"give {', '.join(options)} to the Minimizer or layer")
    return problem


def optional(value: Any) -> Any:
    """As NumPy, if it is there."""
    return None if value is None else as_numpy(value)


def check(reduction: str, on_failure: str) -> None:
    """Raises ValueError for an unknown word."""
    for name, value, known in (
        ("reduction", reduction, get_args(Reduction)),
        ("on_failure", on_failure, get_args(OnFailure)),
    ):
        if value not in known:
            raise ValueError(f"{name} must be one of {known}, not {value!r}")


def differentiable(
    cost: Tensor, compute: Callable[[Array], losses.LossValue], reduction: Reduction, on_failure: OnFailure
) -> tuple[Tensor, losses.LossValue]:
    """The reduced loss, and what it was computed from."""
    check(reduction, on_failure)
    found: list[losses.LossValue] = []

    def numbers(array: Array) -> tuple[Array, Array]:
        loss = compute(array)
        found.append(loss)
        if on_failure == "raise" and not loss.ok.all():
            raise failed("have no value", ~np.atleast_1d(loss.ok).ravel(), loss.status)
        value = np.where(loss.ok, loss.value, 0.0 if on_failure == "zero" else np.nan)
        return value, np.zeros_like(array) if loss.gradient is None else loss.gradient

    value, _ = _Loss.apply(cost, numbers)
    if reduction != "none":
        value = value.mean() if reduction == "mean" else value.sum()
    return value, found[0]


class _Loss(torch.autograd.Function):
    """A loss of each instance, whose gradient is known with it."""

    @staticmethod
    def forward(cost: Tensor, compute: Callable[[Array], tuple[Array, Array]]) -> tuple[Tensor, Tensor]:
        arrays = compute(as_numpy(cost))
        value, gradient = (torch.tensor(array, dtype=cost_dtype(cost), device=cost.device) for array in arrays)
        return value, gradient

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:  # noqa: ARG004
        ctx.mark_non_differentiable(output[1])
        ctx.save_for_backward(output[1])

    @staticmethod
    def backward(ctx: Any, upstream: Tensor, _: Tensor) -> tuple[Tensor, None]:
        (gradient,) = ctx.saved_tensors
        return _Scale.apply(upstream, gradient), None

    @staticmethod
    def vmap(*_args: Any) -> Any:
        raise NotImplementedError(NO_VMAP)


class _Scale(torch.autograd.Function):
    """Upstream gradient times gradient, which ends the graph."""

    @staticmethod
    def forward(upstream: Tensor, gradient: Tensor) -> Tensor:
        # An instance without a solution has the gradient zero, whatever comes from above.
        return torch.where(
            gradient == 0, 0, upstream.reshape(*upstream.shape, *(1,) * (gradient.ndim - upstream.ndim)) * gradient
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        pass

    @staticmethod
    def backward(*_args: Any) -> Any:
        raise NotImplementedError(NO_SECOND)

    @staticmethod
    def vmap(*_args: Any) -> Any:
        raise NotImplementedError(NO_VMAP)

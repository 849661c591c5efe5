"""Losses for predict-then-optimize: how bad it is to decide by predicted costs, in NumPy.

    >>> paths = argmind.kinds.ShortestPath(edges, nodes=9, source=0, target=8)
    >>> loss = argmind.losses.spo_plus(paths, predicted, true)
    >>> loss.value, loss.gradient           # float[B], and float[B, E]: d value / d predicted

Every loss is one request to the service (where the constraints of a program have a batch axis, one for each solve), and
knows its gradient without another one. All are for linear costs: combinatorial kinds, and linear or integer programs
without their `c`. `argmind.torch` has them as modules and functions of tensors. Notation: x*(c) is a minimizer of
<c, x> over the feasible set, z*(c) = <c, x*(c)>, c^ the prediction, c the true costs.

A failed instance has value NaN and gradient zero, and costs the others nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ._minimizer import Minima, Minimizer
from ._perturbation import Noise, Perturbation
from ._problem import Array, ProblemLike, real
from ._solution import Solution, summary

__all__ = ["LossValue", "Minimizer", "fenchel_young", "regret", "spo_plus", "structured_hinge"]


@dataclass(frozen=True, eq=False)
class LossValue:
    """The loss of each instance.

    Attributes:
        value: float[...]; NaN where an instance has no solution.
        gradient: float[..., *shape], of each value by its own predicted costs, zero where an instance failed; None for
            `regret`, which is piecewise constant.
        ok: bool[...]: the instances that have a value.
        status: list of B, the leading axes made one: of the first solve that failed, else of the first.
        solutions: the service's answers.
    """

    value: Array
    gradient: Array | None
    ok: NDArray[np.bool_]
    status: list[str]
    solutions: list[Solution]

    def summary(self) -> dict[str, int]:
        """How many instances have each status."""
        return summary(self.status)


def spo_plus(
    problem: ProblemLike | Minimizer, cost: Any, true_cost: Any, *, true_solution: Any = None, **options: Any
) -> LossValue:
    """The SPO+ loss, a convex upper bound of the regret (Elmachtoub and Grigas 2022, "Smart Predict, then Optimize").

        value    = max_x <c - 2c^, x> + 2 <c^, x*(c)> - z*(c) = <2c^ - c, x*(c) - x*(2c^ - c)>
        gradient = 2 (x*(c) - x*(2c^ - c))

    Args:
        problem: one of `argmind.kinds`, a program without `c`, or a `Minimizer`.
        cost: float[..., *shape], the predicted costs c^.
        true_cost: like `cost`: c.
        true_solution: x*(c), if it is known from an earlier solve; otherwise it is solved for in the same request.
        options: of the `Minimizer`, if the problem is none.
    """
    minimizer = _minimizer(problem, options)
    cost, true_cost = _alike(minimizer, cost, true_cost)
    reflected = 2 * cost - true_cost
    if true_solution is None:
        spo, best = minimizer.solve(reflected, true_cost)
        target, ok, parts = best.x, spo.ok & best.ok, [spo, best]
    else:
        target = _like(cost, true_solution, "true_solution")
        (spo,) = minimizer.solve(reflected)
        ok, parts = spo.ok, [spo]
    return _value(minimizer, ok, parts, lambda: (_inner(minimizer, reflected, target - spo.x), 2 * (target - spo.x)))


def fenchel_young(
    problem: ProblemLike | Minimizer,
    cost: Any,
    target: Any,
    *,
    sigma: float = 1.0,
    samples: int = 10,
    noise: Noise = "gaussian",
    seed: int = 0,
    **options: Any,
) -> LossValue:
    """The perturbed Fenchel-Young loss (Blondel et al. 2020; Berthet et al. 2020): convex and smooth in the costs.

        value    = <c^, x_target> - F(c^),  F(c) = E min_x <c - sigma Z, x>
        gradient = x_target - E x*(c^ - sigma Z)

    with the expectation over Z as a mean over samples. It leaves out the term that depends on the target alone, the
    conjugate of -F there, so its least value is not zero. With noise of mean zero its expectation is not negative.
    Programs get the same noise as combinatorial kinds, but it is this client that adds it: every sample travels.

    Args:
        problem: one of `argmind.kinds`, a program without `c`, or a `Minimizer`.
        cost: float[..., *shape], the predicted costs c^.
        target: like `cost`: the decision to learn; x*(c), or a mean of decisions.
        sigma: scale of the noise, in units of the costs.
        samples: solves for each instance.
        noise: distribution of Z, "gaussian" or "gumbel".
        seed: of the noise.
        options: of the `Minimizer`, if the problem is none.
    """
    minimizer = _minimizer(problem, options)
    cost = _costs(minimizer, cost)
    target = _like(cost, target, "target")
    (part,) = minimizer.solve(cost, perturbation=Perturbation(samples, seed, noise, sigma))
    return _value(
        minimizer, part.ok, [part], lambda: (_inner(minimizer, cost, target) - part.objective, target - part.x)
    )


def structured_hinge(
    problem: ProblemLike | Minimizer, cost: Any, target: Any, *, scale: Any = 1.0, **options: Any
) -> LossValue:
    """The structured hinge loss with a rescaled margin (Taskar et al. 2003; Tsochantaridis et al. 2005).

        value    = max_x [ D(x) + <c^, x_target - x> ],   D(x) = scale ||x - x_target||^2
        gradient = x_target - x_max

    D is the Hamming distance where x is an indicator. There, and on rankings, it is linear in x, so that the maximum is
    one solve: x_max = x*(c^ - dD/dx). Of programs, x must lie in [0, 1]^n by its bounds, and targets be 0 or 1.

    Args:
        problem: one of `argmind.kinds`, a program without `c`, or a `Minimizer`.
        cost: float[..., *shape], the predicted costs c^.
        target: like `cost`: the decision to learn.
        scale: of the distance, in units of the costs: a number, or float[...], one for each instance.
        options: of the `Minimizer`, if the problem is none.

    Raises:
        ValueError: the distance is not linear: flows beyond 1, programs that are not within [0, 1]^n.
    """
    minimizer = _minimizer(problem, options)
    cost = _costs(minimizer, cost)
    target = _like(cost, target, "target")
    factor = real("scale", scale).astype(cost.dtype)
    if factor.ndim:
        factor = factor.reshape(*factor.shape, *(1,) * minimizer.rank)
    slope = factor * _distance_slope(minimizer, target)
    (worst,) = minimizer.solve(cost - slope)

    def parts() -> tuple[Array, Array]:
        # D(x) = <slope, x - target>: it is linear, and zero at the target.
        return _inner(minimizer, slope - cost, worst.x - target), target - worst.x

    return _value(minimizer, worst.ok, [worst], parts)


def regret(
    problem: ProblemLike | Minimizer,
    cost: Any,
    true_cost: Any,
    *,
    true_objective: Any = None,
    normalized: bool | Literal["batch"] = False,
    **options: Any,
) -> LossValue:
    """How much worse the decision by predicted costs is than the best one: <c, x*(c^)> - z*(c). No gradient.

    Where several x minimize <c^, x>, it is that of the one that the service returned.

    Args:
        problem: one of `argmind.kinds`, a program without `c`, or a `Minimizer`.
        cost: float[..., *shape], the predicted costs c^.
        true_cost: like `cost`: c.
        true_objective: float[...], z*(c), if it is known; otherwise it is solved for in the same request.
        normalized: True divides each instance's regret by its own |z*(c)| (NaN where that is zero); "batch" divides by
            the mean of |z*(c)| over the instances that have a value, so that the mean of the values is the sum of
            regrets by the sum of |z*(c)|, as PyEPO reports it.
        options: of the `Minimizer`, if the problem is none.
    """
    check_normalized(normalized)
    minimizer = _minimizer(problem, options)
    cost, true_cost = _alike(minimizer, cost, true_cost)
    if true_objective is None:
        chosen, best = minimizer.solve(cost, true_cost)
        optimum, ok, parts = _inner(minimizer, true_cost, best.x), chosen.ok & best.ok, [chosen, best]
    else:
        (chosen,) = minimizer.solve(cost)
        optimum, ok, parts = np.asarray(real("true_objective", true_objective)), chosen.ok, [chosen]
        if optimum.shape != ok.shape:
            raise ValueError(f"true_objective must have shape {list(ok.shape)}, not {list(optimum.shape)}")
    loss = _value(minimizer, ok, parts, lambda: (_inner(minimizer, true_cost, chosen.x) - optimum, None))
    if not normalized:
        return loss
    scale: Array = np.abs(optimum)
    if normalized == "batch":
        scale = np.asarray(scale[loss.ok].mean() if loss.ok.any() else np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(scale > 0, loss.value / scale, np.nan)
    return LossValue(value, None, loss.ok & (scale > 0), loss.status, loss.solutions)


def check_normalized(normalized: Any) -> None:
    """Raises ValueError for what `regret` does not know."""
    if not (isinstance(normalized, bool) or (isinstance(normalized, str) and normalized == "batch")):
        raise ValueError(f'normalized must be False, True or "batch", not {normalized!r}')


def _minimizer(problem: ProblemLike | Minimizer, options: dict[str, Any]) -> Minimizer:
    if not isinstance(problem, Minimizer):
        return Minimizer(problem, **options)
    if options:
        raise TypeError(f"give {', '.join(options)} to the Minimizer")
    return problem


def _costs(minimizer: Minimizer, cost: Any) -> Array:
    array = real("cost", cost)
    if array.ndim < minimizer.rank:
        raise ValueError(f"cost must have at least {minimizer.rank} axes, not shape {list(array.shape)}")
    return array


def _alike(minimizer: Minimizer, cost: Any, true_cost: Any) -> tuple[Array, Array]:
    cost = _costs(minimizer, cost)
    return cost, _like(cost, true_cost, "true_cost")


def _like(cost: Array, value: Any, name: str) -> Array:
    array = real(name, value)
    if array.shape != cost.shape:
        raise ValueError(f"{name} must be shaped like cost, {list(cost.shape)}, not {list(array.shape)}")
    return array.astype(cost.dtype, copy=False)


def _inner(minimizer: Minimizer, a: Array, b: Array) -> Array:
    product = np.asarray(np.sum(a * b, axis=tuple(range(-minimizer.rank, 0)), dtype=np.float64))
    return product.astype(a.dtype)


def _distance_slope(minimizer: Minimizer, target: Array) -> Array:
    """The slope of ||x - target||^2 in x, where it is linear."""
    if minimizer.kind == "ranking":  # ||x||^2 is the same for all permutations
        if not (np.sort(target) == np.arange(1, target.shape[-1] + 1)).all():
            raise ValueError("the target must be a permutation of 1 .. n")
        return -2 * target
    if not minimizer.binary:
        raise ValueError("the distance to the target is linear only for indicators, rankings, and programs in [0, 1]^n")
    if not np.isin(target, (0, 1)).all():
        raise ValueError("the target must be 0 or 1 everywhere")
    return 1 - 2 * target


def _value(minimizer: Minimizer, ok: NDArray[np.bool_], parts: Sequence[Minima], compute: Any) -> LossValue:
    with np.errstate(invalid="ignore"):
        value, gradient = compute()
    ok = ok & np.isfinite(value)
    if gradient is not None:
        gradient = np.where(ok.reshape(*ok.shape, *(1,) * minimizer.rank), gradient, gradient.dtype.type(0))
    status = list(parts[0].status)
    for part in parts[1:]:
        bad = ~np.atleast_1d(part.ok).ravel()
        fine = np.atleast_1d(parts[0].ok).ravel()
        status = [
            theirs if b and f else mine for mine, theirs, b, f in zip(status, part.status, bad, fine, strict=True)
        ]
    solutions = list({id(part.solution): part.solution for part in parts}.values())
    return LossValue(np.where(ok, value, np.nan), gradient, ok, status, solutions)

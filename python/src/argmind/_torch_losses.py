"""The losses of `argmind.losses` for tensors, as modules and as functions."""

from collections.abc import Sequence
from typing import Any, Literal

from torch import Tensor, nn

from . import losses
from ._perturbation import Noise
from ._problem import Array
from ._torch_call import OnFailure
from ._torch_discrete import draw_seed
from ._torch_loss import Compute, ProblemOf, Reduction, check, differentiable, minimizer_of


class DecisionLoss(nn.Module):
    """What the losses have in common.

    Leading axes of the costs are the batch. dtype and device of the predicted costs are kept; everything else is a
    constant: only predicted costs have a gradient. Every call is one request; the backward is none.

    Args:
        problem: one of `argmind.kinds`, a `CombinatorialLayer`, a linear or integer program without `c`, or an
            `argmind.losses.Minimizer`.
        reduction: "mean" or "sum" over the batch, or "none".
        on_failure: what an instance without a solution does. "raise": `SolveFailed` with the instances' indices.
            "zero" and "nan": its value is that, its gradient is zero, the rest of the batch is not affected. A mean is
            over all instances.
        options: of the `Minimizer`: client, solver, tolerance, time_limit, max_iterations, timeout.

    Attributes:
        last: `argmind.losses.LossValue` of the latest call, as NumPy arrays.
    """

    def __init__(
        self, problem: ProblemOf, *, reduction: Reduction = "mean", on_failure: OnFailure = "raise", **options: Any
    ) -> None:
        super().__init__()
        check(reduction, on_failure)
        self.reduction, self.on_failure = reduction, on_failure
        self.minimizer = minimizer_of(problem, options)
        self.last: losses.LossValue | None = None

    def extra_repr(self) -> str:
        """Shown by `print(loss)`."""
        return f"{self.minimizer!r}, reduction={self.reduction!r}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "last": None}

    def _of(self, cost: Tensor, constants: Sequence[Any], compute: Compute) -> Tensor:
        result, self.last = differentiable(cost, constants, compute, self.reduction, self.on_failure)
        return result


class SPOPlus(DecisionLoss):
    """The SPO+ loss (Elmachtoub and Grigas 2022): a convex upper bound of the regret.

        value    = <2c^ - c, x*(c) - x*(2c^ - c)>
        gradient = 2 (x*(c) - x*(2c^ - c))

    `loss(cost, true_cost)` solves for x*(c) in the same request; `loss(cost, true_cost, true_solution)` does not.
    Arguments of the constructor: see `DecisionLoss`.
    """

    def forward(self, cost: Tensor, true_cost: Any, true_solution: Any = None) -> Tensor:
        """The loss of predicted costs [..., *shape] against true ones of the same shape."""

        def compute(c: Array, true: Array, solution: Array | None) -> losses.LossValue:
            return losses.spo_plus(self.minimizer, c, true, true_solution=solution)

        return self._of(cost, (true_cost, true_solution), compute)


class FenchelYoung(DecisionLoss):
    """The perturbed Fenchel-Young loss (Blondel et al. 2020; Berthet et al. 2020).

        value    = <c^, x_target> - E min_x <c^ - sigma Z, x>
        gradient = x_target - E x*(c^ - sigma Z)

    Args:
        problem: see `DecisionLoss`, as for the further options.
        sigma: scale of the noise, in units of the costs.
        samples: solves for each instance.
        noise: "gaussian" or "gumbel".
        seed: of the noise, the same in every call; None draws one for each call from PyTorch's generator.
        options: of `DecisionLoss`.
    """

    def __init__(
        self,
        problem: ProblemOf,
        *,
        sigma: float = 1.0,
        samples: int = 10,
        noise: Noise = "gaussian",
        seed: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(problem, **options)
        self.sigma, self.samples, self.noise, self.seed = sigma, samples, noise, seed

    def forward(self, cost: Tensor, target: Any) -> Tensor:
        """The loss of predicted costs [..., *shape] against decisions of the same shape."""
        seed = draw_seed() if self.seed is None else self.seed
        noise: dict[str, Any] = {"sigma": self.sigma, "samples": self.samples, "noise": self.noise, "seed": seed}
        return self._of(cost, (target,), lambda c, t: losses.fenchel_young(self.minimizer, c, t, **noise))


class StructuredHinge(DecisionLoss):
    """The structured hinge loss with a rescaled margin (Taskar et al. 2003; Tsochantaridis et al. 2005).

        value    = max_x [ scale ||x - x_target||^2 + <c^, x_target - x> ]
        gradient = x_target - x_max

    Args:
        problem: see `DecisionLoss`, as for the further options; x must be an indicator, a ranking, or within [0, 1]^n.
        scale: of the distance, in units of the costs: a number, or float[...], one for each instance.
        options: of `DecisionLoss`.
    """

    def __init__(self, problem: ProblemOf, *, scale: Any = 1.0, **options: Any) -> None:
        super().__init__(problem, **options)
        self.scale = scale

    def forward(self, cost: Tensor, target: Any) -> Tensor:
        """The loss of predicted costs [..., *shape] against decisions of the same shape."""

        def compute(c: Array, target: Array, scale: Any) -> losses.LossValue:
            return losses.structured_hinge(self.minimizer, c, target, scale=scale)

        return self._of(cost, (target, self.scale), compute)


class Regret(DecisionLoss):
    """<c, x*(c^)> - z*(c), as a metric: it has no gradient.

    Args:
        problem: see `DecisionLoss`, as for the further options.
        normalized: divide by |z*(c)| (True), or by its mean over the batch ("batch"), as in `argmind.losses.regret`.
        options: of `DecisionLoss`.
    """

    def __init__(self, problem: ProblemOf, *, normalized: bool | Literal["batch"] = False, **options: Any) -> None:
        losses.check_normalized(normalized)
        super().__init__(problem, **options)
        self.normalized = normalized

    def forward(self, cost: Tensor, true_cost: Any, true_objective: Any = None) -> Tensor:
        """The regret of predicted costs [..., *shape] against true ones; z*(c) [...] may be given."""

        def compute(c: Array, true: Array, objective: Array | None) -> losses.LossValue:
            return losses.regret(self.minimizer, c, true, true_objective=objective, normalized=self.normalized)

        return self._of(cost.detach(), (true_cost, true_objective), compute)


def spo_plus(problem: ProblemOf, cost: Tensor, true_cost: Any, true_solution: Any = None, **options: Any) -> Tensor:
    """The SPO+ loss, <2c^ - c, x*(c) - x*(2c^ - c)>: `SPOPlus` with its options, without keeping it."""
    loss: Tensor = SPOPlus(problem, **options)(cost, true_cost, true_solution)
    return loss


def fenchel_young(problem: ProblemOf, cost: Tensor, target: Any, **options: Any) -> Tensor:
    """The perturbed Fenchel-Young loss: `FenchelYoung` with its options, without keeping it."""
    loss: Tensor = FenchelYoung(problem, **options)(cost, target)
    return loss


def structured_hinge(problem: ProblemOf, cost: Tensor, target: Any, **options: Any) -> Tensor:
    """The structured hinge loss: `StructuredHinge` with its options, without keeping it."""
    loss: Tensor = StructuredHinge(problem, **options)(cost, target)
    return loss


def regret(problem: ProblemOf, cost: Tensor, true_cost: Any, true_objective: Any = None, **options: Any) -> Tensor:
    """The regret of deciding by predicted costs, without a gradient: `Regret` with its options, without keeping it."""
    loss: Tensor = Regret(problem, **options)(cost, true_cost, true_objective)
    return loss

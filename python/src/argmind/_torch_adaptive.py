"""A tau that follows the sparsity of the gradients."""

import numpy as np
import torch
from torch import Tensor, nn

from ._problem import Array


class AdaptiveTau(nn.Module):
    """tau = tau_scale ||c|| / ||g|| for each instance, with a scale that is tuned on line.

    After AIMLE (Minervini, Franceschi, Niepert, AAAI 2023): a running mean of how many entries of an instance's
    gradient are not zero is compared with an aim; below it the scale grows by a step, above it the scale shrinks. Both
    numbers are buffers, so `state_dict` carries them.

    Args:
        aim: nonzero entries of an instance's gradient to aim at.
        step: by which the scale changes after each backward.
        decay: of the running mean.
        scale: to begin with.
        least: the scale is never smaller, for a perturbation of zero would end the learning.
    """

    tau_scale: Tensor
    activity: Tensor

    def __init__(
        self, aim: float = 1.0, step: float = 1e-3, decay: float = 0.9, scale: float = 1.0, least: float = 1e-3
    ) -> None:
        super().__init__()
        self.aim, self.step, self.decay, self.least = aim, step, decay, least
        self.register_buffer("tau_scale", torch.tensor(scale, dtype=torch.float64))
        self.register_buffer("activity", torch.tensor(aim, dtype=torch.float64))

    def tau(self, cost: Array, upstream: Array | None) -> Array:
        """float[B], or a number where there is no batch; the arrays have all axes of an instance made one."""
        size = np.linalg.norm(cost, axis=-1)
        slope = np.zeros_like(size) if upstream is None else np.linalg.norm(upstream, axis=-1)
        known = (size > 0) & (slope > 0)
        ratio = np.divide(size, slope, out=np.ones_like(size), where=known)
        return np.asarray(float(self.tau_scale) * ratio, dtype=np.float64)

    def learn(self, gradient: Array) -> None:
        """Takes notice of a gradient [..., n]."""
        if not gradient.size:
            return
        active = float(np.count_nonzero(gradient, axis=-1).mean())
        self.activity.mul_(self.decay).add_((1 - self.decay) * active)
        change = self.step if float(self.activity) < self.aim else -self.step
        self.tau_scale.add_(change).clamp_(min=self.least)

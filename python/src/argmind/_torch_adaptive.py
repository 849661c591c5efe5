"""A tau that follows the sparsity of the gradients."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn


class AdaptiveTau(nn.Module):
    """tau = beta ||c|| / ||g|| for each instance, with a beta that is tuned on line.

    After AIMLE (Minervini, Franceschi, Niepert, AAAI 2023): a running mean of how many entries of an instance's
    gradient are not zero (for each sample, where there are several) is compared with a target; below it beta grows by a
    step, above it beta shrinks. The service computes and forgets; beta, the mean and the last step are buffers here, so
    `state_dict` carries them.

    Args:
        target: nonzero entries of a gradient to aim at.
        step: by which beta changes after each backward.
        momentum: part of the last step that is repeated.
        decay: of the running mean.
        beta: to begin with.
    """

    beta: Tensor
    nonzeros: Tensor
    last_step: Tensor

    def __init__(
        self, target: float = 1.0, step: float = 1e-4, momentum: float = 0.0, decay: float = 0.9, beta: float = 1.0
    ) -> None:
        super().__init__()
        self.target, self.step, self.momentum, self.decay = target, step, momentum, decay
        for name, value in (("beta", beta), ("nonzeros", 1.0), ("last_step", 0.0)):
            self.register_buffer(name, torch.tensor(value, dtype=torch.float64))

    def state(self) -> dict[str, float]:
        """As the service wants it."""
        fixed = {name: float(getattr(self, name)) for name in ("target", "step", "momentum", "decay")}
        return {**fixed, **{name: float(buffer) for name, buffer in self.named_buffers()}}

    def learn(self, state: Mapping[str, Any]) -> None:
        """Takes over the state that the service answered."""
        for name, buffer in self.named_buffers():
            buffer.fill_(float(state[name]))

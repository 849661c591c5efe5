"""Noise on linear costs, which makes the solution of a problem a smooth function of them on average."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from ._problem import Array, Fields, as_numpy

Noise: TypeAlias = Literal["gaussian", "gumbel"]


@dataclass(frozen=True, eq=False)
class Perturbation:
    """Noise that the service takes off the costs: sample s is solved at cost - sigma Z.

    The entries of Z are independent, and functions of seed, instance, sample and position alone: the same seed is the
    same noise, whatever happens in between. `draw` makes the service's numbers.

    Attributes:
        samples: solves for each instance.
        seed: from 0 to 2^53; or int[B], one for each instance, whose noise then depends on no other instance.
        noise: distribution of Z: "gaussian" (standard normal), or "gumbel" (standard, with its mean of 0.577).
        sigma: scale of the noise, in units of the costs.
    """

    samples: int = 1
    seed: Any = 0
    noise: Noise = "gaussian"
    sigma: float = 1.0

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError(f"samples must be at least 1, not {self.samples}")
        if not 0 < self.sigma < float("inf"):
            raise ValueError(f"sigma must be positive, not {self.sigma}")
        seed = np.asarray(as_numpy(self.seed))
        if seed.dtype.kind not in "iu" or seed.ndim > 1 or (seed < 0).any() or (seed > 2**53).any():
            raise ValueError(f"seed must be a whole number from 0 to 2^53, or one for each instance, not {self.seed!r}")
        object.__setattr__(self, "seed", seed.astype(np.int64) if seed.ndim else int(seed))

    def to_wire(self) -> Fields:
        """As the contract writes it."""
        return {"samples": self.samples, "seed": self.seed, "noise": self.noise, "sigma": self.sigma}

    def draw(self, instances: int, entries: int) -> Array:
        """Z, float[instances, samples, entries].

        The bits are those of Philox4x64-10 (Salmon et al. 2011) with the seed as its key and (0, sample, instance, 0)
        as its counter; normal numbers are made by Box and Muller's transformation of pairs.
        """
        z = np.empty((instances, self.samples, entries + entries % 2))
        for i in range(instances):
            own = np.ndim(self.seed) > 0
            key = int(self.seed[i]) if own else int(self.seed)
            for s in range(self.samples):
                bits = np.random.Philox(key=[key, 0], counter=[0, s, 0 if own else i, 0]).random_raw(z.shape[2])
                z[i, s] = ((bits >> np.uint64(11)) + 0.5) * 2.0**-53
        if self.noise == "gumbel":
            return np.asarray(-np.log(-np.log(z[..., :entries])))
        radius, angle = np.sqrt(-2 * np.log(z[..., 0::2])), 2 * np.pi * z[..., 1::2]
        z[..., 0::2], z[..., 1::2] = radius * np.cos(angle), radius * np.sin(angle)
        return z[..., :entries]

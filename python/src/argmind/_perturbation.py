"""Noise on the costs, which makes the solution of a combinatorial problem a smooth function of them on average."""

from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from ._problem import Fields

Noise: TypeAlias = Literal["gaussian", "gumbel"]


@dataclass(frozen=True)
class Perturbation:
    """Noise that the service adds to the costs: cost + sigma Z, with independent entries of Z.

    The service makes Z from the seed and the positions of instance, sample and entry alone: the same seed is the same
    noise, whatever else is in the batch.

    Attributes:
        samples: solves for each instance.
        seed: of the noise.
        noise: distribution of Z, "gaussian" or "gumbel".
        sigma: its scale, in units of the cost.
    """

    samples: int = 1
    seed: int = 0
    noise: Noise = "gaussian"
    sigma: float = 1.0

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError(f"samples must be at least 1, not {self.samples}")
        if not 0 < self.sigma < float("inf"):
            raise ValueError(f"sigma must be positive, not {self.sigma}")

    def to_wire(self) -> Fields:
        """As the contract writes it."""
        return asdict(self)

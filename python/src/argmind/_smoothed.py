"""The derivative of a loss that is smoothed by noise on the costs, by central differences along random directions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ._client import Client
from ._problem import RANKS, Array, Fields, RegisteredProblem
from ._solution import Solution

MOST = 4096  # instances in one request


@dataclass(frozen=True, eq=False)
class Smoothed:
    """How to smooth, and what is solved.

    Attributes:
        client: of the service.
        base, fields: the problem.
        name: of its costs.
        sigma: standard deviation of the noise, in units of the costs.
        samples: solves for each instance; see `pairs`.
        seed: of the noise.
        solver: of the solves.
    """

    client: Client
    base: RegisteredProblem | None
    fields: Fields
    name: str
    sigma: float
    samples: int
    seed: int
    solver: str

    @property
    def pairs(self) -> int:
        """How many pairs of solves there are for each instance: one at least for each half."""
        return max(2, self.samples // 2)

    @property
    def apart(self) -> bool:
        """Whether samples of the batch need a request each, because other fields have a batch axis."""
        whole = {**(self.base.fields if self.base else {}), **self.fields}
        for field in RANKS.keys() & whole.keys() - {self.name}:
            value = whole[field]
            sparse = isinstance(value, dict)
            if np.ndim(value["values"] if sparse else value) > (1 if sparse else RANKS[field]):
                return True
        return False


def smoothed_gradient(
    how: Smoothed, cost: Array, solution: Solution, loss: Callable[[Array], Array]
) -> tuple[Array, tuple[Array, Array]]:
    """D E loss(x*(c + sigma Z)) / dc, shaped like the costs, and the estimates of two halves of the samples.

    Pairs of which one instance fails are left out for that instance. `loss` takes x float[k B, ...], k times the whole
    batch, to float[k B].
    """
    batched = np.ndim(solution.objective) > 0
    costs = np.asarray(cost if batched else cost[None], np.float64)
    rng = np.random.default_rng([how.seed, 1])  # not the stream of a random upstream
    rounds = 1 if how.apart else max(1, MOST // max(1, 2 * len(costs)))
    sums, counts = np.zeros((2, *costs.shape)), np.zeros((2, len(costs)))
    for start in range(0, how.pairs, rounds):
        k = min(rounds, how.pairs - start)
        z = rng.standard_normal((k, *costs.shape))
        values = _values(how, costs, z, loss)
        slopes = (values[0] - values[1]) / (2 * how.sigma)
        known = np.isfinite(slopes)
        terms = np.where(known, slopes, 0.0).reshape(*slopes.shape, *(1,) * (costs.ndim - 1)) * z
        for j in range(k):
            sums[(start + j) % 2] += terms[j]
            counts[(start + j) % 2] += known[j]
    shape = (2, len(costs), *(1,) * (costs.ndim - 1))
    halves = sums / np.maximum(counts, 1).reshape(shape)
    mean = sums.sum(axis=0) / np.maximum(counts.sum(axis=0), 1).reshape(shape[1:])
    return (mean if batched else mean[0]), (halves[0], halves[1])


def _values(how: Smoothed, costs: Array, z: Array, loss: Callable[[Array], Array]) -> Array:
    """The losses at c + sigma Z and c - sigma Z: float[2, k, B]; NaN where there is no solution."""
    k, batch = len(z), len(costs)
    moved = costs + how.sigma * np.stack([z, -z])
    parts = moved.reshape(2 * k, *costs.shape)
    if not how.apart:
        parts = parts.reshape(1, -1, *costs.shape[1:])
    x = np.concatenate([_solve(how, part) for part in parts])
    failed = np.isnan(x.reshape(len(x), -1)).any(axis=1)
    values = loss(np.where(failed.reshape(-1, *(1,) * (x.ndim - 1)), 0.0, x))
    return np.where(failed, np.nan, values).reshape(2, k, batch)


def _solve(how: Smoothed, costs: Array) -> Array:
    problem = {"base": how.base, **how.fields, how.name: costs}
    return how.client.solve(problem, solver=how.solver, retain=False).x

"""A synthetic market: monthly statistics of twelve assets from a factor model, and trading in it.

The statistics are made up, not estimated. Twelve assets of the kinds an investor would hold: one of bonds, three broad
ones, eight sectors. The logarithm of the monthly gross return of asset i is

    log R_i = premium_i + beta_i m + rates_i q + style_i s + own_i e_i       m, q, s, e_i independent, standard normal

with the loadings below, in percent a month: beta is the market's part of the volatility, rates that of interest rates,
style that of cyclical against defensive sectors, own the rest. Premia are 0.15 for time and 0.09 for each unit of beta
above it, moved by a few hundredths, so that assets differ in what they pay for their risk. Moments of R follow from
those of log R exactly, R being log-normal.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

NAMES = ("bonds", "broad", "property", "finance", "technology", "leisure", "staples", "industry", "energy", "biotech",
         "defence", "utilities")  # fmt: skip
_BETA = np.array([0.0, 4.2, 4.4, 5.2, 4.6, 4.7, 2.6, 4.8, 4.6, 4.3, 4.5, 2.2])
_RATES = np.array([0.7, 0.0, 1.4, -0.6, 0.0, 0.0, 0.4, -0.2, -0.8, 0.0, 0.0, 1.3])
_STYLE = np.array([0.0, 0.1, -0.4, 0.9, 0.5, 0.7, -0.9, 0.9, 1.0, -0.5, 0.4, -1.1])
_OWN = np.array([0.6, 0.5, 2.8, 2.2, 2.3, 1.6, 1.6, 1.6, 3.8, 3.9, 2.6, 2.8])
_LUCK = np.array([0.05, 0.02, -0.06, -0.12, 0.10, 0.12, 0.18, 0.05, -0.10, 0.14, 0.16, 0.04])


@dataclass
class Market:
    """What is known about a market.

    Attributes:
        mean, covariance: of gross returns: float[12], float[12, 12].
        log_mean, log_covariance: of their logarithms.
    """

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    log_mean: NDArray[np.float64]
    log_covariance: NDArray[np.float64]

    def returns(self, horizon: int, rollouts: int, seed: int) -> Tensor:
        """Gross returns, float[horizon, rollouts, assets]."""
        rng = np.random.default_rng(seed)
        root = np.linalg.cholesky(self.log_covariance)
        normal = rng.standard_normal((horizon, rollouts, len(self.log_mean)))
        return torch.tensor(np.exp(self.log_mean + normal @ root.T))

    def estimated(self, months: int, seed: int) -> "Market":
        """What somebody thinks of this market who has seen some months of it: means and covariances of the sample."""
        gross = self.returns(months, 1, seed)[:, 0].numpy()
        log = np.log(gross)
        return Market(gross.mean(0), np.cov(gross.T), log.mean(0), np.cov(log.T))


def synthetic() -> Market:
    """The market described above."""
    loadings = np.stack([_BETA, _RATES, _STYLE], axis=1) / 100
    log_mean = (0.15 + 0.09 * _BETA + _LUCK) / 100
    log_covariance = loadings @ loadings.T + np.diag((_OWN / 100) ** 2)
    mean = np.exp(log_mean + np.diag(log_covariance) / 2)
    return Market(mean, np.outer(mean, mean) * np.expm1(log_covariance), log_mean, log_covariance)

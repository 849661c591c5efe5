"""A trading policy that is a quadratic program, and what it earns.

As in Agrawal, Barratt, Boyd and Stellato 2019 ("Learning convex optimization control policies"), on holdings h that sum
to one, the policy changes them to

    h+ = argmax  mu'h+ - ||S h+||^2     subject to  1'(h+ - h) + kappa 1'|h+ - h| + sigma 1'(h+)_- <= 0

where kappa is the cost of trading and sigma that of being short; mu and S are learned. Written with what is bought,
sold and short, it has 4 n variables (h+, bought, sold, short) and n + 1 rows besides h+ - bought + sold = h.
"""

from typing import Any

import torch
from torch import Tensor, nn

from argmind.torch import Layer
from experiments.market import Market

AVERSION = 15.0
FEE = 1e-3  # kappa and sigma


class Policy(nn.Module):
    """Trades by a quadratic program; several at once, each with parameters of its own, which makes one batch of them.

    Args:
        market: whose mean and covariance the parameters start from.
        runs: how many policies.
        options: of the layer, the gradient's above all.
    """

    def __init__(self, market: Market, runs: int, **options: Any) -> None:
        super().__init__()
        n = len(market.mean)
        values, vectors = torch.linalg.eigh(torch.tensor(market.covariance))
        root = vectors * values.sqrt() @ vectors.T
        self.mu = nn.Parameter(torch.tensor(market.mean).repeat(runs, 1))
        self.root = nn.Parameter(root.repeat(runs, 1, 1))
        self.aversion_root = nn.Parameter(torch.full((runs, 1, 1), AVERSION, dtype=torch.float64).sqrt())
        eye, zero = torch.eye(n, dtype=torch.float64), torch.zeros(n, n, dtype=torch.float64)
        one = torch.ones(1, n, dtype=torch.float64)
        lb = torch.cat([torch.full((n,), -torch.inf, dtype=torch.float64), torch.zeros(3 * n, dtype=torch.float64)])
        spent = torch.cat([0 * one, (1 + FEE) * one, (FEE - 1) * one, FEE * one], 1)
        trading = {
            "A": torch.cat([eye, -eye, eye, zero], 1),
            "G": torch.cat([torch.cat([-eye, zero, zero, -eye], 1), spent]),
            "h": torch.zeros(n + 1, dtype=torch.float64),
            "lb": lb,
        }
        free = {
            "A": torch.cat([one, 0 * one], 1),
            "b": torch.ones(1, dtype=torch.float64),
            "G": torch.cat([-eye, -eye], 1),
            "h": torch.zeros(n, dtype=torch.float64),
            "lb": lb[: 2 * n],
        }
        self.trade = Layer(constants=trading, on_failure="zero", **options)
        self.begin = Layer(constants=free, on_failure="zero", client=options.get("client"))

    def quadratic(self, size: int) -> Tensor:
        """P of both programs, float[runs, size, size]: 2 S'S for h+ and nothing for the others."""
        scaled = self.aversion_root * self.root
        added = size - scaled.shape[-1]
        return nn.functional.pad(2 * scaled.mT @ scaled, (0, added, 0, added))

    @torch.no_grad()
    def start(self) -> Tensor:
        """The holdings that the policies would choose if trading were free, float[runs, 1, n]; without gradient."""
        n = self.mu.shape[1]
        cost = nn.functional.pad(-self.mu, (0, n), value=FEE)
        x: Tensor = self.begin(P=self.quadratic(2 * n), c=cost)
        return x[:, None, :n]

    def utility(self, returns: Tensor) -> Tensor:
        """Mean over months and rollouts of min(2 (r - 1), r - 1), r the value's growth: losses count double.

        Args:
            returns: gross returns, float[horizon, runs, rollouts, n].

        Returns:
            float[runs]; NaN for a policy without a decision, or that lost 99 % in a month.
        """
        horizon, runs, rollouts, n = returns.shape
        P = self.quadratic(4 * n)[:, None].expand(runs, rollouts, 4 * n, 4 * n)
        c = nn.functional.pad(-self.mu, (0, 3 * n))[:, None].expand(runs, rollouts, 4 * n)
        start = self.start().expand(runs, rollouts, n)
        h, lost = start, ~(start.sum((1, 2)) > 0)
        total = returns.new_zeros(runs)
        for month in returns:
            h = month * self.trade(P=P, c=c, b=h)[..., :n]
            growth = h.sum(-1, keepdim=True)
            lost = lost | ~(growth > 0.01).all((1, 2))
            gain = torch.where(lost[:, None], 0.0, growth[..., 0] - 1)
            total = total + torch.minimum(2 * gain, gain).mean(1)
            whole = torch.where(lost[:, None, None], 1.0, growth)
            h = torch.where(lost[:, None, None], start.new_tensor(1 / n), h / whole)
        return torch.where(lost, torch.nan, total / horizon)

"""A trading policy tuned by LPGD and by gradient descent with exact derivatives.

The policy (`experiments.policy`) trades for 24 months in a synthetic market (`experiments.market`). It starts from
means and covariances estimated from 60 months, as an investor would, and plain gradient descent on its parameters
raises a utility in which losses count double. Runs that differ in tau, learning rate and seed are one batch: every
month is one request for all runs of an envelope. They do not influence each other. Returns of an iteration depend on
seed and iteration alone, so all methods see the same; those of the test are always the same. Afterwards each method
runs alone for some iterations, the methods taking turns, to see what an iteration costs.

    python -m experiments.markowitz --iterations 30
"""

import argparse
import itertools
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from experiments.market import Market, synthetic
from experiments.policy import Policy
from experiments.record import RESULTS, clock, save

METHODS = ("implicit", "average", "lower", "upper")
HISTORY_SEED, TEST_SEED = 1912, 7329


class Sweep:
    """All runs of a method: one for each tau, learning rate and seed.

    Attributes:
        runs: (tau, rate, seed) of each; the exact derivative has no tau, None.
        utility: on the test, of each run: one for each evaluation; NaN once it has diverged.
    """

    def __init__(self, market: Market, method: str, args: argparse.Namespace) -> None:
        self.market, self.method, self.args = market, method, args
        taus = [None] if method == "implicit" else args.taus
        rates = args.rates[-1:] if method in ("lower", "upper") else args.rates
        self.runs = list(itertools.product(taus, rates, range(args.seeds)))
        options: dict[str, Any] = {"client": args.url, "method": "implicit"}
        if method != "implicit":
            tau = torch.tensor([[float(tau)] * args.rollouts for tau, _, _ in self.runs])
            options = {"client": args.url, "envelope": method, "tau": tau}
        known = market.estimated(args.months, HISTORY_SEED) if args.months else market
        self.policy = Policy(known, len(self.runs), **options)
        self.alive = torch.ones(len(self.runs), dtype=torch.bool)
        self.utility: list[list[float]] = [[] for _ in self.runs]

    def step(self, iteration: int) -> None:
        """One step of gradient descent of every run that has not diverged."""
        self.policy.zero_grad()
        returns = [self.market.returns(self.args.horizon, self.args.rollouts, 1000 * seed + iteration)
                   for _, _, seed in self.runs]  # fmt: skip
        utility = self.policy.utility(torch.stack(returns, 1))
        (-utility[utility.isfinite()].sum()).backward()
        gradients = [p.grad for p in self.policy.parameters() if p.grad is not None]
        fine = torch.stack([g.isfinite().flatten(1).all(1) & (g.abs().flatten(1).amax(1) < 1e4) for g in gradients])
        self.alive &= utility.isfinite() & fine.all(0)
        rate = torch.tensor([rate for _, rate, _ in self.runs]) * 0.5 ** (iteration // 100)
        with torch.no_grad():
            for parameter, gradient in zip(self.policy.parameters(), gradients, strict=True):
                by = (-1,) + (1,) * (gradient.ndim - 1)
                change = torch.where(self.alive.view(by), rate.view(by) * gradient, 0.0)
                parameter.sub_(change)
            self.policy.aversion_root.clamp_(min=0)

    @torch.no_grad()
    def test(self) -> None:
        """Adds the utility on the test to each run."""
        returns = self.market.returns(self.args.horizon, self.args.test_rollouts, TEST_SEED)
        found = self.policy.utility(returns[:, None].expand(-1, len(self.runs), -1, -1))
        for line, value, alive in zip(self.utility, found.tolist(), self.alive.tolist(), strict=True):
            line.append(value if alive else float("nan"))

    def lines(self) -> list[dict[str, Any]]:
        """The runs with their utilities, for the record."""
        return [{"method": self.method, "tau": tau, "rate": rate, "seed": seed, "utility": line}
                for (tau, rate, seed), line in zip(self.runs, self.utility, strict=True)]  # fmt: skip


def seconds(market: Market, args: argparse.Namespace, now: Callable[[], float]) -> list[dict[str, Any]]:
    """What one iteration of one run costs, method by method: medians, the methods taking turns."""
    sweeps = []
    for method, tau in [("implicit", None), *itertools.product(METHODS[1:], args.taus)]:
        alone = argparse.Namespace(**{**vars(args), "taus": [tau], "rates": args.rates[:1], "seeds": 1})
        sweeps.append((Sweep(market, method, alone), method, tau))
    times: list[list[float]] = [[] for _ in sweeps]
    for iteration in range(args.timed + 1):
        for (sweep, _, _), line in zip(sweeps, times, strict=True):
            started = now()
            sweep.step(iteration)
            line.append(now() - started)
    return [{"method": method, "tau": tau, "seconds": median(line[1:])}
            for (_, method, tau), line in zip(sweeps, times, strict=True)]  # fmt: skip


def statistics(folder: Path) -> Market:
    """A market from files: mu, sigma, mu_log and cov_log, each markowitz_NAME.npy."""
    return Market(*(np.load(folder / f"markowitz_{name}.npy") for name in ("mu", "sigma", "mu_log", "cov_log")))


def main() -> None:
    parser = argparse.ArgumentParser(description="Tune a trading policy by LPGD and by exact derivatives.")
    parser.add_argument("--url", help="of the service; default $ARGMIND_URL, else http://localhost:8080")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--taus", nargs="+", type=float, default=[0.1, 1.0, 10.0, 100.0])
    parser.add_argument(
        "--rates", nargs="+", type=float, default=[3e-3, 1e-3], help="learning rates; lower and upper: the last"
    )
    parser.add_argument("--seeds", type=int, default=2, help="0, 1, ...")
    parser.add_argument("--iterations", type=int, default=30)
    parser.add_argument("--every", type=int, default=6, help="iterations between evaluations")
    parser.add_argument(
        "--months", type=int, default=60, help="of history that the first parameters are estimated from; 0: the truth"
    )
    parser.add_argument("--horizon", type=int, default=24, help="months")
    parser.add_argument("--rollouts", type=int, default=10, help="of an iteration")
    parser.add_argument("--test-rollouts", type=int, default=40)
    parser.add_argument("--timed", type=int, default=5, help="iterations to take times of, after the first")
    parser.add_argument("--clock", choices=["processor", "wall"], default="processor")
    parser.add_argument("--statistics", type=Path, help="folder with markowitz_{mu,sigma,mu_log,cov_log}.npy instead")
    parser.add_argument("--out", type=Path, default=RESULTS / "markowitz.json")
    args = parser.parse_args()

    torch.set_num_threads(1)  # waiting threads of PyTorch would count as work
    now = clock(args.clock)
    now()  # fails at once if it cannot tell the time
    market = statistics(args.statistics) if args.statistics else synthetic()
    sweeps = [Sweep(market, method, args) for method in args.methods]
    settings = {name: value for name, value in vars(args).items() if name not in ("url", "out", "statistics")}
    result: dict[str, Any] = {"settings": settings}
    for iteration in range(args.iterations + 1):
        if iteration % args.every == 0:
            for sweep in sweeps:
                sweep.test()
                best = np.nanmax([line[-1] for line in sweep.utility])
                print(f"{sweep.method:9} iteration {iteration:4d}  best test utility {best:.5f}  "
                      f"not diverged {int(sweep.alive.sum())}/{len(sweep.runs)}", flush=True)  # fmt: skip
            result["runs"] = [run for sweep in sweeps for run in sweep.lines()]
            save(args.out, result)
        if iteration < args.iterations:
            for sweep in sweeps:
                sweep.step(iteration)
    save(args.out, {**result, "timing": seconds(market, args, now)})


if __name__ == "__main__":
    main()

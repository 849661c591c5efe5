"""Sudoku 4x4: LPGD on a linear program against the exact derivative of a regularized one.

"lp-lpgd" is the linear program of `make demo`. "optnet" is the layer of Amos and Kolter 2017: 0.1 I as quadratic term,
x >= 0 without upper bounds, b = A exp(t), and the derivative of the optimality conditions. The other three tell apart
what the program does and what the gradient does: "qp-exact" and "qp-lpgd" are the linear program plus OptNet's
quadratic term, "lp-exact" is the linear program itself with the exact derivative. Puzzles, first A, order of the
puzzles and optimizer are the same for all; a seed changes the first three.

    python -m experiments.sudoku --seeds 5
"""

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from experiments.record import RESULTS, clock, save
from sudoku import CELLS, SIDE, Sudoku, data, epoch, solved

CURVED = 0.1 * torch.eye(CELLS * SIDE, dtype=torch.float64)


class Regularized(Sudoku):
    """The linear program of the demo with a quadratic term."""

    fixed: ClassVar[dict[str, Any]] = {"P": CURVED, "lb": 0.0, "ub": 1.0}


class OptNet(Sudoku):
    """The quadratic program of Amos and Kolter."""

    start = 0.0
    fixed: ClassVar[dict[str, Any]] = {"P": CURVED, "lb": 0.0}

    def inside(self) -> Tensor:
        """A point that fulfils the constraints."""
        return torch.exp(self.t)


LPGD = {"tau": 3000.0, "rho": 0.1, "envelope": "average"}
EXACT = {"method": "implicit"}
METHODS: dict[str, tuple[type[Sudoku], dict[str, Any]]] = {
    "lp-lpgd": (Sudoku, LPGD),
    "lp-exact": (Sudoku, EXACT),
    "qp-lpgd": (Regularized, LPGD),
    "qp-exact": (Regularized, EXACT),
    "optnet": (OptNet, EXACT),
}


class Run:
    """One method learning from one seed.

    Attributes:
        history: of each epoch: mse (training), solved (share of the held-out puzzles), seconds (training alone).
    """

    def __init__(self, method: str, seed: int, args: argparse.Namespace) -> None:
        self.args, self.method, self.seed = args, method, seed
        self.puzzle, self.target = data(args.train, args.test, args.given, seed)
        kind, options = METHODS[method]
        self.model = kind(client=args.url, **options)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=args.lr)
        self.order = torch.Generator().manual_seed(seed)
        self.history: dict[str, list[float]] = {"mse": [], "solved": [], "seconds": []}

    def step(self, now: Callable[[], float]) -> None:
        """One more epoch."""
        started = now()
        examples = self.puzzle[: self.args.train], self.target[: self.args.train]
        loss = epoch(self.model, self.optimizer, examples, self.args.batch, self.order)
        self.history["seconds"].append(now() - started)
        self.history["mse"].append(loss)
        self.history["solved"].append(solved(self.model, self.puzzle[self.args.train :], self.args.batch)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description="Learn Sudoku by LPGD and by exact derivatives.")
    parser.add_argument("--url", help="of the service; default $ARGMIND_URL, else http://localhost:8080")
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--seeds", type=int, default=5, help="0, 1, ...")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--train", type=int, default=300, help="puzzles to learn from")
    parser.add_argument("--test", type=int, default=100, help="held-out puzzles")
    parser.add_argument("--given", type=int, default=8, help="cells of 16 that a puzzle shows")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--clock", choices=["processor", "wall"], default="processor")
    parser.add_argument("--out", type=Path, default=RESULTS / "sudoku.json")
    args = parser.parse_args()

    torch.set_num_threads(1)  # waiting threads of PyTorch would count as work
    now = clock(args.clock)
    now()  # fails at once if it cannot tell the time
    runs = []
    for seed in range(args.first_seed, args.first_seed + args.seeds):
        now_running = [Run(method, seed, args) for method in args.methods]
        for number in range(1, args.epochs + 1):
            for run in now_running:  # in turns, so that what disturbs one disturbs all
                run.step(now)
                last = {name: values[-1] for name, values in run.history.items()}
                if not math.isfinite(last["mse"]):
                    raise SystemExit(f"{run.method} has diverged")
                print(
                    f"seed {seed}  {run.method:9} epoch {number:3d}  mse {last['mse']:.4f}  "
                    f"held-out solved {last['solved']:6.1%}  {last['seconds']:6.2f} s",
                    flush=True,
                )
        runs += [{"method": run.method, "seed": run.seed, **run.history} for run in now_running]
        settings = {name: value for name, value in vars(args).items() if name not in ("url", "out")}
        save(args.out, {"settings": settings, "runs": runs})


if __name__ == "__main__":
    main()

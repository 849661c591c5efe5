"""Learn the rules of 4x4 Sudoku from solved puzzles.

The layer is a linear program over x in [0, 1]^64, one variable for each cell and digit:

    minimize -<puzzle, x>   subject to  A x = b,  0 <= x <= 1

It prefers the given digits; which boards are boards at all, A and b have to learn, starting from random numbers. The
solution of a linear program does not change when its data change a little, so the exact derivative is zero almost
everywhere. LPGD perturbs the cost by tau times the gradient of the loss, which is as large a step as the cost itself.
b = A sigmoid(t) keeps the program feasible: sigmoid(t) is a point inside the box.

    python sudoku.py --epochs 12 --train 300 --test 100 --out sudoku.png
"""

import argparse
import itertools
import time
from typing import Any, ClassVar

import matplotlib as mpl
import numpy as np
import torch
from torch import Generator, Tensor, nn

from argmind.torch import Layer

SIDE, CELLS, ROWS = 4, 16, 40  # 40 is the rank of the rules


def boards() -> Tensor:
    """All boards there are: digits 0..3, int[288, 4, 4]."""
    found: list[list[tuple[int, ...]]] = [[]]
    for row in range(SIDE):
        found = [
            [*above, line]
            for above in found
            for line in itertools.permutations(range(SIDE))
            if all(line[k] != other[k] for other in above for k in range(SIDE))
            and (row % 2 == 0 or all(set(line[k : k + 2]).isdisjoint(above[-1][k : k + 2]) for k in (0, 2)))
        ]
    return torch.tensor(found)


def puzzles(solved: Tensor, given: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """One-hot puzzles with zeros for the unknown cells, and one-hot boards: float[count, 64] each."""
    target = nn.functional.one_hot(solved, SIDE).reshape(-1, CELLS, SIDE).float()
    order = torch.from_numpy(rng.random((len(solved), CELLS)).argsort(axis=1))
    mask = (order < given).unsqueeze(-1)
    return (target * mask).flatten(1), target.flatten(1)


def data(train: int, test: int, given: int, seed: int) -> tuple[Tensor, Tensor]:
    """Puzzles and boards, those to learn from first: float[train + test, 64] each. Seeds PyTorch as well."""
    torch.manual_seed(seed)
    every = boards()[torch.randperm(288)]
    learn, hold_out = every[:230], every[230:]  # no board of the training appears in the test
    chosen = [part[torch.randint(len(part), (count,))] for part, count in ((learn, train), (hold_out, test))]
    return puzzles(torch.cat(chosen), given, np.random.default_rng(seed))


def is_board(x: Tensor) -> Tensor:
    """Whether the likeliest digits make a board: bool[count]."""
    digit = x.reshape(-1, SIDE, SIDE, SIDE).argmax(-1)
    blocks = digit.reshape(-1, 2, 2, 2, 2).permute(0, 1, 3, 2, 4).reshape(-1, SIDE, SIDE)
    wanted = torch.arange(SIDE)
    groups = (digit, digit.transpose(1, 2), blocks)
    return torch.stack([(group.sort(-1).values == wanted).all(-1).all(-1) for group in groups]).all(0)


class Sudoku(nn.Module):
    """The linear program with learned rules; options are those of the layer."""

    start = np.log(1 / 3)  # of t: a quarter of each digit in each cell
    fixed: ClassVar[dict[str, Any]] = {"lb": 0.0, "ub": 1.0}

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.A = nn.Parameter(torch.rand(ROWS, CELLS * SIDE, dtype=torch.float64))
        self.t = nn.Parameter(torch.full((CELLS * SIDE,), self.start, dtype=torch.float64))
        # A new batch is solved every time, and single failures are no reason to stop.
        self.layer = Layer(on_failure="zero", constants=self.fixed, **options)

    def inside(self) -> Tensor:
        """A point that fulfils the constraints."""
        return torch.sigmoid(self.t)

    def forward(self, puzzle: Tensor) -> Tensor:
        """Puzzles to boards, float[count, 64]."""
        x: Tensor = self.layer(c=-puzzle.double(), A=self.A, b=self.A @ self.inside())
        return x


def epoch(
    model: Sudoku,
    optimizer: torch.optim.Optimizer,
    examples: tuple[Tensor, Tensor],
    batch: int,
    order: Generator | None = None,
) -> float:
    """One pass over puzzles and boards; the mean squared error on the way."""
    puzzle, target = examples
    total = 0.0
    for part in torch.randperm(len(puzzle), generator=order).split(batch):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(puzzle[part]), target[part].double())
        loss.backward()
        optimizer.step()
        total += loss.item() * len(part)
    return total / len(puzzle)


def solved(model: Sudoku, puzzle: Tensor, batch: int) -> tuple[float, Tensor]:
    """The fraction of boards that are solved, and the boards."""
    with torch.no_grad():
        x = torch.cat([model(part) for part in puzzle.split(batch)])
    kept = (x.reshape(-1, CELLS, SIDE).argmax(-1) == puzzle.reshape(-1, CELLS, SIDE).argmax(-1)) | (
        puzzle.reshape(-1, CELLS, SIDE).sum(-1) == 0
    )
    return (is_board(x) & kept.all(-1)).double().mean().item(), x


def plot(path: str, losses: list[float], fractions: list[float], puzzle: Tensor, x: Tensor) -> None:
    """Loss and solved boards over the epochs, and one board: given digits in black, found ones in blue."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), width_ratios=[1.5, 1], layout="constrained")
    epochs = range(1, len(losses) + 1)
    left.semilogy(epochs, losses, color="tab:red", marker="o")
    left.set(xlabel="epoch")
    left.set_ylabel("mean squared error, training", color="tab:red")
    twin = left.twinx()
    twin.plot(epochs, fractions, color="tab:blue", marker="s")
    twin.set_ylabel("held-out puzzles solved", color="tab:blue")
    twin.set_ylim(-0.02, 1.02)
    left.set_title("Rules of 4x4 Sudoku, learned from examples")
    digit, given = x.reshape(SIDE, SIDE, SIDE).argmax(-1), puzzle.reshape(SIDE, SIDE, SIDE).sum(-1) > 0
    for row, column in itertools.product(range(SIDE), repeat=2):
        color = "black" if given[row, column] else "tab:blue"
        weight = "bold" if given[row, column] else "normal"
        text = str(int(digit[row, column]) + 1)
        right.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=22, color=color, weight=weight)
    for k in range(SIDE + 1):
        width = 2.5 if k % 2 == 0 else 0.8
        right.plot([k, k], [0, SIDE], color="black", linewidth=width)
        right.plot([0, SIDE], [k, k], color="black", linewidth=width)
    right.set(xlim=(-0.1, SIDE + 0.1), ylim=(SIDE + 0.1, -0.1), aspect="equal", title="a held-out puzzle")
    right.axis("off")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description="Learn the rules of 4x4 Sudoku by LPGD.")
    parser.add_argument("--url", help="of the service; default $ARGMIND_URL, else http://localhost:8080")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--train", type=int, default=300, help="puzzles to learn from")
    parser.add_argument("--test", type=int, default=100, help="held-out puzzles")
    parser.add_argument("--given", type=int, default=8, help="cells of 16 that a puzzle shows")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--tau", type=float, default=3000.0, help="about batch * 64: the loss is a mean over both")
    parser.add_argument("--rho", type=float, default=0.1)
    parser.add_argument("--envelope", choices=["lower", "upper", "average"], default="average")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="sudoku.png", help="where the plot goes")
    args = parser.parse_args()

    puzzle, target = data(args.train, args.test, args.given, args.seed)
    model = Sudoku(client=args.url, tau=args.tau, rho=args.rho, envelope=args.envelope)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    losses, fractions = [], []
    started = time.perf_counter()
    for number in range(1, args.epochs + 1):
        losses.append(epoch(model, optimizer, (puzzle[: args.train], target[: args.train]), args.batch))
        fraction, x = solved(model, puzzle[args.train :], args.batch)
        fractions.append(fraction)
        seconds = time.perf_counter() - started
        print(f"epoch {number:3d}  mse {losses[-1]:.4f}  held-out solved {fraction:6.1%}  {seconds:6.1f} s", flush=True)
    plot(args.out, losses, fractions, puzzle[args.train], x[0])


if __name__ == "__main__":
    main()

"""What the results say, as numbers: means and spreads over seeds, and the tables of docs/experiments.md.

python -m experiments.summary     # prints the tables
"""

from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.record import RESULTS, load

Array = NDArray[np.float64]
SUDOKU_NAMES = {
    "lp-lpgd": "LP, LPGD",
    "qp-lpgd": "QP, LPGD",
    "qp-exact": "QP, exact derivative",
    "optnet": "OptNet",
    "lp-exact": "LP, exact derivative",
}


def of_method(result: dict[str, Any], method: str, what: str) -> Array:
    """One quantity of the runs of a method, float[seeds, epochs]."""
    return np.array([run[what] for run in result["runs"] if run["method"] == method])


def epoch_seconds(result: dict[str, Any], method: str) -> float:
    """What an epoch of training costs: the median over epochs and seeds, which a disturbance leaves alone."""
    return float(np.median(of_method(result, method, "seconds")))


def first_above(line: Iterable[float], level: float) -> int | None:
    """The first epoch, from 1, whose value reaches a level."""
    return next((epoch for epoch, value in enumerate(line, 1) if value >= level), None)


def sudoku_table(result: dict[str, Any]) -> list[str]:
    """One row for each method."""
    rows = ["| | held-out boards solved at the end | half of them, epoch | mse at the end | s per epoch | half, s |",
            "|---|---|---|---|---|---|"]  # fmt: skip
    for method, name in SUDOKU_NAMES.items():
        solved, mse = (of_method(result, method, what) for what in ("solved", "mse"))
        if not len(solved):
            continue
        mse = mse[:, -1]
        seconds, half = epoch_seconds(result, method), first_above(solved.mean(0), 0.5)
        reached = ("never", "") if half is None else (str(half), f"{half * seconds:.1f}")
        rows.append(
            f"| {name} | {solved[:, -1].mean():.1%} ± {solved[:, -1].std():.1%} | {reached[0]} | "
            f"{mse.mean():.4f} ± {mse.std():.4f} | {seconds:.2f} | {reached[1]} |"
        )
    return rows


def cases(result: dict[str, Any]) -> dict[tuple[str, float | None, float], Array]:
    """Test utilities float[seeds, evaluations] by method, tau and learning rate."""
    found: dict[tuple[str, float | None, float], list[list[float]]] = {}
    for run in result["runs"]:
        found.setdefault((run["method"], run["tau"], run["rate"]), []).append(run["utility"])
    return {case: np.array(lines) for case, lines in found.items()}


def iteration_seconds(result: dict[str, Any], method: str, tau: float | None) -> float:
    """What an iteration costs."""
    return median(one["seconds"] for one in result["timing"] if (one["method"], one["tau"]) == (method, tau))


def markowitz_table(result: dict[str, Any]) -> list[str]:
    """One row for each method, tau and rate: utilities of the test, times 1000."""
    every, last = result["settings"]["every"], result["settings"]["iterations"]
    half = last // 2 // every
    rows = [f"| gradient | tau | learning rate | after {half * every} | after {last} | best | s per iteration |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    for (method, tau, rate), utility in cases(result).items():
        values = 1000 * utility
        end = "diverged" if np.isnan(values[:, -1]).any() else f"{values[:, -1].mean():.2f} ± {values[:, -1].std():.2f}"
        middle = "diverged" if np.isnan(values[:, half]).any() else f"{values[:, half].mean():.2f}"
        best = np.nanmax(values, 1).mean()
        name = {"implicit": "exact"}.get(method, method)
        rows.append(f"| {name} | {'' if tau is None else f'{tau:g}'} | {rate:g} | {middle} | {end} | {best:.2f} | "
                    f"{iteration_seconds(result, method, tau):.2f} |")  # fmt: skip
    return rows


def main(folder: Path = RESULTS) -> None:
    print(*sudoku_table(load(folder / "sudoku.json")), "", sep="\n")
    print(*markowitz_table(load(folder / "markowitz.json")), sep="\n")


if __name__ == "__main__":
    main()

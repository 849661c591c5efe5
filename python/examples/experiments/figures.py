"""Draws docs/figures from docs/results and from the tables of docs/performance.md.

The background is white and opaque, so that the figures can be read on light and on dark pages.

    python -m experiments.figures
"""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.record import DOCS, FIGURES, RESULTS, load
from experiments.summary import SUDOKU_NAMES, cases, epoch_seconds, iteration_seconds, of_method

COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # told apart by all eyes (Okabe, Ito)
ENVELOPE = dict(zip(("lower", "upper", "average"), COLORS, strict=False))
STYLE = {
    "font.size": 9,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.hashsalt": "argmind",
}


def panels(count: int, width: float = 8.0, height: float = 3.2) -> tuple[Figure, list[Axes]]:
    """An empty figure with panels side by side."""
    figure, axes = plt.subplots(1, count, figsize=(width, height), layout="constrained", squeeze=False)
    return figure, list(axes[0])


def band(axes: Axes, x: Any, lines: Any, **style: Any) -> None:
    """The mean over seeds, and from the least to the largest."""
    axes.plot(x, lines.mean(0), **style)
    axes.fill_between(x, lines.min(0), lines.max(0), color=style["color"], alpha=0.15, linewidth=0)


def sudoku(result: dict[str, Any]) -> Figure:
    """Held-out boards solved, by epochs and by seconds."""
    figure, (left, right) = panels(2)
    methods = [name for name in SUDOKU_NAMES if len(of_method(result, name, "solved"))]
    longest = 0.0
    for color, method in zip(COLORS, methods, strict=False):
        solved = 100 * of_method(result, method, "solved")
        solved = np.insert(solved, 0, 0.0, axis=1)
        x = np.arange(solved.shape[1])
        band(left, x, solved, color=color)
        band(right, x * epoch_seconds(result, method), solved, color=color, label=SUDOKU_NAMES[method])
        longest = max(longest, x[-1] * epoch_seconds(result, method))
    left.set(xlabel="epoch", ylabel="held-out boards solved, %", ylim=(-2, 102), xlim=(0, None))
    right.set(xlabel="seconds of training (processor)", ylim=(-2, 102), xlim=(0, longest))
    right.legend(loc="lower right")
    figure.suptitle(f"4x4 Sudoku: rules learned from examples, {result['settings']['seeds']} seeds")
    return figure


def markowitz(result: dict[str, Any]) -> Figure:
    """Utility on the test: by iterations, by seconds, and at the end for every tau."""
    figure, (left, middle, right) = panels(3, 10.5)
    settings = result["settings"]
    rate = settings["rates"][-1]
    x = np.arange(0, settings["iterations"] + 1, settings["every"])
    found = {case[:2]: 1000 * utility for case, utility in cases(result).items() if case[2] == rate}
    for color, (method, tau) in zip(
        COLORS, [("implicit", None), *[("average", t) for t in settings["taus"]]], strict=False
    ):
        name = "exact derivative" if tau is None else f"LPGD, average, tau {tau:g}"
        values = found[method, tau]
        style = {"color": color, "marker": "o", "markersize": 3}
        band(left, x, values, label=name, **style)
        band(middle, x * iteration_seconds(result, method, tau), values, **style)
    left.set(xlabel="iteration", ylabel="utility on the test, x 1000")
    middle.set(xlabel="seconds of training (processor)")
    left.legend(fontsize=7)
    for method, color in ENVELOPE.items():
        end = np.array([found[method, tau][:, -1].mean() for tau in settings["taus"]])
        right.semilogx(settings["taus"], end, marker="o", color=color, label=method)
    right.axhline(found["implicit", None][:, -1].mean(), color="black", linestyle="--", label="exact derivative")
    low = min(np.nanmin(values) for (method, _), values in found.items() if method in ("implicit", "average"))
    right.set(xlabel="tau", ylabel="the same, at the end", ylim=(low - 0.5, None))
    right.legend(fontsize=7)
    figure.suptitle(f"Trading policy, learning rate {rate:g}, {settings['seeds']} seeds")
    return figure


def tau_quadratic(result: dict[str, Any]) -> Figure:
    """Errors against the exact derivative, of the gradient by c and by G, and with rho."""
    part = result["quadratic"]
    figure, (left, middle, right) = panels(3, 10.5)
    for axes, field in ((left, "c"), (middle, "G")):
        for envelope, color in ENVELOPE.items():
            style = "--" if envelope == "upper" else "-"
            axes.loglog(part["kappa"], part[envelope][field], style, color=color, label=envelope)
        axes.set(xlabel="kappa", title=f"gradient by {field}")
    left.loglog(part["kappa"], part["noise"], ":", color="black", label="noise (diagnostic)")
    left.set(ylabel="median relative error")
    left.legend(fontsize=7)
    right.loglog(part["kappa"], part["average"]["c"], color=ENVELOPE["average"], label="rho = 0")
    for (rho, line), color in zip(part["rho"].items(), COLORS[3:], strict=False):
        right.loglog(part["kappa"], line, color=color, label=f"rho = {rho}")
    right.set(xlabel="kappa", title="gradient by c, average, with rho")
    right.legend(fontsize=7)
    figure.suptitle("Quadratic programs: distance from the exact derivative")
    return figure


def tau_linear(result: dict[str, Any]) -> Figure:
    """Gradients that are not zero, what a step along them gains, and with rho."""
    part = result["linear"]
    figure, (left, middle, right) = panels(3, 10.5)
    for axes, what in ((left, "nonzero"), (middle, "gain")):
        for envelope, color in ENVELOPE.items():
            axes.semilogx(part["kappa"], 100 * np.array(part[envelope][what]), color=color, label=envelope)
    right.semilogx(part["kappa"], 100 * np.array(part["lower"]["gain"]), color=ENVELOPE["lower"], label="rho = 0")
    for (rho, lines), color in zip(part["rho"].items(), COLORS[3:], strict=False):
        right.semilogx(part["kappa"], 100 * np.array(lines["gain"]), color=color, label=f"rho = {rho}")
    for axes, title in ((left, "gradients that are not zero, %"), (middle, "gain of a step, %"),
                        (right, "gain of a step, lower, with rho, %")):  # fmt: skip
        axes.set(xlabel="kappa", title=title)
        axes.axvline(1, color="black", linewidth=0.8, linestyle=":")
        axes.legend(fontsize=7)
    figure.suptitle('Linear programs: zero below a threshold, informative above (dotted: tau = "auto")')
    return figure


def tau_adaptive(result: dict[str, Any]) -> Figure:
    """How an adaptive tau finds its size."""
    part = result["adaptive"]
    figure, (left, right) = panels(2, height=2.6)
    left.plot(part["beta"], color=COLORS[0])
    left.set(xlabel="backward pass", title="beta = tau ||g|| / ||c||")
    right.plot(part["nonzeros"], color=COLORS[1], linewidth=0.8)
    right.axhline(part["target"], color="black", linestyle="--", label="target")
    right.set(xlabel="backward pass", title="nonzero entries of a gradient")
    right.legend()
    return figure


def ratios(page: str) -> dict[str, list[float | None]]:
    """Of the table of dense QPs: by peer, how many times longer it takes than the service's LPGD, for each n."""
    table = page[page.index("| dense QP,") :].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    found: dict[str, list[float | None]] = {}
    for line in table:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if not name.startswith("service"):
            numbers = [re.match(r"(\d+\.?\d*) / ", cell) for cell in cells]
            found[name] = [float(number[1]) if number else None for number in numbers]
    return found


def speed(page: str) -> Figure:
    """Bars of how much longer peers take."""
    sizes = re.findall(r"n = (\d+)", page[page.index("| dense QP,") :].splitlines()[0])[-3:]
    figure, (axes,) = panels(1, 8.0, 2.8)
    found = ratios(page)
    for k, (size, color) in enumerate(zip(sizes, COLORS, strict=False)):
        axes.barh(0, 0, left=1, color=color, label=f"n = {size}")
        for row, values in enumerate(found.values()):
            value, y = values[k], row + 0.27 * (k - 1)
            if value is None:
                axes.text(1.03, y, "not timed", va="center", fontsize=7, color="gray")
                continue
            axes.barh(y, value - 1, 0.25, left=1, color=color)
            axes.text(max(value, 1) * 1.03, y, f"{value:g}x", va="center", fontsize=7)
    axes.set_yticks(range(len(found)), [_short(name) for name in found])
    axes.set(
        xscale="log", xlim=(0.8, 80), xlabel="time of a forward and backward pass, relative to the service over HTTP"
    )
    axes.set_xticks([1, 2, 5, 10, 20, 50], ["as long", "2x", "5x", "10x", "20x", "50x"])
    axes.minorticks_off()
    axes.axvline(1, color="black", linewidth=0.8)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.legend(loc="lower right")
    figure.suptitle("Dense QPs, all fields learned, batches of 128")
    return figure


def _short(name: str) -> str:
    return {"cvxpylayers + diffcp, LPGD at the same tau": "cvxpylayers + diffcp,\nits LPGD"}.get(
        name, "cvxpylayers + diffcp,\nits best exact mode" if name.startswith("cvxpylayers") else name
    )


DRAWN: dict[str, tuple[str, Callable[[dict[str, Any]], Figure]]] = {
    "sudoku": ("sudoku", sudoku),
    "markowitz": ("markowitz", markowitz),
    "tau-quadratic": ("tau", tau_quadratic),
    "tau-linear": ("tau", tau_linear),
    "tau-adaptive": ("tau", tau_adaptive),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the figures of the documentation from its results.")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--performance", type=Path, default=DOCS / "performance.md")
    parser.add_argument("--out", type=Path, default=FIGURES)
    parser.add_argument("--only", nargs="+", choices=[*DRAWN, "speed"], default=[*DRAWN, "speed"])
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        for name in args.only:
            if name == "speed":
                figure = speed(args.performance.read_text())
            else:
                source, draw = DRAWN[name]
                figure = draw(load(args.results / f"{source}.json"))
            figure.savefig(args.out / f"{name}.svg", metadata={"Date": None}, facecolor="white")
            plt.close(figure)


if __name__ == "__main__":
    main()

"""Predict the values of items, then pack a knapsack: learning what matters against learning all values well.

The values of 32 items depend on 5 features in a way that a linear model cannot follow: a polynomial of degree 6, times
noise (as in Elmachtoub and Grigas 2022). The best model by mean squared error is not the best model to pack by. The
SPO+ loss bounds the regret, what packing by predicted instead of true values costs; the perturbed Fenchel-Young loss
asks that the best packing stays likely when predictions are shaken. All models are linear and start from the same
numbers.

    python knapsack.py --epochs 30 --train 400 --test 1000 --out knapsack.png
"""

import argparse
import time
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import torch
from torch import Tensor, nn

from argmind.kinds import Knapsack
from argmind.losses import Minimizer
from argmind.torch import FenchelYoung, Regret, SPOPlus


def values(feature: np.ndarray, hidden: np.ndarray, degree: int, rng: np.random.Generator) -> np.ndarray:
    """Values [n, items]: (1 + (linear / sqrt(features) + 3)^degree) / 3.5^degree, times noise of up to a half."""
    linear = feature @ hidden.T / np.sqrt(feature.shape[1])
    clean = 5 * (1 + np.maximum(linear + 3, 0) ** degree) / 3.5**degree
    return clean * rng.uniform(0.5, 1.5, clean.shape)


def train(
    name: str,
    loss_of: Callable[[Tensor, Tensor], Tensor],
    data: tuple[Tensor, ...],
    metric: Regret,
    options: argparse.Namespace,
) -> list[float]:
    """Normalized regret on held-out instances before training and after each epoch."""
    feature, value, test_feature, test_value = data
    torch.manual_seed(options.seed)
    model = nn.Linear(feature.shape[1], value.shape[1], dtype=torch.float64)
    optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)
    regrets = []
    started = time.perf_counter()
    for epoch in range(options.epochs + 1):
        for index in torch.randperm(len(feature)).split(options.batch) if epoch else ():
            optimizer.zero_grad()
            loss_of(model(feature[index]), index).backward()
            optimizer.step()
        with torch.no_grad():
            regrets.append(metric(-model(test_feature), -test_value).item())
        seconds = time.perf_counter() - started
        print(f"{name:14} epoch {epoch:3d}  held-out regret {regrets[-1]:7.2%}  {seconds:6.1f} s", flush=True)
    return regrets


def plot(out: str, regrets: dict[str, list[float]]) -> None:
    """Normalized regret over the epochs."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(7, 4.4), layout="constrained")
    for name, line in regrets.items():
        axes.semilogy(range(len(line)), line, marker="o", label=name)
    axes.set(xlabel="epoch", ylabel="normalized regret, held-out instances")
    axes.set_title("Packing by predicted values: what the loss is about matters")
    axes.legend()
    figure.savefig(out, dpi=120)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description="Predict-then-optimize on knapsacks: SPO+ against mean squared error.")
    parser.add_argument("--url", help="of the service; default $ARGMIND_URL, else http://localhost:8080")
    parser.add_argument("--items", type=int, default=32)
    parser.add_argument("--degree", type=int, default=6, help="of the polynomial that the linear model cannot follow")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--train", type=int, default=400, help="instances to learn from")
    parser.add_argument("--test", type=int, default=1000, help="held-out instances")
    parser.add_argument("--batch", type=int, default=40)
    parser.add_argument("--lr", type=float, default=2e-2)
    parser.add_argument("--samples", type=int, default=10, help="of the Fenchel-Young loss")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="knapsack.png", help="where the plot goes")
    args = parser.parse_args()

    rng = np.random.default_rng(args.seed)
    hidden = rng.integers(0, 2, (args.items, 5)).astype(float)
    arrays = []
    for count in (args.train, args.test):
        feature = rng.standard_normal((count, 5))
        arrays += [torch.tensor(feature), torch.tensor(values(feature, hidden, args.degree, rng))]
    weights = rng.uniform(3, 8, (2, args.items))
    packing = Minimizer(Knapsack(weights, 0.35 * weights.sum(axis=1)), client=args.url)
    feature, value = arrays[:2]
    best = torch.tensor(packing(-value))  # the best packings of the training set, once

    squares = nn.MSELoss()
    spo, shaken = SPOPlus(packing), FenchelYoung(packing, samples=args.samples, sigma=0.5)
    losses: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
        "squared error": lambda predicted, index: squares(predicted, value[index]),
        "SPO+": lambda predicted, index: spo(-predicted, -value[index], best[index]),
        "Fenchel-Young": lambda predicted, index: shaken(-predicted, best[index]),
    }
    metric = Regret(packing, normalized="batch")
    plot(args.out, {name: train(name, loss, tuple(arrays), metric, args) for name, loss in losses.items()})


if __name__ == "__main__":
    main()

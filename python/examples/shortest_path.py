"""Learn what terrain costs from pictures of maps and the best ways across them.

A small convolutional network sees a picture and gives each of 12 x 12 tiles a cost; the layer finds the cheapest way
from the top-left to the bottom-right tile. All that the network is told is the best way: costs are never shown. The way
does not change when costs change a little, so the layer has no useful derivative; "blackbox" (Vlastelica et al. 2020)
and LPGD (Paulus et al. 2024) look at what a larger change of the costs does. Blackbox has a strength that fits the
scale of the loss; here LPGD leaves it to the service, which makes the change as large as the costs.

The maps are drawn here: five kinds of terrain in a random landscape, with texture, shading and noise. A way counts as
found if its true cost is least, for there may be several.

    python shortest_path.py --epochs 12 --train 1000 --test 300 --out shortest_path.png
"""

import argparse
import time
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import torch
from torch import Tensor, nn

from argmind.torch import GridShortestPath

TILE = 8  # pixels
COSTS = np.array([7.0, 1.0, 2.0, 4.0, 9.0])  # water, grass, sand, forest, rock
COLORS = np.array([[60, 110, 190], [110, 180, 80], [215, 195, 130], [40, 100, 60], [130, 125, 120]]) / 255
METHODS = {
    "blackbox": {"method": "blackbox", "lambda_": 20.0},
    "lpgd": {"method": "lpgd", "tau": "auto", "envelope": "lower"},
    "imle": {"method": "imle", "tau": 20.0, "samples": 4, "sigma": 0.1},
}


@dataclass
class Maps:
    """Pictures [n, 3, 8 k, 8 k], true costs [n, k, k], and the best ways [n, k, k]."""

    picture: Tensor
    cost: Tensor
    path: Tensor

    def part(self, index: Tensor | slice) -> "Maps":
        """Some of them."""
        return Maps(self.picture[index], self.cost[index], self.path[index])


def landscapes(count: int, side: int, rng: np.random.Generator) -> np.ndarray:
    """Terrain of each tile: a sum of random waves, cut at its quantiles."""
    where = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"))
    waves = rng.uniform(-0.9, 0.9, (count, 8, 2)) * 12 / max(12, side)
    phases = rng.uniform(0, 2 * np.pi, (count, 8, 1, 1))
    height = np.cos(np.einsum("nwd,dij->nwij", waves, where) + phases).sum(axis=1)
    height += 0.7 * rng.standard_normal(height.shape)
    cuts = np.quantile(height.reshape(count, -1), [0.2, 0.45, 0.6, 0.85], axis=1)
    return (height[None] > cuts[:, :, None, None]).sum(axis=0)


def draw(terrain: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pictures float[n, 3, H, W]: colours with ripples on water, trees in forests, light from one side, and noise."""
    big = terrain.repeat(TILE, axis=1).repeat(TILE, axis=2)
    image = COLORS[big]
    rows, cols = np.meshgrid(np.arange(big.shape[1]), np.arange(big.shape[2]), indexing="ij")
    ripples = 0.08 * np.sin(rows * 1.6 + rng.uniform(0, 6, (len(big), 1, 1)))
    trees = 0.12 * ((rows % 4 < 2) ^ (cols % 4 < 2)) - 0.06
    image += np.where(big == 0, ripples, np.where(big == 3, trees, 0.0))[..., None]
    slope = rng.uniform(-0.25, 0.25, (len(big), 2, 1, 1))
    shade = 1 + slope[:, 0] * (rows / big.shape[1] - 0.5) + slope[:, 1] * (cols / big.shape[2] - 0.5)
    image *= (shade * rng.uniform(0.8, 1.1, (len(big), 1, 1)))[..., None]
    image += 0.05 * rng.standard_normal(image.shape)
    return image.clip(0, 1).transpose(0, 3, 1, 2)


def make(count: int, side: int, url: str | None, rng: np.random.Generator) -> Maps:
    """Maps with their best ways."""
    terrain = landscapes(count, side, rng)
    cost = torch.tensor(COSTS[terrain], dtype=torch.float32)
    with torch.no_grad():
        path = torch.cat([GridShortestPath(client=url)(part) for part in cost.split(500)])
    return Maps(torch.tensor(draw(terrain, rng), dtype=torch.float32), cost, path)


def network() -> nn.Module:
    """A picture to nonnegative costs; each sees its tile and a little of the neighbours."""
    return nn.Sequential(
        nn.Conv2d(3, 16, 5, stride=2, padding=2),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 1, 1),
        nn.Softplus(),
        nn.Flatten(0, 1),
    )


def optimal(path: Tensor, maps: Maps) -> Tensor:
    """Whether a way is as cheap as the best one: bool[n]."""
    found, best = ((way * maps.cost).sum((1, 2)) for way in (path, maps.path))
    return found <= best + 1e-4


def train(name: str, data: tuple[Maps, Maps], args: argparse.Namespace) -> tuple[list[float], Tensor]:
    """The share of held-out maps on which the best way is found, after each epoch, and the ways found at the end."""
    learn, hold_out = data
    torch.manual_seed(args.seed)
    model = network()
    layer = GridShortestPath(client=args.url, **METHODS[name])
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    shares, path = [], hold_out.path
    started = time.perf_counter()
    for epoch in range(1, args.epochs + 1):
        model.train()
        for index in torch.randperm(len(learn.cost)).split(args.batch):
            part = learn.part(index)
            optimizer.zero_grad()
            way = layer(model(part.picture))
            hamming = (way * (1 - part.path) + (1 - way) * part.path).sum((1, 2))
            hamming.mean().backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            ways = [GridShortestPath(client=args.url)(model(picture)) for picture in hold_out.picture.split(500)]
        path = torch.cat(ways)
        shares.append(optimal(path, hold_out).double().mean().item())
        seconds = time.perf_counter() - started
        print(f"{name:9} epoch {epoch:3d}  held-out ways optimal {shares[-1]:6.1%}  {seconds:6.1f} s", flush=True)
    return shares, path


def plot(out: str, shares: dict[str, list[float]], maps: Maps, path: Tensor) -> None:
    """How the methods learn, and one held-out map with the best way (white) and the one found (red)."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), width_ratios=[1.4, 1], layout="constrained")
    for name, line in shares.items():
        left.plot(range(1, len(line) + 1), line, marker="o", label=name)
    left.set(xlabel="epoch", ylabel="held-out maps with an optimal way", ylim=(-0.02, 1.02))
    left.legend()
    left.set_title("Costs of terrain, learned from the best ways")
    right.imshow(maps.picture[0].permute(1, 2, 0).numpy())
    for way, color, size in ((maps.path[0], "white", 70), (path[0], "tab:red", 22)):
        rows, cols = np.nonzero(way.numpy())
        right.scatter(TILE * cols + TILE / 2, TILE * rows + TILE / 2, s=size, color=color, edgecolors="black")
    right.set_title("a held-out map: best way (white), found (red)")
    right.axis("off")
    figure.savefig(out, dpi=120)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description="Learn costs of terrain by differentiating through shortest paths.")
    parser.add_argument("--url", help="of the service; default $ARGMIND_URL, else http://localhost:8080")
    parser.add_argument("--methods", nargs="+", choices=sorted(METHODS), default=["blackbox", "lpgd"])
    parser.add_argument("--side", type=int, default=12, help="tiles")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--train", type=int, default=1000, help="maps to learn from")
    parser.add_argument("--test", type=int, default=300, help="held-out maps")
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="shortest_path.png", help="where the plot goes")
    args = parser.parse_args()

    rng = np.random.default_rng(args.seed)
    data = make(args.train, args.side, args.url, rng), make(args.test, args.side, args.url, rng)
    results = {name: train(name, data, args) for name in args.methods}
    plot(args.out, {name: shares for name, (shares, _) in results.items()}, data[1], results[args.methods[-1]][1])


if __name__ == "__main__":
    main()

"""What tau, the envelope and rho do to gradients: the measurements of docs/choosing-tau.md.

tau is given as kappa = tau max|g| / max|c|, the size of the perturbation against that of the cost; kappa = 1 is what
`tau="auto"` takes for linear programs, 1e-3 what it takes for quadratic ones.

    python -m experiments.tau
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import argmind
from argmind.kinds import GridShortestPath
from experiments.record import RESULTS, save

Array = NDArray[np.float64]
ENVELOPES = ("lower", "upper", "average")
ZERO = 1e-9  # gradients of linear programs below it are rounding


def programs(count: int, rng: np.random.Generator, *, quadratic: bool) -> dict[str, Any]:
    """Random programs with 20 variables in [-1, 1], three equalities and ten inequalities, of which some are active."""
    n, rows, sides = 20, 3, 10
    inside = rng.uniform(-0.5, 0.5, (count, n, 1))
    A, G = rng.standard_normal((count, rows, n)), rng.standard_normal((count, sides, n))
    fields: dict[str, Any] = {
        "c": rng.standard_normal((count, n)),
        "A": A,
        "b": (A @ inside)[..., 0],
        "G": G,
        "h": (G @ inside)[..., 0] + rng.uniform(0, 2, (count, sides)),
        "lb": -1.0,
        "ub": 1.0,
    }
    if quadratic:
        root = rng.standard_normal((count, n, n)) / np.sqrt(n)
        fields["P"] = root @ root.swapaxes(1, 2) + 0.1 * np.eye(n)
    return fields


def sizes(kappa: float, cost: Array, upstream: Array) -> Array:
    """The tau of each instance."""
    axes = tuple(range(1, cost.ndim))
    tau: Array = kappa * np.abs(cost).max(axes) / np.abs(upstream).max(axes)
    return tau


def error(found: Array, exact: Array) -> float:
    """Median over the instances of the relative distance from the exact derivative, those without one left out."""
    far, long = (np.linalg.norm(part.reshape(len(part), -1), axis=1) for part in (found - exact, exact))
    return float(np.median(far[long > 0] / long[long > 0]))


def quadratic(client: argmind.Client, count: int, kappas: Array, rng: np.random.Generator) -> dict[str, Any]:
    """Errors of the gradients by c and G, whether the active set has changed, and the diagnostic `noise`."""
    fields = programs(count, rng, quadratic=True)
    solution = client.solve(fields)
    upstream = rng.standard_normal(solution.x.shape)
    exact = client.lpgd_backward(solution, {"x": upstream}, method="implicit", wrt=["c", "G"])
    length = np.linalg.norm(exact["c"], axis=1)

    def ask(kappa: float, **options: Any) -> argmind.Gradients:
        tau = sizes(kappa, fields["c"], upstream)
        return client.lpgd_backward(solution, {"x": upstream}, tau=tau, wrt=["c", "G"], **options)

    result: dict[str, Any] = {"kappa": kappas.tolist(), "noise": [], "displacement": []}
    for envelope in ENVELOPES:
        found = [ask(kappa, envelope=envelope) for kappa in kappas]
        result[envelope] = {name: [error(one[name], exact[name]) for one in found] for name in ("c", "G")}
        if envelope == "average":
            result["noise"] = [float(np.median(one.diagnostics["noise"] / length)) for one in found]
            result["displacement"] = [float(np.median(one.diagnostics["displacement"])) for one in found]
            result["changed"] = [
                float((np.abs(one["c"] - exact["c"]).max(1) > 1e-3 * length).mean()) for one in found
            ]  # in its region a difference of c is exact
    fixed = [error(ask(kappa, rho=0.1)["c"], exact["c"]) for kappa in kappas]
    coupled = [error(ask(kappa, rho=0.1 * kappa)["c"], exact["c"]) for kappa in kappas]
    result["rho"] = {"0.1": fixed, "0.1 kappa": coupled}
    return result


def linear(client: argmind.Client, count: int, kappas: Array, rng: np.random.Generator) -> dict[str, Any]:
    """How many gradients are not zero, and what a step along them gains.

    The loss is <g, x>, its least value that of the program with cost g. The gain of a gradient is how much of the way
    there the solution goes when c makes a step of 0.3 ||c|| against it.
    """
    fields = programs(count, rng, quadratic=False)
    cost = fields["c"]
    solution = client.solve(fields)
    upstream = rng.standard_normal(solution.x.shape)
    before = (upstream * solution.x).sum(1)
    least = client.solve({**fields, "c": upstream}, retain=False).objective

    def measure(kappa: float, **options: Any) -> tuple[float, float]:
        tau = sizes(kappa, cost, upstream)
        gradient = client.lpgd_backward(solution, {"x": upstream}, tau=tau, wrt=["c"], **options)["c"]
        norm = np.linalg.norm(gradient, axis=1, keepdims=True)
        step = 0.3 * np.linalg.norm(cost, axis=1, keepdims=True) * np.where(norm > ZERO, gradient / norm.clip(ZERO), 0)
        after = (upstream * client.solve({**fields, "c": cost - step}, retain=False).x).sum(1)
        return float((norm > ZERO).mean()), float(((before - after) / (before - least)).mean())

    def curves(**options: Any) -> dict[str, list[float]]:
        some, gain = zip(*(measure(kappa, **options) for kappa in kappas), strict=True)
        return {"nonzero": list(some), "gain": list(gain)}

    result: dict[str, Any] = {"kappa": kappas.tolist()}
    result |= {envelope: curves(envelope=envelope) for envelope in ENVELOPES}
    result["rho"] = {str(rho): curves(envelope="lower", rho=rho) for rho in (0.1, 1.0, 10.0)}
    auto = {}
    for scale in (1e-4, 1e-2, 1.0, 1e2):
        found = [
            client.lpgd_backward(solution, {"x": scale * upstream}, tau=tau, wrt=["c"])["c"] for tau in ("auto", 1.0)
        ]
        auto[str(scale)] = [float((np.abs(gradient).max(1) > ZERO * scale).mean()) for gradient in found]
    result["nonzero of auto and of tau 1 by scale of the loss"] = auto
    return result


def adaptive(client: argmind.Client, count: int, steps: int, rng: np.random.Generator) -> dict[str, Any]:
    """How beta and the nonzero entries of a gradient go with `tau="adaptive"` on paths across 12 x 12 cells."""
    state = {"target": 4.0, "step": 0.02, "momentum": 0.0, "decay": 0.9, "beta": 0.0, "nonzeros": 1.0, "last_step": 0.0}
    kind, result = GridShortestPath(), {"target": state["target"], "beta": [], "nonzeros": []}
    for _ in range(steps):
        cost = rng.uniform(0.5, 2, (count, 12, 12))
        wanted, solution = (
            client.solve(kind.problem(part)) for part in (cost * rng.uniform(0.7, 1.3, cost.shape), cost)
        )
        upstream = {"x": 1 - 2 * wanted.x}
        found = client.lpgd_backward(solution, upstream, tau="adaptive", envelope="lower", adaptive=state)
        state |= found.diagnostics["adaptive"]
        result["beta"].append(float(state["beta"]))
        result["nonzeros"].append(float((found["cost"] != 0).sum() / count))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what tau does.")
    parser.add_argument("--url", help="of the service; default $ARGMIND_URL, else http://localhost:8080")
    parser.add_argument("--count", type=int, default=64, help="programs")
    parser.add_argument("--points", type=int, default=19, help="values of kappa")
    parser.add_argument("--steps", type=int, default=120, help="of the adaptive tau")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS / "tau.json")
    args = parser.parse_args()

    with argmind.Client(args.url) as client:
        result = {
            "settings": {name: getattr(args, name) for name in ("count", "points", "steps", "seed")},
            "quadratic": quadratic(
                client, args.count, np.logspace(-8, 2, args.points), np.random.default_rng(args.seed)
            ),
            "linear": linear(client, args.count, np.logspace(-3, 2, args.points), np.random.default_rng(args.seed)),
            "adaptive": adaptive(client, 32, args.steps, np.random.default_rng(args.seed)),
        }
    save(args.out, result)


if __name__ == "__main__":
    main()

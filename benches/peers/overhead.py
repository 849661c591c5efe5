"""What everything around the solver costs: forward and backward of a `Layer` minus the service's own solve_seconds.

    tools/with-service .venv/bin/python benches/peers/overhead.py [--sizes 10 50 100] [--batch 128] [--reps 20]

Dense QPs in float64, m = n inequalities and p = n/2 equalities, every field batched and learned. The overhead is encoding, the
network, decoding, checks, waiting for a thread, and the layer itself, of both calls together; `share` is its part of the whole.
`floor` is one memory copy of all the bytes that travel, for comparison. (The `solve` of a backward includes putting its gradients together.) Medians over the repetitions; on a shared machine only ratios
mean something.
"""

import argparse
import time

import numpy as np
import torch
from argmind.torch import Layer


def problem(n: int, batch: int) -> dict[str, torch.Tensor]:
    """Strictly convex programs with a feasible point."""
    rng = np.random.default_rng([1, n])
    m, p = n, n // 2
    root = rng.standard_normal((batch, n, n)) / np.sqrt(n)
    G = rng.standard_normal((batch, m, n)) / np.sqrt(n)
    A = rng.standard_normal((batch, p, n)) / np.sqrt(n)
    x0 = rng.standard_normal((batch, n))
    P = root @ root.swapaxes(1, 2) + 0.1 * np.eye(n)
    data = {
        "P": 0.5 * (P + P.swapaxes(1, 2)),
        "c": 2 * rng.standard_normal((batch, n)),
        "G": G,
        "h": np.einsum("bij,bj->bi", G, x0) + rng.uniform(0.05, 1, (batch, m)),
        "A": A,
        "b": np.einsum("bij,bj->bi", A, x0),
    }
    return {name: torch.tensor(value, requires_grad=True) for name, value in data.items()}


def measure(n: int, batch: int, reps: int) -> None:
    """Prints one row."""
    fields = problem(n, batch)
    upstream = torch.tensor(np.random.default_rng(2).standard_normal((batch, n)))
    layer = Layer()
    sent = np.concatenate([value.detach().numpy().ravel() for value in fields.values()])
    received = sent.copy()
    rows = []
    for rep in range(reps + max(3, reps // 4)):
        for value in fields.values():
            value.grad = None
        start = time.perf_counter()
        x = layer(**fields)
        between = time.perf_counter()
        x.backward(upstream)
        end = time.perf_counter()
        np.copyto(received, sent)
        copied = time.perf_counter() - end
        info = layer.last
        forward, backward = info.solution.solve_seconds, info.backward.solve_seconds
        if rep >= max(3, reps // 4):  # the first ones warm the service up
            rows.append((end - start, forward + backward, between - start - forward, end - between - backward, copied))
    total, solve, forward, backward, copied = 1e3 * np.median(np.array(rows), axis=0)
    overhead = forward + backward
    print(
        f"n={n:4d} B={batch:4d}  {8e-6 * sent.size:6.2f} MB  total {total:9.2f} ms  solve {solve:9.2f}  "
        f"overhead {overhead:7.2f} = {forward:7.2f} forward + {backward:7.2f} backward  share {overhead / (solve + overhead):6.1%}  "
        f"floor {2 * copied:6.2f}",
        flush=True,
    )


def main() -> None:
    """Parses the command line and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 50, 100])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--reps", type=int, default=20)
    options = parser.parse_args()
    for n in options.sizes:
        measure(n, options.batch, options.reps)


if __name__ == "__main__":
    main()

"""Forward and backward of a batch: the service against cvxpylayers + diffcp, in one run on the same data.

    tools/with-service .venv-peers/bin/python benches/peers/compare.py [--cases qp lp sudoku] [--reps 5]

Answers are compared before anything is timed: a ratio is printed only if solutions agree. Both sides are timed in turns, and a
ratio is the median over the turns. On a shared machine ratios mean something, times do not.
"""

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import torch
from argmind.torch import Layer
from cvxpylayers.torch import CvxpyLayer

warnings.filterwarnings("ignore")


@dataclass
class Case:
    """One comparison: tensors, the service's layer and the peer's modes."""

    name: str
    batch: int
    leaves: dict[str, torch.Tensor]
    upstream: torch.Tensor
    service: Callable[[], torch.Tensor]
    peers: dict[str, Callable[[], torch.Tensor]]
    compare_gradients: bool
    agree: float


def qp(n: int, batch: int) -> Case:
    """Dense QPs, every field batched and learned: m = n inequalities, p = n/2 equalities."""
    rng = np.random.default_rng([1, n])
    m, p = n, n // 2
    root = rng.standard_normal((batch, n, n)) / np.sqrt(n)
    S = np.linalg.cholesky(root @ root.swapaxes(1, 2) + 0.1 * np.eye(n)).swapaxes(1, 2)  # P = S'S
    G = rng.standard_normal((batch, m, n)) / np.sqrt(n)
    A = rng.standard_normal((batch, p, n)) / np.sqrt(n)
    x0 = rng.standard_normal((batch, n))
    data = {
        "S": S,
        "c": 2 * rng.standard_normal((batch, n)),
        "G": G,
        "h": np.einsum("bij,bj->bi", G, x0) + rng.uniform(0.05, 1, (batch, m)),
        "A": A,
        "b": np.einsum("bij,bj->bi", A, x0),
    }
    t = {k: torch.tensor(v, requires_grad=True) for k, v in data.items()}
    layer = Layer(method="lpgd", tau="auto", envelope="average")
    exact = Layer(method="implicit")

    def service(which: Layer) -> torch.Tensor:
        P = t["S"].transpose(1, 2) @ t["S"]
        return which(P=P, c=t["c"], G=t["G"], h=t["h"], A=t["A"], b=t["b"])

    x = cp.Variable(n)
    q = {k: cp.Parameter(v.shape[1:]) for k, v in data.items()}
    objective = cp.Minimize(0.5 * cp.sum_squares(q["S"] @ x) + q["c"] @ x)
    problem = cp.Problem(objective, [q["G"] @ x <= q["h"], q["A"] @ x == q["b"]])
    peer = CvxpyLayer(problem, parameters=list(q.values()), variables=[x])

    def peer_call(**solver_args: object) -> Callable[[], torch.Tensor]:
        return lambda: peer(*(t[k] for k in q), solver_args={"solve_method": "Clarabel", **solver_args})[0]

    peers = {
        "cvxpylayers lsqr": peer_call(mode="lsqr"),
        "cvxpylayers dense": peer_call(mode="dense"),
        "cvxpylayers lpgd": peer_call(mode="lpgd", derivative_kwargs={"tau": 1e-2, "rho": 0.0}),
    }
    case = Case(
        f"QP n={n}", batch, t, torch.tensor(rng.standard_normal((batch, n))), lambda: service(layer), peers, True, 1e-4
    )
    case.peers["service, implicit"] = lambda: service(exact)
    return case


def lp(n: int, batch: int) -> Case:
    """Dense LPs with costs that are learned, over a shared polytope in a box."""
    rng = np.random.default_rng([2, n])
    G = rng.standard_normal((n, n)) / np.sqrt(n)
    h = rng.uniform(0.5, 1, n)
    c = torch.tensor(rng.standard_normal((batch, n)), requires_grad=True)
    layer = Layer(tau=1.0, envelope="average", constants={"G": G, "h": h, "lb": 0.0, "ub": 1.0})
    x, q = cp.Variable(n), cp.Parameter(n)
    peer = CvxpyLayer(cp.Problem(cp.Minimize(q @ x), [G @ x <= h, x >= 0, x <= 1]), parameters=[q], variables=[x])
    peers = {
        "cvxpylayers lpgd": lambda: peer(
            c, solver_args={"solve_method": "Clarabel", "mode": "lpgd", "derivative_kwargs": {"tau": 1.0, "rho": 0.0}}
        )[0],
        "cvxpylayers lsqr": lambda: peer(c, solver_args={"solve_method": "Clarabel", "mode": "lsqr"})[0],
    }
    upstream = torch.tensor(rng.standard_normal((batch, n)))
    return Case(f"LP n={n}", batch, {"c": c}, upstream, lambda: layer(c=c), peers, False, 1e-4)


def sudoku_rules(k: int) -> np.ndarray:
    """Rows, columns, blocks and cells of a k^2 x k^2 board hold each digit once: [rank, k^6]."""
    side = k * k
    cells = np.arange(side**3).reshape(side, side, side)
    groups = []
    for a in range(side):
        for b in range(side):
            block = cells[k * (a // k) : k * (a // k) + k, k * (a % k) : k * (a % k) + k, b].ravel()
            groups += [cells[a, b, :], cells[a, :, b], cells[:, a, b], block]
    A = np.zeros((len(groups), side**3))
    for row, group in enumerate(groups):
        A[row, group] = 1
    keep: list[int] = []
    basis = np.zeros((0, A.shape[1]))
    for row in range(len(A)):  # Gram-Schmidt picks independent rows
        rest = A[row] - basis.T @ (basis @ A[row])
        if np.linalg.norm(rest) > 1e-9:
            keep.append(row)
            basis = np.vstack([basis, rest / np.linalg.norm(rest)])
    return A[keep]


def sudoku(k: int, batch: int = 32) -> Case:
    """Boards from noisy clues: a linear program over the relaxation of Sudoku's rules."""
    rng = np.random.default_rng([3, k])
    A = sudoku_rules(k)
    n = A.shape[1]
    costs = torch.tensor(rng.standard_normal((batch, n)), requires_grad=True)
    rows, cols = A.nonzero()
    from argmind import Sparse  # noqa: PLC0415

    sparse = Sparse(A.shape, rows, cols, A[rows, cols])
    layer = Layer(tau=1.0, envelope="average", constants={"A": sparse, "b": np.ones(len(A)), "lb": 0.0, "ub": 1.0})
    x, q = cp.Variable(n), cp.Parameter(n)
    peer = CvxpyLayer(cp.Problem(cp.Minimize(q @ x), [A @ x == 1, x >= 0, x <= 1]), parameters=[q], variables=[x])
    peers = {
        "cvxpylayers lpgd": lambda: peer(
            costs,
            solver_args={"solve_method": "Clarabel", "mode": "lpgd", "derivative_kwargs": {"tau": 1.0, "rho": 0.0}},
        )[0]
    }
    upstream = torch.tensor(rng.standard_normal((batch, n)))
    return Case(f"Sudoku {k * k}x{k * k} LP", batch, {"c": costs}, upstream, lambda: layer(c=costs), peers, False, 1e-4)


def run(case: Case, call: Callable[[], torch.Tensor]) -> tuple[np.ndarray, dict[str, np.ndarray], float, float]:
    """x, gradients, and the seconds of forward and backward."""
    for leaf in case.leaves.values():
        leaf.grad = None
    start = time.perf_counter()
    x = call()
    middle = time.perf_counter()
    x.backward(case.upstream)
    end = time.perf_counter()
    grads = {k: v.grad.numpy().copy() for k, v in case.leaves.items() if v.grad is not None}
    return x.detach().numpy().copy(), grads, middle - start, end - middle


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference relative to the largest number."""
    return float(np.abs(one - other).max() / (1e-12 + np.abs(other).max()))


def typical(one: np.ndarray, other: np.ndarray) -> float:
    """The median over the batch of the relative difference of the rows."""
    rows = np.linalg.norm(one - other, axis=1) / (1e-12 + np.linalg.norm(other, axis=1))
    return float(np.median(rows))


def measure(case: Case, reps: int) -> bool:
    """Checks and times one case against each peer."""
    agreed = True
    mine = run(case, case.service)
    for name, peer in case.peers.items():
        try:
            theirs = run(case, peer)
        except Exception as error:  # noqa: BLE001 - a peer that fails is a result
            print(f"{case.name:16s} B={case.batch:4d}  {name:18s} failed: {type(error).__name__}: {str(error)[:80]}")
            continue
        off = difference(theirs[0], mine[0])
        off_c = typical(theirs[1]["c"], mine[1]["c"]) if case.compare_gradients else float("nan")
        if off >= case.agree:
            print(f"{case.name:16s} B={case.batch:4d}  {name:18s} SOLUTIONS DISAGREE by {off:.0e}: not timed")
            agreed = False
            continue
        times = []
        for _ in range(reps):
            _, _, f1, b1 = run(case, case.service)
            _, _, f2, b2 = run(case, peer)
            times.append((f1, b1, f2, b2))
        f1, b1, f2, b2 = np.array(times).T
        ratio = np.median((f2 + b2) / (f1 + b1))
        print(
            f"{case.name:16s} B={case.batch:4d}  {name:18s} x differs {off:.0e}  dc differs {off_c:.0e}  "
            f"service {1e3 * np.median(f1):7.1f} + {1e3 * np.median(b1):7.1f} ms  peer {1e3 * np.median(f2):7.1f} + {1e3 * np.median(b2):7.1f} ms  "
            f"ratio {ratio:.2f}",
            flush=True,
        )
    return agreed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="+", default=["qp", "lp", "sudoku"], choices=["qp", "lp", "sudoku"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[10, 50, 100])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--reps", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    cases: list[Callable[[], Case]] = []
    if "qp" in args.cases:
        cases += [lambda n=n: qp(n, args.batch) for n in args.sizes]
    if "lp" in args.cases:
        cases += [lambda n=n: lp(n, args.batch) for n in args.sizes]
    if "sudoku" in args.cases:
        cases += [lambda: sudoku(2), lambda: sudoku(3)]
    print(
        "ratio = time of the peer / time of the service (forward + backward, through HTTP); above 1 the service is faster"
    )
    agreed = [measure(make(), args.reps) for make in cases]
    sys.exit(0 if all(agreed) else 1)


if __name__ == "__main__":
    main()

"""Combinatorial layers: forward and the backward of blackbox differentiation, (x(c + lambda g) - x(c)) / lambda."""

import heapq
import itertools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.pool import ThreadPool
from typing import Any

import numpy as np
import torch
from argmind import kinds
from argmind.torch import CombinatorialLayer
from contest import Contestant, Run
from scipy import optimize, sparse
from scipy.sparse import csgraph

CORES = os.cpu_count() or 1
BLACKBOX = "service, blackbox"
Solve = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Costs:
    """A batch of costs for one set.

    Attributes:
        name: of the table's row.
        kind: the set.
        cost: [B, *shape], without ties.
        upstream: gradient of the loss by x, like `cost`.
        strength: lambda; cost + lambda upstream is not negative where that matters.
    """

    name: str
    kind: kinds.Kind
    cost: np.ndarray
    upstream: np.ndarray
    strength: float


def grid(side: int, batch: int) -> Costs:
    """Cell costs from 1 to 10 and an upstream gradient within 1: nothing gets negative."""
    rng = np.random.default_rng([31, side])
    cost, upstream = rng.uniform(1, 10, (batch, side, side)), rng.uniform(-1, 1, (batch, side, side))
    return Costs(f"grid {side}x{side}", kinds.GridShortestPath(8), cost, upstream, 1.0)


def assignment(n: int, batch: int) -> Costs:
    """Uniform costs."""
    rng = np.random.default_rng([32, n])
    cost, upstream = rng.uniform(0, 1, (batch, n, n)), rng.standard_normal((batch, n, n))
    return Costs(f"assignment {n}x{n}", kinds.Assignment(), cost, upstream, 0.05)


def knapsack(items: int, batch: int) -> Costs:
    """Two weights of 3 to 8 for each item, room for half of them, profits from 1 to 10."""
    rng = np.random.default_rng([33, items])
    weights = rng.integers(30, 81, (2, items)) / 10.0
    cost, upstream = -rng.uniform(1, 10, (batch, items)), rng.standard_normal((batch, items))
    return Costs(f"knapsack 2x{items}", kinds.Knapsack(weights, weights.sum(axis=1) / 2), cost, upstream, 1.0)


def service(case: Costs, solver: str) -> Contestant:
    """The layer, through HTTP."""

    def make() -> Callable[[], Run]:
        options: dict[str, Any] = {"method": "blackbox", "lambda_": case.strength}
        layer = CombinatorialLayer(case.kind, solver=solver, on_failure="nan", timeout=600.0, **options)

        def extra() -> dict[str, float]:
            assert layer.last is not None
            assert layer.last.backward is not None
            return {
                "solve_seconds": layer.last.solution.solve_seconds,
                "backward_solve_seconds": layer.last.backward.solve_seconds,
            }

        return torch_run(case, layer, CORES, extra)

    return Contestant(BLACKBOX, {solver: make})


def torch_run(
    case: Costs,
    layer: Callable[[torch.Tensor], torch.Tensor],
    threads: int,
    extra: Callable[[], dict[str, float]] = dict,
) -> Callable[[], Run]:
    """Forward from a leaf to x, and backward to its gradient."""
    leaf = torch.tensor(case.cost, requires_grad=True)
    upstream = torch.tensor(case.upstream)

    def run() -> Run:
        torch.set_num_threads(threads)
        leaf.grad = None
        start = time.perf_counter()
        x = layer(leaf)
        middle = time.perf_counter()
        x.backward(upstream)
        end = time.perf_counter()
        assert leaf.grad is not None
        gradient = leaf.grad.numpy().reshape(len(leaf), -1).copy()
        flat = x.detach().numpy().reshape(len(leaf), -1).copy()
        return Run(flat, {"cost": gradient}, middle - start, end - middle, extra())

    return run


def loop(
    name: str, case: Costs, start: Callable[[], Solve], target: float | None = None, most: int = CORES
) -> Contestant:
    """A solver in a loop over the batch, twice; every thread has its own from `start`."""

    def variant(threads: int) -> Callable[[], Callable[[], Run]]:
        def make() -> Callable[[], Run]:
            solvers = [start() for _ in range(threads)]
            pool = ThreadPool(threads) if threads > 1 else None

            def every(costs: np.ndarray) -> np.ndarray:
                x = np.empty_like(costs)

                def part(k: int) -> None:
                    for i in range(k, len(costs), threads):
                        x[i] = solvers[k](costs[i])

                if pool:
                    pool.map(part, range(threads))
                else:
                    part(0)
                return x

            def run() -> Run:
                begin = time.perf_counter()
                x = every(case.cost)
                middle = time.perf_counter()
                gradient = (every(case.cost + case.strength * case.upstream) - x) / case.strength
                end = time.perf_counter()
                flat = (part.reshape(len(x), -1) for part in (x, gradient))
                return Run(next(flat), {"cost": next(flat)}, middle - begin, end - middle)

            return run

        return make

    variants = {f"{k} thread" + "s" * (k > 1): variant(k) for k in sorted({1, most})}
    return Contestant(name, variants, BLACKBOX, target)


def python_dijkstra(case: Costs) -> Solve:
    """Dijkstra over a grid in plain Python, with a heap: what users of blackbox differentiation run."""
    height, width = case.cost.shape[1:]
    near = {
        (i, j): [
            (a, b)
            for a, b in itertools.product(
                range(max(i - 1, 0), min(i + 2, height)), range(max(j - 1, 0), min(j + 2, width))
            )
            if (a, b) != (i, j)
        ]
        for i, j in itertools.product(range(height), range(width))
    }
    last = (height - 1, width - 1)

    def solve(cost: np.ndarray) -> np.ndarray:
        weight = cost.tolist()
        best, before, done = {(0, 0): weight[0][0]}, {}, set()
        heap = [(weight[0][0], (0, 0))]
        while last not in done:
            d, cell = heapq.heappop(heap)
            if cell in done:
                continue
            done.add(cell)
            for other in near[cell]:
                there = d + weight[other[0]][other[1]]
                if there < best.get(other, np.inf):
                    best[other], before[other] = there, cell
                    heapq.heappush(heap, (there, other))
        x = np.zeros_like(cost)
        cell = last
        x[cell] = 1.0
        while cell != (0, 0):
            cell = before[cell]
            x[cell] = 1.0
        return x

    return solve


def scipy_dijkstra(case: Costs) -> Solve:
    """SciPy's Dijkstra; the graph is made once, an arc costs what its head does."""
    height, width = case.cost.shape[1:]
    tails, heads = _arcs(height, width)
    graph = sparse.csr_array((np.ones(len(tails)), (tails, heads)), shape=(height * width,) * 2)

    def solve(cost: np.ndarray) -> np.ndarray:
        graph.data = cost.ravel()[graph.indices]
        before = csgraph.dijkstra(graph, indices=0, return_predecessors=True)[1]
        x = np.zeros(cost.size)
        cell = cost.size - 1
        while cell >= 0:
            x[cell] = 1.0
            cell = before[cell]
        return x.reshape(cost.shape)

    return solve


def scipy_assignment(_case: Costs) -> Solve:
    """SciPy's Jonker-Volgenant."""

    def solve(cost: np.ndarray) -> np.ndarray:
        x = np.zeros_like(cost)
        x[optimize.linear_sum_assignment(cost)] = 1.0
        return x

    return solve


def _arcs(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    cells = np.arange(height * width).reshape(height, width)
    pairs = []
    for di, dj in itertools.product((-1, 0, 1), repeat=2):
        if (di, dj) != (0, 0):
            a = cells[max(0, -di) : height - max(0, di), max(0, -dj) : width - max(0, dj)]
            b = cells[max(0, di) : height - max(0, -di), max(0, dj) : width - max(0, -dj)]
            pairs.append((a.ravel(), b.ravel()))
    tails, heads = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return tails, heads


def pyepo(case: Costs, target: float | None = None) -> Contestant:
    """PyEPO's blackbox layer over OR-Tools: GLOP where a linear program will do, SCIP for knapsacks."""
    make = {"grid": _pyepo_grid, "assignment": _pyepo_assignment, "knapsack": _pyepo_knapsack}[case.name.split()[0]]

    def variant() -> Callable[[], Run]:
        from pyepo.func import blackboxOpt

        layer = blackboxOpt(make(case), lambd=case.strength, processes=1)
        sign = -1.0 if case.name.startswith("knapsack") else 1.0  # its knapsack maximizes

        def call(leaf: torch.Tensor) -> torch.Tensor:
            return layer(sign * leaf.reshape(len(leaf), -1)).to(leaf.dtype).reshape(leaf.shape)

        return torch_run(case, call, CORES)

    return Contestant("PyEPO, blackbox", {"1 process": variant}, BLACKBOX, target)


def _pyepo_grid(case: Costs) -> Any:
    """Unit flow over the arcs; a cell is on the path if flow enters it."""
    from ortools.linear_solver import pywraplp
    from pyepo.model.ort.ortmodel import optOrtModel

    height, width = case.cost.shape[1:]
    tails, heads = _arcs(height, width)

    class Grid(optOrtModel):
        def _getModel(self) -> tuple[Any, Any]:
            model = pywraplp.Solver.CreateSolver("GLOP")
            cells = {v: model.NumVar(0, 1, f"x_{v}") for v in range(height * width)}
            flow = [model.NumVar(0, 1, "") for _ in tails]
            enters, leaves = ({v: [] for v in cells} for _ in range(2))
            for f, u, v in zip(flow, tails.tolist(), heads.tolist(), strict=True):
                leaves[u].append(f)
                enters[v].append(f)
            for v, x in cells.items():
                model.Add(sum(enters[v]) + (v == 0) == x)
                model.Add(sum(leaves[v]) + (v == height * width - 1) == x)
            return model, cells

    return Grid("glop")


def _pyepo_assignment(case: Costs) -> Any:
    from ortools.linear_solver import pywraplp
    from pyepo.model.ort.ortmodel import optOrtModel

    n = case.cost.shape[1]

    class Assignment(optOrtModel):
        def _getModel(self) -> tuple[Any, Any]:
            model = pywraplp.Solver.CreateSolver("GLOP")
            x = {(i, j): model.NumVar(0, 1, "") for i in range(n) for j in range(n)}
            for i in range(n):
                model.Add(sum(x[i, j] for j in range(n)) == 1)
                model.Add(sum(x[j, i] for j in range(n)) == 1)
            return model, x

    return Assignment("glop")


def _pyepo_knapsack(case: Costs) -> Any:
    from pyepo.model.ort.knapsack import knapsackModel

    assert isinstance(case.kind, kinds.Knapsack)
    model = knapsackModel(case.kind.weights, case.kind.capacities, solver="scip")
    model._model.SetSolverSpecificParametersAsString("limits/gap = 0\n")
    return model

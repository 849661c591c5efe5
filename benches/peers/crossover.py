"""Seconds per instance of every back-end by kind and size of program: what `auto` is to estimate."""

from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from argmind import ArgmindError, Client
from programs import Program, dense_lp, shared_qp, sparse_lp, sparse_qp
from service import request

DENSE = (5, 10, 20, 50, 100, 200, 500)
SPARSE = (100, 500, 2000, 5000, 20000)
ENOUGH = 5.0  # seconds per instance: larger programs of this kind are not given to this back-end


def kinds() -> dict[str, tuple[str, tuple[int, ...], Callable[[int, int], Program]]]:
    """By name: the class of program that a back-end must know, the sizes, and what makes one."""
    return {
        "dense LP": ("lp", DENSE, dense_lp),
        "dense QP": ("qp", DENSE, shared_qp),
        "sparse LP": ("lp", SPARSE, sparse_lp),
        "sparse QP": ("qp", SPARSE, lambda n, _batch: sparse_qp(n, 50)),
    }


def batch_of(n: int) -> int:
    """Many small programs, few large ones."""
    return max(1, min(64, 2000 // n))


def table(client: Client, turns: int, chosen: list[str] | None, most: int) -> list[dict[str, Any]]:
    """One row for each kind and size, one column for each back-end, what `auto` picks and what that costs.

    The last row of a kind has the slope of the times.
    """
    rows: list[dict[str, Any]] = []
    solvers = [s for s in client.solvers() if not chosen or s["name"] in chosen]
    names = [s["name"] for s in solvers]
    for kind, (wanted, sizes, make) in kinds().items():
        able = [s["name"] for s in solvers if wanted in {c.lower() for c in s["classes"]}]
        seen: dict[str, list[tuple[int, float]]] = {name: [] for name in able}
        given_up: set[str] = set()
        for n in (n for n in sizes if n <= most):
            program = make(n, batch_of(n))
            row: dict[str, Any] = {"kind": kind, "n": n, "B": program.batch, **dict.fromkeys(names, "")}
            problem = request(program)
            for name in able:
                if name in given_up:
                    row[name] = "-"
                    continue
                seconds = _measure(client, problem, program, name, turns)
                row[name] = seconds
                if isinstance(seconds, str) or seconds > ENOUGH:
                    given_up.add(name)
                else:
                    seen[name].append((n, seconds))
            best = {k: v for k, v in row.items() if k in able and isinstance(v, float)}
            row["fastest"] = min(best, key=best.__getitem__) if best else "none"
            row["auto"] = client.solve(problem, retain=False, time_limit=60.0, timeout=600.0).solver
            if best and isinstance(row[row["auto"]], float):
                row["auto / fastest"] = row[row["auto"]] / best[row["fastest"]]
            rows.append(row)
            print("  crossover:", row, flush=True)
        rows.append({"kind": kind, "n": "~ a n^b", **{name: _fit(points) for name, points in seen.items()}})
    return rows


def _measure(client: Client, problem: Any, program: Program, solver: str, turns: int) -> float | str:
    """Solve seconds per instance, or what went wrong."""
    times = []
    for turn in range(turns):
        try:
            solution = client.solve(problem, solver=solver, retain=False, time_limit=60.0, timeout=600.0)
        except ArgmindError as error:
            return f"{type(error).__name__}"
        bad = [s for s in np.atleast_1d(solution.status) if s != "optimal"]
        if bad:
            return f"{len(bad)} {bad[0]}"
        times.append(solution.solve_seconds / program.batch)
        if not turn and times[0] * program.batch > ENOUGH:
            break
    return median(times[1:] or times)


def _fit(points: list[tuple[int, float]]) -> str:
    """The power law through the sizes of 50 and more (all, if those are too few)."""
    large = [p for p in points if p[0] >= 50]
    points = large if len(large) > 1 else points
    if len(points) < 2:
        return ""
    n, t = np.log(np.array(points)).T
    b, a = np.polyfit(n, t, 1)
    return f"{np.exp(a):.1e} n^{b:.1f}"

"""Tables about the service alone: threads, batch sizes, and what HTTP costs."""

import time
from statistics import median
from typing import Any

from argmind import Client
from cases import Setting
from programs import Program, dense_qp, shared_qp
from service import another, request

BATCHES = (32, 128, 512, 2048, 4096)
WARM = 20.0  # seconds


def one(client: Client, problem: Any, program: Program, solver: str) -> dict[str, float]:
    """Seconds of a forward and a backward: on the wall, and by the server's own account."""
    start = time.perf_counter()
    # in one request, whatever its size: of several at a time the service's seconds overlap
    solution = client.solve(problem, solver=solver, keep_problem=False, chunk=program.batch)
    middle = time.perf_counter()
    back = client.lpgd_backward(
        solution, {"x": program.upstream}, tau=program.tau, wrt=program.learned, solver=solver, timeout=600.0
    )
    end = time.perf_counter()
    bad = int((~solution.ok).sum())
    if bad:
        raise RuntimeError(f"{bad} of {program.batch} instances have no solution: {sorted(set(solution.status))}")
    return {
        "forward": middle - start,
        "backward": end - middle,
        "solve": solution.solve_seconds,
        "backward_solve": back.solve_seconds,
    }


def threads_table(setting: Setting, batches: tuple[int, ...] = BATCHES) -> list[dict[str, Any]]:
    """Services with one and two solver threads, in turns: the ratio of their solve seconds, and times of one."""
    rows = []
    with another(1) as single, another(2) as double:
        for client in (single, double):
            warm(client, setting)
        for batch in batches:
            for program in (dense_qp(10, batch), shared_qp(50, batch)):
                times: dict[int, list[dict[str, float]]] = {1: [], 2: []}
                try:
                    problems = {1: request(program), 2: request(program)}
                    for turn in range(setting.turns + 1):
                        for threads, client in ((1, single), (2, double)):
                            measured = one(client, problems[threads], program, setting.solver)
                            if turn:  # the first warms up
                                times[threads].append(measured)
                except Exception as error:  # noqa: BLE001 - a failure is a row
                    rows.append({"program": program.name, "B": batch, "status": f"failed: {error}"})
                    continue
                rows.append({"program": program.name, "B": batch, "status": "ok", **_scaling(times, batch)})
                print("  threads:", rows[-1], flush=True)
    return rows


def warm(client: Client, setting: Setting) -> None:
    """Until the JVM has compiled what is to be measured."""
    programs = dense_qp(10, 128), shared_qp(50, 128)
    problems = [request(program) for program in programs]
    end = time.perf_counter() + WARM
    while time.perf_counter() < end:
        for problem, program in zip(problems, programs, strict=True):
            one(client, problem, program, setting.solver)


def _scaling(times: dict[int, list[dict[str, float]]], batch: int) -> dict[str, Any]:
    pairs = list(zip(times[1], times[2], strict=True))
    speedup = median(a["solve"] / b["solve"] for a, b in pairs)
    return {
        "1 thread: us/instance": 1e6 * median(a["solve"] for a, _ in pairs) / batch,
        "2 threads: us/instance": 1e6 * median(b["solve"] for _, b in pairs) / batch,
        "speedup": speedup,
        "target": 1.8,
        "met": "yes" if speedup >= 1.8 else "no",
        "backward speedup": median(a["backward_solve"] / b["backward_solve"] for a, b in pairs),
        "wall us/instance": 1e6 * median(b["forward"] for _, b in pairs) / batch,
    }


def overhead_table(client: Client, setting: Setting, sizes: list[int], batch: int) -> list[dict[str, Any]]:
    """The part of the wall clock that is not solving, as the NumPy client sees it."""
    rows = []
    for n in sizes:
        program = dense_qp(n, batch)
        problem = request(program)
        try:
            warm(client, setting)
            times = [one(client, problem, program, setting.solver) for _ in range(setting.turns + 10)][10:]
        except Exception as error:  # noqa: BLE001 - a failure is a row
            rows.append({"program": program.name, "B": batch, "status": f"failed: {error}"})
            continue
        forward = median((t["forward"] - t["solve"]) / t["forward"] for t in times)
        both = median(1 - (t["solve"] + t["backward_solve"]) / (t["forward"] + t["backward"]) for t in times)
        rows.append(
            {
                "program": program.name,
                "B": batch,
                "status": "ok",
                "forward ms": 1e3 * median(t["forward"] for t in times),
                "solve ms": 1e3 * median(t["solve"] for t in times),
                "overhead of forward": forward,
                "overhead of both": both,
                "target": 0.15,
                "met": "yes" if forward <= 0.15 else "no",
            }
        )
    return rows

"""Who competes on what, and the ratio that is aimed at."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import discrete
import layers
import loops
from contest import Contestant, Result, compete
from layers import CORES
from programs import Program, dense_qp, markowitz, sparse_qp, sudoku
from service import layer_run

LPGD, IMPLICIT = "service, lpgd", "service, implicit"


@dataclass(frozen=True)
class Setting:
    """What the command line chose."""

    solver: str
    turns: int
    budget: float
    only: tuple[str, ...] = ()


def threads() -> list[int]:
    """The thread counts that a peer may choose from."""
    return sorted({1, CORES})


def service(program: Program, setting: Setting, methods: tuple[str, ...] = ("lpgd", "implicit")) -> list[Contestant]:
    """The service's own rows; the first is the one that ratios are aimed at.

    With a quadratic objective tau is ordinary, and a two-sided backward is to take at most half of the forward.
    """
    half = {"lpgd": 0.5} if "P" in program.fields else {}
    return [
        Contestant(
            f"service, {method}",
            {setting.solver: layer_run(program, setting.solver, method)},
            back_target=half.get(method),
        )
        for method in methods
    ]


def by_threads(make: Callable[[int], Callable]) -> dict[str, Callable]:
    """A variant for each thread count."""
    return {f"{k} thread" + "s" * (k > 1): make(k) for k in threads()}


def cvxpylayers(program: Program, best: float | None, lpgd: float | None) -> list[Contestant]:
    """Of cvxpylayers + diffcp over Clarabel: its best exact mode, and its LPGD (two-sided) at the same tau.

    A quadratic objective is the epigraph of a sum of squares there: an objective right to 1e-8 leaves x right to 1e-4.
    """
    slack = 10.0 if "P" in program.fields else 1.0
    variant = layers.cvxpylayers(program)
    exact = {f"{mode}, {k} threads": variant(k, mode=mode) for mode in ("lsqr", "dense") for k in threads()}
    arguments = {"mode": "lpgd", "derivative_kwargs": {"tau": program.tau, "rho": 0.0}}
    return [
        Contestant("cvxpylayers, best mode", exact, IMPLICIT, best, slack),
        Contestant("cvxpylayers, lpgd", by_threads(lambda k: variant(k, **arguments)), LPGD, lpgd, slack),
    ]


def layer_peers(program: Program, targets: dict[str, float]) -> list[Contestant]:
    """qpth, QPLayer and Moreau, which differentiate exactly; the backward of QPLayer stops at 1e-4 by default."""
    slack = {"QPLayer": 10.0}
    variants = {
        "qpth": by_threads(functools.partial(layers.qpth, program)),
        "QPLayer": by_threads(functools.partial(layers.qplayer, program)),
        "Moreau": moreau(program),
    }
    return [Contestant(k, made, IMPLICIT, targets.get(k), slack.get(k, 1.0)) for k, made in variants.items()]


def moreau(program: Program) -> dict[str, Callable]:
    """Both of its solvers, and both of its ways to say x >= 0."""
    forms = ("rows", "direct cone") if layers.is_simplex(program) else ("rows",)
    return {
        f"{solver}, {form}, {CORES} threads": layers.moreau(program, solver, form == "direct cone")
        for solver in ("auto", "ipm")
        for form in forms
    }


def loop_peer(name: str, program: Program, start: Callable, lpgd: bool, target: float | None = None) -> Contestant:
    """A solver in a loop. With P their test of convergence, of the objective to 1e-8, leaves x right to 1e-4."""
    made = by_threads(lambda k: loops.loop(program, start, k, lpgd))
    return Contestant(name, made, LPGD if lpgd else None, target, 10.0 if "P" in program.fields else 1.0)


def run(program: Program, peers: list[Contestant], setting: Setting, mine: list[Contestant]) -> list[Result]:
    """One contest about a program, with the peers that were chosen."""
    return hold(program.name, peers, setting, mine)


def hold(name: str, peers: list[Contestant], setting: Setting, mine: list[Contestant]) -> list[Result]:
    """One contest, with the peers that were chosen."""
    if setting.only:
        peers = [p for p in peers if any(p.name.lower().startswith(name.lower()) for name in setting.only)]
    return compete(name, mine, peers, setting.turns, setting.budget)


QP_TARGETS = {
    10: {"cvxpylayers": 40, "QPLayer": 3, "Moreau": 1},
    50: {"cvxpylayers": 40, "qpth": 6, "QPLayer": 2, "Moreau": 1},
    100: {"cvxpylayers": 25, "QPLayer": 1.2, "Moreau": 1},
}


def qp_case(n: int, batch: int, setting: Setting) -> list[Result]:
    """Dense QPs, every field learned; SCS and Clarabel only forward."""
    program = dense_qp(n, batch)
    aims = QP_TARGETS.get(n, {})
    peers = cvxpylayers(program, aims.get("cvxpylayers"), None)
    peers += layer_peers(program, aims)
    peers.append(loop_peer("Clarabel loop (forward)", program, loops.clarabel, False))
    peers.append(loop_peer("SCS loop (forward)", program, loops.scs, False))
    return run(program, peers, setting, service(program, setting))


def markowitz_case(n: int, batch: int, setting: Setting) -> list[Result]:
    """Portfolios on the simplex."""
    program = markowitz(n, batch)
    aims = {"QPLayer": 1.5} if n == 100 else {}
    peers = cvxpylayers(program, 10 if n == 100 else None, None) + layer_peers(program, aims)
    peers.append(loop_peer("Clarabel loop (forward)", program, loops.clarabel, False))
    return run(program, peers, setting, service(program, setting))


def sudoku_case(k: int, setting: Setting, batch: int = 32) -> list[Result]:
    """Linear programs with LPGD: three solves an instance on every side."""
    program = sudoku(k, batch)
    aims = {2: {"HiGHS": 2.0, "Clarabel": None}, 3: {"HiGHS": 3.0, "Clarabel": 3.0}}[k]
    peers = [
        loop_peer("HiGHS loop, warm", program, loops.highs, True, aims["HiGHS"]),
        loop_peer("Clarabel loop", program, loops.clarabel, True, aims["Clarabel"]),
    ]
    return run(program, peers, setting, service(program, setting, ("lpgd",)))


def large_case(n: int, spread: int | None, setting: Setting) -> list[Result]:
    """One large sparse QP, forward, against Clarabel on one thread: the service is to need at most twice its time."""
    program = sparse_qp(n, spread)
    variants = {"1 thread": loops.loop(program, loops.clarabel, 1, False)}
    peers = [Contestant("Clarabel (forward)", variants, None, 0.5, 10.0)]
    return run(program, peers, setting, service(program, setting, ("lpgd",)))


def discrete_case(name: str, setting: Setting) -> list[Result]:
    """A combinatorial layer and its blackbox backward."""
    pyepo = {"grid": 15.0, "assignment": 50.0, "knapsack": 3.0}[name]
    if name == "grid":
        case = discrete.grid(12, 70)
        peers = [
            discrete.loop("Python Dijkstra", case, lambda: discrete.python_dijkstra(case), most=1),
            discrete.loop("SciPy Dijkstra", case, lambda: discrete.scipy_dijkstra(case), 1.0),
        ]
    elif name == "assignment":
        case = discrete.assignment(20, 128)
        peers = [discrete.loop("SciPy assignment", case, lambda: discrete.scipy_assignment(case), 1 / 1.5)]
    else:
        case, peers = discrete.knapsack(50, 32), []
    peers.append(discrete.pyepo(case, pyepo))
    return hold(case.name, peers, setting, [discrete.service(case, setting.solver)])

"""Peers that are solvers in a loop: Clarabel, HiGHS and SCS, forward, and LPGD as a user would write it on top."""

import os
import time
from collections.abc import Callable, Sequence
from multiprocessing.pool import ThreadPool
from typing import Any

import numpy as np
from contest import Run
from programs import Program
from scipy import sparse

CORES = os.cpu_count() or 1
Solve = Callable[[int, np.ndarray], np.ndarray]


def loop(
    program: Program, start: Callable[[Program], Solve], threads: int, lpgd: bool
) -> Callable[[], Callable[[], Run]]:
    """Solves instance after instance; with lpgd each again at c + tau g and c - tau g, with the same solver.

    `start` is called once per thread, for a solver that goes on from its last basis is not to be shared.
    """

    def make() -> Callable[[], Run]:
        solvers = [start(program) for _ in range(threads)]
        pool = ThreadPool(threads) if threads > 1 else None
        share = [range(k, program.batch, threads) for k in range(threads)]
        tau, g = program.tau, program.upstream
        costs = np.stack([program.item("c", i) for i in range(program.batch)])

        def every(c: np.ndarray) -> np.ndarray:
            x = np.empty((program.batch, program.n))

            def part(k: int) -> None:
                for i in share[k]:
                    x[i] = solvers[k](i, c[i])

            if pool:
                pool.map(part, range(threads))
            else:
                part(0)
            return x

        def run() -> Run:
            begin = time.perf_counter()
            x = every(costs)
            middle = time.perf_counter()
            if not lpgd:
                return Run(x, {}, middle - begin, 0.0)
            gradient = (every(costs + tau * g) - every(costs - tau * g)) / (2 * tau)
            return Run(x, {"c": gradient}, middle - begin, time.perf_counter() - middle)

        return run

    return make


def clarabel(program: Program, tolerance: float = 1e-8) -> Solve:
    """Clarabel, one thread, QP form; what does not change from instance to instance is converted once."""
    import clarabel as package

    settings = package.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    rows = _Rows(program)
    cones = [package.ZeroConeT(rows.equalities)] if rows.equalities else []
    cones.append(package.NonnegativeConeT(rows.count - rows.equalities))

    def solve(i: int, c: np.ndarray) -> np.ndarray:
        answer = package.DefaultSolver(rows.quadratic(i), c, rows.matrix(i), rows.rhs(i), cones, settings).solve()
        if str(answer.status) not in ("Solved", "AlmostSolved"):
            return np.full(program.n, np.nan)
        return np.array(answer.x)

    return solve


def scs(program: Program) -> Solve:
    """SCS to 1e-8."""
    import scs as package

    rows = _Rows(program)
    cone = {"z": rows.equalities, "l": rows.count - rows.equalities}

    def solve(i: int, c: np.ndarray) -> np.ndarray:
        data = {"P": rows.quadratic(i), "A": rows.matrix(i), "b": rows.rhs(i), "c": c}
        answer = package.SCS(data, cone, verbose=False, eps_abs=1e-8, eps_rel=1e-8).solve()
        return answer["x"] if answer["info"]["status"] == "solved" else np.full(program.n, np.nan)

    return solve


def highs(program: Program) -> Solve:
    """HiGHS on linear programs of which only the costs change: every solve starts from the last basis."""
    import highspy

    model, lp, n = highspy.Highs(), highspy.HighsLp(), program.n
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    f = program.fields
    parts = [sparse.csc_array(f[k]) for k in ("A", "G") if k in f]
    M = sparse.vstack(parts, format="csc")
    free = np.full(f["h"].size if "h" in f else 0, -highspy.kHighsInf)
    right = [f[k] for k in ("b", "h") if k in f]
    lp.num_col_, lp.num_row_ = n, M.shape[0]
    lp.col_cost_ = np.zeros(n)
    lp.col_lower_ = f.get("lb", np.full(n, -highspy.kHighsInf))
    lp.col_upper_ = f.get("ub", np.full(n, highspy.kHighsInf))
    lp.row_upper_ = np.concatenate(right)
    lp.row_lower_ = np.concatenate([f["b"], free]) if "b" in f else free
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = M.indptr, M.indices, M.data
    model.passModel(lp)
    index = np.arange(n, dtype=np.int32)

    def solve(_i: int, c: np.ndarray) -> np.ndarray:
        model.changeColsCost(n, index, c)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.full(n, np.nan)
        return np.array(model.getSolution().col_value)

    return solve


class _Rows:
    """All constraints as rows M x + s = rhs, equalities first; shared parts are made once."""

    def __init__(self, program: Program) -> None:
        f, n = program.fields, program.n
        self._program = program
        self._bounds = [(sign, f[k]) for k, sign in (("lb", -1.0), ("ub", 1.0)) if k in f]
        self.equalities = f["b"].shape[-1] if "b" in f else 0
        self.count = self.equalities + (f["h"].shape[-1] if "h" in f else 0) + n * len(self._bounds)
        self._fixed = {
            "P": None if "P" in f and program.batched("P") else self._quadratic(0),
            "M": None if any(k in f and program.batched(k) for k in "AG") else self._matrix(0),
            "rhs": None if any(k in f and program.batched(k) for k in "bh") else self._rhs(0),
        }

    def quadratic(self, i: int) -> Any:
        return self._fixed["P"] if self._fixed["P"] is not None else self._quadratic(i)

    def matrix(self, i: int) -> Any:
        return self._fixed["M"] if self._fixed["M"] is not None else self._matrix(i)

    def rhs(self, i: int) -> np.ndarray:
        return self._fixed["rhs"] if self._fixed["rhs"] is not None else self._rhs(i)

    def _quadratic(self, i: int) -> Any:
        n = self._program.n
        if "P" not in self._program.fields:
            return sparse.csc_matrix((n, n))
        return sparse.csc_matrix(sparse.triu(self._program.item("P", i)))

    def _matrix(self, i: int) -> Any:
        parts: Sequence[Any] = [self._program.item(k, i) for k in "AG" if k in self._program.fields]
        bounds = [sign * sparse.eye_array(self._program.n) for sign, _ in self._bounds]
        if not bounds and not any(sparse.issparse(part) for part in parts):
            return sparse.csc_matrix(np.vstack(parts))
        return sparse.csc_matrix(sparse.vstack([*map(sparse.csc_array, parts), *bounds]))

    def _rhs(self, i: int) -> np.ndarray:
        parts = [self._program.item(k, i) for k in "bh" if k in self._program.fields]
        return np.concatenate([*parts, *(sign * bound for sign, bound in self._bounds)])

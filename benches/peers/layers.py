"""Peers that are PyTorch layers: cvxpylayers (diffcp), qpth, ProxSuite's QPLayer, Moreau. All float64, on the CPU."""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from contest import Run
from programs import Program, dense

CORES = os.cpu_count() or 1
Call = Callable[[dict[str, torch.Tensor]], torch.Tensor]


def torch_run(program: Program, call: Call, threads: int) -> Callable[[], Run]:
    """Forward from leaf tensors to x, and backward to their gradients."""
    program = program.rows()
    leaves = {
        k: torch.tensor(dense(v), dtype=torch.float64, requires_grad=k in program.learned)
        for k, v in program.fields.items()
    }
    if "P" not in leaves:
        leaves["P"] = torch.zeros(program.n, program.n, dtype=torch.float64)
    upstream = torch.tensor(program.upstream)

    def run() -> Run:
        torch.set_num_threads(threads)
        for leaf in leaves.values():
            leaf.grad = None
        start = time.perf_counter()
        x = call(leaves)
        middle = time.perf_counter()
        x.backward(upstream)
        end = time.perf_counter()
        return Run(x.detach().numpy().copy(), gradients_of(leaves, program.learned), middle - start, end - middle)

    return run


def gradients_of(leaves: dict[str, torch.Tensor], learned: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Copies; P's as a symmetric matrix, for that is all that P's parametrization by symmetric matrices determines."""
    found = {k: leaves[k].grad.numpy().copy() for k in learned if leaves[k].grad is not None}
    if "P" in found:
        found["P"] = (found["P"] + found["P"].swapaxes(-1, -2)) / 2
    return found


def cvxpylayers(program: Program) -> Callable[..., Callable[[], Callable[[], Run]]]:
    """A function of (threads, solver arguments) that makes variants; they share one compiled layer.

    diffcp knows no quadratic objective: P goes in as its Cholesky factor, in a sum of squares, as its users write it.
    """
    made: list[Any] = []

    def layer() -> tuple[Any, list[str]]:
        if not made:
            import cvxpy as cp
            from cvxpylayers.torch import CvxpyLayer

            x = cp.Variable(program.n)
            q: dict[str, Any] = {}
            given: dict[str, Any] = {}
            for name, value in program.fields.items():
                if name in program.learned or program.batched(name):
                    q[name] = given[name] = cp.Parameter(program.item(name, 0).shape)
                else:
                    given[name] = value
            objective = given["c"] @ x
            if "P" in given:
                objective = objective + 0.5 * cp.sum_squares(given["P"].T @ x)
            rows = []
            if "A" in given:
                rows.append(given["A"] @ x == given["b"])
            if "G" in given:
                rows.append(given["G"] @ x <= given["h"])
            if "lb" in given:
                rows.append(x >= given["lb"])
            if "ub" in given:
                rows.append(x <= given["ub"])
            made.extend((CvxpyLayer(cp.Problem(cp.Minimize(objective), rows), list(q.values()), [x]), list(q)))
        return made[0], made[1]

    def variant(threads: int, **arguments: Any) -> Callable[[], Callable[[], Run]]:
        def make() -> Callable[[], Run]:
            peer, names = layer()
            jobs = {"n_jobs_forward": threads, "n_jobs_backward": threads}

            def call(leaves: dict[str, torch.Tensor]) -> torch.Tensor:
                given = [torch.linalg.cholesky(leaves[k]) if k == "P" else leaves[k] for k in names]
                return peer(*given, solver_args={"solve_method": "Clarabel", **jobs, **arguments})[0]

            return torch_run(program, call, threads)

        return make

    return variant


def qpth(program: Program, threads: int) -> Callable[[], Callable[[], Run]]:
    """qpth: a batched dense interior point in PyTorch."""

    def make() -> Callable[[], Run]:
        from qpth.qp import QPFunction

        solve = QPFunction(verbose=-1, eps=1e-12, maxIter=20, notImprovedLim=3)
        return torch_run(program, lambda t: solve(t["P"], t["c"], t["G"], t["h"], t["A"], t["b"]), threads)

    return make


def qplayer(program: Program, threads: int) -> Callable[[], Callable[[], Run]]:
    """ProxSuite's QPLayer at its default tolerance, 1e-9."""

    def make() -> Callable[[], Run]:
        from proxsuite.torch import qplayer as module

        class Machine:
            """The layer takes half of os.cpu_count(): shown twice the cores, it uses them all."""

            cpu_count = staticmethod(lambda: 2 * threads)

        lower = torch.full(program.rows().fields["h"].shape, -torch.inf, dtype=torch.float64)

        def call(t: dict[str, torch.Tensor]) -> torch.Tensor:
            solve = module.QPFunction(omp_parallel=threads > 1)  # it keeps its parallelism in a global
            return solve(t["P"], t["c"], t["A"], t["b"], t["G"], lower, t["h"])[0]

        run = torch_run(program, call, threads)

        def shown() -> Run:
            module.os = Machine
            try:
                return run()
            finally:
                module.os = os

        return shown

    return make


def is_simplex(program: Program) -> bool:
    """Whether x >= 0 are the only inequalities."""
    return "lb" in program.fields and not {"G", "ub"} & set(program.fields) and not np.any(program.fields["lb"])


def moreau(program: Program, solver: str, direct: bool) -> Callable[[], Callable[[], Run]]:
    """Moreau's PyTorch solver on the CPU, all cores; `solver` is auto (active set on small programs) or ipm.

    With `direct`, x >= 0 is a cone that x itself lies in; otherwise rows.
    """

    def make() -> Callable[[], Run]:
        import moreau as package
        from moreau.torch import Solver

        n = program.n
        p = program.fields["b"].shape[-1]
        m = 0 if direct else program.rows().fields["h"].shape[-1]
        settings = package.Settings(device="cpu", batch_size=program.batch, enable_grad=True, solver=solver)
        cones = package.Cones(num_zero_cones=p, num_nonneg_cones=m)
        if direct:
            cones.dir_cones = [package.DirectConeSpec(kind="nonneg", indices=list(range(n)))]
        full = (torch.arange(0, (p + m) * n + 1, n), torch.arange(n).repeat(p + m))
        square = (torch.arange(0, n * n + 1, n), torch.arange(n).repeat(n))
        peer = Solver(n, p + m, *square, *full, cones, settings)
        batch = program.batch

        def every(t: torch.Tensor, rank: int) -> torch.Tensor:
            return t if t.ndim > rank else t.expand(batch, *t.shape)

        def call(t: dict[str, torch.Tensor]) -> torch.Tensor:
            shared = t["P"].ndim == 2 and t["A"].ndim == 2
            rank = 3 if not shared else 2
            A, b = every(t["A"], 2) if not shared else t["A"], every(t["b"], 1)
            if not direct:
                A = torch.cat((A, every(t["G"], 2) if not shared else t["G"]), -2)
                b = torch.cat((b, every(t["h"], 1)), -1)
            P = every(t["P"], 2) if not shared else t["P"]
            flat = (P.flatten(rank - 2), A.flatten(rank - 2))
            return peer.solve(*(v.contiguous() for v in flat), t["c"], b.contiguous()).x

        return torch_run(program, call, CORES)

    return make

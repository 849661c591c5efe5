"""The service as a contestant: through HTTP, as the PyTorch layer uses it."""

import contextlib
import os
import pathlib
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from argmind import Client, Sparse
from argmind.torch import Layer
from contest import Run
from layers import gradients_of
from programs import Program
from scipy import sparse

ROOT = pathlib.Path(__file__).parents[2]


def wire(value: Any) -> Any:
    """A field as the client takes it."""
    if not sparse.issparse(value):
        return value
    coo = sparse.coo_array(value)
    return Sparse(coo.shape, coo.coords[0], coo.coords[1], coo.data)


def layer_run(program: Program, solver: str, method: str) -> Callable[[], Callable[[], Run]]:
    """The layer with two-sided LPGD at the program's tau, or the implicit derivative; constants are registered once."""

    def make() -> Callable[[], Run]:
        options = {"tau": program.tau, "envelope": "average"} if method == "lpgd" else {}
        constants = {k: wire(v) for k, v in program.constants().items()}
        layer = Layer(
            method=method, solver=solver, constants=constants or None, on_failure="nan", timeout=600.0, **options
        )
        learned = program.learned
        given = {
            k: torch.tensor(v, requires_grad=k in learned) for k, v in program.fields.items() if k not in constants
        }
        upstream = torch.tensor(program.upstream)

        def run() -> Run:
            torch.set_num_threads(os.cpu_count() or 1)
            for leaf in given.values():
                leaf.grad = None
            start = time.perf_counter()
            x = layer(**given)
            middle = time.perf_counter()
            x.backward(upstream)
            end = time.perf_counter()
            last = layer.last
            extra = {
                "solve_seconds": last.solution.solve_seconds,
                "backward_solve_seconds": last.backward.solve_seconds,
            }
            return Run(x.detach().numpy().copy(), gradients_of(given, learned), middle - start, end - middle, extra)

        return run

    return make


def request(program: Program) -> dict[str, Any]:
    """The program as a client's problem."""
    return {k: wire(v) for k, v in program.fields.items()}


@contextlib.contextmanager
def another(threads: int) -> Iterator[Client]:
    """A second service, started from the jar with this many solver threads."""
    environment = {**os.environ, "ARGMIND_ARGS": f"--argmind.solver.threads={threads}"}
    command = [str(ROOT / "tools/with-service"), "sh", "-c", 'echo "$ARGMIND_URL"; cat']
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError(f"no service with {threads} threads")
            with Client(url, timeout=600.0) as client:
                yield client
        finally:
            process.stdin.close()
            process.wait()

"""`python -m argmind`: a problem in a file, its solution on standard output."""

import argparse
import hashlib
import json
import math
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ._client import Client
from ._errors import ArgmindError, BadRequest, InvalidProblem, SolveFailed
from ._gradcheck import gradcheck
from ._problem import Sparse
from ._solution import Solution
from ._version import __version__

_EPILOGUE = """exit codes:
  0  every instance has a solution
  1  some instance has none; see its status
  2  the arguments or the problem make no sense
  3  the service cannot be reached, or failed

The service is that of --url, else of $ARGMIND_URL, else http://localhost:8080."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    try:
        return int(args.run(args))
    except (BadRequest, InvalidProblem, _BadInput) as error:
        sys.stderr.write(f"argmind: {error}\n")
        return 2
    except ArgmindError as error:
        sys.stderr.write(f"argmind: {error}\n")
        return 3
    except BrokenPipeError:  # as of `| head`
        return 0


class _BadInput(Exception):
    """A file that has no problem."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m argmind",
        description="Solve optimization problems on an argmind service.",
        epilog=_EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"argmind {__version__}")
    service = argparse.ArgumentParser(add_help=False)
    service.add_argument("--url", help="of the service")
    service.add_argument("--timeout", type=float, default=60.0, help="seconds for the whole call (default 60)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shared: dict[str, Any] = {
        "parents": [service],
        "formatter_class": argparse.RawDescriptionHelpFormatter,
        "epilog": _EPILOGUE,
    }
    _solve_parser(commands.add_parser("solve", help="solve the problem in a JSON file", **shared))
    solvers = commands.add_parser("solvers", help="list the service's solvers", **shared)
    solvers.add_argument("--json", action="store_true", help="as the service says it")
    solvers.set_defaults(run=_solvers)
    _key_parser(commands.add_parser("key", help="make a key for a service that asks for keys"))
    _gradcheck_parser(commands.add_parser("gradcheck", help="compare the gradients of all methods", **shared))
    return parser


def _key_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make a key: it goes to standard output, for $ARGMIND_API_KEY of whoever calls. The line for the service's "
        "file of keys (argmind.security.keys-file), which has its hash alone, goes to the file of --line, or else to "
        "standard error."
    )
    parser.add_argument("tenant", help="whose it is")
    parser.add_argument("--days", type=float, help="how long it is good (default: for ever)")
    parser.add_argument("--line", help="a file to append the line to")
    parser.set_defaults(run=_key)


def _gradcheck_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Compare the methods' gradients by the costs with those of the smoothed loss, on the batch of problems in a "
        'JSON file (as of `solve`); its member "gradient" may hold {"x": ..}, the upstream gradient.'
    )
    parser.add_argument("file", help="the JSON file, or - for standard input")
    parser.add_argument("--solver", default="auto", help="a name of `solvers`")
    parser.add_argument("--sigma", type=float, help="of the smoothed loss, in units of the costs")
    parser.add_argument("--samples", type=int, default=200, help="of the smoothed loss (default 200)")
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=_gradcheck)


def _solve_parser(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        'Solve a problem: a JSON object with its fields, {"c": [..], "A": [[..]], ..}, or a request of POST /solve, '
        '{"problem": {..}, "solver": .., "options": {..}}. The answer is JSON, null where an instance has no solution.'
    )
    parser.add_argument("file", help="the JSON file, or - for standard input")
    parser.add_argument("--solver", help="a name of `solvers` (default: the fastest that can do the problem)")
    parser.add_argument("--tolerance", type=float, help="of the KKT residuals")
    parser.add_argument("--time-limit", type=float, help="seconds for each instance")
    parser.add_argument("--max-iterations", type=int, help="for each instance")
    parser.add_argument("--output", "-o", help="a file for the answer (default: standard output)")
    parser.set_defaults(run=_solve)


def _solve(args: argparse.Namespace) -> int:
    request = _read(args.file)
    problem = request.get("problem", request)
    if not isinstance(problem, dict):
        raise _BadInput(f"{args.file}: the problem must be a JSON object, not {type(problem).__name__}")
    options = dict(request.get("options") or {}) if "problem" in request else {}
    solver = request.get("solver") if "problem" in request else None
    given = {name: getattr(args, name) for name in ("tolerance", "time_limit", "max_iterations")}
    options |= {name: value for name, value in given.items() if value is not None}
    warm_start = request.get("warm_start") if "problem" in request else None
    with Client(args.url, timeout=args.timeout) as client:
        try:
            solution = client.solve(
                problem, solver=args.solver or solver or "auto", warm_start=warm_start, retain=False, **options
            )
        except (TypeError, ValueError) as error:  # arrays that are none, or options that do not exist
            raise _BadInput(f"{args.file}: {error}") from error
    text = json.dumps(_plain(_answer(solution)), indent=2) + "\n"
    if args.output:
        Path(args.output).write_text(text)
    else:
        sys.stdout.write(text)
    return 0 if bool(np.all(solution.ok)) else 1


def _read(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text()
        value = json.loads(text)
    except (OSError, ValueError) as error:
        raise _BadInput(f"{name}: {error}") from error
    if not isinstance(value, dict):
        raise _BadInput(f"{name}: expected a JSON object, got {type(value).__name__}")
    read: dict[str, Any] = _infinite(value)
    return read


def _infinite(value: Any) -> Any:
    """JSON has no infinity: the contract writes it as a string."""
    if isinstance(value, dict):
        return {name: item if name == "type" else _infinite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_infinite(item) for item in value]
    return {"Infinity": math.inf, "-Infinity": -math.inf}.get(value, value) if isinstance(value, str) else value


def _answer(solution: Solution) -> dict[str, Any]:
    names = ("status", "x", "y", "z", "s", "z_box", "objective", "residuals", "iterations", "solve_seconds", "solver")
    parts = {name: getattr(solution, name) for name in (*names, "reason")}
    return {name: value for name, value in parts.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, Sparse):
        return _plain(value.to_wire())
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _solvers(args: argparse.Namespace) -> int:
    with Client(args.url, timeout=args.timeout) as client:
        solvers = client.solvers()
    if args.json:
        sys.stdout.write(json.dumps(solvers, indent=2) + "\n")
        return 0
    rows = [["NAME", "VERSION", "CLASSES", "DUALS", "WARM START"]]
    for solver in solvers:
        classes = ", ".join(map(str, solver.get("classes") or []))
        flags = ["yes" if solver.get(name) else "no" for name in ("duals", "warm_start")]
        rows.append([str(solver.get("name")), str(solver.get("version", "")), classes, *flags])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
    return 0


def _key(args: argparse.Namespace) -> int:
    if not re.fullmatch(r"[!-~]{1,128}", args.tenant):
        raise _BadInput(f"a tenant's name has 1 to 128 printable characters without spaces, not {args.tenant!r}")
    if args.tenant.startswith("#"):
        raise _BadInput("a line that begins with # is a comment: a tenant's name cannot")
    key = "argmind_" + secrets.token_urlsafe(32)
    line = f"{args.tenant} sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    if args.days is not None:
        expires = datetime.now(UTC) + timedelta(days=args.days)
        line += f" {expires:%Y-%m-%dT%H:%M:%SZ}"
    if args.line:
        with Path(args.line).open("a") as file:
            file.write(line + "\n")
    else:
        sys.stderr.write(line + "\n")
    sys.stdout.write(key + "\n")
    return 0


def _gradcheck(args: argparse.Namespace) -> int:
    request = _read(args.file)
    problem = request.get("problem", request)
    upstream = (request.get("gradient") or {}).get("x") if "problem" in request else None
    with Client(args.url, timeout=args.timeout) as client:
        try:
            gradcheck(
                problem,
                None if upstream is None else np.asarray(upstream, float),
                sigma=args.sigma,
                samples=args.samples,
                seed=args.seed,
                solver=args.solver,
                client=client,
            )
        except (TypeError, ValueError, SolveFailed) as error:
            raise _BadInput(f"{args.file}: {error}") from error
    return 0

"""The client of an argmind service."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from ._chunks import Batched, Chunk, join_gradients, join_solutions, sliced, split_solution, spread
from ._errors import InvalidResponse, ProblemNotRegistered, SolveNotRetained
from ._http import Transport
from ._perturbation import Perturbation
from ._problem import RANKS, Fields, ProblemLike, RegisteredProblem, real, snapshot, split
from ._solution import Gradients, Solution, gradients_from, solution_from
from ._transport import Connection, Deadline
from ._workers import Workers

if TYPE_CHECKING:
    from concurrent.futures import Future

DEFAULT_URL = "http://localhost:8080"
_AT_ONCE = 4  # parts of one batch on the way; a service refuses more requests than its solvers can soon begin

Envelope: TypeAlias = Literal["lower", "upper", "average"]
Method: TypeAlias = Literal["lpgd", "implicit", "identity", "blackbox", "perturbed", "imle"]
Projection: TypeAlias = Literal["none", "mean", "standardize"]


class Client:
    """Solves problems on an argmind service and differentiates through them.

    Thread-safe. It can be pickled and copied; copies open connections of their own. `with Client() as client:`
    closes the connections at the end.

    Args:
        url: of the service; default $ARGMIND_URL, else http://localhost:8080.
        timeout: seconds for one call, all retries included.
        retries: how often a call is tried again after 429, 502, 503, 504 or a broken connection.
        max_connections: at once; further threads wait for a free one.
        api_key: says who asks; default $ARGMIND_API_KEY. It is sent to the service and shown nowhere.
        ca: a file of certificates (PEM) to trust instead of the system's, for an https service with one of its own;
            without it $SSL_CERT_FILE counts. Names are always checked.
        headers: sent with every request, for example for a proxy that wants authorization.
        transport: replaces the network, for tests: a function from a request to a response.
        chunk: how many instances of a batch go in one request: "auto" splits what a service would refuse as too
            large. The parts go over several connections at once; the answer is one.
        progress: show a bar (of tqdm) over batches that are split.
        checksums: send and want a Content-Digest with every body, so that damage on the way becomes another try, not
            a wrong number. It costs about a millisecond for three megabytes.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 5,
        max_connections: int = 32,
        api_key: str | None = None,
        ca: str | os.PathLike[str] | None = None,
        headers: Mapping[str, str] | None = None,
        transport: Transport | None = None,
        chunk: Chunk = "auto",
        progress: bool = False,
        checksums: bool = False,
    ) -> None:
        url = url or os.environ.get("ARGMIND_URL") or DEFAULT_URL
        Deadline(timeout)  # refuses what is not a positive number
        self.timeout, self.chunk, self.progress = timeout, chunk, progress
        self.executor = Workers(max_connections)
        self._parts = Workers(min(_AT_ONCE, max_connections))
        key = api_key or os.environ.get("ARGMIND_API_KEY")
        self._connection = Connection(
            url,
            retries=retries,
            max_connections=max_connections,
            headers={**(headers or {}), **({"Authorization": f"Bearer {_checked(key)}"} if key else {})},
            transport=transport,
            ca=None if ca is None else os.fspath(ca),
            checksums=checksums,
        )

    @property
    def url(self) -> str:
        """Where the service is."""
        return self._connection.url

    def __repr__(self) -> str:
        return f"Client({self.url!r}, timeout={self.timeout:g})"

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. The client stays usable: a later call opens new ones."""
        self.executor.close()
        self._parts.close()
        self._connection.close()

    def solvers(self, *, timeout: float | None = None) -> list[dict[str, Any]]:
        """The service's solvers: name, version, and what each can do."""
        answer = self._connection.call("GET", "/solvers", self._deadline(timeout))
        if not isinstance(answer, dict) or not isinstance(answer.get("solvers"), list):
            raise InvalidResponse("the answer to /solvers is not as the contract says")
        return list(answer["solvers"])

    def register(self, problem: ProblemLike, *, timeout: float | None = None) -> RegisteredProblem:
        """Leaves a problem with the service, so that later calls send only what changes.

        The fields are copied. If the service forgets them, the client registers them again by itself.
        """
        base, fields = split(problem)
        fields = snapshot({**base.fields, **fields} if base else fields)
        return RegisteredProblem(self._register(fields, self._deadline(timeout)), fields)

    def solve(
        self,
        problem: ProblemLike,
        *,
        solver: str = "auto",
        tolerance: float | None = None,
        time_limit: float | None = None,
        max_iterations: int | None = None,
        warm_start: Solution | Mapping[str, Any] | None = None,
        perturbation: Perturbation | None = None,
        retain: bool = True,
        keep_problem: bool = True,
        chunk: Chunk | None = None,
        progress: bool | None = None,
        timeout: float | None = None,
    ) -> Solution:
        """Solves a problem, or a batch of problems.

        An instance without a solution is no exception: see `Solution.status` and `Solution.ok`.

        Args:
            problem: a `Problem`, or a dict of its fields, or of those of a combinatorial kind, as
                `argmind.kinds.TopK(3).problem(cost)` makes it.
            solver: a name from `solvers()`, or "auto" for the fastest that can do the problem.
            tolerance: of the KKT residuals.
            time_limit: seconds for each instance.
            max_iterations: for each instance.
            warm_start: a guess: a `Solution`, or a dict of x, y, z, z_box.
            perturbation: noise on the costs: x is then the mean over the samples' solutions.
            retain: keep the solve on the service for a later `lpgd_backward`.
            keep_problem: with `retain`, keep a copy of the problem in the solution, to send it again if the service
                forgets the solve.
            chunk: instances in one request, instead of the client's. A batch with noise (or an adaptive tau in its
                backward) is always one request.
            progress: show a bar, instead of the client's choice.
            timeout: seconds for this call, instead of the client's.

        Raises:
            ValueError: a number of instances as chunk that would split a batch with a perturbation.
            InvalidProblem: shapes or values make no problem; it lists every field at fault.
            Overloaded, DeadlineExceeded, ConnectionFailed: no answer in time.
        """
        base, fields = split(problem)
        body: Fields = {"solver": solver, "retain": retain}
        if options := _present(tolerance=tolerance, time_limit=time_limit, max_iterations=max_iterations):
            body["options"] = options
        if perturbation is not None:
            body["perturbation"] = perturbation.to_wire()
        guess: Fields = {}
        if warm_start is not None:
            given = warm_start.parts() if isinstance(warm_start, Solution) else warm_start
            guess = {name: real(name, given[name]) for name in ("x", "y", "z", "z_box") if name in given}
        deadline = self._deadline(timeout)
        keep = retain and keep_problem

        def solve(base: RegisteredProblem | None, fields: Fields, guess: Fields, *, keep: bool) -> Solution:
            full = {**body, "warm_start": guess} if guess else body
            answer = self._with_problem("/solve", base, fields, lambda wire: {"problem": wire, **full}, deadline)
            return solution_from(answer, _kept(base, fields) if keep else None)

        batch = Batched(base, fields)
        ranges = batch.ranges(self.chunk if chunk is None else chunk)
        if perturbation is not None and len(ranges) > 1 and chunk not in (None, "auto"):
            raise ValueError(
                f"a batch with a perturbation is one request: {batch.size} instances, not chunks of {chunk}"
            )
        if len(ranges) == 1 or perturbation is not None:  # noise depends on an instance's place in its request
            return solve(base, fields, guess, keep=keep)
        parts = spread(
            self._parts,
            ranges,
            lambda start, stop: solve(*batch.part(start, stop), _rows(guess, start, stop), keep=False),
            "solve",
            show=self.progress if progress is None else progress,
        )
        return join_solutions(parts, _kept(base, fields) if keep else None)

    def submit(self, problem: ProblemLike, **options: Any) -> "Future[Solution]":
        """Like `solve`, but returns at once; `.result()` waits for the solution.

        The problem's arrays must not be changed before then.
        """
        return self.executor.submit(lambda: self.solve(problem, **options))

    def lpgd_backward(
        self,
        solution: Solution | str,
        gradient: Mapping[str, Any],
        *,
        problem: ProblemLike | Callable[[], ProblemLike] | None = None,
        tau: Any = "auto",
        rho: float = 0.0,
        envelope: Envelope | None = None,
        wrt: Sequence[str] | None = None,
        method: Method = "lpgd",
        projection: Projection | None = None,
        lambda_: Any = None,
        adaptive: Mapping[str, float] | None = None,
        perturbation: Perturbation | None = None,
        solver: str | None = None,
        tolerance: float | None = None,
        time_limit: float | None = None,
        max_iterations: int | None = None,
        return_solutions: bool = False,
        progress: bool | None = None,
        timeout: float | None = None,
    ) -> Gradients:
        """Pulls upstream gradients back to the problem's fields (vector-Jacobian product).

        A retained solve is named by its id. If the service no longer has it, the problem and the solution are sent.

        Args:
            solution: what `solve` returned, or only its id (then a forgotten solve is an error).
            gradient: of the loss by any of x, y, z, s, objective; shapes as in the solution.
            problem: what was solved, or a function that makes it, called only when it is needed;
                default `solution.problem`.
            tau: of methods "lpgd" and "imle": size of the perturbation: positive, or float[B], or "auto" (the service
                chooses), or "adaptive".
            rho: of methods "lpgd" and "imle": weight of rho/2 ||x - x*||^2 in the perturbed problems.
            envelope: of methods "lpgd" and "imle": "lower" (solve at +tau), "upper" (at -tau), "average" (both);
                default average for "lpgd", lower for "imle".
            wrt: the fields to differentiate by; default all that can be: P and c with integers, c with "identity".
            method: "lpgd"; "implicit" for the derivative of the KKT system; "identity"; and for linear costs
                "blackbox" (Vlastelica et al. 2020: lower envelope, tau = lambda), "perturbed" (Berthet et al. 2020:
                the derivative of the mean over noisy costs), "imle" (Niepert et al. 2021: the mean over noisy costs of
                lower envelopes).
            projection: of the identity method.
            lambda_: of method "blackbox": size of the perturbation, as tau.
            adaptive: the state of an adaptive tau, as `diagnostics["adaptive"]` of the backward before it says.
            perturbation: of methods "perturbed" and "imle": the noise; default that of the solve.
            solver: of the perturbed problems; default the service's choice.
            tolerance: of the perturbed solves.
            time_limit: seconds for each perturbed solve.
            max_iterations: for each perturbed solve.
            return_solutions: also return the perturbed solutions.
            progress: show a bar if the batch was solved in parts, instead of the client's choice.
            timeout: seconds for this call, instead of the client's.

        Raises:
            SolveNotRetained: the service has forgotten the solve and there is no problem to send.
        """
        deadline = self._deadline(timeout)
        body = _present(method=method, projection=projection, solver=solver, adaptive=adaptive)
        if method in ("lpgd", "imle"):
            side = envelope or ("average" if method == "lpgd" else "lower")
            body |= {"tau": _size("tau", tau), "rho": rho, "envelope": side}
        if lambda_ is not None:
            body["lambda"] = _size("lambda", lambda_)
        if perturbation is not None:
            body |= perturbation.to_wire()
        body["gradient"] = {name: real(name, value) for name, value in gradient.items() if value is not None}
        if options := _present(tolerance=tolerance, time_limit=time_limit, max_iterations=max_iterations):
            body["options"] = options
        if wrt is not None:
            body["wrt"] = list(wrt)
        body["return"] = ["factors", "solutions"] if return_solutions else ["factors"]
        if problem is None and isinstance(solution, Solution):
            problem = solution.problem
        if isinstance(solution, str):
            return self._pull(solution, body, problem, deadline)

        @cache
        def whole() -> Batched:  # only if the service has forgotten a part
            return Batched(*split(problem() if callable(problem) else problem or {}))

        chunks = solution.chunks
        if perturbation is not None or adaptive is not None or (isinstance(tau, str) and tau == "adaptive"):
            return self._pull(solution, body, problem, deadline)  # the batch has one noise, and one state
        if solution.id is None and not chunks and problem is not None:  # all of it must be sent
            chunks = split_solution(solution, whole().ranges(self.chunk))
        if len(chunks) < 2:
            return self._pull(solution, body, problem, deadline)
        edges = np.cumsum([0, *(len(chunk.x) for chunk in chunks)]).tolist()

        def part(start: int, stop: int) -> Gradients:
            own = {**body, "gradient": sliced(body["gradient"], edges[-1], start, stop)}
            own |= sliced({name: body[name] for name in ("tau", "lambda") if name in body}, edges[-1], start, stop)
            again = None if problem is None else lambda: _kept(*whole().part(start, stop))
            return self._pull(chunks[edges.index(start)], own, again, deadline)

        ranges = list(pairwise(edges))
        show = self.progress if progress is None else progress
        return join_gradients(spread(self._parts, ranges, part, "lpgd-backward", show=show), RANKS)

    def _pull(
        self,
        solution: Solution | str,
        body: Fields,
        problem: ProblemLike | Callable[[], ProblemLike] | None,
        deadline: Deadline,
    ) -> Gradients:
        """One request of a backward: the id first, then the problem and the solution."""
        named = solution if isinstance(solution, str) else solution.id
        if named is not None:
            try:
                answer = self._connection.call("POST", "/lpgd-backward", deadline, {"solve": {"id": named}, **body})
                return gradients_from(answer)
            except SolveNotRetained:
                if problem is None or isinstance(solution, str):
                    raise
        if problem is None or isinstance(solution, str):
            raise ValueError("this solution was not retained: pass the problem, or solve with retain=True")
        base, fields = split(problem() if callable(problem) else problem)
        parts = solution.parts()
        answer = self._with_problem(
            "/lpgd-backward",
            base,
            fields,
            lambda wire: {"solve": {"problem": wire, "solution": parts}, **body},
            deadline,
        )
        return gradients_from(answer)

    def _deadline(self, timeout: float | None) -> Deadline:
        return Deadline(self.timeout if timeout is None else timeout)

    def _register(self, fields: Fields, deadline: Deadline) -> str:
        answer = self._connection.call("PUT", "/problems", deadline, fields)
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise InvalidResponse("the answer to /problems has no id")
        return str(answer["id"])

    def _with_problem(
        self,
        path: str,
        base: RegisteredProblem | None,
        fields: Fields,
        body: Callable[[Fields], Fields],
        deadline: Deadline,
    ) -> Any:
        """Posts a request about a problem.

        A forgotten base is registered again. If that does not last either (replicas share no memory), the whole
        problem is sent.
        """
        if base is not None:
            for reregister in (True, False):
                try:
                    return self._connection.call("POST", path, deadline, body({"base": base.id, **fields}))
                except ProblemNotRegistered:
                    if reregister:
                        self._register(base.fields, deadline)
            fields = {**base.fields, **fields}
        return self._connection.call("POST", path, deadline, body(fields))


def _checked(key: str) -> str:
    """A key that fits into a header: the complaint about one that does not would show it."""
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise ValueError("an API key has printable ASCII characters without spaces alone (a line break at its end?)")
    return key


def _size(name: str, value: Any) -> Any:
    return value if isinstance(value, str) else real(name, value)


def _rows(guess: Fields, start: int, stop: int) -> Fields:
    """Some instances of a warm start."""
    return {name: array[start:stop] if array.ndim > 1 else array for name, array in guess.items()}


def _kept(base: RegisteredProblem | None, fields: Fields) -> Fields:
    """A problem to be sent again: a copy that later changes of the caller's arrays do not reach."""
    return {**snapshot(fields), **({"base": base} if base else {})}


def _present(**options: Any) -> Fields:
    return {name: value for name, value in options.items() if value is not None}

"""The client of an argmind service."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from ._errors import InvalidResponse, ProblemNotRegistered, SolveNotRetained
from ._http import Transport
from ._perturbation import Perturbation
from ._problem import Fields, ProblemLike, RegisteredProblem, real, snapshot, split
from ._solution import Gradients, Solution, gradients_from, solution_from
from ._transport import Connection, Deadline

DEFAULT_URL = "http://localhost:8080"

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
        headers: sent with every request, for example for a proxy that wants authorization.
        transport: replaces the network, for tests: a function from a request to a response.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 5,
        max_connections: int = 32,
        headers: Mapping[str, str] | None = None,
        transport: Transport | None = None,
    ) -> None:
        url = url or os.environ.get("ARGMIND_URL") or DEFAULT_URL
        Deadline(timeout)  # refuses what is not a positive number
        self.timeout = timeout
        self._connection = Connection(
            url, retries=retries, max_connections=max_connections, headers=headers or {}, transport=transport
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
            timeout: seconds for this call, instead of the client's.

        Raises:
            InvalidProblem: shapes or values make no problem; it lists every field at fault.
            Overloaded, DeadlineExceeded, ConnectionFailed: no answer in time.
        """
        base, fields = split(problem)
        body: Fields = {"solver": solver, "retain": retain}
        if options := _present(tolerance=tolerance, time_limit=time_limit, max_iterations=max_iterations):
            body["options"] = options
        if perturbation is not None:
            body["perturbation"] = perturbation.to_wire()
        if warm_start is not None:
            guess = warm_start.parts() if isinstance(warm_start, Solution) else warm_start
            body["warm_start"] = {name: real(name, guess[name]) for name in ("x", "y", "z", "z_box") if name in guess}
        answer = self._with_problem(
            "/solve", base, fields, lambda wire: {"problem": wire, **body}, self._deadline(timeout)
        )
        kept = {**snapshot(fields), **({"base": base} if base else {})} if retain and keep_problem else None
        return solution_from(answer, kept)

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
        named = solution if isinstance(solution, str) else solution.id
        if problem is None and isinstance(solution, Solution):
            problem = solution.problem
        resendable = problem is not None and isinstance(solution, Solution)
        if named is not None:
            try:
                answer = self._connection.call("POST", "/lpgd-backward", deadline, {"solve": {"id": named}, **body})
                return gradients_from(answer)
            except SolveNotRetained:
                if not resendable:
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


def _size(name: str, value: Any) -> Any:
    return value if isinstance(value, str) else real(name, value)


def _present(**options: Any) -> Fields:
    return {name: value for name, value in options.items() if value is not None}

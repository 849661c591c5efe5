"""How good the gradients by the costs are, method by method, on a batch of a user's own problems."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ._client import Client
from ._default import default_client
from ._errors import BadRequest, InvalidProblem
from ._perturbation import Perturbation
from ._problem import Array, Fields, ProblemLike, real, split
from ._smoothed import Smoothed, smoothed_gradient
from ._solution import Solution

Upstream: TypeAlias = Any | Callable[[Array], tuple[Array, Array]]

# Perturbations relative to ||c|| / ||g||: from where little moves to where everything does.
SCALES = (0.01, 0.1, 1.0)


@dataclass(frozen=True)
class GradCheckRow:
    """One method on the batch. Medians are over the instances whose gradient and reference are not zero.

    Attributes:
        method: its name and parameters, in words.
        cosine: median cosine of the angle to the reference; NaN if all gradients are zero.
        aligned: share of the instances whose angle to the reference is less than 90 degrees.
        ratio: median norm, relative to that of the reference.
        zero: share of the instances with gradient zero.
        moved: share of the instances whose perturbed solution differs from the solution; NaN if nothing was perturbed.
        degenerate: share of the instances whose exact derivative vanishes or is not unique; NaN if not known.
        failed: share of the instances without a gradient.
        detail: why the service refuses the method for this problem; empty if it does not.
    """

    method: str
    cosine: float = float("nan")
    aligned: float = float("nan")
    ratio: float = float("nan")
    zero: float = float("nan")
    moved: float = float("nan")
    degenerate: float = float("nan")
    failed: float = float("nan")
    detail: str = ""


@dataclass(frozen=True, eq=False)
class GradCheck:
    """Gradients compared; `print` shows the table.

    Attributes:
        rows: one for each method.
        reference: what they were compared with, in words.
        reliability: median cosine between the references of two halves of the samples: a method cannot be seen to be
            better than about its square root. NaN if the reference is a method.
        gradients: float[B, ...] by method, those refused left out, with the reference's under "reference".
        solution: of the problem.
    """

    rows: list[GradCheckRow]
    reference: str
    reliability: float
    gradients: dict[str, Array]
    solution: Solution

    def __str__(self) -> str:
        width = max(len(row.method) for row in self.rows)
        titles = ("cosine", "aligned", "ratio", "zero", "moved", "degenerate", "failed")
        lines = [f"reference: {self.reference}", f"{'method':{width}}  " + "  ".join(titles)]
        for row in self.rows:
            cells = [f"{_number(getattr(row, name)):>{len(name)}}" for name in titles]
            lines.append(f"{row.method:{width}}  " + (row.detail or "  ".join(cells)))
        return "\n".join(line.rstrip() for line in lines)


def gradcheck(
    problem: ProblemLike,
    upstream: Upstream = None,
    *,
    methods: Sequence[Mapping[str, Any]] | None = None,
    reference: str | Mapping[str, Any] = "smoothed",
    sigma: float | None = None,
    samples: int = 200,
    seed: int = 0,
    client: Client | None = None,
    solver: str = "auto",
    verbose: bool = True,
) -> GradCheck:
    """Compares methods by their gradients with respect to the costs, on a batch of problems.

    The default reference is the derivative of the smoothed loss E loss(x*(c + sigma Z)), Z Gaussian, estimated by
    central differences along random directions, (loss(x*(c + sigma Z)) - loss(x*(c - sigma Z))) Z / (2 sigma): what a
    small random change of the costs does to the loss on average, whatever the method believes. It needs `samples`
    solves for each instance, in batches.

    Args:
        problem: a program or a combinatorial problem with its costs; better a batch than a single one.
        upstream: the gradient of the loss by x, shaped like x; or a function from x float[B, ...] to the losses
            float[B] and their gradients float[B, ...]; or None for the linear loss of a random direction.
        methods: options of `Client.lpgd_backward`, one mapping for each row, such as {"method": "lpgd", "tau": 1.0,
            "envelope": "lower"}. Default: LPGD on each side at several tau, relative to ||c|| / ||upstream||,
            "identity", of combinatorial kinds "blackbox", where the problem is linear "perturbed", and of programs
            without integers "implicit".
        reference: "smoothed", or the options of the method to compare with.
        sigma: of the smoothed loss, in units of the costs; default a tenth of their root mean square.
        samples: of the smoothed loss, for each instance: an even number is used, at least 4.
        seed: of all that is random.
        client: default the default client.
        solver: of the solves.
        verbose: print the table.

    Raises:
        ValueError: no instance has a solution, shapes disagree, sigma is not positive, or samples less than 2.
        InvalidProblem: the service refuses the reference.
    """
    _check(sigma, samples)
    client = client or default_client()
    base, fields = split(problem)
    whole = {**base.fields, **fields} if base else fields
    name = "cost" if whole.get("type", "program") != "program" else "c"
    if name not in whole:
        raise ValueError(f"the problem has no {name}: gradients are by the costs")
    solution = client.solve(problem, solver=solver)
    if not solution.ok.any():
        raise ValueError(f"no instance has a solution: {solution.summary()}")
    cost = real(name, whole[name])
    if cost.shape != solution.x.shape:  # shared by the batch: each instance gets its own
        cost = np.broadcast_to(cost, solution.x.shape).copy()
        fields[name] = cost
        solution = client.solve({"base": base, **fields}, solver=solver)
    g, loss = _upstream(upstream, solution, seed)
    checker = _Checker(client, {"base": base, **fields}, name, solution, cost, g, solver)
    if sigma is None:
        sigma = 0.1 * float(np.sqrt(np.mean(cost**2))) or 0.1
    reliability = float("nan")
    if isinstance(reference, str):
        if reference != "smoothed":
            raise ValueError(f"reference must be 'smoothed' or the options of a method, not {reference!r}")
        smoothed = Smoothed(client, base, fields, name, sigma, samples, seed, solver)
        target, halves = smoothed_gradient(smoothed, cost, solution, loss)
        agreement = _cosines(*halves)[0]
        reliability = float(np.median(agreement)) if agreement.size else 0.0
        count = 2 * smoothed.pairs
        words = f"smoothed loss, sigma {sigma:.3g}, {count} samples; its halves agree by cosine {reliability:.3f}"
    else:
        target, words = checker.gradient(reference).gradient, _label(reference)
    if methods is None:
        methods = checker.defaults(whole, sigma, seed)
    rows, gradients = [], {"reference": target}
    for options in methods:
        row, gradient = checker.row(options, target)
        rows.append(row)
        if gradient is not None:
            gradients[row.method] = gradient
    result = GradCheck(rows, words, reliability, gradients, solution)
    if verbose:
        print(result)  # noqa: T201
    return result


def _check(sigma: float | None, samples: int) -> None:
    if sigma is not None and not sigma > 0:
        raise ValueError(f"sigma must be positive, not {sigma}")
    if samples < 2:
        raise ValueError(f"samples must be at least 2, not {samples}")


@dataclass(frozen=True, eq=False)
class _Checker:
    client: Client
    problem: ProblemLike
    name: str
    solution: Solution
    cost: Array
    upstream: Array
    solver: str

    def defaults(self, fields: Fields, sigma: float, seed: int) -> list[dict[str, Any]]:
        """What there is for this problem."""
        size, slope = (np.linalg.norm(self._rows(array), axis=1) for array in (self.cost, self.upstream))
        unit = float(np.median(size) / np.median(slope[slope > 0])) if size.any() and slope.any() else 1.0
        methods: list[dict[str, Any]] = [
            {"method": "lpgd", "tau": float(f"{scale * unit:.3g}"), "envelope": envelope}
            for scale in SCALES
            for envelope in ("lower", "upper", "average")
        ]
        methods.append({"method": "lpgd", "tau": "auto", "envelope": "average"})
        if self.name == "cost":
            methods.append({"method": "blackbox", "lambda_": float(f"{unit:.3g}")})
        if "P" not in fields and "cones" not in fields:  # linear
            methods.append({"method": "perturbed", "perturbation": Perturbation(16, seed, "gaussian", sigma)})
        if self.name == "c" and "integers" not in fields:
            methods.append({"method": "implicit"})
        return [*methods, {"method": "identity"}]

    def row(self, options: Mapping[str, Any], target: Array) -> tuple[GradCheckRow, Array | None]:
        """One method; its gradients are None if the service refuses it."""
        try:
            found = self.gradient(options)
        except (InvalidProblem, BadRequest) as error:
            words = "; ".join(item.detail for item in error.errors) or error.message
            return GradCheckRow(_label(options), detail=f"refused: {words}"), None
        gradient, wanted = (self._rows(array) for array in (found.gradient, target))
        cosine, known = _cosines(gradient, wanted)
        ratio = np.linalg.norm(gradient[known], axis=1) / np.linalg.norm(wanted[known], axis=1)
        solved = np.asarray(self.solution.ok).reshape(-1)
        displacement = found.diagnostics.get("displacement")
        return GradCheckRow(
            method=_label(options),
            cosine=float(np.median(cosine)) if cosine.size else float("nan"),
            aligned=float((cosine > 0).sum() / solved.sum()),
            ratio=float(np.median(ratio)) if ratio.size else float("nan"),
            zero=_share(~gradient.any(axis=1), solved),
            moved=_share(None if displacement is None else np.asarray(displacement) > 0, solved),
            degenerate=_share(found.diagnostics.get("degenerate"), solved),
            failed=float(1 - np.asarray(found.ok).mean()),
        ), found.gradient

    def gradient(self, options: Mapping[str, Any]) -> "_Found":
        """Gradients, one for each instance."""
        answer = self.client.lpgd_backward(
            self.solution,
            {"x": self.upstream},
            problem=self.problem,
            wrt=[self.name],
            **{"solver": None if self.solver == "auto" else self.solver, **options},
        )
        return _Found(np.asarray(answer[self.name]), answer.diagnostics, answer.ok)

    def _rows(self, array: Array) -> Array:
        return np.asarray(array, np.float64).reshape(np.atleast_1d(self.solution.ok).size, -1)


@dataclass(frozen=True, eq=False)
class _Found:
    gradient: Array
    diagnostics: dict[str, Any]
    ok: NDArray[np.bool_]


def _upstream(upstream: Upstream, solution: Solution, seed: int) -> tuple[Array, Callable[[Array], Array]]:
    """The gradient of the loss at the solution, zero where there is none, and the loss itself."""
    x = np.where(np.isnan(solution.x), 0, solution.x)
    lead = np.ndim(solution.objective)
    batched = x if lead else x[None]
    if callable(upstream):
        function = upstream
        g = np.asarray(function(batched)[1], np.float64).reshape(x.shape)
        return g, lambda points: np.asarray(function(points)[0], np.float64)
    g = np.random.default_rng(seed).standard_normal(x.shape) if upstream is None else real("upstream", upstream)
    if g.shape != x.shape:
        raise ValueError(f"upstream must be shaped like x, {list(x.shape)}, not {list(g.shape)}")
    rows = (g if lead else g[None]).reshape(len(batched), -1)
    return g, lambda points: np.asarray((points.reshape(-1, *rows.shape) * rows).sum(axis=-1).reshape(-1))


def _cosines(a: Array, b: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Cosines of the instances where neither is zero, and which these are; the first axis is the batch."""
    one, other = (np.asarray(part, np.float64).reshape(len(part), -1) for part in np.broadcast_arrays(a, b))
    sizes = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    known = sizes > 0
    return (one * other).sum(axis=1)[known] / sizes[known], known


def _label(options: Mapping[str, Any]) -> str:
    shown = {k: v for k, v in options.items() if k not in ("method", "perturbation")}
    noise = options.get("perturbation")
    if noise is not None:
        shown |= {"noise": noise.noise, "samples": noise.samples, "sigma": float(f"{noise.sigma:.3g}")}
    words = ", ".join(f"{k.rstrip('_')} {v}" for k, v in shown.items())
    return " ".join(filter(None, (str(options.get("method", "lpgd")), words)))


def _share(flags: Any, solved: NDArray[np.bool_]) -> float:
    return float("nan") if flags is None else float(np.mean(np.atleast_1d(np.asarray(flags, bool))[solved]))


def _number(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3g}"

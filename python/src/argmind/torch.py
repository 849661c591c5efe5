"""The PyTorch layer.

    >>> layer = argmind.torch.Layer(tau=0.1)
    >>> x = layer(P=P, c=c, G=G, h=h)     # tensors of one problem, or of a batch
    >>> x.sum().backward()

Every call is one request, and every backward is one more. Fields have the shapes of the contract with any number of
leading batch axes, which must agree; fields without them are shared by the batch, and their gradients are summed over
it. dtype, device and batch axes of the inputs are kept. P, A and G may be dense, COO tensors, or an `argmind.Sparse`
whose values are a tensor [..., k].

Combinatorial problems are layers of their own, which take costs alone, and losses for predict-then-optimize:

    >>> paths = argmind.torch.GridShortestPath(method="blackbox", lambda_=20.0)
    >>> indicators = paths(costs)         # [..., H, W] both
    >>> loss = argmind.torch.SPOPlus(argmind.kinds.Knapsack(weights, capacities))(predicted, true)
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import torch
from torch import Tensor, nn

from ._client import Client, Envelope, Projection
from ._default import default_client
from ._methods import NOISY, check, check_noise
from ._pending import Pending
from ._perturbation import Noise, Perturbation
from ._problem import Array, Fields, RegisteredProblem, split
from ._torch_adaptive import AdaptiveTau
from ._torch_batch import flat_size, gather
from ._torch_call import Call, FailedInstancesWarning, Info, OnFailure, Output, OutputName, run
from ._torch_discrete import CombinatorialLayer, with_seed
from ._torch_kinds import (
    TSP,
    Assignment,
    GridShortestPath,
    Knapsack,
    Matching,
    MinCostFlow,
    Ranking,
    ShortestPath,
    SpanningTree,
    TopK,
)
from ._torch_losses import (
    DecisionLoss,
    FenchelYoung,
    Regret,
    SPOPlus,
    StructuredHinge,
    fenchel_young,
    regret,
    spo_plus,
    structured_hinge,
)

__all__ = [
    "TSP",
    "AdaptiveTau",
    "Assignment",
    "CombinatorialLayer",
    "DecisionLoss",
    "FailedInstancesWarning",
    "FenchelYoung",
    "GridShortestPath",
    "Info",
    "Knapsack",
    "Layer",
    "Matching",
    "MinCostFlow",
    "OnFailure",
    "Output",
    "OutputName",
    "Pending",
    "Ranking",
    "Regret",
    "SPOPlus",
    "ShortestPath",
    "SpanningTree",
    "StructuredHinge",
    "TopK",
    "fenchel_young",
    "regret",
    "solve",
    "spo_plus",
    "structured_hinge",
]

ProgramMethod: TypeAlias = Literal["lpgd", "implicit", "identity", "blackbox", "perturbed", "imle"]

_SOLVING = ("tolerance", "time_limit", "max_iterations", "timeout", "solver")
_PULLING = ("tau", "rho", "envelope", "method", "lambda_", "projection")


class Layer(nn.Module):
    """An optimization problem as a layer: data in, solution out, gradients by LPGD.

    Call it with the fields of the problem as keywords: `layer(c=c, A=A, b=b, lb=0.0)`. Tensors are differentiable;
    numbers, lists and NumPy arrays are constants. `tau` and `rho` may be given in the call as well, for that call.
    The result is the tensor of the one output, or an `Output` of several. Under `torch.no_grad` and where no input
    requires a gradient, the service retains nothing. Second derivatives and torch.vmap are errors.

    Args:
        outputs: any of x, y (duals of A x = b), z (duals of G x <= h or of the cones), s (slacks), objective; all
            differentiable.
        tau: size of the perturbation, "auto", or a tensor with one for each instance.
        rho: weight of the proximal term of the perturbed problems.
        envelope: "lower" (+tau), "upper" (-tau), or "average" of both.
        method: "lpgd", "implicit" (derivative of the KKT system), "identity", or for linear and integer programs
            "blackbox" (Vlastelica et al. 2020: lower envelope, tau = `lambda_`), "perturbed" (Berthet et al. 2020: x is
            the mean of x*(c - sigma Z) over samples) and "imle" (Niepert et al. 2021: the mean over the same samples of
            LPGD). The last three have a gradient by c alone, the last two no y, z and s.
        lambda_: of method "blackbox": size of the perturbation, as tau.
        projection: of the identity method: "none", "mean" or "standardize".
        noise: of "perturbed" and "imle": "gaussian" or "gumbel".
        samples: of "perturbed" and "imle": solves for each instance.
        sigma: of "perturbed" and "imle": scale of the noise, in units of c.
        seed: of the noise, the same in every call; None draws one for each call from PyTorch's generator.
        solver: a name the service knows, or "auto".
        on_failure: what an instance without a solution does. "raise": `SolveFailed` with the instances' indices, also
            if its perturbed solve fails in the backward. "zero" and "nan": its outputs are that, its gradients are
            zero, the rest of the batch is not affected, and a failed perturbed solve is a `FailedInstancesWarning`.
        client: a `Client`, the URL of a service, or None for the default client.
        constants: fields that never change: registered with the service once, then sent as an id.
        integers: indices of integer variables. Such a program has no duals: only P and c have gradients.
        cones: what the rows h - G x lie in, as the functions of `argmind.cones` write it; default all nonnegative.
        tolerance, time_limit, max_iterations: of all solves, as in `Client.solve`.
        timeout: seconds for each request; default the client's.

    Attributes:
        last: `Info` about the latest call.
    """

    def __init__(
        self,
        outputs: Sequence[OutputName] = ("x",),
        *,
        tau: float | Literal["auto"] | Tensor = "auto",
        rho: float = 0.0,
        envelope: Envelope = "average",
        method: ProgramMethod = "lpgd",
        lambda_: float | Literal["auto"] | Tensor | None = None,
        projection: Projection | None = None,
        noise: Noise = "gaussian",
        samples: int = 1,
        sigma: float = 1.0,
        seed: int | None = None,
        solver: str = "auto",
        on_failure: OnFailure = "raise",
        client: Client | str | None = None,
        constants: Mapping[str, Any] | None = None,
        integers: Sequence[int] | Array | Tensor | None = None,
        cones: Sequence[Mapping[str, Any]] | None = None,
        tolerance: float | None = None,
        time_limit: float | None = None,
        max_iterations: int | None = None,
        timeout: float | None = None,
    ) -> None:
        super().__init__()
        self.outputs = (outputs,) if isinstance(outputs, str) else tuple(outputs)
        if not self.outputs or not set(self.outputs) <= set(get_args(OutputName)):
            raise ValueError(f"outputs must be some of {get_args(OutputName)}, not {outputs!r}")
        if on_failure not in get_args(OnFailure):
            raise ValueError(f"on_failure must be one of {get_args(OnFailure)}, not {on_failure!r}")
        check(
            get_args(ProgramMethod), method=method, envelope=envelope, projection=projection, lambda_=lambda_,
            given={"tau": tau, "rho": rho},
        )  # fmt: skip
        self.tau, self.rho, self.envelope, self.method, self.projection = tau, rho, envelope, method, projection
        self.lambda_ = lambda_
        self.seed, self.perturbation = seed, Perturbation(samples, seed or 0, noise, sigma)
        self._check_outputs(method)
        self.solver, self.on_failure, self.timeout = solver, on_failure, timeout
        self.tolerance, self.time_limit, self.max_iterations = tolerance, time_limit, max_iterations
        self.client = Client(client) if isinstance(client, str) else client
        fixed: dict[str, Any] = {"integers": integers, "cones": cones}
        for name, value in (constants or {}).items():
            if isinstance(value, Tensor) and value.requires_grad:
                raise ValueError(f"the constant {name} requires a gradient: pass it when calling the layer")
            fixed[name] = value
        self.register_constants = constants is not None
        self._sent: Fields = {}
        if constants is not None and "G" not in constants:  # cones are of its rows: the service checks them together
            self._sent = split({"cones": fixed.pop("cones")})[1]
        self._fixed = split(fixed)[1]
        self._base: RegisteredProblem | None = None
        self.last: Info | None = None

    def _check_outputs(self, method: str) -> None:
        if method in NOISY and not set(self.outputs) <= {"x", "objective"}:
            raise ValueError(f"method {method!r} has outputs x and objective, not {self.outputs!r}")

    def extra_repr(self) -> str:
        """Shown by `print(layer)`."""
        return f"outputs={self.outputs}, method={self.method!r}, tau={self.tau}, rho={self.rho}, solver={self.solver!r}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "last": None}

    def forward(self, *, tau: Any = None, rho: float | None = None, **fields: Any) -> Any:
        """Solves the problem with these fields; see the class.

        Returns:
            A tensor if there is one output, else an `Output`.

        Raises:
            SolveFailed: instances without a solution, if `on_failure` is "raise".
            ArgmindError: whatever else `Client.solve` raises.
        """
        out = self.call(tau=tau, rho=rho, **fields)
        return out[0] if len(out) == 1 else out

    def call(self, *, tau: Any = None, rho: float | None = None, **fields: Any) -> Output:
        """Like calling the layer, but always returns an `Output`."""
        return self.call_with(_present(tau=tau, rho=rho), **fields)

    def call_with(self, settings: Mapping[str, Any], **fields: Any) -> Output:
        """Like `call`, with settings of the constructor replaced for this call.

        Args:
            settings: any of tau, rho, envelope, method, lambda_, projection, solver, tolerance, time_limit,
                max_iterations, timeout, seed; and `warm_start`, a guess as in `Client.solve`.
            **fields: of the problem.

        Raises:
            ValueError: the settings together make no sense, such as a tau for a method that has none.
        """
        call, tensors = self._prepare(settings, fields)
        return self._run(call, tensors)

    def submit(self, *, tau: Any = None, rho: float | None = None, **fields: Any) -> Pending[Output]:
        """Sends the request and returns at once: `submit(...).result()` is `call(...)`, gradients included.

        So the service works on the next batch while this one is in the network:

            >>> following = layer.submit(c=c_next)
            >>> ...
            >>> x = following.result().x

        The tensors must not be changed in place before `result` is called; that is an error.
        """
        return self.submit_with(_present(tau=tau, rho=rho), **fields)

    def submit_with(self, settings: Mapping[str, Any], **fields: Any) -> Pending[Output]:
        """Like `submit`, with settings of the constructor replaced for this call, as in `call_with`."""
        call, tensors = self._prepare(settings, fields)
        versions = [tensor._version for tensor in tensors]
        future = call.client.executor.submit(call.solve, [tensor.detach() for tensor in tensors])

        def finish(timeout: float | None) -> Output:
            call.prefetched = future.result(timeout)
            if versions != [tensor._version for tensor in tensors]:
                raise RuntimeError("a tensor that was submitted has been changed in place before its result was used")
            return self._run(call, tensors)

        return Pending(future, finish)

    def _prepare(self, settings: Mapping[str, Any], fields: Mapping[str, Any]) -> tuple[Call, list[Tensor]]:
        client = self.client or default_client()
        if self.register_constants and self._base is None:
            self._base = client.register(self._fixed, timeout=self.timeout)
        known = self._base.fields if self._base else {}
        tensors, batch = gather({**(self._sent if self._base else self._fixed), **fields}, known)
        own: Fields = {name: getattr(self, name) for name in (*_SOLVING, *_PULLING, "seed")} | {"warm_start": None}
        if strange := settings.keys() - own.keys():
            raise TypeError(f"settings of a call are {', '.join(own)}, not {', '.join(sorted(strange))}")
        own |= settings
        check(
            get_args(ProgramMethod),
            **{name: own[name] for name in ("method", "envelope", "projection", "lambda_")},
            given={name: settings.get(name) for name in ("tau", "rho")},
        )
        check_noise(own["method"], seed=settings.get("seed") is not None)
        self._check_outputs(own["method"])
        perturbation = with_seed(self.perturbation, own["seed"]) if own["method"] in NOISY else None
        common = {**{name: own[name] for name in _SOLVING}, "perturbation": perturbation}
        needs_gradient = torch.is_grad_enabled() and any(t.requires_grad for t in tensors)
        call = Call(
            client=client,
            base=self._base,
            batch=batch,
            outputs=self.outputs,
            on_failure=self.on_failure,
            solving={**common, "retain": needs_gradient, "warm_start": own["warm_start"]},
            pulling={**common, **{name: flat_size(own[name]) for name in _PULLING}},
        )
        return call, tensors

    def _run(self, call: Call, tensors: Sequence[Tensor]) -> Output:
        out = run(call, tensors)
        self.last = out.info
        return out


def solve(fields: Mapping[str, Any], outputs: Sequence[OutputName] = get_args(OutputName), **options: Any) -> Output:
    """Solves once, without keeping a layer: options are those of `Layer`; always returns an `Output` with `info`."""
    return Layer(outputs, **options).call(**fields)


def _present(**options: Any) -> Fields:
    return {name: value for name, value in options.items() if value is not None}

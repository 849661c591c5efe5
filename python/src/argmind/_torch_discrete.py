"""Combinatorial problems as PyTorch layers: costs in, decisions out, gradients by the costs."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, TypedDict, get_args

import torch
from torch import Tensor, nn

from . import kinds
from ._client import Client, Envelope, Projection
from ._default import default_client
from ._methods import NOISY, check, check_noise
from ._minimizer import Minimizer
from ._perturbation import Noise, Perturbation
from ._torch_adaptive import AdaptiveTau
from ._torch_batch import Batch, Slot, cost_dtype, flat_size
from ._torch_call import Call, Info, OnFailure, Output, run

DiscreteMethod: TypeAlias = Literal["lpgd", "blackbox", "identity", "perturbed", "imle"]
DiscreteOutput: TypeAlias = Literal["x", "objective"]
Tau: TypeAlias = float | Literal["auto", "adaptive"] | AdaptiveTau | Tensor


class Options(TypedDict, total=False):
    """The options of `CombinatorialLayer`, which all layers of a kind have as well."""

    outputs: Sequence[DiscreteOutput]
    method: DiscreteMethod
    tau: Tau
    rho: float
    envelope: Envelope
    lambda_: float | Literal["auto"] | Tensor | None
    projection: Projection | None
    noise: Noise
    samples: int
    sigma: float
    seed: int | None
    solver: str
    on_failure: OnFailure
    client: Client | str | None
    time_limit: float | None
    timeout: float | None


class CombinatorialLayer(nn.Module):
    """A combinatorial problem as a layer: costs [..., *shape] in, decisions of the same shape out.

    Every call is one request and every backward is one more, for the whole batch. The kind is registered with the
    service at the first call; after that only costs travel. dtype, device and batch axes are kept. Second derivatives
    and torch.vmap are errors. x*(c) is piecewise constant: its derivative is zero or does not exist, and each method
    puts something useful in its place:

    - "lpgd" (Paulus et al. 2024): (x*(c + tau g) - x*(c)) / tau for the lower envelope, (x*(c) - x*(c - tau g)) / tau
      for the upper one, the mean of both for "average"; rho > 0 adds rho/2 ||x - x*(c)||^2 to the perturbed problems.
    - "blackbox" (Vlastelica et al. 2020): the lower envelope with tau = `lambda_`.
    - "identity" (Sahoo et al. 2023): -g, through the `projection` of the costs. No solve.
    - "perturbed" (Berthet et al. 2020): x is the mean of x*(c - sigma Z) over samples; its derivative is estimated from
      the same samples.
    - "imle" (Niepert et al. 2021): x as for "perturbed"; the gradient is the mean over the same samples of
      (x*(c - sigma Z + tau g) - x*(c - sigma Z)) / tau; other envelopes as for "lpgd".

    Args:
        kind: one of `argmind.kinds`.
        outputs: any of x and objective, <cost, x>.
        method: "lpgd", "blackbox", "identity", "perturbed" or "imle".
        tau: of "lpgd" and "imle": size of the perturbation, in units of cost / upstream gradient; a tensor has one for
            each instance; "auto" leaves it to the service; "adaptive" (AIMLE, Minervini et al. 2023) is
            beta ||c|| / ||g|| for each instance, with a beta that grows while gradients are too sparse, shrinks
            otherwise, and is saved with the layer's state; an `AdaptiveTau` says how.
        rho: of "lpgd" and "imle": weight of the proximal term; only where x is an indicator or a ranking.
        envelope: of "lpgd" and "imle": "lower", "upper" or "average".
        lambda_: of "blackbox": size of the perturbation, as tau.
        projection: of "identity": "none", "mean" (off the all-ones direction) or "standardize".
        noise: of "perturbed" and "imle": "gaussian" or "gumbel".
        samples: of "perturbed" and "imle": solves for each instance.
        sigma: of "perturbed" and "imle": scale of the noise, in units of the costs.
        seed: of the noise, the same in every call; None draws one for each call from PyTorch's generator.
        solver: a name the service knows, or "auto".
        on_failure: what an instance without a solution does, as for `argmind.torch.Layer`.
        client: a `Client`, the URL of a service, or None for the default client.
        time_limit: seconds for each instance.
        timeout: seconds for each request; default the client's.

    Attributes:
        last: `Info` about the latest call.
        minimizer: the same problem without gradients, as losses take it.
    """

    def __init__(
        self,
        kind: kinds.Kind,
        *,
        outputs: Sequence[DiscreteOutput] = ("x",),
        method: DiscreteMethod = "lpgd",
        tau: Tau = "auto",
        rho: float = 0.0,
        envelope: Envelope = "lower",
        lambda_: float | Literal["auto"] | Tensor | None = None,
        projection: Projection | None = None,
        noise: Noise = "gaussian",
        samples: int = 1,
        sigma: float = 1.0,
        seed: int | None = None,
        solver: str = "auto",
        on_failure: OnFailure = "raise",
        client: Client | str | None = None,
        time_limit: float | None = None,
        timeout: float | None = None,
    ) -> None:
        super().__init__()
        self.outputs: tuple[str, ...] = (outputs,) if isinstance(outputs, str) else tuple(outputs)
        check(
            get_args(DiscreteMethod), method=method, envelope=envelope, projection=projection, lambda_=lambda_,
            given={"tau": tau, "rho": rho},
        )  # fmt: skip
        check_noise(method, noise=noise != "gaussian", samples=samples != 1, sigma=sigma != 1, seed=seed is not None)
        if on_failure not in get_args(OnFailure):
            raise ValueError(f"on_failure must be one of {get_args(OnFailure)}, not {on_failure!r}")
        if not self.outputs or not set(self.outputs) <= set(get_args(DiscreteOutput)):
            raise ValueError(f"outputs must be some of {get_args(DiscreteOutput)}, not {outputs!r}")
        if rho and not kind.binary and not isinstance(kind, kinds.Ranking):
            raise ValueError("rho needs a linear ||x - x*||^2: only where x is an indicator or a ranking")
        self.kind, self.method, self.rho, self.envelope, self.lambda_ = kind, method, rho, envelope, lambda_
        self.projection, self.seed, self.solver, self.on_failure = projection, seed, solver, on_failure
        self.time_limit, self.timeout = time_limit, timeout
        self.perturbation = Perturbation(samples, seed or 0, noise, sigma) if method in NOISY else None
        if isinstance(tau, str) and tau == "adaptive":
            tau = AdaptiveTau()
        self.adaptive = tau if isinstance(tau, AdaptiveTau) else None
        self.tau = "adaptive" if isinstance(tau, AdaptiveTau) else tau
        self.minimizer = Minimizer(kind, client=client, solver=solver, time_limit=time_limit, timeout=timeout)
        self.last: Info | None = None

    def extra_repr(self) -> str:
        """Shown by `print(layer)`."""
        return f"kind={self.kind.type!r}, method={self.method!r}, tau={self.tau}, solver={self.solver!r}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "last": None}

    def forward(self, cost: Tensor, *, tau: Any = None, rho: float | None = None, seed: int | None = None) -> Any:
        """Solves for these costs; see the class.

        Args:
            cost: float[..., *shape].
            tau: for this call, instead of the layer's.
            rho: for this call, instead of the layer's.
            seed: for this call, instead of the layer's.

        Returns:
            A tensor if there is one output, else an `Output`.

        Raises:
            SolveFailed: instances without a solution, if `on_failure` is "raise".
            ArgmindError: whatever else `Client.solve` raises.
        """
        out = self.call(cost, tau=tau, rho=rho, seed=seed)
        return out[0] if len(out) == 1 else out

    def call(self, cost: Tensor, *, tau: Any = None, rho: float | None = None, seed: int | None = None) -> Output:
        """Like calling the layer, but always returns an `Output`."""
        check(
            get_args(DiscreteMethod), method=self.method, envelope=self.envelope, projection=self.projection,
            lambda_=self.lambda_, given={"tau": tau, "rho": rho},
        )  # fmt: skip
        check_noise(self.method, seed=seed is not None)
        rank = self.kind.rank
        if cost.ndim < rank:
            raise ValueError(f"cost must have at least {rank} axes, not shape {list(cost.shape)}")
        batch = Batch((Slot("cost", rank),), {}, tuple(cost.shape[: cost.ndim - rank]), cost_dtype(cost), cost.device)
        common = {"solver": self.solver, "time_limit": self.time_limit, "timeout": self.timeout}
        perturbation = self.perturbation and with_seed(self.perturbation, self.seed if seed is None else seed)
        call = Call(
            client=self.minimizer.client or default_client(),
            base=self.minimizer.base(),
            batch=batch,
            outputs=self.outputs,
            on_failure=self.on_failure,
            solving={
                **common,
                "perturbation": perturbation,
                "retain": torch.is_grad_enabled() and cost.requires_grad,
            },
            pulling={
                **common,
                "method": self.method,
                "tau": flat_size(self.tau if tau is None else tau),
                "rho": self.rho if rho is None else rho,
                "envelope": self.envelope,
                "lambda_": flat_size(self.lambda_),
                "projection": self.projection,
                "perturbation": perturbation,
            },
            tuner=self.adaptive if tau is None else None,
        )
        out = run(call, [cost])
        self.last = out.info
        return out


def with_seed(noise: Perturbation, seed: int | None) -> Perturbation:
    """The same noise with this seed; None draws one."""
    return Perturbation(noise.samples, draw_seed() if seed is None else seed, noise.noise, noise.sigma)


def draw_seed() -> int:
    """A seed from PyTorch's generator, so that torch.manual_seed repeats a run."""
    return int(torch.randint(0, 2**53, ()))

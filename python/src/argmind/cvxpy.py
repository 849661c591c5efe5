"""cvxpylayers' layer over the service.

    >>> from argmind.cvxpy import CvxpyLayer        # instead of cvxpylayers.torch
    >>> layer = CvxpyLayer(problem, parameters=[A, b], variables=[x, constraint.dual_variables[0]])
    >>> x_star, z_star = layer(A_tensor, b_tensor)

CVXPY writes the problem as a program of the contract once, when the layer is made. What does not depend on parameters
is registered with the service; a call evaluates the rest as sparse products of the parameters on this side, sends it
in one request for the whole batch, and pulls gradients back the same way.

What is different from cvxpylayers:

- Quadratic objectives stay quadratic, so `rho` weighs the program's own variables and none that a lifting added.
- `quad_form(x, P)` may have a parameter P in the objective. Integer and boolean variables are allowed (with linear
  constraints), and bounds of variables may be parameters.
- The default gradient is LPGD's central difference with the service's tau. `solver_args={"mode": "lsqr"}`, "lsmr" and
  "dense" all mean the derivative of the KKT system, "lpgd", "lpgd_right" and "lpgd_left" what they mean in diffcp.
- The gradient by a symmetric parameter is symmetric (theirs is on its upper triangle, which sums to the same).
- `on_failure` says what an instance without a solution does to its batch, as in `argmind.torch.Layer`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cvxpy as cp
import numpy as np
import torch
from torch import Tensor, nn

from . import torch as argmind_torch
from ._client import Client
from ._cvxpy_args import IgnoredArgumentsWarning, translate
from ._cvxpy_canon import Canonical, canonicalize
from ._cvxpy_recover import flatten, sources
from ._pending import Pending
from ._problem import Fields
from ._torch_call import Info, OnFailure, Output

__all__ = ["CvxpyLayer", "IgnoredArgumentsWarning"]


class CvxpyLayer(nn.Module):
    """A parametrized CVXPY problem as a differentiable layer.

    Call it with one tensor for each parameter, in the order of `parameters`; each has its parameter's shape, or that
    with one or more batch axes in front, which must agree. Parameters without them are shared by the batch. Solves are
    in float64; the outputs have the dtype and device of the tensors.

    Args:
        problem: DPP, minimized or maximized.
        parameters: all of the problem's parameters.
        variables: what a call returns: variables of the problem, or dual variables of its constraints
            (`constraint.dual_variables[0]`).
        solver: a solver of the service for all calls that name none; others are ignored with a warning.
        gp: the problem is a geometric program; its positive parameters are sent as logarithms.
        verbose: let CVXPY tell how it compiles the problem.
        canon_backend: CVXPY's backend for the canonicalization, as in `Problem.get_problem_data`.
        solver_args: defaults for those of a call.
        on_failure: "raise", "zero" or "nan", as in `argmind.torch.Layer`.
        client: a `Client`, the URL of a service, or None for the default client.
        timeout: seconds for each request; default the client's.

    Raises:
        ValueError: the problem is not DPP or needs what the service lacks; the message names the constraint.
        NotImplementedError: complex variables, or a dual that CVXPY does not hand back.
    """

    def __init__(
        self,
        problem: cp.Problem,
        parameters: Sequence[cp.Parameter],
        variables: Sequence[cp.Variable],
        solver: Any = None,
        gp: bool = False,
        verbose: bool = False,
        canon_backend: str | None = None,
        solver_args: Mapping[str, Any] | None = None,
        *,
        on_failure: OnFailure = "raise",
        client: Client | str | None = None,
        timeout: float | None = None,
    ) -> None:
        super().__init__()
        if solver is not None and not isinstance(solver, str):
            hint = "; pass gp by its name" if isinstance(solver, bool) else ": the service has its own solvers"
            raise TypeError(f"solver must be a name, not {solver!r}{hint}")
        self.solver_args = {**({"solve_method": solver} if solver else {}), **(solver_args or {})}
        translate(self.solver_args)
        self._parameters_of = list(parameters)
        self._canonical: Canonical = canonicalize(
            problem, parameters, variables, gp=gp, backend=canon_backend, verbose=verbose
        )
        constants = {
            name: field.dress(field.values.constant)
            for name, field in self._canonical.fields.items()
            if field.values.is_constant
        }
        self.layer = argmind_torch.Layer(
            sources(self._canonical.recoveries),  # type: ignore[arg-type]  # names of outputs
            constants=constants,
            integers=self._canonical.integers if self._canonical.integers.size else None,
            cones=self._canonical.cones,
            on_failure=on_failure,
            client=client,
            timeout=timeout,
        )

    @property
    def last(self) -> Info | None:
        """What became of the latest call: status, solver, diagnostics of its backward."""
        return self.layer.last

    def forward(
        self, *params: Tensor, solver_args: Mapping[str, Any] | None = None, warm_start: bool = False
    ) -> tuple[Tensor, ...]:
        """Solves the problem with these parameters.

        Args:
            *params: one tensor for each parameter.
            solver_args: `eps`, `max_iters`, `time_limit`; `solve_method`, a solver of the service; `mode`, one of
                lpgd, lpgd_right, lpgd_left, dense, lsqr, lsmr; `derivative_kwargs`, with tau and rho of the lpgd
                modes. They override those of the constructor.
            warm_start: begin at the solution of the previous call, if it was of as many instances and had one for
                each.

        Returns:
            A tensor [..., *shape] for each of `variables`.

        Raises:
            ValueError: a tensor does not fit its parameter, or `solver_args` mean nothing to the service.
            SolveFailed: instances without a solution, if `on_failure` is "raise".
        """
        lead, dtype, device, fields, changes = self._prepare(params, solver_args)
        if warm_start and self.last is not None and bool(self.last.ok.all()) and self.last.ok.numel() == _count(lead):
            changes["warm_start"] = self.last.solution
        return self._recover(self.layer.call_with(changes, **fields), lead, dtype, device)

    def submit(self, *params: Tensor, solver_args: Mapping[str, Any] | None = None) -> Pending[tuple[Tensor, ...]]:
        """Like calling the layer, but returns at once; `.result()` waits for the tensors, and gradients flow."""
        lead, dtype, device, fields, changes = self._prepare(params, solver_args)
        pending = self.layer.submit_with(changes, **fields)
        return pending.then(lambda out: self._recover(out, lead, dtype, device))

    def _prepare(
        self, params: Sequence[Tensor], solver_args: Mapping[str, Any] | None
    ) -> tuple[tuple[int, ...], torch.dtype, torch.device, Fields, Fields]:
        solving, pulling = translate({**self.solver_args, **(solver_args or {})})
        tensors, lead = self._checked(params)
        dtype, device = _common(tensors)
        flat = [
            flatten(own, tensor.log() if logarithm else tensor)
            for own, tensor, logarithm in zip(self._parameters_of, tensors, self._canonical.logarithms, strict=True)
        ]
        flat = [vector.reshape(-1, vector.shape[-1]) if vector.ndim > 2 else vector for vector in flat]
        fields = {
            name: field.dress(field.values(flat))
            for name, field in self._canonical.fields.items()
            if not field.values.is_constant
        }
        self._check_integer(fields, tensors)
        return lead, dtype, device, fields, {**solving, **pulling}

    def _checked(self, params: Sequence[Tensor]) -> tuple[list[Tensor], tuple[int, ...]]:
        if len(params) != len(self._parameters_of):
            names = ", ".join(p.name() for p in self._parameters_of)
            raise ValueError(f"expected {len(self._parameters_of)} tensors, one for each of {names}; got {len(params)}")
        leads = {}
        tensors = [torch.as_tensor(value) for value in params]
        for own, tensor, logarithm in zip(self._parameters_of, tensors, self._canonical.logarithms, strict=True):
            axes = tensor.ndim - own.ndim
            if axes < 0 or tuple(tensor.shape[axes:]) != tuple(own.shape):
                expected = f"{tuple(own.shape)}, perhaps with batch axes in front"
                raise ValueError(f"parameter {own.name()} needs shape {expected}, got {tuple(tensor.shape)}")
            if logarithm and not bool((tensor.detach() > 0).all()):
                raise ValueError(f"parameter {own.name()} of a geometric program must be positive")
            if axes:
                leads[own.name()] = tuple(tensor.shape[:axes])
        if len(set(leads.values())) > 1:
            found = ", ".join(f"{name} {list(axes)}" for name, axes in leads.items())
            raise ValueError(f"the batch axes of the parameters disagree: {found}")
        return tensors, next(iter(leads.values()), ())

    def _check_integer(self, fields: Fields, tensors: Sequence[Tensor]) -> None:
        if not self._canonical.integers.size or not torch.is_grad_enabled():
            return
        for name in fields.keys() - {"P", "c"}:
            needed = self._canonical.fields[name].values.matrices
            if guilty := [self._parameters_of[i].name() for i in needed if tensors[i].requires_grad]:
                raise ValueError(
                    f"a program with integers has gradients by its objective alone, but {', '.join(guilty)} enters the "
                    f"constraints (field {name}) and requires a gradient: detach it"
                )

    def _recover(
        self, out: Output, lead: tuple[int, ...], dtype: torch.dtype, device: torch.device
    ) -> tuple[Tensor, ...]:
        results = []
        for recovery in self._canonical.recoveries:
            tensor = recovery(getattr(out, recovery.source))
            shape = recovery.index.shape
            if lead and tensor.ndim == len(shape):  # no batched parameter has any effect
                tensor = tensor.expand(_count(lead), *shape)
            results.append(tensor.reshape((*lead, *shape)).to(device=device, dtype=dtype))
        return tuple(results)


def _count(lead: tuple[int, ...]) -> int:
    return int(np.prod(lead))


def _common(tensors: Sequence[Tensor]) -> tuple[torch.dtype, torch.device]:
    devices = {tensor.device for tensor in tensors}
    if len(devices) > 1:
        raise ValueError(f"the parameters must be on one device, not {sorted(map(str, devices))}")
    dtypes = [tensor.dtype for tensor in tensors if tensor.is_floating_point()]
    dtype = dtypes[0] if dtypes else torch.get_default_dtype()
    for other in dtypes[1:]:
        dtype = torch.promote_types(dtype, other)
    return dtype, next(iter(devices), torch.device("cpu"))

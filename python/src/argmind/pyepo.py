"""Models for PyEPO that the service solves, a whole mini-batch in one request.

    >>> import argmind.pyepo
    >>> model = argmind.pyepo.Model({"G": weights, "h": capacities, "lb": 0, "ub": 1, "integers": range(n)},
    ...                             sense=EPO.MAXIMIZE)
    >>> data = argmind.pyepo.Dataset(model, features, costs)        # all labels in one request
    >>> loss = pyepo.func.SPOPlus(model)                            # PyEPO's own, as are its metrics

PyEPO's losses and metrics solve a batch as a loop of `setObj` and `solve`, and stack what they got. So `solve` here
only notes the cost: the solutions that it returns are arrays that are fetched when something first looks at one of
them, all that wait in one request. PyEPO looks at none before it has asked for all, and nothing of it is patched. What
this cannot reach: with `processes` other than 1 each worker solves its own instances one by one (leave it at 1), and
`unambRegret` needs each answer before it can ask the next question. `optDataset` looks at each solution at once, which
is why there is a `Dataset` here. Tried with PyEPO 2.2.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import torch
from pyepo import EPO
from pyepo.data.dataset import optDataset
from pyepo.model.opt import optModel
from torch import Tensor, nn

from ._client import Client, Envelope
from ._default import default_client
from ._lazy import LazyBatch, LazyObjective, LazySolution
from ._problem import MATRICES, Array, Fields, RegisteredProblem, Sparse, as_numpy, split
from ._solution import Solution
from ._torch_call import failed

__all__ = ["LPGD", "Dataset", "Model"]


class Model(optModel):  # type: ignore[misc]  # PyEPO has no types here
    """A linear or integer program, or a combinatorial problem of the contract, whose costs are predicted.

    It has all of PyEPO's `optModel`: `setObj`, `solve`, `num_cost`, `addConstr`, `relax`, `copy`.

    Args:
        fields: the problem without its costs: A, b, G, h, lb, ub, integers of a program; or the fields of a
            combinatorial `type`. They are registered with the service once.
        sense: EPO.MINIMIZE or EPO.MAXIMIZE.
        cost_shape: the shape of the costs; default [n] as the fields say. PyEPO sees the costs as vectors; a grid or a
            matrix of costs is read row by row.
        solver: a name the service knows, or "auto".
        client: a `Client`, the URL of a service, or None for the default client.
        lazy: whether `solve` may wait for others. Without, every call is a request.
        tolerance, time_limit, max_iterations: as in `Client.solve`.
        timeout: seconds for each request; default the client's.

    Raises:
        ValueError: the fields have costs, or a P (PyEPO's losses and metrics are for linear objectives), or do not say
            how many costs there are.
    """

    def __init__(
        self,
        fields: Mapping[str, Any],
        *,
        sense: Any = EPO.MINIMIZE,
        cost_shape: int | Sequence[int] | None = None,
        solver: str = "auto",
        client: Client | str | None = None,
        lazy: bool = True,
        tolerance: float | None = None,
        time_limit: float | None = None,
        max_iterations: int | None = None,
        timeout: float | None = None,
    ) -> None:
        self.modelSense = EPO.ModelSense(sense)
        self.cost = "cost" if fields.get("type", "program") != "program" else "c"
        if strange := [name for name in (self.cost, "P") if fields.get(name) is not None]:
            reason = "the costs are predicted" if strange[0] == self.cost else "the objective must be linear"
            raise ValueError(f"a model has no {strange[0]}: {reason}")
        self.fields = dict(fields)
        self.cost_shape = _cost_shape(self.fields, cost_shape)
        self.solver, self.lazy, self.client = solver, lazy, Client(client) if isinstance(client, str) else client
        self.options: dict[str, Any] = {
            "tolerance": tolerance, "time_limit": time_limit, "max_iterations": max_iterations, "timeout": timeout,
        }  # fmt: skip
        self._base: RegisteredProblem | None = None
        self._cost: Array | None = None
        self._waiting: LazyBatch | None = None
        super().__init__()

    def __repr__(self) -> str:
        kind = self.fields.get("type", "program")
        return f"argmind.pyepo.Model({kind}, {self.num_cost} costs, {self.modelSense.name.lower()})"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_waiting": None}

    @property
    def num_cost(self) -> int:
        """How many costs are predicted."""
        return int(np.prod(self.cost_shape))

    def _getModel(self) -> tuple[Any, Any]:  # noqa: N802  # PyEPO's name
        return None, range(self.num_cost)

    def setObj(self, c: Any) -> None:  # noqa: N802  # PyEPO's name
        """Sets the costs.

        Raises:
            ValueError: they are not `num_cost` finite numbers.
        """
        cost = np.array(as_numpy(c), dtype=float)
        if cost.shape != (self.num_cost,):
            raise ValueError(f"expected {self.num_cost} costs, got shape {cost.shape}")
        if not np.isfinite(cost).all():
            raise ValueError("costs must be finite")
        self._cost = cost

    def solve(self) -> tuple[Any, Any]:
        """The solution and its objective for the latest costs.

        Returns:
            An array [num_cost] and a number; with `lazy`, they are fetched when they are looked at, together with all
            others that wait.

        Raises:
            SolveFailed: there is no solution; with `lazy`, when it is looked at.
        """
        if self._cost is None:
            raise RuntimeError("setObj comes before solve")
        if not self.lazy:
            solutions, objectives = self.solve_batch(self._cost[None])
            return solutions[0], float(objectives[0])
        number = self._waiting.add(self._cost) if self._waiting else None
        if self._waiting is None or number is None:
            self._waiting = LazyBatch(self.solve_batch)
            number = self._waiting.add(self._cost)
            assert number is not None  # noqa: S101  # a new batch is open
        return LazySolution(self._waiting, number), LazyObjective(self._waiting, number)

    def solve_batch(self, costs: Any) -> tuple[Array, Array]:
        """Solves for many costs in one request (several for very many).

        Args:
            costs: [B, num_cost], to be minimized or maximized as `modelSense` says.

        Returns:
            Solutions [B, num_cost] and objectives [B].

        Raises:
            SolveFailed: instances without a solution; it names them.
        """
        solution = self.solve_on_service(np.asarray(as_numpy(costs), float))
        ok = np.asarray(solution.ok)
        if not ok.all():
            raise failed("have no solution", ~np.atleast_1d(ok), solution.status, hint="")
        objective = solution.objective * self.sign
        return solution.x.reshape(len(ok), self.num_cost), objective

    def solve_on_service(self, costs: Array, *, retain: bool = False) -> Solution:
        """The service's own answer for costs [B, num_cost]; its objective is that of the minimized problem."""
        return self.service.solve(
            self.problem_for(costs), solver=self.solver, retain=retain, keep_problem=False, **self.options
        )

    def problem_for(self, costs: Array) -> Fields:
        """The problem with these costs, as the service minimizes it."""
        if self._base is None:
            self._base = self.service.register(self.fields, timeout=self.options["timeout"])
        return {"base": self._base, self.cost: self.sign * costs.reshape(len(costs), *self.cost_shape)}

    @property
    def sign(self) -> int:
        """1 if the objective is minimized, -1 if it is maximized: the service minimizes."""
        return 1 if self.modelSense == EPO.MINIMIZE else -1

    @property
    def service(self) -> Client:
        """The client that it uses."""
        return self.client or default_client()

    def addConstr(self, coefs: Any, rhs: float) -> "Model":  # noqa: N802  # PyEPO's name
        """A copy with the constraint coefs @ x <= rhs. It is not lazy: PyEPO wants to know at once if it is infeasible.

        Raises:
            NotImplementedError: the model is a combinatorial problem or has cones.
        """
        if self.cost != "c" or self.fields.get("cones"):
            raise NotImplementedError("constraints can be added to linear and integer programs only")
        row = np.asarray(as_numpy(coefs), float)
        if row.shape != (self.num_cost,):
            raise ValueError(f"expected {self.num_cost} coefficients, got shape {row.shape}")
        before = self.fields.get("G")
        above = np.zeros((0, self.num_cost)) if before is None else _dense(before)
        bounds = np.append(np.zeros(0) if before is None else np.asarray(self.fields["h"], float), float(rhs))
        return self._with({**self.fields, "G": np.vstack([above, row]), "h": bounds}, lazy=False)

    def relax(self) -> "Model":
        """The model without integrality.

        Raises:
            NotImplementedError: it is a combinatorial problem.
        """
        if self.cost != "c":
            raise NotImplementedError(f"a {self.fields['type']} problem has no relaxation here")
        return self._with({name: value for name, value in self.fields.items() if name != "integers"}, lazy=self.lazy)

    def _with(self, fields: Fields, *, lazy: bool) -> "Model":
        return Model(
            fields, sense=self.modelSense, cost_shape=self.cost_shape, solver=self.solver, client=self.client,
            lazy=lazy, **self.options,
        )  # fmt: skip


class Dataset(optDataset):  # type: ignore[misc]  # PyEPO has no types here
    """PyEPO's `optDataset`, whose labels are solved in one request (several for very many)."""

    def _get_sols(self) -> tuple[Array, Array]:
        if not isinstance(self.model, Model):
            raise TypeError(f"expected an argmind.pyepo.Model, got {type(self.model).__name__}; use pyepo's optDataset")
        solutions, objectives = self.model.solve_batch(self.costs)
        return solutions, objectives.reshape(-1, 1)


class LPGD(nn.Module):
    """Predicted costs in, solutions out, gradients by Lagrangian proximal gradient descent.

    Used like PyEPO's `blackboxOpt` and `negativeIdentity`: `layer(pred_cost)` is the solution for a loss of one's own.
    `blackboxOpt(model, lambd)` is `LPGD(model, tau=lambd, envelope="lower")`.

    Args:
        model: a `Model`.
        tau: size of the perturbation, or "auto" (the service chooses).
        rho: weight of the proximal term of the perturbed problems.
        envelope: "lower" (+tau), "upper" (-tau), or "average" of both.
    """

    def __init__(
        self, model: Model, *, tau: float | Literal["auto"] = "auto", rho: float = 0.0, envelope: Envelope = "average"
    ) -> None:
        super().__init__()
        if not isinstance(model, Model):
            raise TypeError(f"expected an argmind.pyepo.Model, got {type(model).__name__}")
        self.model, self.tau, self.rho, self.envelope = model, tau, rho, envelope

    def forward(self, pred_cost: Tensor) -> Tensor:
        """Solutions [B, num_cost] for costs [B, num_cost].

        Raises:
            SolveFailed: instances without a solution, or in the backward without a gradient.
        """
        if pred_cost.ndim != 2 or pred_cost.shape[1] != self.model.num_cost:
            raise ValueError(f"expected costs [B, {self.model.num_cost}], got shape {tuple(pred_cost.shape)}")
        settings = {"tau": self.tau, "rho": self.rho, "envelope": self.envelope}
        result: Tensor = _Solve.apply(pred_cost, self.model, settings)
        return result


class _Solve(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, cost: Tensor, model: Model, settings: Fields) -> Tensor:
        ctx.model, ctx.settings, ctx.costs = model, settings, cost.detach().to("cpu", torch.float64).numpy().copy()
        ctx.solution = model.solve_on_service(ctx.costs, retain=cost.requires_grad)
        ok = np.asarray(ctx.solution.ok)
        if not ok.all():
            raise failed("have no solution", ~np.atleast_1d(ok), ctx.solution.status, hint="")
        return torch.as_tensor(ctx.solution.x.reshape(cost.shape)).to(cost)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, None, None]:
        model, solution = ctx.model, ctx.solution
        g = upstream[0].detach().to("cpu", torch.float64).numpy().reshape(solution.x.shape)
        if not g.any():
            return torch.zeros_like(upstream[0]), None, None
        gradients = model.service.lpgd_backward(
            solution, {"x": g}, problem=lambda: model.problem_for(ctx.costs), wrt=[model.cost],
            solver=model.solver, **model.options, **ctx.settings,
        )  # fmt: skip
        ok = np.asarray(gradients.ok)
        if not ok.all():
            raise failed("have no gradient", ~np.atleast_1d(ok), gradients.status, hint="")
        array = model.sign * gradients[model.cost].reshape(upstream[0].shape)
        return torch.as_tensor(array).to(upstream[0]), None, None


def _cost_shape(fields: Fields, given: int | Sequence[int] | None) -> tuple[int, ...]:
    if given is not None:
        return (given,) if isinstance(given, int) else tuple(int(size) for size in given)
    wire = split({name: fields[name] for name in (*MATRICES, "lb", "ub", "weights", "edges") if name in fields})[1]
    for name in MATRICES:
        if (matrix := wire.get(name)) is not None:
            return (int((matrix["shape"] if isinstance(matrix, Mapping) else matrix.shape)[-1]),)
    for name, axis in (("lb", -1), ("ub", -1), ("weights", -1), ("edges", 0)):
        if name in wire and np.ndim(wire[name]):
            return (int(np.shape(wire[name])[axis]),)
    raise ValueError("the fields do not say how many costs there are: give cost_shape")


def _dense(matrix: Any) -> Array:
    wire = split({"G": matrix})[1]["G"]
    if isinstance(wire, Mapping):
        return Sparse(tuple(wire["shape"]), wire["rows"], wire["cols"], wire["values"]).toarray()
    dense: Array = wire
    return dense

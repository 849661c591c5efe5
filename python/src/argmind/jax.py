"""The layer for JAX.

    >>> layer = argmind.jax.Layer(("x", "ok"), constants={"A": A, "b": b, "lb": 0}, tau=0.1)
    >>> x, ok = jax.jit(jax.vmap(lambda c: layer(c=c)))(costs)      # one request for the batch
    >>> jax.grad(lambda c: jnp.where(ok_of(c), loss(layer(c=c)[0]), 0.0))(cost)

A call is a pure function of arrays with static shapes: it may be jitted, differentiated (backwards, once) and vmapped.
vmap, nested or not, makes one request of the whole batch, and so does the backward. A field with axes in front of its
own is a batch without vmap. Arrays keep their dtype: float32 stays float32 unless JAX has 64 bits enabled and is given
them.

An instance without a solution is no exception under jit; its outputs are NaN (or zero), its gradients are zero, and
the output `ok` tells.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypeAlias, get_args

import jax
import jax.numpy as jnp
import numpy as np

from ._client import Client, Envelope, Projection
from ._default import default_client
from ._jax_host import PARTS, TOKEN, Host, Last, Slot
from ._methods import check
from ._problem import MATRICES, RANKS, Array, Fields, RegisteredProblem, Sparse, split

__all__ = ["Layer", "OutputName"]

ProgramMethod: TypeAlias = Literal["lpgd", "implicit", "identity"]
OutputName: TypeAlias = Literal["x", "y", "z", "s", "objective", "ok"]


class Layer:
    """An optimization problem as a function of JAX arrays: data in, solution out, gradients by LPGD.

    Call it with the fields of one problem as keywords: `layer(c=c, A=A, b=b, lb=0.0)`. Every field that is given is
    differentiable; sparse matrices are `argmind.Sparse` with an array of values. The result is the array of the one
    output, or a tuple of several.

    Args:
        outputs: any of x, y, z, s, objective (float) and ok (bool), as in `argmind.torch.Layer`.
        tau: size of the perturbation, or "auto". A call may give another, traced or not, one or (under vmap) several.
        rho: weight of the proximal term of the perturbed problems.
        envelope: "lower" (+tau), "upper" (-tau), or "average" of both.
        method: "lpgd", "implicit" (derivative of the KKT system) or "identity".
        projection: of the identity method.
        solver: a name the service knows, or "auto".
        on_failure: what the outputs of an instance without a solution are: "nan" or "zero".
        client: a `Client`, the URL of a service, or None for the default client.
        constants: fields that never change: registered with the service once, then sent as an id.
        integers: indices of integer variables. Such a program has no duals: only P and c have gradients.
        cones: what the rows h - G x lie in, as the functions of `argmind.cones` write it; default all nonnegative.
        tolerance, time_limit, max_iterations: of all solves, as in `Client.solve`.
        timeout: seconds for each request; default the client's.

    Attributes:
        last: `solution` and `backward` of the latest requests, for diagnosis; under jit they are those that have run.
    """

    def __init__(
        self,
        outputs: Sequence[OutputName] = ("x",),
        *,
        tau: float | Literal["auto"] = "auto",
        rho: float = 0.0,
        envelope: Envelope = "average",
        method: ProgramMethod = "lpgd",
        projection: Projection | None = None,
        solver: str = "auto",
        on_failure: Literal["nan", "zero"] = "nan",
        client: Client | str | None = None,
        constants: Mapping[str, Any] | None = None,
        integers: Sequence[int] | Array | None = None,
        cones: Sequence[Mapping[str, Any]] | None = None,
        tolerance: float | None = None,
        time_limit: float | None = None,
        max_iterations: int | None = None,
        timeout: float | None = None,
    ) -> None:
        self.outputs = (outputs,) if isinstance(outputs, str) else tuple(outputs)
        if not self.outputs or not set(self.outputs) <= set(get_args(OutputName)):
            raise ValueError(f"outputs must be some of {get_args(OutputName)}, not {outputs!r}")
        if on_failure not in ("nan", "zero"):
            raise ValueError(f'on_failure must be "nan" or "zero", not {on_failure!r}: exceptions have no place in jit')
        if integers is not None and set(self.outputs) & {"y", "z"}:
            raise ValueError("a program with integers has no duals: y and z cannot be outputs")
        check(
            get_args(ProgramMethod), method=method, envelope=envelope, projection=projection, lambda_=None,
            given={"tau": tau, "rho": rho},
        )  # fmt: skip
        self.tau = tau
        self.on_failure = on_failure
        self.client = Client(client) if isinstance(client, str) else client
        self.last = Last()
        common = {
            "tolerance": tolerance,
            "time_limit": time_limit,
            "max_iterations": max_iterations,
            "timeout": timeout,
            "solver": solver,
        }
        self._solving: Fields = common
        self._pulling: Fields = {
            **common, "rho": rho, "envelope": envelope, "method": method, "projection": projection,
        }  # fmt: skip
        sent = split({"integers": integers, "cones": cones})[1]
        self._constants = split(dict(constants or {}))[1]
        if batched := [name for name, value in self._constants.items() if _axes(value) > RANKS.get(name, 1)]:
            raise ValueError(
                f"constants are of one problem: pass {', '.join(batched)}, which has a batch, when calling"
            )
        # The service checks integers and cones together with the fields that they are of.
        self._fixed = {} if "c" in self._constants else {k: v for k, v in sent.items() if k == "integers"}
        self._fixed |= {} if "G" in self._constants else {k: v for k, v in sent.items() if k == "cones"}
        self._constants |= {k: v for k, v in sent.items() if k not in self._fixed}
        self._base: RegisteredProblem | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "last": Last()}

    def __call__(self, *, tau: Any = None, **fields: Any) -> Any:
        """Solves the problem with these fields; see the class.

        Args:
            tau: instead of the layer's.
            **fields: arrays, numbers, or `Sparse`. One with axes in front of its own is a batch; fields without share.

        Returns:
            An array if there is one output, else a tuple in the order of `outputs`.

        Raises:
            ValueError: shapes do not fit, or a tau for a method that has none.
        """
        if tau is not None:
            given = {name: self._pulling[name] for name in ("method", "envelope", "projection")}
            check(get_args(ProgramMethod), **given, lambda_=None, given={"tau": tau})
        slots, values = _slots(fields)
        tau = self.tau if tau is None else tau
        automatic = isinstance(tau, str)
        amount = jnp.asarray(0.0 if automatic else tau, jnp.result_type(float))
        dtype = _dtype(values)
        values = [value.astype(dtype) for value in values]
        host = self._host(slots, values, dtype, {**self._pulling, "tau": "auto" if automatic else None})
        n = host.sizes["x"]
        values = [
            jnp.broadcast_to(value, n) if slot.name in ("lb", "ub") and not value.ndim else value
            for slot, value in zip(slots, values, strict=True)
        ]
        run = partial(_call, host)
        ranks = [slot.rank for slot in slots]
        axes = [value.ndim - rank for value, rank in zip(values, ranks, strict=True)]
        if strange := [slot.name for slot, extra in zip(slots, axes, strict=True) if extra < 0]:
            raise ValueError(f"these fields have too few axes: {', '.join(strange)}")
        if len({extra for extra in axes if extra}) > 1:
            raise ValueError(
                f"the batch axes of the fields disagree: {dict(zip((s.name for s in slots), axes, strict=True))}"
            )
        for _ in range(max(axes, default=0)):
            run = jax.vmap(run, in_axes=([0 if extra else None for extra in axes], None if amount.ndim == 0 else 0))
        results = run(values, amount)
        return results[0] if len(results) == 1 else tuple(results)

    def _host(self, slots: tuple[Slot, ...], values: Sequence[Any], dtype: Any, pulling: Fields) -> Host:
        client = self.client or default_client()
        if self._constants and self._base is None:
            self._base = client.register(self._constants, timeout=self._solving["timeout"])
        known = {s.name: tuple(v.shape[max(0, v.ndim - s.rank) :]) for s, v in zip(slots, values, strict=True)}
        known |= {s.name: s.pattern.shape for s in slots if s.pattern is not None}
        return Host(
            client=client,
            base=self._base,
            fixed=self._fixed,
            slots=slots,
            outputs=self.outputs,
            sizes=_sizes({**{name: _shape(name, value) for name, value in self._constants.items()}, **known}),
            dtype=np.dtype(np.float64 if dtype == jnp.float64 else np.float32),
            fill=0.0 if self.on_failure == "zero" else float("nan"),
            solving=self._solving,
            pulling=pulling,
            last=self.last,
        )


def _call(host: Host, values: Sequence[Any], tau: Any) -> list[Any]:
    """One instance, as JAX sees it: a function with a derivative of its own."""
    given = values[0].dtype
    widened = [value.astype(host.dtype) for value in values]

    def plain(values: list[Any], tau: Any) -> list[Any]:  # noqa: ARG001  # tau is of the derivative alone
        return _forward(host, (), values)

    def forward(values: list[Any], tau: Any) -> tuple[list[Any], Any]:
        arrays = [value.value for value in values]
        wrt = [slot.name for slot, value in zip(host.slots, values, strict=True) if value.perturbed]
        if not wrt:
            return _forward(host, (), arrays), (arrays, tau.value, {}, [])
        results = _forward(host, tuple(wrt), arrays)
        count = len(host.outputs)
        # The names travel as the structure of the residuals: they are static.
        return results[:count], (arrays, tau.value, dict.fromkeys(wrt), results[count:])

    def backward(residuals: Any, upstream: list[Any]) -> tuple[list[Any], Any]:
        arrays, tau, names, kept = residuals
        gradients = _backward(host, tuple(names), arrays, kept, tau, upstream)
        return [
            gradients.get(s.name, jnp.zeros_like(a)) for s, a in zip(host.slots, arrays, strict=True)
        ], jnp.zeros_like(tau)

    solve = jax.custom_vjp(plain)
    solve.defvjp(forward, backward, symbolic_zeros=True)
    return [out if out.dtype == bool else out.astype(given) for out in solve(widened, tau)]


def _forward(host: Host, wrt: tuple[str, ...], arrays: Sequence[Any]) -> list[Any]:
    shapes = [_struct(host, name) for name in host.outputs]
    if wrt:
        shapes += [*(_struct(host, name) for name in PARTS), _array((TOKEN,), np.uint8)]
    return list(jax.pure_callback(partial(host.forward, wrt), tuple(shapes), *arrays, vmap_method="expand_dims"))


def _backward(
    host: Host, wrt: tuple[str, ...], arrays: Sequence[Any], kept: Sequence[Any], tau: Any, upstream: Sequence[Any]
) -> dict[str, Any]:
    zero = jax.custom_derivatives.SymbolicZero
    given = {
        name: g for name, g in zip(host.outputs, upstream, strict=True) if name != "ok" and not isinstance(g, zero)
    }
    if not wrt or not given:
        return {}
    shapes = tuple(
        _array(array.shape, host.dtype) for slot, array in zip(host.slots, arrays, strict=True) if slot.name in wrt
    )
    ordered = tuple(slot.name for slot in host.slots if slot.name in wrt)
    callback = partial(host.backward, ordered, tuple(given))
    results = jax.pure_callback(callback, shapes, *arrays, *kept, tau, *given.values(), vmap_method="expand_dims")
    return dict(zip(ordered, results, strict=True))


def _struct(host: Host, name: str) -> Any:
    return _array(host.sizes[name], np.bool_ if name == "ok" else host.dtype)


def _array(shape: tuple[int, ...], dtype: Any) -> Any:
    return jax.ShapeDtypeStruct(shape, dtype)


def _slots(fields: Mapping[str, Any]) -> tuple[tuple[Slot, ...], list[Any]]:
    slots, values = [], []
    for name, value in fields.items():
        if value is None:
            continue
        if name not in RANKS:
            raise TypeError(f"{name} is no field with values; they are {', '.join(RANKS)}")
        if isinstance(value, Sparse):
            values.append(jnp.asarray(value.values))
            blank = Sparse(value.shape, value.rows, value.cols, np.zeros(len(value.rows)), value.triangle)
            slots.append(Slot(name, 1, blank))
        else:
            values.append(jnp.asarray(value))
            slots.append(Slot(name, RANKS[name]))
    if not values:
        raise ValueError("a call needs at least one field that is not among the constants")
    return tuple(slots), values


def _dtype(values: Sequence[Any]) -> Any:
    dtype = jnp.result_type(*values)
    if jnp.issubdtype(dtype, jnp.complexfloating):
        raise TypeError("the fields of a problem must be real")
    return dtype if jnp.issubdtype(dtype, jnp.floating) else jnp.result_type(float)


def _shape(name: str, value: Any) -> tuple[int, ...]:
    if isinstance(value, Mapping):
        return tuple(value["shape"])
    shape: tuple[int, ...] = np.shape(value)
    return shape[max(0, len(shape) - RANKS.get(name, 1)) :]


def _axes(value: Any) -> int:
    """The rank of a field on the wire; that of its values plus one for a sparse matrix."""
    return np.ndim(value["values"]) + 1 if isinstance(value, Mapping) else np.ndim(value)


def _sizes(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Shapes of the outputs from those of the fields."""

    def length(*candidates: tuple[str, int]) -> int | None:
        found = (shapes[name][axis] for name, axis in candidates if shapes.get(name))
        return next(found, None)

    n = length(("c", -1), *((name, -1) for name in MATRICES), ("lb", -1), ("ub", -1))
    if n is None:
        raise ValueError("no field says how many variables there are: give c")
    p, m = length(("b", -1), ("A", -2)) or 0, length(("h", -1), ("G", -2)) or 0
    return {"x": (n,), "z_box": (n,), "y": (p,), "z": (m,), "s": (m,), "objective": (), "ok": ()}

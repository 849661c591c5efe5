"""Tensors to the wire and back: which axes are the batch, which dtype and device the answer has."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ._errors import InvalidResponse
from ._problem import RANKS, Array, Fields, Sparse, wire_field
from ._solution import GradientFields, Outer


@dataclass(frozen=True)
class Slot:
    """One field that came as a tensor.

    Attributes:
        name: of the field.
        rank: of one instance's tensor; 1 for the values of a sparse matrix.
        pattern: of a sparse matrix, its values left empty.
    """

    name: str
    rank: int
    pattern: Sparse | None = None


@dataclass(frozen=True)
class Batch:
    """How the fields of one call travel.

    Attributes:
        slots: the fields that came as tensors, in the order of the tensors.
        constants: the other fields, ready for the wire.
        lead: the batch axes; () if nothing was batched.
        dtype: of the answer.
        device: of the answer.
    """

    slots: tuple[Slot, ...]
    constants: Fields
    lead: tuple[int, ...]
    dtype: torch.dtype
    device: torch.device

    @property
    def instances(self) -> int:
        """How many problems there are; 1 without a batch."""
        return math.prod(self.lead)

    @property
    def wire_dtype(self) -> torch.dtype:
        """float64, or float32 for that and anything narrower."""
        return torch.float64 if self.dtype == torch.float64 else torch.float32

    def problem(self, tensors: Sequence[Tensor]) -> Fields:
        """The fields as the contract writes them: the batch axes made one."""
        fields = dict(self.constants)
        for slot, tensor in zip(self.slots, tensors, strict=True):
            array = self._to_wire(tensor, slot.rank)
            fields[slot.name] = replace(slot.pattern, values=array) if slot.pattern else array
        return fields

    def upstream(self, gradient: Tensor) -> Array:
        """A gradient by an output, as writable float[instances, ...]."""
        array = self._to_wire(gradient, gradient.ndim - len(self.lead))
        return np.array(array.reshape(self.instances, *gradient.shape[len(self.lead) :]))

    def as_sent(self, upstream: Array) -> Array:
        """An upstream gradient without the batch axis if the problem had none."""
        return upstream if self.lead else upstream[0]

    def tensor(self, array: Array) -> Tensor:
        """A part of the solution with the batch axes, dtype and device of the inputs."""
        if self.lead:
            if array.shape[:1] != (self.instances,):
                raise InvalidResponse(f"expected {self.instances} instances in the answer, got shape {array.shape}")
            array = array.reshape(*self.lead, *array.shape[1:])
        # copied by NumPy: PyTorch would wake its threads for it, which then go on spinning
        return torch.from_numpy(np.array(array)).to(dtype=self.dtype, device=self.device)

    def gradient(self, slot: Slot, like: Tensor, gradients: GradientFields | None, broken: Array) -> Tensor:
        """The gradient by a field, shaped like the tensor: zero if None, NaN where `broken` instances contribute.

        It shares the memory of the answer where it can; one in factors is multiplied out on the tensor's device.
        """
        gradient = gradients.as_sent(slot.name) if gradients else np.zeros(like.shape)
        if isinstance(gradient, Outer) and like.device.type != "cpu":
            left, right = (torch.from_numpy(part).to(like.device) for part in (gradient.left, gradient.right))
            found = torch.bmm(left.mT, right)
        else:  # not by PyTorch's threads, which go on spinning for a while, where the service may want the processors
            if gradients and isinstance(gradient, Outer):
                gradient = gradients[slot.name]
            found = torch.from_numpy(np.asarray(gradient.values if isinstance(gradient, Sparse) else gradient))
        if found.numel() != like.numel():
            raise InvalidResponse(
                f"the gradient by {slot.name} has shape {tuple(found.shape)}, the field {tuple(like.shape)}"
            )
        result = found.to(like.dtype).reshape(like.shape)
        if broken.any():
            if like.ndim > slot.rank:
                result.view(self.instances, -1)[torch.from_numpy(broken).to(result.device)] = torch.nan
            else:
                result.fill_(torch.nan)
        return result.to(like.device)

    def _to_wire(self, tensor: Tensor, rank: int) -> Array:
        base = tensor.shape[tensor.ndim - rank :] if rank else ()
        if tensor.ndim > rank:
            tensor = tensor.reshape(self.instances, *base)
        array: Array = tensor.detach().to(device="cpu", dtype=self.wire_dtype).numpy()
        return array


def gather(fields: Mapping[str, Any], known: Fields) -> tuple[list[Tensor], Batch]:
    """Sorts the fields of a call into tensors and constants, and finds the batch axes.

    Args:
        fields: as the user gave them.
        known: fields of the registered base, ready for the wire.

    Raises:
        TypeError: a tensor has a layout or dtype that cannot be sent.
        ValueError: batch axes or devices disagree.
    """
    tensors: list[Tensor] = []
    slots: list[Slot] = []
    constants: Fields = {}
    for name, value in fields.items():
        if value is None:
            continue
        rank = RANKS.get(name)
        pattern, data = _pattern(value)
        if isinstance(data, Tensor) and rank is not None:
            slots.append(Slot(name, 1 if pattern else min(rank, data.ndim), pattern))
            tensors.append(data)
        else:
            constants[name] = wire_field(name, value)
    axes = {slot.name: tuple(t.shape[: t.ndim - slot.rank]) for slot, t in zip(slots, tensors, strict=True)}
    for name, value in {**known, **constants}.items():
        if name not in axes:
            axes[name] = _constant_axes(value, RANKS.get(name))
    return tensors, Batch(tuple(slots), constants, _lead(axes), _dtype(tensors), _device(tensors))


def _pattern(value: Any) -> tuple[Sparse | None, Any]:
    """The pattern of a sparse matrix and the tensor of its values; (None, value) of anything else."""
    if isinstance(value, Sparse) and isinstance(value.values, Tensor):
        return replace(value, values=np.zeros(value.rows.size)), value.values
    if isinstance(value, Tensor) and value.layout == torch.sparse_coo:
        return _from_coo(value)
    if isinstance(value, Tensor) and value.layout != torch.strided:
        raise TypeError(f"{value.layout} tensors are not supported; use to_sparse_coo()")
    return None, value


def _from_coo(matrix: Tensor) -> tuple[Sparse, Tensor]:
    """Pattern and values [..., k] of a COO tensor [..., r, c], differentiably; instances share the union pattern."""
    if matrix.dense_dim() or matrix.ndim < 2:
        raise TypeError("a COO tensor must be a matrix, or a batch of matrices, with all of its axes sparse")
    matrix = matrix.coalesce()
    *lead, rows, cols = matrix.shape
    indices = matrix.indices().cpu().numpy()
    keys, entry = np.unique(indices[-2] * cols + indices[-1], return_inverse=True)
    pattern = Sparse((rows, cols), keys // max(cols, 1), keys % max(cols, 1), np.zeros(keys.size))
    values = matrix.values()
    if lead:
        instance = np.ravel_multi_index(tuple(indices[:-2]), tuple(lead))
        where = tuple(torch.from_numpy(np.asarray(index)).to(values.device) for index in (instance, entry))
        values = values.new_zeros(math.prod(lead), keys.size).index_put(where, values).reshape(*lead, keys.size)
    return pattern, values


def _constant_axes(value: Any, rank: int | None) -> tuple[int, ...]:
    if rank is None:
        return ()
    array, rank = (value["values"], 1) if isinstance(value, Mapping) else (value, rank)
    shape = np.shape(array)
    return shape[: max(0, len(shape) - rank)]


def _lead(axes: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    batched = {name: shape for name, shape in axes.items() if shape}
    if len(set(batched.values())) > 1:
        found = ", ".join(f"{name} {list(shape)}" for name, shape in batched.items())
        raise ValueError(f"the batch axes of the fields disagree: {found}")
    return next(iter(batched.values()), ())


def flat_size(tau: Any) -> Any:
    """A tau or lambda with the batch axes made one."""
    return tau.detach().reshape(-1) if isinstance(tau, Tensor) and tau.ndim > 1 else tau


def cost_dtype(cost: Tensor) -> torch.dtype:
    """The dtype of the answer to these costs: theirs, unless they are integers."""
    return _dtype([cost])


def _dtype(tensors: Sequence[Tensor]) -> torch.dtype:
    """As PyTorch promotes: tensors with axes decide, unless all of them are integers."""
    dtypes = [tensor.dtype for tensor in tensors if tensor.ndim]
    if not any(dtype.is_floating_point for dtype in dtypes):
        dtypes = [tensor.dtype for tensor in tensors]
    dtype = reduce(torch.promote_types, dtypes) if dtypes else torch.get_default_dtype()
    if dtype.is_complex:
        raise TypeError("the fields of a problem must be real")
    return dtype if dtype.is_floating_point else torch.get_default_dtype()


def _device(tensors: Sequence[Tensor]) -> torch.device:
    devices = {tensor.device for tensor in tensors if tensor.ndim} or {tensor.device for tensor in tensors}
    if len(devices) > 1:
        raise ValueError(f"the fields of a problem must be on one device, not {sorted(map(str, devices))}")
    return next(iter(devices), torch.device("cpu"))

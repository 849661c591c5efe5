"""From parameters to a field of the program: an affine map with one sparse matrix for each parameter.

The parameters are smaller than the fields, and the fields leave from host memory anyway; so tensors on other devices
are brought to the host first and the products are SciPy's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from torch import Tensor

from ._problem import Array


@dataclass(eq=False)
class FieldMap:
    """The values v of a field as an affine function of the parameters: v = constant + sum of matrices[i] @ p[i].

    Attributes:
        constant: float[k].
        matrices: for the numbers of the parameters that the field depends on, a CSR matrix [k, size of p].
    """

    constant: Array
    matrices: dict[int, Any]
    _stacked: dict[tuple[int, ...], Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, matrix: Any, columns: Sequence[slice]) -> "FieldMap":
        """Takes a matrix [k, parameters + 1] apart; its last column is the constant."""
        csc = sp.csc_array(matrix)
        parts = ((i, sp.csr_array(csc[:, where])) for i, where in enumerate(columns))
        return cls(_dense_column(csc), {i: part for i, part in parts if part.count_nonzero()})

    @property
    def is_constant(self) -> bool:
        """Whether it depends on no parameter."""
        return not self.matrices

    def __call__(self, parameters: Sequence[Tensor]) -> Tensor:
        """The values [..., k] at parameters [..., size], float64 on the host; batched if a parameter it needs is."""
        shared = tuple(i for i in self.matrices if parameters[i].ndim == 1)
        batched = tuple(i for i in self.matrices if parameters[i].ndim > 1)
        value = torch.from_numpy(self.constant)
        for some in (shared, batched):
            if some:
                value = value + self._product(some, parameters)
        return value

    def _product(self, some: tuple[int, ...], parameters: Sequence[Tensor]) -> Tensor:
        if some not in self._stacked:
            self._stacked[some] = sp.csr_array(sp.hstack([self.matrices[i] for i in some]))
        stacked = [parameters[i] for i in some]
        result: Tensor = _Product.apply(self._stacked[some], torch.cat(stacked, -1) if len(some) > 1 else stacked[0])
        return result

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_stacked": {}}


class _Product(torch.autograd.Function):
    """matrix @ p over the last axis."""

    @staticmethod
    def forward(matrix: Any, p: Tensor) -> Tensor:
        return _times(matrix, p)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:  # noqa: ARG004
        ctx.matrix = inputs[0]

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[None, Tensor]:
        return None, _Product.apply(ctx.matrix.T, upstream[0])


def _times(matrix: Any, p: Tensor) -> Tensor:
    flat = p.detach().reshape(-1, p.shape[-1]).numpy()
    product = np.ascontiguousarray((matrix @ flat.T).T)
    return torch.from_numpy(product).reshape(*p.shape[:-1], matrix.shape[0])


def _dense_column(csc: Any) -> Array:
    column: Array = csc[:, [-1]].toarray().ravel()
    return column

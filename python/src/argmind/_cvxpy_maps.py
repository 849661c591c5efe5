"""From parameters to a field of the program: an affine map with one sparse matrix for each parameter.

The parameters are smaller than the fields, and the fields leave from host memory anyway; so tensors on other devices
are brought to the host first and the products are SciPy's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
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
    _stacked: dict[tuple[int, ...], "_Linear"] = field(default_factory=dict, repr=False)

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
            self._stacked[some] = _Linear(sp.csr_array(sp.hstack([self.matrices[i] for i in some])))
        stacked = [parameters[i] for i in some]
        result: Tensor = _Product.apply(self._stacked[some], torch.cat(stacked, -1) if len(some) > 1 else stacked[0])
        return result

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_stacked": {}}


class _Linear:
    """A sparse matrix that is multiplied with the last axis of arrays.

    Most fields only pick parameters (G is a parameter, its rows a constant and so on). Then every row has at most one
    entry, and picking is several times as fast as a sparse product with its two transpositions.
    """

    def __init__(self, matrix: Any) -> None:
        self.matrix = matrix
        counts = np.diff(matrix.indptr)
        self._picks: Array | None = None
        self._empty = np.flatnonzero(counts == 0)
        if counts.max(initial=0) <= 1:
            self._picks, self._factors = np.zeros(len(counts), np.int64), np.ones(len(counts))
            self._picks[counts == 1], self._factors[counts == 1] = matrix.indices, matrix.data

    @cached_property
    def transposed(self) -> "_Linear":
        """The transposed matrix."""
        return _Linear(sp.csr_array(self.matrix.T))

    def __call__(self, p: Tensor) -> Tensor:
        """[..., rows] from [..., columns]."""
        flat = p.detach().reshape(-1, p.shape[-1]).numpy()
        if self._picks is not None and flat.shape[1]:
            product = np.take(flat, self._picks, axis=1)
            if (self._factors != 1).any():
                product *= self._factors
            product[:, self._empty] = 0.0  # also where an infinite parameter was picked for nothing
        else:
            product = np.ascontiguousarray((self.matrix @ flat.T).T)
        return torch.from_numpy(product).reshape(*p.shape[:-1], self.matrix.shape[0])


class _Product(torch.autograd.Function):
    """A sparse matrix times the last axis."""

    @staticmethod
    def forward(matrix: _Linear, p: Tensor) -> Tensor:
        return matrix(p)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:  # noqa: ARG004
        ctx.matrix = inputs[0]

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[None, Tensor]:
        return None, _Product.apply(ctx.matrix.transposed, upstream[0])


def _dense_column(csc: Any) -> Array:
    column: Array = csc[:, [-1]].toarray().ravel()
    return column

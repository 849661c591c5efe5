"""Solutions that are fetched when they are first looked at, all that wait in one request."""

import numbers
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ._problem import Array

_MOST = 4096  # that wait; a loop that looks at nothing needs no more memory than that


class LazyBatch:
    """Costs whose solutions nobody has looked at yet.

    Args:
        solve: from costs [B, n] to solutions [B, n] and objectives [B].
    """

    def __init__(self, solve: Callable[[Array], tuple[Array, Array]]) -> None:
        self._solve = solve
        self._lock = threading.RLock()
        self._costs: list[Array] = []
        self._answer: tuple[Array, Array] | None = None
        self._error: Exception | None = None

    def add(self, cost: Array) -> int | None:
        """Appends a cost and returns its number; None if the batch is closed."""
        with self._lock:
            if self._answer is not None or self._error is not None or len(self._costs) >= _MOST:
                return None
            self._costs.append(cost)
            return len(self._costs) - 1

    def answer(self) -> tuple[Array, Array]:
        """Solutions and objectives, solved at the first call."""
        with self._lock:
            if self._error is not None:
                raise self._error
            if self._answer is None:
                try:
                    self._answer = self._solve(np.stack(self._costs))
                except Exception as error:
                    self._error = error
                    raise
                self._costs = []
            return self._answer


class _Lazy(NDArrayOperatorsMixin):
    """Something of an answer that NumPy, and what is built on it, takes for an array."""

    def __init__(self, batch: LazyBatch, number: int) -> None:
        self._batch, self._number = batch, number

    def _value(self) -> Any:
        raise NotImplementedError

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        value: Array = np.asarray(self._value(), dtype=dtype)
        return value.copy() if copy else value

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return getattr(ufunc, method)(*(np.asarray(i) if isinstance(i, _Lazy) else i for i in inputs), **options)

    def __repr__(self) -> str:
        return repr(self._value())

    def __reduce__(self) -> tuple[Any, ...]:
        return np.asarray, (np.asarray(self._value()),)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.asarray(self._value()), name)


class LazySolution(_Lazy):
    """A solution, float[n]."""

    def _value(self) -> Array:
        solution: Array = self._batch.answer()[0][self._number]
        return solution

    def __len__(self) -> int:
        return len(self._value())

    def __getitem__(self, key: Any) -> Any:
        return self._value()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._value())


class LazyObjective(_Lazy):
    """An objective, a number."""

    def _value(self) -> float:
        return float(self._batch.answer()[1][self._number])

    def __float__(self) -> float:
        return self._value()

    def __bool__(self) -> bool:
        return bool(self._value())

    def __format__(self, spec: str) -> str:
        return format(self._value(), spec)

    def __hash__(self) -> int:
        return hash(self._value())

    def __round__(self, digits: int | None = None) -> float | int:
        return round(self._value(), digits)


numbers.Real.register(LazyObjective)

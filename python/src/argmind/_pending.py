"""Answers that are on their way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

T = TypeVar("T")
S = TypeVar("S")


class Pending(Generic[T]):
    """The result of a layer that was called ahead.

    The request is already under way. `result` waits for it and makes the tensors in the thread that asks, so that the
    graph they belong to is that of this thread; asked again, it gives the same tensors.
    """

    def __init__(self, future: Future[Any], finish: Callable[[float | None], T]) -> None:
        self._future, self._finish = future, finish
        self._lock = threading.Lock()
        self._result: T
        self._finished = False

    def done(self) -> bool:
        """Whether `result` would not wait."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> T:
        """What calling the layer would have returned.

        Args:
            timeout: seconds to wait at most; default as long as the request may take.

        Raises:
            TimeoutError: there is no answer yet. It may be asked for again.
            ArgmindError: whatever calling the layer would have raised.
        """
        with self._lock:
            if not self._finished:
                self._result = self._finish(timeout)
                self._finished = True
            return self._result

    def then(self, change: Callable[[T], S]) -> Pending[S]:
        """The same answer with something done to its result."""
        return Pending(self._future, lambda timeout: change(self.result(timeout)))

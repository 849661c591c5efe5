"""Threads of a client: for requests that are sent ahead, and for parts of a batch that are sent at once."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Workers:
    """Up to so many threads, started when there is work. A copy, a pickle and a forked child have their own."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._open()

    def _open(self) -> None:
        self._lock = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._pid = os.getpid()

    def __getstate__(self) -> dict[str, Any]:
        return {"count": self.count}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._open()

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Does work in one of the threads."""
        if self._pid != os.getpid():  # forked: the parent's threads do not exist here
            self._open()
        with self._lock:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(self.count, thread_name_prefix="argmind")
            return self._executor.submit(work, *args)

    def close(self) -> None:
        """Lets the threads end when their work is done; later work starts new ones."""
        with self._lock:
            if self._executor is not None and self._pid == os.getpid():
                self._executor.shutdown(wait=False)
            self._executor = None

"""The functions of a client that is there without being made: that of $ARGMIND_URL."""

import atexit
import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._client import Client
from ._problem import ProblemLike, RegisteredProblem
from ._solution import Gradients, Solution

if TYPE_CHECKING:
    from concurrent.futures import Future

_clients: dict[tuple[str | None, str | None], Client] = {}
_lock = threading.Lock()


def default_client() -> Client:
    """The client of the module's functions and of layers without one: one per $ARGMIND_URL and $ARGMIND_API_KEY."""
    which = os.environ.get("ARGMIND_URL"), os.environ.get("ARGMIND_API_KEY")
    with _lock:
        if which not in _clients:
            _clients[which] = Client(which[0])
        return _clients[which]


def close_default(url: str) -> None:
    """Closes the default client of a service that is gone."""
    with _lock:
        gone = [_clients.pop(which) for which in list(_clients) if which[0] == url]
    for client in gone:
        client.close()


@atexit.register
def _close_all() -> None:
    """Closes what belongs to nobody who could."""
    with _lock:
        for client in _clients.values():
            client.close()
        _clients.clear()


def solve(problem: ProblemLike, **options: Any) -> Solution:
    """Solves a problem or a batch: `Client.solve` of the default client, with its options."""
    return default_client().solve(problem, **options)


def submit(problem: ProblemLike, **options: Any) -> "Future[Solution]":
    """Begins to solve a problem or a batch: `Client.submit` of the default client, with the options of `solve`."""
    return default_client().submit(problem, **options)


def lpgd_backward(solution: Solution | str, gradient: Mapping[str, Any], **options: Any) -> Gradients:
    """Pulls upstream gradients back: `Client.lpgd_backward` of the default client, with its options."""
    return default_client().lpgd_backward(solution, gradient, **options)


def register(problem: ProblemLike, **options: Any) -> RegisteredProblem:
    """Leaves a problem with the service: `Client.register` of the default client."""
    return default_client().register(problem, **options)


def solvers(**options: Any) -> list[dict[str, Any]]:
    """The service's solvers: `Client.solvers` of the default client."""
    return default_client().solvers(**options)

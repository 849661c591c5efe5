"""The functions of a client that is there without being made: that of $ARGMIND_URL."""

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._client import Client
from ._problem import ProblemLike, RegisteredProblem
from ._solution import Gradients, Solution

if TYPE_CHECKING:
    from concurrent.futures import Future

_clients: dict[str | None, Client] = {}
_lock = threading.Lock()


def default_client() -> Client:
    """The client that the module's functions and layers without a client of their own use: one per $ARGMIND_URL."""
    url = os.environ.get("ARGMIND_URL")
    with _lock:
        if url not in _clients:
            _clients[url] = Client(url)
        return _clients[url]


def close_default(url: str) -> None:
    """Closes the default client of a service that is gone."""
    with _lock:
        client = _clients.pop(url, None)
    if client is not None:
        client.close()


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

"""HTTP: pooled connections, retries within a total deadline, errors as exceptions.

The only module that knows the HTTP library. Every request of the service is a pure function of its body, so each may
be sent again after a failure. Retries wait with exponential back-off and full jitter, and at least as long as
`Retry-After` says.
"""

import contextlib
import email.utils
import itertools
import json
import os
import random
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx2

from ._errors import ArgmindError, ConnectionFailed, DeadlineExceeded, InvalidResponse, error_from
from ._version import __version__
from ._wire import decode, encode

_MEDIA_TYPE = "application/cbor"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0  # seconds
_CONNECT_TIMEOUT = 10.0  # seconds; a service that answers later than that is tried again
_SERVER_SHARE = 0.95  # of the time left: the rest is for the answer's way back


class Deadline:
    """A point in time that all attempts at one call share."""

    def __init__(self, seconds: float) -> None:
        if not seconds > 0:
            raise ValueError(f"timeout must be positive seconds, not {seconds}")
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; negative once it has passed."""
        return self._end - time.monotonic()


class Connection:
    """Talks to one service. Thread-safe; a copy, a pickle and a forked child open connections of their own."""

    def __init__(
        self,
        url: str,
        *,
        retries: int,
        max_connections: int,
        headers: Mapping[str, str],
        transport: httpx2.BaseTransport | None,
    ) -> None:
        self.url = url.rstrip("/")
        self.retries = retries
        self.max_connections = max_connections
        self.headers = dict(headers)
        self.transport = transport
        self._open()

    def _open(self) -> None:
        self._lock = threading.Lock()
        self._http: httpx2.Client | None = None
        self._pid = os.getpid()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if not name.startswith("_")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._open()

    def __deepcopy__(self, _memo: dict[int, Any]) -> "Connection":
        copy = object.__new__(Connection)
        copy.__setstate__(self.__getstate__())
        return copy

    def close(self) -> None:
        """Closes the connections; a later call opens new ones."""
        with self._lock:
            if self._http is not None and self._pid == os.getpid():
                self._http.close()
            self._http = None

    def call(self, method: str, path: str, deadline: Deadline, body: Any = None) -> Any:
        """Sends `body` as CBOR and returns the decoded answer, trying again while that may help."""
        content = None if body is None else encode(body)
        for attempt in itertools.count():
            try:
                return self._attempt(method, path, content, deadline)
            except ArgmindError as error:
                pause = _pause(attempt, error.retry_after)
                if not error.transient or attempt >= self.retries or pause >= deadline.remaining():
                    raise
            time.sleep(pause)
        raise AssertionError  # the loop has no end

    def _attempt(self, method: str, path: str, content: bytes | None, deadline: Deadline) -> Any:
        remaining = deadline.remaining()
        if remaining <= 0:
            raise self._late(deadline)
        headers = {"X-Server-Timeout": f"{_SERVER_SHARE * remaining:.3f}"}
        if content is not None:
            headers["Content-Type"] = _MEDIA_TYPE
        timeout = httpx2.Timeout(remaining, connect=min(remaining, _CONNECT_TIMEOUT))
        try:
            with self._client().stream(method, path, content=content, headers=headers, timeout=timeout) as response:
                received = []
                for chunk in response.iter_bytes():
                    received.append(chunk)
                    if deadline.remaining() <= 0:
                        raise self._late(deadline)
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise ValueError(f"{self.url!r} is not the URL of a service: {error}") from error
        except httpx2.DecodingError as error:
            raise InvalidResponse(f"the answer of {self.url} is garbled: {error}") from error
        except httpx2.TransportError as error:
            raise self._broken(error, deadline) from error
        return _read(response, b"".join(received))

    def _client(self) -> httpx2.Client:
        if self._pid != os.getpid():  # forked: the parent's sockets are not ours to use or to close
            self._open()
        with self._lock:
            if self._http is None:
                self._http = httpx2.Client(
                    base_url=self.url,
                    headers={
                        "Accept": f"{_MEDIA_TYPE}, application/problem+json",
                        "Accept-Encoding": "identity",
                        "User-Agent": f"argmind-python/{__version__}",
                        **self.headers,
                    },
                    limits=httpx2.Limits(
                        max_connections=self.max_connections,
                        max_keepalive_connections=self.max_connections,
                        keepalive_expiry=15.0,
                    ),
                    transport=self.transport,
                )
            return self._http

    def _late(self, deadline: Deadline) -> DeadlineExceeded:
        return DeadlineExceeded(f"{self.url} gave no answer within {deadline.seconds:g} s")

    def _broken(self, error: httpx2.TransportError, deadline: Deadline) -> ArgmindError:
        if isinstance(error, httpx2.TimeoutException) and not isinstance(error, httpx2.ConnectTimeout):
            return self._late(deadline)
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return ConnectionFailed(f"nothing listens at {self.url} ({error}); start it with `make run`")
        return ConnectionFailed(f"the connection to {self.url} broke: {str(error) or type(error).__name__}")


def _pause(attempt: int, retry_after: float | None) -> float:
    """Seconds before attempt number `attempt + 1`; jitter comes on top of what the service asked for."""
    return (retry_after or 0.0) + random.uniform(0.0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**attempt))


def _read(response: httpx2.Response, content: bytes) -> Any:
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if response.is_success:
        if media_type == _MEDIA_TYPE:
            return decode(content)
        raise InvalidResponse(f"{response.url} answered with {media_type or 'no media type'}, not {_MEDIA_TYPE}")
    problem: Any = {}
    with contextlib.suppress(ValueError, InvalidResponse):
        problem = decode(content) if media_type.endswith("cbor") else json.loads(content)
    if not isinstance(problem, Mapping):
        problem = {}
    raise error_from(response.status_code, problem, retry_after=_retry_after(response.headers))


def _retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds to wait: from retry-after-ms, else from Retry-After, a number or a date (RFC 9110, section 10.2.3)."""
    with contextlib.suppress(KeyError, ValueError):
        return max(0.0, float(headers["retry-after-ms"]) / 1000)
    value = headers.get("Retry-After", "")
    with contextlib.suppress(ValueError):
        return max(0.0, float(value))
    with contextlib.suppress(ValueError):
        date = email.utils.parsedate_to_datetime(value)
        return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None

"""HTTP: pooled connections, retries within a total deadline, errors as exceptions.

Every request of the service is a pure function of its body, so each may
be sent again after a failure. Retries wait with exponential back-off and full jitter, and at least as long as
`Retry-After` says.
"""

import base64
import contextlib
import email.utils
import http.client
import itertools
import json
import os
import random
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ._errors import ArgmindError, ConnectionFailed, DamagedBody, DeadlineExceeded, InvalidResponse, error_from
from ._http import CannotConnect, Network, Request, Response, Transport
from ._version import __version__
from ._wire import decode, decode_from, encode_parts

_MEDIA_TYPE = "application/cbor"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0  # seconds
_SERVER_SHARE = 0.95  # of the time left: the rest is for the answer's way back


class Deadline:
    """A point in time that all attempts at one call share."""

    def __init__(self, seconds: float) -> None:
        if not seconds > 0:
            raise ValueError(f"timeout must be positive seconds, not {seconds}")
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; negative once it has passed."""
        return self.end - time.monotonic()


class Connection:
    """Talks to one service. Thread-safe; a copy, a pickle and a forked child open connections of their own."""

    def __init__(
        self,
        url: str,
        *,
        retries: int,
        max_connections: int,
        headers: Mapping[str, str],
        transport: Transport | None,
        ca: str | None = None,
        checksums: bool = False,
    ) -> None:
        self.url = url.rstrip("/")
        self.retries = retries
        self.max_connections = max_connections
        self.headers = dict(headers)
        self.transport = transport
        self.ca = ca
        self.checksums = checksums
        self._open()

    def _open(self) -> None:
        self._lock = threading.Lock()
        self._network: Network | None = None
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
            if self._network is not None and self._pid == os.getpid():
                self._network.close()
            self._network = None

    def call(self, method: str, path: str, deadline: Deadline, body: Any = None) -> Any:
        """Sends `body` as CBOR and returns the decoded answer, trying again while that may help."""
        parts = [] if body is None else encode_parts(body)
        for attempt in itertools.count():
            try:
                return self._attempt(method, path, parts, deadline)
            except ArgmindError as error:
                pause = _pause(attempt, error.retry_after)
                if not error.transient or attempt >= self.retries or pause >= deadline.remaining():
                    raise
            time.sleep(pause)
        raise AssertionError  # the loop has no end

    def _attempt(self, method: str, path: str, parts: Sequence[bytes | memoryview], deadline: Deadline) -> Any:
        remaining = deadline.remaining()
        if remaining <= 0:
            raise self._late(deadline)
        headers = {
            "Accept": f"{_MEDIA_TYPE}, application/problem+json",
            "User-Agent": f"argmind-python/{__version__}",
            **self.headers,
            "X-Server-Timeout": f"{_SERVER_SHARE * remaining:.3f}",
        }
        if parts:
            headers["Content-Type"] = _MEDIA_TYPE
        if self.checksums:
            headers["Want-Content-Digest"] = "adler=1"
            if parts:
                headers["Content-Digest"] = _digest(_sum(parts))
        request = Request(method, self.url + path, headers, parts, deadline.end)
        try:
            with contextlib.closing(self._send(request)) as response:
                return self._read(response)
        except TimeoutError as error:
            raise self._late(deadline) from error
        except CannotConnect as error:
            message = (
                f"nothing listens at {self.url} ({error}): start the service with `make run`, or one of your own with "
                "argmind.local(), or point $ARGMIND_URL to one"
            )
            raise ConnectionFailed(message) from error
        except (OSError, http.client.HTTPException) as error:
            message = f"the connection to {self.url} broke: {str(error) or type(error).__name__}"
            raise ConnectionFailed(message) from error

    def _send(self, request: Request) -> Response:
        if self.transport is not None:
            return self.transport(request)
        if self._pid != os.getpid():  # forked: the parent's sockets are not ours to use or to close
            self._open()
        with self._lock:
            if self._network is None:
                self._network = Network(self.url, self.max_connections, self.ca)
            network = self._network
        return network(request)

    def _read(self, response: Response) -> Any:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip()
        if not 200 <= response.status < 300:
            raise _error(response, media_type)
        if media_type != _MEDIA_TYPE:
            raise InvalidResponse(f"{self.url} answered with {media_type or 'no media type'}, not {_MEDIA_TYPE}")
        if "content-digest" not in response.headers:
            return decode(response.read()) if response.length is None else decode_from(response, response.length)
        body = _Summed(response)
        try:
            answer = decode(body.read()) if response.length is None else decode_from(body, response.length)
        except InvalidResponse:
            body.read()
            body.require(response.headers, self.url)  # that it was damaged explains more
            raise
        body.require(response.headers, self.url)
        return answer

    def _late(self, deadline: Deadline) -> DeadlineExceeded:
        return DeadlineExceeded(f"{self.url} gave no answer within {deadline.seconds:g} s")


class _Summed:
    """An answer's body on its way, and its checksum."""

    def __init__(self, response: Response) -> None:
        self._response = response
        self._sum = zlib.adler32(b"")

    def readinto(self, buffer: memoryview) -> None:
        """Fills the whole buffer."""
        self._response.readinto(buffer)
        self._sum = zlib.adler32(buffer, self._sum)

    def read(self) -> bytes:
        """What is left."""
        content = self._response.read()
        self._sum = zlib.adler32(content, self._sum)
        return content

    def require(self, headers: Mapping[str, str], url: str) -> None:
        """Compares what has been read with what the service says it sent."""
        said = headers.get("content-digest", "")
        if said.startswith("adler=") and said != _digest(self._sum):
            raise DamagedBody(f"the answer of {url} was damaged on its way")


def _sum(parts: Sequence[bytes | memoryview]) -> int:
    total = zlib.adler32(b"")
    for part in parts:
        total = zlib.adler32(part, total)
    return total


def _digest(adler32: int) -> str:
    """Content-Digest (RFC 9530)."""
    return f"adler=:{base64.b64encode(adler32.to_bytes(4)).decode()}:"


def _pause(attempt: int, retry_after: float | None) -> float:
    """Seconds before attempt number `attempt + 1`; jitter comes on top of what the service asked for."""
    return (retry_after or 0.0) + random.uniform(0.0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**attempt))


def _error(response: Response, media_type: str) -> ArgmindError:
    """The error that an answer stands for."""
    content = response.read()
    problem: Any = {}
    with contextlib.suppress(ValueError, InvalidResponse):
        problem = decode(content) if media_type.endswith("cbor") else json.loads(content)
    if not isinstance(problem, Mapping):
        problem = {}
    return error_from(response.status, problem, retry_after=_retry_after(response.headers))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait: from retry-after-ms, else from Retry-After, a number or a date (RFC 9110, section 10.2.3)."""
    with contextlib.suppress(KeyError, ValueError):
        return max(0.0, float(headers["retry-after-ms"]) / 1000)
    value = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return max(0.0, float(value))
    with contextlib.suppress(ValueError):
        date = email.utils.parsedate_to_datetime(value)
        return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None

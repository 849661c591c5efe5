"""HTTP/1.1 over pooled sockets, from the standard library's parts.

A request leaves as a list of buffers, of which none is copied, and the answer's body is read into memory that the
caller chose. Every wait ends at the request's deadline, however slowly the bytes come.
"""

import base64
import contextlib
import functools
import http.client
import io
import selectors
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

_KEEP_ALIVE = 15.0  # seconds; services close idle connections later than that
_CONNECT_TIMEOUT = 10.0  # seconds; a service that answers later than that is tried again
_BUFFERED = 1 << 16  # bytes; larger reads go past the buffer
_PARTS = 512  # buffers for one system call
_LONGEST_LINE, _MOST_HEADERS = 1 << 16, 128  # of an answer's head

# one system call instead of an epoll's four
_Selector = getattr(selectors, "PollSelector", selectors.DefaultSelector)


class CannotConnect(OSError):
    """There is no connection to the service."""


@dataclass(frozen=True)
class Request:
    """One request: `parts` are the body in pieces, `end` is when to give up, by `time.monotonic`."""

    method: str
    url: str
    headers: Mapping[str, str]
    parts: Sequence[bytes | memoryview]
    end: float

    @property
    def path(self) -> str:
        """The URL's path."""
        return urlsplit(self.url).path

    @property
    def content(self) -> bytes:
        """The body in one piece."""
        return b"".join(self.parts)


class Response:
    """An answer, whose body is still to be read from `body`, or is `content`."""

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        content: bytes = b"",
        *,
        body: io.BufferedIOBase | None = None,
        length: int | None = None,
        release: Callable[[], None] = lambda: None,
    ) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.length = len(content) if body is None else length  # None if the service does not say
        self._body: io.BufferedIOBase = io.BytesIO(content) if body is None else body
        self._release = release

    def readinto(self, buffer: memoryview) -> None:
        """Fills the whole buffer with the next bytes of the body."""
        if self._body.readinto(buffer) != len(buffer):
            raise ConnectionError("the answer ended too early")

    def read(self) -> bytes:
        """What is left of the body."""
        return self._body.read()

    def close(self) -> None:
        """Gives the connection back."""
        self._release()


Transport: TypeAlias = Callable[[Request], Response]


class Network:
    """Sends requests to one service. Thread-safe."""

    def __init__(self, url: str, max_connections: int) -> None:
        self._target = target = _service(url)
        self._proxy = _proxy(target)
        self._tls = ssl.create_default_context() if target.scheme == "https" else None
        self._credentials = _credentials(target, "Authorization")
        if self._tls is None:
            self._credentials |= _credentials(self._proxy, "Proxy-Authorization")
        self._places = threading.BoundedSemaphore(max_connections)
        self._idle: list[_Line] = []
        self._closed = False

    def close(self) -> None:
        """Closes idle connections now, and the others as soon as they are."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def __call__(self, request: Request) -> Response:
        """Sends a request; the response holds its connection until it is closed."""
        if not self._places.acquire(timeout=max(0.0, request.end - time.monotonic())):
            raise TimeoutError("no connection became free")
        line = None
        try:
            line = self._reusable() or self._connect(request.end)
            answer = line.exchange(request, self._address(request), self._credentials)
        except BaseException:
            if line is not None:
                line.close()
            self._places.release()
            raise
        release = functools.partial(self._put_back, line, answer)
        return Response(answer.status, dict(answer.headers), body=answer, length=answer.length, release=release)

    def _address(self, request: Request) -> str:
        target = urlsplit(request.url)
        address = (target.path or "/") + (f"?{target.query}" if target.query else "")
        if self._proxy and target.scheme == "http":  # such a proxy reads where the request goes
            return f"http://{target.netloc.rpartition('@')[2]}{address}"
        return address

    def _reusable(self) -> "_Line | None":
        while self._idle:
            line = self._idle.pop()
            if line.is_usable():
                return line
            line.close()
        return None

    def _put_back(self, line: "_Line", answer: http.client.HTTPResponse) -> None:
        reusable = answer.isclosed() and not answer.will_close and not self._closed
        answer.close()
        line.idle_since = time.monotonic()
        if reusable:
            self._idle.append(line)
        else:
            line.close()
        self._places.release()

    def _connect(self, end: float) -> "_Line":
        seconds = min(_CONNECT_TIMEOUT, max(1e-3, end - time.monotonic()))
        host, port = str(self._target.hostname), self._target.port
        first = self._proxy or self._target
        address = str(first.hostname), first.port or (443 if first.scheme == "https" else 80)
        line: http.client.HTTPConnection
        if self._tls is None:
            line = http.client.HTTPConnection(*address, timeout=seconds)
        else:
            line = http.client.HTTPSConnection(*address, timeout=seconds, context=self._tls)
            if self._proxy:
                line.set_tunnel(host, port or 443, headers=_credentials(self._proxy, "Proxy-Authorization"))
        try:
            line.connect()
        except (OSError, UnicodeError, http.client.HTTPException) as error:
            line.close()
            raise CannotConnect(str(error) or type(error).__name__) from error
        return _Line(line, self._target.netloc.rpartition("@")[2])


class _Answer(http.client.HTTPResponse):
    """An answer whose headers are a dict with lower-case names: the library reads e-mail, which takes longer."""

    def __init__(self, sock: "_Socket", method: str) -> None:
        super().__init__(sock, method=method)  # type: ignore[arg-type]  # it asks for makefile alone

    def begin(self) -> None:
        """Reads the head; 1xx answers are passed over."""
        (version, status, self.reason), headers = self._read_status(), self._read_headers()  # type: ignore[attr-defined]
        while 100 <= status < 200:
            (version, status, self.reason), headers = self._read_status(), self._read_headers()  # type: ignore[attr-defined]
        self.status = self.code = status
        self.version = 10 if version.startswith("HTTP/1.0") else 11
        self.headers = self.msg = headers  # type: ignore[assignment]
        self.chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        self.chunk_left = None
        length = headers.get("content-length", "")
        self.length = int(length) if length.isdecimal() and not self.chunked else None
        if self.status in (204, 304) or self._method == "HEAD":  # type: ignore[attr-defined]
            self.length = 0
        self.will_close = self._check_close()  # type: ignore[attr-defined]
        if self.length is None and not self.chunked:
            self.will_close = True

    def _read_headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while line := self.fp.readline(_LONGEST_LINE + 1).strip():
            if len(line) > _LONGEST_LINE or len(headers) > _MOST_HEADERS:
                raise http.client.HTTPException("the answer's head is too long")
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise http.client.HTTPException(f"the answer has a header without a colon: {name!r}")
            headers[name.strip().lower()] = value.strip()
        return headers


class _Line:
    """One connection."""

    def __init__(self, line: http.client.HTTPConnection, host: str) -> None:
        self.idle_since = 0.0
        self._host = host
        self._line = line
        self._socket = _Socket(line.sock)
        line.sock = self._socket

    def exchange(self, request: Request, address: str, credentials: Mapping[str, str]) -> "_Answer":
        """Sends a request and reads the head of its answer."""
        self._socket.end = request.end
        # A service that refuses a body may answer and close before it has read all of it.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.send((self._head(request, address, credentials), *request.parts))
        self._socket.in_head = True
        answer = _Answer(self._socket, request.method)
        answer.begin()
        self._socket.in_head = False
        return answer

    def _head(self, request: Request, address: str, credentials: Mapping[str, str]) -> bytes:
        headers = {"Host": self._host, **credentials, **request.headers}
        if request.parts:
            headers["Content-Length"] = str(sum(map(len, request.parts)))
        lines = [f"{request.method} {address} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join([*lines, "", ""])
        if head.count("\n") + head.count("\r") != 2 * len(lines) + 2:
            raise ValueError("a header or the URL's path has a line break in it")
        return head.encode("latin-1")

    def is_usable(self) -> bool:
        """Whether it is young enough, and the service has not closed it."""
        return time.monotonic() - self.idle_since < _KEEP_ALIVE and not self._socket.is_readable()

    def close(self) -> None:
        self._line.close()


class _Socket:
    """What http.client sees of a socket; it ends waits in time."""

    def __init__(self, sock: Any) -> None:
        self.end = 0.0
        self.in_head = False
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self), _BUFFERED)

    def close(self) -> None:
        self._sock.close()

    def reader(self) -> io.RawIOBase:
        """The socket itself as a stream, which keeps it open."""
        stream: io.RawIOBase = self._sock.makefile("rb", buffering=0)
        return stream

    def wait_no_longer_than_the_deadline(self) -> None:
        """For the next call on the socket."""
        self._sock.settimeout(left(self.end))

    def send(self, parts: Sequence[bytes | memoryview]) -> None:
        """Sends all of it."""
        parts = [memoryview(part) for part in parts if len(part)]
        if isinstance(self._sock, ssl.SSLSocket) or not hasattr(self._sock, "sendmsg"):
            for part in parts:
                self.wait_no_longer_than_the_deadline()
                self._sock.sendall(part)
            return
        first = 0
        while first < len(parts):
            self.wait_no_longer_than_the_deadline()
            sent = self._sock.sendmsg(parts[first : first + _PARTS])
            while first < len(parts) and sent >= len(parts[first]):
                sent -= len(parts[first])
                first += 1
            if sent:
                parts[first] = parts[first][sent:]

    def is_readable(self) -> bool:
        with _Selector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            return bool(selector.select(0))


class _Incoming(io.RawIOBase):
    """Bytes from a socket while there is time."""

    def __init__(self, sock: _Socket) -> None:
        self._socket = sock
        self._stream = sock.reader()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.wait_no_longer_than_the_deadline()
        count = self._stream.readinto(buffer)
        if count == 0 and self._socket.in_head:  # which http.client takes for the end of the headers
            raise ConnectionResetError("it was closed before there was an answer")
        return count

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def _service(url: str) -> SplitResult:
    target = urlsplit(url)
    with contextlib.suppress(ValueError):  # a port that is no number
        if target.scheme in ("http", "https") and target.hostname and target.port != 0:
            return target
    raise ValueError(f"{url!r} is not the URL of a service: expected http:// or https://, a host, perhaps a port")


def left(end: float) -> float:
    """Seconds until then.

    Raises:
        TimeoutError: it is past.
    """
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the time is over")
    return seconds


def _proxy(target: SplitResult) -> SplitResult | None:
    """The proxy that the environment ($HTTP_PROXY, $NO_PROXY, ...) wants for a host."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(target.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(target.netloc.rpartition("@")[2]):
        return None
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}")


def _credentials(url: SplitResult | None, header: str) -> dict[str, str]:
    if url is None or url.username is None:
        return {}
    pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return {header: "Basic " + base64.b64encode(pair.encode()).decode()}

"""A service of one's own for a notebook or a test: started here, stopped with it."""

import atexit
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import IO, Any

from ._client import Client
from ._default import close_default
from ._errors import ServiceNotStarted

_JAVA = 25
# What tools/jvm.options has for every JVM that runs the service.
JVM_OPTIONS = (
    "-XX:G1HeapRegionSize=32m",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-modules=jdk.incubator.vector",
)
_INSTALLED = (
    "/usr/lib/jvm/*",
    "/opt/*jdk*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
)
_LOG_LINES = 25
_STOP_SECONDS = 15.0


class LocalService:
    """A running service; `with argmind.local() as service:` stops it at the end, and so does the end of the program.

    Attributes:
        url: where it listens, on this machine alone.
        log: the file that has what it printed; gone once it has stopped.
    """

    def __init__(
        self, command: Sequence[str], url: str, *, timeout: float, set_default: bool, remove: Sequence[str] = ()
    ) -> None:
        self.url = url
        self._remove = remove
        handle, name = tempfile.mkstemp(prefix="argmind-", suffix=".log")
        self.log = Path(name)
        self._client: Client | None = None
        self._before: str | None = None
        self._set_default = False
        with os.fdopen(handle, "wb") as log:
            self._process = _start(command, log)
        atexit.register(self.stop)
        try:
            self._await(timeout)
        except BaseException:
            self.stop()
            raise
        if set_default:
            self._set_default, self._before = True, os.environ.get("ARGMIND_URL")
            os.environ["ARGMIND_URL"] = url

    @property
    def client(self) -> Client:
        """A client of it."""
        if self._client is None:
            self._client = Client(self.url)
        return self._client

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stops it, and gives $ARGMIND_URL its old value back. Again does nothing."""
        atexit.unregister(self.stop)
        if self._client is not None:
            self._client.close()
        close_default(self.url)
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._remove:  # `docker run` may have been ended and not its container
            subprocess.run(self._remove, capture_output=True, check=False)  # noqa: S603  # names nothing but ours
            self._remove = ()
        self.log.unlink(missing_ok=True)
        if self._set_default and os.environ.get("ARGMIND_URL") == self.url:
            if self._before is None:
                del os.environ["ARGMIND_URL"]
            else:
                os.environ["ARGMIND_URL"] = self._before
        self._set_default = False

    def __enter__(self) -> "LocalService":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"LocalService({self.url!r}, {'running' if self.running else 'stopped'})"

    def _await(self, timeout: float) -> None:
        end = time.monotonic() + timeout
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while True:
            if not self.running:
                raise self._failed(f"the service ended with exit code {self._process.returncode} before it was ready")
            with contextlib.suppress(OSError), direct.open(f"{self.url}/readyz", timeout=5.0):  # a 503 is one too
                return
            if time.monotonic() > end:
                raise self._failed(f"the service was not ready within {timeout:g} s")
            time.sleep(0.1)

    def _failed(self, what: str) -> ServiceNotStarted:
        lines = self.log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
        return ServiceNotStarted("\n".join([f"{what}; the end of its log:", *lines] if lines else [what]))


def local(
    *,
    jar: str | Path | None = None,
    image: str | None = None,
    java: str | Path | None = None,
    args: Sequence[str] = (),
    timeout: float = 120.0,
    set_default: bool = True,
) -> LocalService:
    """Starts a service on a free port of this machine, and waits until it is ready.

        >>> with argmind.local():
        ...     argmind.solve({"c": [1, 2], "A": [[1, 1]], "b": [1], "lb": 0}).x

    Args:
        jar: of the service; default $ARGMIND_JAR, else target/argmind.jar of the repository that the working directory
            or this package lies in.
        image: run this image of the service with Docker instead of a jar; `make image` makes one named "argmind".
        java: the `java` to run the jar with; default the first Java 25 among $JAVA_HOME, the PATH and the usual places.
        args: further arguments of the service, for example ["--argmind.limits.body=256MB"]. Unless they say otherwise,
            it asks for no keys: it is for this machine alone.
        timeout: seconds until it must be ready.
        set_default: point $ARGMIND_URL to it while it runs, so that clients, layers and the functions of this package
            that are not told otherwise use it.

    Raises:
        ServiceNotStarted: there is no jar, no Java 25 or no Docker, or the service did not become ready; the message
            has the end of its log.
    """
    port, management = _free_ports(2)
    if not any(argument.startswith("--argmind.security.mode=") for argument in args):
        args = ["--argmind.security.mode=none", *args]
    remove: list[str] = []
    if image is not None:
        docker, name = _docker(), f"argmind-{uuid.uuid4().hex}"
        remove = [docker, "rm", "--force", name]
        command = [docker, "run", "--rm", "--name", name, "--publish", f"127.0.0.1:{port}:8080", image]
        command += ["--argmind.drain=0s", *args]
    else:
        addresses = ["--server.address=127.0.0.1", f"--server.port={port}", "--management.server.address=127.0.0.1"]
        addresses += [f"--management.server.port={management}", "--argmind.drain=0s"]
        command = [str(java or _find_java()), *JVM_OPTIONS, "-jar", str(_find_jar(jar)), *addresses, *args]
    return LocalService(command, f"http://127.0.0.1:{port}", timeout=timeout, set_default=set_default, remove=remove)


def _start(command: Sequence[str], log: IO[bytes]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  # the caller's own program
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise ServiceNotStarted(f"cannot run {command[0]}: {error}") from error


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        servers: list[Any] = [HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) for _ in range(count)]
        for server in servers:
            stack.callback(server.server_close)
        return [server.server_port for server in servers]


def _find_jar(jar: str | Path | None) -> Path:
    given = jar or os.environ.get("ARGMIND_JAR")
    if given:
        path = Path(given)
        if not path.is_file():
            raise ServiceNotStarted(f"there is no jar at {path}")
        return path
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (path := folder / "target" / "argmind.jar").is_file():
                return path
    raise ServiceNotStarted(
        "found no target/argmind.jar here or above: build it with `make jar`, or pass jar=..., or set $ARGMIND_JAR, or "
        "pass image=... to run it with Docker"
    )


def _find_java() -> Path:
    seen = []
    for home in _java_homes():
        version = _java_version(home)
        if version == _JAVA:
            return home / "bin" / "java"
        if version is not None:
            seen.append(f"{version} in {home}")
    found = f"found {', '.join(seen)}" if seen else "found none"
    raise ServiceNotStarted(
        f"the service needs Java {_JAVA}, and $JAVA_HOME, the PATH and the usual places have it not ({found}): install "
        "one, for example from https://adoptium.net, or pass java=... or image=..."
    )


def _java_homes() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home)
    if java := shutil.which("java"):
        yield Path(java).resolve().parent.parent
    for pattern in _INSTALLED:
        path = Path(pattern).expanduser()
        star = next(i for i, part in enumerate(path.parts) if "*" in part)
        yield from sorted(Path(*path.parts[:star]).glob(str(Path(*path.parts[star:]))))


def _java_version(home: Path) -> int | None:
    """The feature release of a Java installation; None if there is none."""
    if not (home / "bin" / "java").is_file():
        return None
    with contextlib.suppress(OSError):
        match = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
        return int(match.group(1)) if match else None
    return None


def _docker() -> str:
    docker = shutil.which("docker")
    if docker is None:
        raise ServiceNotStarted("image=... needs Docker, and there is no `docker` on the PATH")
    return docker

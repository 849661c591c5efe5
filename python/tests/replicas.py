"""Replicas of the service as processes, and a balancer in front of them, which may damage what passes.

The balancer knows no HTTP: like a Kubernetes Service it gives each new connection to the next replica that said it was
ready a moment ago, and whoever is connected stays connected.
"""

import contextlib
import itertools
import signal
import socket
import struct
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from argmind._local import JVM_OPTIONS, _find_jar, _find_java, _free_ports

POLL = 0.1  # seconds between two looks at the replicas' readiness
PATIENCE = 600.0  # seconds for a start on a busy machine
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Replica:
    """One service on ports that it keeps over restarts."""

    def __init__(self, log, *args):
        self.port, management = _free_ports(2)
        self._log = log
        addresses = ["--server.address=127.0.0.1", f"--server.port={self.port}"]
        addresses += ["--management.server.address=127.0.0.1", f"--management.server.port={management}"]
        addresses += ["--argmind.security.mode=none"]
        self._command = [str(_find_java()), *JVM_OPTIONS, "-jar", str(_find_jar(None)), *addresses, *args]
        self._process = None

    def start(self):
        """Begins to start it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def is_ready(self):
        """What /readyz says."""
        return is_ready(self.port)

    def await_ready(self):
        """Waits for it."""
        end = time.monotonic() + PATIENCE
        while not self.is_ready():
            assert self._process.poll() is None, self._log.read_text()[-4000:]
            assert time.monotonic() < end, "not ready in time"
            time.sleep(0.05)

    def end(self, sign):
        """Sends a signal and waits for the end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(sign)
            self._process.wait(PATIENCE)

    def kill(self):
        """What nobody can prepare for."""
        self.end(signal.SIGKILL)


@dataclass(frozen=True)
class Fault:
    """What happens to a connection: `kind` at byte `at` of what the client sends, or (`answer`) receives."""

    kind: str  # "cut", "reset", "flip", "garbage", "stall", "slow"
    answer: bool
    at: int


class Balancer:
    """Listens on `url`; `fault` says what befalls the connection with a number, None for nothing."""

    def __init__(self, ports, fault: Callable[[int], Fault | None] = lambda _number: None):
        self.ports = list(ports)
        self.ready = set()
        self._fault = fault
        self._stop = threading.Event()
        self._threads = []
        self._sockets = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self):
        self._run(self._accept)
        for port in self.ports:
            self._run(self._poll, port)
        return self

    def __exit__(self, *_exception):
        self._stop.set()
        for each in (self._door, *self._sockets):
            shut(each)
        while self._threads:
            self._threads.pop().join()

    def wait_until_ready(self):
        """Until all replicas are."""
        while len(self.ready) < len(self.ports):
            time.sleep(0.01)

    def _run(self, work, *args):
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _poll(self, port):
        while not self._stop.wait(POLL):
            if is_ready(port):
                self.ready.add(port)
            else:
                self.ready.discard(port)

    def _accept(self):
        for number in itertools.count():
            try:
                client, _ = self._door.accept()
            except OSError:  # the end
                return
            self._sockets.add(client)
            ready = sorted(self.ready)
            try:
                if not ready:
                    raise ConnectionError("no replica is ready")
                service = socket.create_connection(("127.0.0.1", ready[number % len(ready)]), timeout=5.0)
            except OSError:  # it has just died
                self._forget(client)
                continue
            service.settimeout(None)
            self._sockets.add(service)
            fault = self._fault(number)
            self._run(self._pump, client, service, fault if fault and not fault.answer else None)
            self._run(self._pump, service, client, fault if fault and fault.answer else None)

    def _forget(self, *sockets):
        for each in sockets:
            self._sockets.discard(each)
            shut(each)

    def _pump(self, source, target, fault):
        passed = 0
        try:
            while block := source.recv(1 << 16):
                offset = fault.at - passed if fault else -1
                passed += len(block)
                if 0 <= offset < len(block):
                    self._do(fault.kind, block, offset, source, target)
                else:
                    target.sendall(block)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            self._forget(source, target)

    def _do(self, kind, block, offset, source, target):
        if kind == "flip":
            target.sendall(block[:offset] + bytes([block[offset] ^ 0x10]) + block[offset + 1 :])
            return
        target.sendall(block[:offset])
        if kind == "reset":
            for each in (source, target):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if kind in ("reset", "cut"):
            raise ConnectionError("as planned")
        if kind == "stall":
            self._stop.wait()
        elif kind == "slow":
            for byte in block[offset : offset + 20]:
                target.sendall(bytes([byte]))
                time.sleep(0.01)
            target.sendall(block[offset + 20 :])
        else:
            target.sendall(b"\xfe\x00garbage\r\n" + block[offset:])


def is_ready(port):
    """What /readyz says."""
    with contextlib.suppress(OSError), _DIRECT.open(f"http://127.0.0.1:{port}/readyz", timeout=2.0):
        return True
    return False


def shut(sock):
    """Wakes whoever waits for a socket, and closes it."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()

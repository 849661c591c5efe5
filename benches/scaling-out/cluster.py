"""Replicas of the service, each with a share of a processor, behind HAProxy: a cluster on one machine."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 600
PERIOD = 20_000  # microseconds in which a share is used up or not

HAPROXY = """
global
    maxconn 1024
defaults
    mode http
    timeout connect 2s
    timeout client 620s
    timeout server 620s
    # a request that never reached a replica goes to another one; others are for the client to send again
    option redispatch 1
    retries 3
    retry-on conn-failure
frontend front
    bind 127.0.0.1:{port}
    default_backend replicas
backend replicas
    balance leastconn
    option httpchk GET /readyz
    default-server check inter 200ms fall 2 rise 1
{servers}
"""


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens at."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [s.getsockname()[1] for s in sockets]


class Share:
    """A part of a processor, by the kernel's control groups (which is what Kubernetes' limits are)."""

    def __init__(self, name: str, cpus: float) -> None:
        old = Path("/sys/fs/cgroup/cpu")
        self.folder = (old if old.is_dir() else Path("/sys/fs/cgroup")) / name
        quota = int(cpus * PERIOD)
        try:
            if not old.is_dir():
                (self.folder.parent / "cgroup.subtree_control").write_text("+cpu")
            self.folder.mkdir()
            if old.is_dir():
                (self.folder / "cpu.cfs_period_us").write_text(str(PERIOD))
                (self.folder / "cpu.cfs_quota_us").write_text(str(quota))
            else:
                (self.folder / "cpu.max").write_text(f"{quota} {PERIOD}")
        except OSError as error:
            raise SystemExit(
                f"no control group for a share of a processor ({error}); as root, or with --cpu 0"
            ) from error

    def take(self, pid: int) -> None:
        (self.folder / "cgroup.procs").write_text(str(pid))

    def remove(self) -> None:
        for _ in range(50):  # the kernel needs a moment after the last process
            try:
                self.folder.rmdir()
            except OSError:
                time.sleep(0.1)
            else:
                return


class Replica:
    """One process of the service with one solver thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.port, management = free_ports(2)
        self.share: Share | None = None
        self.log = tempfile.TemporaryFile()
        command = [
            ROOT / "tools/with-jdk", "java", f"@{ROOT}/tools/jvm.options",
            "-XX:ActiveProcessorCount=1", "-XX:+UseSerialGC", "-Xmx1g", "-jar", ROOT / "target/argmind.jar",
            "--server.address=127.0.0.1", f"--server.port={self.port}",
            "--management.server.address=127.0.0.1", f"--management.server.port={management}",
            "--argmind.solver.threads=1", "--argmind.drain=3s", "--argmind.security.mode=none",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def wait(self) -> None:
        """Until it is ready."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                self.log.seek(0)
                raise SystemExit(f"{self.name} ended: {self.log.read().decode()[-2000:]}")
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                    return
            time.sleep(0.3)
        raise SystemExit(f"{self.name} was not ready within {START_SECONDS} s")

    def cap(self, cpus: float) -> None:
        """From now on it has so much of a processor; 0 for no limit."""
        if cpus:
            self.share = Share(f"argmind-{os.getpid()}-{self.name}", cpus)
            self.share.take(self.process.pid)

    def kill(self) -> None:
        """As the kernel kills what has too much memory: without a word."""
        self.process.send_signal(signal.SIGKILL)

    def leave(self) -> None:
        """As Kubernetes takes a pod away."""
        self.process.send_signal(signal.SIGTERM)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()
        if self.share is not None:
            self.share.remove()


class Proxy:
    """HAProxy, which gives each request to the replica that has fewest."""

    def __init__(self, replicas: list[Replica]) -> None:
        haproxy = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
        if haproxy is None:
            raise SystemExit("haproxy is missing: apt-get install haproxy")
        (self.port,) = free_ports(1)
        servers = "\n".join(f"    server {r.name} 127.0.0.1:{r.port}" for r in replicas)
        self.file = tempfile.NamedTemporaryFile("w", suffix=".cfg")
        self.file.write(HAPROXY.format(port=self.port, servers=servers))
        self.file.flush()
        self.process = subprocess.Popen([haproxy, "-db", "-f", self.file.name], stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}"
        end = time.monotonic() + 10
        while not self._answers():
            if time.monotonic() > end:
                raise SystemExit("haproxy does not answer")
            time.sleep(0.1)

    def _answers(self) -> bool:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(self.url + "/readyz"),
        ):
            return True
        return False

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.file.close()

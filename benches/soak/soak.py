"""Hours of mixed requests at a service of its own, and what they leave behind.

    make soak SECONDS=28800          eight hours
    make soak SECONDS=600 LEAK=1     the control: a service that leaks, which must be found

Clients send requests of many kinds to many back-ends, good and bad ones, and some that are cut or never finished. Every
ten seconds they pause; at rest the service must hold nothing, and after a garbage collection the resident memory, the
heap, the threads and the connections are noted. In the end a line is laid through each (Theil-Sen), and what grows for
sure is a failure. Exit code: 0 nothing grew, 1 something did or an answer was not as expected.
"""

import argparse
import contextlib
import itertools
import json
import math
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import argmind
from argmind import Client, kinds
from argmind._local import JVM_OPTIONS, _find_jar, _find_java, _free_ports

CLIENTS = 4
ROUND = 10.0  # seconds of load between two pauses
PATIENCE = 300.0
HEAP = "512m"
MIB = float(1 << 20)

# What may grow without being a leak: at most so much an hour, or so much in the whole of a short run (the JVM goes on
# compiling for a while, and allocators keep what they once had).
RSS_PER_HOUR, RSS_AT_ALL = 2.0, 32.0
HEAP_PER_HOUR, HEAP_AT_ALL = 1.0, 6.0


class Service:
    """The service in a process of its own, with a heap that is resident from the start."""

    def __init__(self, *, leak: bool) -> None:
        self.port, self.management = _free_ports(2)
        java, jar = _find_java(), _find_jar(None)
        options = [*JVM_OPTIONS, f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+AlwaysPreTouch"]
        start = ["-jar", str(jar)]
        if leak:
            classes = jar.parent / "test-classes"
            options += [
                f"-Dloader.path={classes}",
                "-Dloader.main=io.argmind.faults.Leaky",
            ]
            start = [
                "-cp",
                str(jar),
                "org.springframework.boot.loader.launch.PropertiesLauncher",
            ]
        arguments = [
            "--server.address=127.0.0.1", f"--server.port={self.port}", "--argmind.warm-up=0s", "--argmind.drain=0s",
            "--management.server.address=127.0.0.1", f"--management.server.port={self.management}",
            "--argmind.retained.memory=8MB", "--argmind.registered.memory=8MB", "--server.tomcat.connection-timeout=5s",
            "--argmind.security.mode=none",
        ]  # fmt: skip
        self.jcmd = str(Path(java).with_name("jcmd"))
        self.log = Path(tempfile.mkstemp(prefix="argmind-soak-", suffix=".log")[1])
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([str(java), *options, *start, *arguments], stdout=log, stderr=log)
        self.url = f"http://127.0.0.1:{self.port}"
        end = time.monotonic() + PATIENCE
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("the service did not start:\n" + self.log.read_text()[-3000:])
            time.sleep(0.2)

    def _ready(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{self.url}/readyz", timeout=5),
        ):
            return True
        return False

    def metrics(self) -> dict[str, float]:
        """All series, summed over their tags but for those of memory."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.management}/actuator/prometheus", timeout=30) as answer:
            text = answer.read().decode()
        sums: dict[str, float] = {}
        for name, tags, value in re.findall(r"^([a-z_]+)(\{[^}]*\})? ([-+0-9.eE]+)$", text, re.MULTILINE):
            key = "heap" if name == "jvm_memory_used_bytes" and 'area="heap"' in tags else name
            sums[key] = sums.get(key, 0.0) + float(value)
        return sums

    def collect(self) -> None:
        """Two collections: what needed a finalizer or a cleaner goes with the second."""
        for _ in range(2):
            subprocess.run(
                [self.jcmd, str(self.process.pid), "GC.run"],
                check=True,
                capture_output=True,
            )
            time.sleep(0.2)

    def connections(self) -> int:
        """Established ones at its port."""
        local = f":{self.port:04X}"
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        with contextlib.suppress(FileNotFoundError):
            lines += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
        return sum(fields[1].endswith(local) and fields[3] == "01" for fields in lines)

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(PATIENCE)


@dataclass(frozen=True)
class Sample:
    """What was there at rest."""

    seconds: float
    rss: float
    heap: float
    threads: float
    connections: float


class Requests:
    """One client's requests, drawn by their weights (of reliability tests elsewhere: mostly good, some hostile)."""

    def __init__(self, url: str, seed: int, seen: Counter[str]) -> None:
        self.client = Client(url, timeout=60.0, max_connections=2)
        self.seen = seen
        self._port = int(url.rpartition(":")[2])
        self._draw = np.random.default_rng(seed)
        self._random = random.Random(seed)
        self._weights = {
            self.small: 60, self.large: 10, self.infeasible: 8, self.not_a_number: 5, self.too_large: 5,
            self.cancelled: 6, self.late: 4, self.torn: 2,
        }  # fmt: skip

    def one(self) -> None:
        """The next request; what came of it is counted."""
        kind = self._random.choices(list(self._weights), list(self._weights.values()))[0]
        try:
            outcome = kind()
        except argmind.Overloaded:
            outcome = "overloaded"
        except argmind.ArgmindError as error:
            outcome = f"unexpected {type(error).__name__}: {error}"
        self.seen[f"{kind.__name__}: {outcome}"] += 1

    def _program(self, batch: int, n: int, *, quadratic: bool = False) -> dict[str, np.ndarray]:
        fields = {
            "c": self._draw.uniform(-1, 1, (batch, n)),
            "G": self._draw.uniform(-1, 1, (n, n)),
            "h": np.round(self._draw.uniform(0.5, 1.5, n), 2),
            "lb": np.full(n, -1.0),
            "ub": np.full(n, 1.0),
        }
        if quadratic:
            fields["P"] = np.diag(self._draw.uniform(0.5, 1.5, n))
        return fields

    def small(self) -> str:
        """A small batch of any kind, for any back-end, and its backward pass."""
        solver = self._random.choice(
            ["auto", "interior", "ortools-glop", "ortools-highs", "ortools-pdlp", "ojalgo-lp", "qp", "ojalgo-qp",
             "ortools-scip", "ortools-cp-sat", "ojalgo-mip", "assignment", "grid", "knapsack", "ranking", "registered"]
        )  # fmt: skip
        if solver in ("assignment", "grid", "knapsack", "ranking"):
            return self._combinatorial(solver)
        problem = self._program(4, 6, quadratic=solver in ("qp", "ojalgo-qp"))
        if solver in ("ortools-scip", "ortools-cp-sat", "ojalgo-mip"):
            problem["G"], problem["integers"] = np.round(2 * problem["G"]), np.arange(6)
            problem["c"] = np.round(problem["c"], 2)  # CP-SAT wants short decimals
        if solver == "registered":
            costs = problem.pop("c")
            problem = {"base": self.client.register(problem), "c": costs}  # type: ignore[dict-item]
        named = "auto" if solver in ("qp", "registered") else solver
        return self._there_and_back(problem, named, duals="integers" not in problem)

    def _combinatorial(self, kind: str) -> str:
        if kind == "assignment":
            problem = kinds.Assignment().problem(self._draw.uniform(0, 1, (4, 5, 5)))
        elif kind == "grid":
            problem = kinds.GridShortestPath().problem(self._draw.uniform(0, 1, (4, 6, 6)))
        elif kind == "ranking":
            problem = kinds.Ranking().problem(self._draw.uniform(0, 1, (4, 9)))
        else:
            weights = self._draw.integers(1, 9, (1, 8)).astype(float)
            problem = kinds.Knapsack(weights, [15.0]).problem(self._draw.uniform(-1, 0, (4, 8)))
        return self._there_and_back(problem, "auto", duals=False)

    def _there_and_back(self, problem: object, solver: str, *, duals: bool) -> str:
        solution = self.client.solve(problem, solver=solver)  # type: ignore[arg-type]
        if not solution.ok.all():
            return f"unexpected {solution.summary()} of {solver}"
        gradient = {"x": np.ones_like(solution.x)}
        gradients = self.client.lpgd_backward(solution, gradient, tau=0.1)
        return "solved" if gradients.ok.all() or not duals else f"unexpected {gradients.summary()} of {solver}"

    def large(self) -> str:
        """Some megabytes."""
        solution = self.client.solve(self._program(64, 40, quadratic=True), retain=False)
        ranks = self.client.solve(kinds.Ranking().problem(self._draw.uniform(0, 1, (1000, 200))), retain=False)
        return "solved" if solution.ok.all() and ranks.ok.all() else f"unexpected {solution.summary()}"

    def infeasible(self) -> str:
        """Half of it has no solution."""
        problem = self._program(4, 6)
        problem["A"], problem["b"] = (
            np.ones((1, 6)),
            np.array([[0.0], [100.0], [0.0], [100.0]]),
        )
        solution = self.client.solve(problem)
        return "as expected" if solution.ok.tolist() == [True, False, True, False] else f"unexpected {solution.status}"

    def not_a_number(self) -> str:
        """Refused."""
        problem = self._program(4, 6)
        problem["G"][0, 0] = math.nan
        with contextlib.suppress(argmind.InvalidProblem):
            self.client.solve(problem)
            return "unexpected answer"
        return "refused"

    def too_large(self) -> str:
        """Refused, by its head alone and by its content."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=30) as line:
            line.sendall(self._head(1 << 30))
            if b" 413 " not in line.recv(200):
                return "unexpected answer"
        with contextlib.suppress(argmind.InvalidProblem):
            self.client.solve({"c": np.ones((5000, 1)), "lb": 0.0}, chunk=5000)
            return "unexpected answer"
        return "refused"

    def cancelled(self) -> str:
        """Gone before the answer."""
        problem = {name: value.tolist() for name, value in self._program(16, 20).items()}
        body = json.dumps({"problem": problem}).encode()
        with socket.create_connection(("127.0.0.1", self._port), timeout=30) as line:
            line.sendall(self._head(len(body)) + body)
            time.sleep(0.005)
        return "gone"

    def late(self) -> str:
        """With a deadline that is too short for all of it: some or none of it is done."""
        with contextlib.suppress(argmind.DeadlineExceeded, argmind.ConnectionFailed):
            self.client.solve(self._program(64, 40), timeout=0.02, solver="ortools-glop")
            return "in time"
        return "late"

    def torn(self) -> str:
        """A client that dies while it sends."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=30) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            line.sendall(self._head(1000) + b'{"problem": {"c": [1, 2')
        return "torn"

    @staticmethod
    def _head(length: int) -> bytes:
        head = "POST /solve HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Server-Timeout: 20\r\n"
        return f"{head}Content-Length: {length}\r\n\r\n".encode()


def load(clients: list[Requests], seconds: float) -> None:
    """All clients at once for a while."""

    def run(client: Requests) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            client.one()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rest(service: Service, started: float) -> Sample:
    """Waits until nothing is held, balances the books, and looks at the memory."""
    held = ("argmind_requests_admitted", "argmind_admission_bytes", "argmind_queue_depth", "argmind_solver_busy",
            "argmind_native_live_objects")  # fmt: skip
    end = time.monotonic() + PATIENCE
    while True:
        metrics = service.metrics()
        balanced = metrics["argmind_requests_received_total"] == metrics["argmind_requests_ended_total"]
        if balanced and not any(metrics[name] for name in held):
            break
        if time.monotonic() > end:
            raise SystemExit(f"FAILED: held at rest: { {name: metrics[name] for name in held} }, balanced: {balanced}")
        time.sleep(0.1)
    service.collect()
    metrics = service.metrics()
    return Sample(
        time.monotonic() - started,
        metrics["process_memory_rss_bytes"] / MIB,
        metrics["heap"] / MIB,
        metrics["jvm_threads_live_threads"],
        service.connections(),
    )


def slope(seconds: list[float], values: list[float]) -> tuple[float, float]:
    """Theil-Sen: the median slope per hour, and below which it is with 2.5 % probability (by Kendall's tau)."""
    pairs = itertools.combinations(zip(seconds, values, strict=True), 2)
    slopes = sorted((v2 - v1) / (t2 - t1) * 3600 for (t1, v1), (t2, v2) in pairs)
    n = len(seconds)
    spread = 1.96 * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    lowest = max(0, int((len(slopes) - spread) / 2))
    return slopes[len(slopes) // 2], slopes[lowest]


def judge(samples: list[Sample]) -> list[str]:
    """Prints the lines through the samples, without the first third; says what grew."""
    used = samples[len(samples) // 3 :]
    seconds = [sample.seconds for sample in used]
    hours = (seconds[-1] - seconds[0]) / 3600
    limits = {
        "rss": max(RSS_PER_HOUR, RSS_AT_ALL / hours),
        "heap": max(HEAP_PER_HOUR, HEAP_AT_ALL / hours),
        "threads": 8 / hours,
        "connections": 8 / hours,
    }
    grown = []
    for name, limit in limits.items():
        values = [getattr(sample, name) for sample in used]
        median, low = slope(seconds, values)
        unit = "MiB" if name in ("rss", "heap") else "  "
        verdict = "GROWS" if low > limit else "ok"
        print(
            f"{name:12} {values[0]:8.1f} -> {values[-1]:8.1f} {unit}   slope {median:+9.2f} {unit}/h "
            f"(at least {low:+9.2f}, allowed {limit:.2f})   {verdict}"
        )
        if low > limit:
            grown.append(name)
    return grown


def main() -> int:
    """Runs the soak."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8 * 3600.0)
    parser.add_argument(
        "--leak",
        action="store_true",
        help="the control: a service that leaks must be found",
    )
    options = parser.parse_args()
    service, seen, samples = Service(leak=options.leak), Counter[str](), []
    clients = [Requests(service.url, seed, seen) for seed in range(CLIENTS)]
    started = time.monotonic()
    try:
        while time.monotonic() - started < options.seconds or len(samples) < 6:
            load(clients, ROUND)
            samples.append(rest(service, started))
            last = samples[-1]
            print(
                f"{last.seconds:8.0f} s  {sum(seen.values()):9d} requests  rss {last.rss:7.1f} MiB  heap {last.heap:6.1f} MiB  "
                f"threads {last.threads:.0f}  connections {last.connections:.0f}",
                flush=True,
            )
    finally:
        for client in clients:
            client.client.close()
        service.stop()
    for what, count in sorted(seen.items()):
        print(f"{count:9d}  {what}")
    unexpected = [what for what in seen if "unexpected" in what]
    grown = judge(samples)
    service.log.unlink()
    failed = bool(grown or unexpected)
    print("FAILED: " + ", ".join([*(f"{name} grows" for name in grown), *unexpected]) if failed else "nothing grew")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

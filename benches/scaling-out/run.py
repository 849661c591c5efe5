"""Throughput of 1, 2 and 4 replicas behind a proxy, and what the loss of one costs.

    python benches/scaling-out/run.py --replicas 1 2 4 --cpu 0.25 --seconds 20

Every replica has one solver thread and `--cpu` of a processor, so that on a machine of two processors four of them leave
one for the clients and the proxy. Each client solves the same batch again and again, in chunks that the proxy spreads;
every answer is compared, bit by bit, with the one that a single replica gave before.
"""

import argparse
import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from argmind import ArgmindError, Client
from argmind._http import Network, Request, Response
from cluster import Proxy, Replica


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicas", nargs="+", type=int, default=[1, 2, 4])
    parser.add_argument(
        "--cpu",
        type=float,
        default=0.25,
        help="of a processor for each replica; 0 for no limit",
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument(
        "--warm-up",
        type=float,
        default=10.0,
        help="seconds of load on each replica, without a limit",
    )
    parser.add_argument("--n", type=int, default=50, help="variables of the quadratic programs")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--chunk", type=int, default=64)
    parser.add_argument("--out", type=Path, help="also append JSON lines here")
    return parser.parse_args()


@dataclass
class Counts:
    """What the clients of one measurement saw."""

    done: list[float] = field(default_factory=list)  # when a batch was there
    slowest: float = 0.0
    refused: int = 0  # requests that were answered with 429, 502, 503 or 504
    broken: int = 0  # connections
    failed: list[str] = field(default_factory=list)  # calls that gave up
    different: int = 0  # answers that are not the expected ones
    lock: threading.Lock = field(default_factory=threading.Lock)


class Load:
    """Clients that solve one batch again and again."""

    def __init__(self, url: str, args: argparse.Namespace, expected: np.ndarray | None = None) -> None:
        self.url, self.chunk, self.expected = url, args.chunk, expected
        self.problem = quadratic(args.n, args.batch)
        self.counts = Counts()
        self.stop = threading.Event()

    def watched(self, network: Network):
        """The network, with its failures counted; the client sends again by itself."""

        def transport(request: Request) -> Response:
            try:
                response = network(request)
            except OSError:
                with self.counts.lock:
                    self.counts.broken += 1
                raise
            if response.status in (429, 502, 503, 504):
                with self.counts.lock:
                    self.counts.refused += 1
            return response

        return transport

    def client(self) -> None:
        """One of them."""
        network = Network(self.url, 8)
        with Client(
            self.url,
            chunk=self.chunk,
            retries=20,
            timeout=120,
            transport=self.watched(network),
        ) as client:
            while not self.stop.is_set():
                start = time.monotonic()
                try:
                    x = client.solve(self.problem, retain=False).x
                except ArgmindError as error:
                    with self.counts.lock:
                        self.counts.failed.append(str(error))
                    continue
                with self.counts.lock:
                    self.counts.done.append(time.monotonic())
                    self.counts.slowest = max(self.counts.slowest, self.counts.done[-1] - start)
                    self.counts.different += self.expected is not None and x.tobytes() != self.expected.tobytes()
        network.close()

    def run(self, clients: int, seconds: float, *events: tuple[float, object]) -> Counts:
        """So many clients for so long; each event is a moment and what happens then."""
        threads = [threading.Thread(target=self.client) for _ in range(clients)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for moment, action in events:
            time.sleep(max(0.0, start + moment - time.monotonic()))
            action()
        time.sleep(max(0.0, start + seconds - time.monotonic()))
        self.stop.set()
        for thread in threads:
            thread.join()
        self.counts.done = [moment - start for moment in self.counts.done]
        return self.counts


def quadratic(n: int, size: int) -> dict[str, np.ndarray | float]:
    """Strictly convex programs with a matrix in common: min 1/2 x'Px + c'x, Ax = b, Gx <= h."""
    draw = np.random.default_rng(4)
    root = draw.standard_normal((n, n)) / np.sqrt(n)
    inside = draw.standard_normal(n)
    A, G = draw.standard_normal((n // 2, n)), draw.standard_normal((n, n))
    c = draw.standard_normal((size, n))
    return {
        "P": root @ root.T + 0.1 * np.eye(n),
        "c": c,
        "A": A,
        "b": A @ inside,
        "G": G,
        "h": G @ inside + 1.0,
    }


def rate(counts: Counts, batch: int, start: float, stop: float) -> float:
    """Instances a second between two moments."""
    return batch * sum(start <= moment < stop for moment in counts.done) / (stop - start)


def record(args: argparse.Namespace, line: dict[str, object]) -> None:
    print("| " + " | ".join(str(value) for value in line.values()) + " |", flush=True)
    if args.out:
        with args.out.open("a") as file:
            file.write(json.dumps(line) + "\n")


def warm(replicas: list[Replica], args: argparse.Namespace) -> np.ndarray:
    """Lets each replica compile what it will run, takes their answer, and then limits them."""
    expected = None
    for replica in replicas:
        replica.wait()
        url = f"http://127.0.0.1:{replica.port}"
        Load(url, args).run(1, args.warm_up)
        with Client(url) as client:
            x = client.solve(quadratic(args.n, args.batch), chunk=args.chunk, retain=False).x
        if expected is not None and x.tobytes() != expected.tobytes():
            raise SystemExit(f"{replica.name} answers differently")
        expected = x
    for replica in replicas:
        replica.cap(args.cpu)
    return expected


def scale(replicas: list[Replica], expected: np.ndarray, args: argparse.Namespace) -> None:
    """One row for each number of replicas."""
    print(
        "\n| replicas | instances/s | against one | refused, sent again | failed | different |\n|---|---|---|---|---|---|"
    )
    one = None
    for count in args.replicas:
        proxy = Proxy(replicas[:count])
        try:
            Load(proxy.url, args).run(count, min(3.0, args.seconds))
            counts = Load(proxy.url, args, expected).run(count, args.seconds)
        finally:
            proxy.close()
        speed = rate(counts, args.batch, 0, args.seconds)
        one = one or speed / count
        line = {
            "replicas": count,
            "instances/s": round(speed),
            "against one": round(speed / one, 2),
        }
        record(
            args,
            {
                **line,
                "refused": counts.refused,
                "failed": len(counts.failed),
                "different": counts.different,
            },
        )


def lose(replicas: list[Replica], expected: np.ndarray, args: argparse.Namespace) -> None:
    """One replica is killed while all are asked, and of more than two another one leaves."""
    proxy = Proxy(replicas)
    third = args.seconds / 3
    events = [(third, replicas[-1].kill)]
    if len(replicas) > 2:
        events.append((2 * third, replicas[-2].leave))
    try:
        counts = Load(proxy.url, args, expected).run(len(replicas), args.seconds, *events)
    finally:
        proxy.close()
    print(
        "\n| replicas | instances/s | after | broken or refused, sent again | slowest batch, s | failed | different |"
    )
    print("|---|---|---|---|---|---|---|")
    phases = ["all", "one killed", "one more leaving" if len(replicas) > 2 else "one killed, still"]
    last = {"again": counts.broken + counts.refused, "slowest": round(counts.slowest, 2)}
    for k, phase in enumerate(phases):
        speed = round(rate(counts, args.batch, k * third, (k + 1) * third))
        whole = {**last, "failed": len(counts.failed), "different": counts.different} if k == 2 else {}
        record(args, {"replicas": len(replicas), "instances/s": speed, "after": phase, **whole})
    if counts.failed or counts.different:
        raise SystemExit(f"{len(counts.failed)} calls failed, {counts.different} answers differ: {counts.failed[:3]}")


def main() -> None:
    """Starts as many replicas as the largest number, and measures."""
    args = parse()
    os.environ["no_proxy"] = "127.0.0.1"
    replicas = [Replica(f"r{k}") for k in range(max(args.replicas))]
    try:
        expected = warm(replicas, args)
        scale(replicas, expected, args)
        if len(replicas) > 1:
            lose(replicas, expected, args)
    finally:
        for replica in replicas:
            replica.close()


if __name__ == "__main__":
    main()

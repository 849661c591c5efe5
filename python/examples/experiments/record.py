"""What experiments share: where results go, and what a second is."""

import json
import os
import re
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[3] / "docs"
RESULTS, FIGURES = DOCS / "results", DOCS / "figures"

_CPU = re.compile(r"^process_cpu_time_ns_total (\S+)$", re.MULTILINE)


def processor_seconds(management: str | None) -> float:
    """Processor time that this process and the service have used so far.

    It counts every thread of both, the JVM's compiler and garbage collector included, and not what else runs on the
    machine.

    Args:
        management: URL of the service's management port, whose metrics know its processor time.

    Raises:
        SystemExit: there is no URL.
        ValueError: the metrics do not have it.
    """
    if not management:
        raise SystemExit("set $ARGMIND_MANAGEMENT_URL to measure processor time, or ask for --clock wall")
    with urllib.request.urlopen(f"{management}/actuator/prometheus", timeout=60) as answer:  # noqa: S310
        found = _CPU.search(answer.read().decode())
    if found is None:
        raise ValueError(f"{management} tells no process_cpu_time_ns_total")
    return time.process_time() + float(found[1]) * 1e-9


def clock(name: str) -> Callable[[], float]:
    """A clock by name: "processor" (see `processor_seconds`) or "wall"."""
    if name == "wall":
        return time.perf_counter
    return lambda: processor_seconds(os.environ.get("ARGMIND_MANAGEMENT_URL"))


def save(path: Path, result: dict[str, Any]) -> None:
    """Writes a result with five digits, which is more than its spread; lists of numbers take one line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_short(result), indent=1)
    path.write_text(re.sub(r"\[[^][{}\"]*\]", lambda found: " ".join(found[0].split()), text) + "\n")


def load(path: Path) -> dict[str, Any]:
    """A result that was saved."""
    result: dict[str, Any] = json.loads(path.read_text())
    return result


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_short(part) for part in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value

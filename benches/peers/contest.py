"""Contestants take turns on one program; whoever does not agree with the service is not timed."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

X_LIMIT = 1e-4  # largest difference of x, relative to the largest entry of an instance
GRADIENT_LIMIT = 1e-3  # of one instance's gradient by one field, in norm
WARM = 2.0  # seconds that everybody runs before being timed, for compilers, caches and thread pools
TURN = 0.3  # seconds of one turn, unless a single call takes longer
TURN_CALLS = 25
WARM_SERVICE = 45.0  # seconds: a training loop calls it for hours, and the JVM compiles what it sees often
STRAY = 0.05  # this part of the instances may lie on a kink, where derivatives are not unique


@dataclass
class Run:
    """One forward and backward.

    Attributes:
        x: solutions [B, n].
        gradients: by learned field; empty for contestants that only go forward.
        forward, backward: seconds.
        extra: further measurements, such as the server's own seconds.
    """

    x: np.ndarray
    gradients: dict[str, np.ndarray]
    forward: float
    backward: float
    extra: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """Seconds of both."""
        return self.forward + self.backward


@dataclass
class Contestant:
    """Somebody who can run a program.

    Attributes:
        name: of the table's row.
        variants: ways to run it (mode, threads); the fastest that agrees is timed. Made lazily, by label.
        like: the contestant whose gradients its own must equal (the same method), or None for forward only.
        target: the ratio that is aimed at: its time / the service's.
        back_target: the largest backward / forward that is aimed at.
        slack: how many times larger its differences may be, where its own formulation costs it digits.
    """

    name: str
    variants: dict[str, Callable[[], Callable[[], Run]]]
    like: str | None = None
    target: float | None = None
    slack: float = 1.0
    back_target: float | None = None


@dataclass
class Result:
    """What became of a contestant: a line of the JSON file."""

    case: str
    contestant: str
    variant: str = ""
    status: str = "ok"
    detail: str = ""
    like: str | None = None
    x_off: float | None = None
    gradient_off: dict[str, float] = field(default_factory=dict)
    stray: int = 0
    batch: int = 0
    target: float | None = None
    back_target: float | None = None
    forward: list[float] = field(default_factory=list)
    backward: list[float] = field(default_factory=list)
    extra: dict[str, list[float]] = field(default_factory=dict)


def compete(case: str, service: list[Contestant], peers: list[Contestant], turns: int, budget: float) -> list[Result]:
    """Checks everybody against the service, then times them in turns.

    The first of `service` is the one whose x counts. A peer that fails or disagrees is a result too.
    """
    reference: dict[str, Run] = {}
    chosen: dict[str, Callable[[], Run]] = {}
    results: dict[str, Result] = {}
    for contestant in [*service, *peers]:
        aims = {"target": contestant.target, "back_target": contestant.back_target}
        result = Result(case, contestant.name, like=contestant.like, **aims)
        results[contestant.name] = result
        if contestant is not service[0] and not reference:
            result.status, result.detail = "not run", "there is no answer of the service to compare with"
            continue
        best = _choose(contestant, reference, result)
        if best is not None:
            call, run = best
            chosen[contestant.name] = call
            if contestant in service:
                reference[contestant.name] = run
        say(f"  {case}: {contestant.name} {result.variant}: {result.status} {result.detail} {agreement(result)}")
    ours = {contestant.name for contestant in service}
    for name, call in chosen.items():
        _warm(call, WARM_SERVICE if name in ours else WARM)
    started = time.perf_counter()
    for turn in range(turns):
        if turn >= 3 and time.perf_counter() - started > budget:
            break
        for name, call in chosen.items():
            gc.collect()
            run = _turn(call)
            results[name].forward.append(run.forward)
            results[name].backward.append(run.backward)
            for key, value in run.extra.items():
                results[name].extra.setdefault(key, []).append(value)
    return list(results.values())


def _turn(call: Callable[[], Run]) -> Run:
    """The median run of a short while, as a training loop calls its layer again and again."""
    started = time.perf_counter()
    runs = [call()]
    while len(runs) < TURN_CALLS and time.perf_counter() - started < TURN:
        runs.append(call())
    return sorted(runs, key=lambda run: run.total)[len(runs) // 2]


def _warm(call: Callable[[], Run], seconds: float) -> None:
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        call()


def _choose(contestant: Contestant, reference: dict[str, Run], result: Result) -> tuple[Callable[[], Run], Run] | None:
    """The fastest variant that agrees; `result` is told about it, or about the last that did not."""
    best: tuple[float, Callable[[], Run], Run] | None = None
    notes = []
    for label, make in contestant.variants.items():
        trial = replace(result, variant=label, status="ok", detail="", x_off=None, gradient_off={}, stray=0)
        try:
            call = make()
            run = call()
            if run.total < 5:
                run = min((call() for _ in range(2)), key=lambda r: r.total)
            _compare(run, reference, trial, contestant.slack)
        except Exception as error:  # noqa: BLE001 - a peer that fails is a result
            trial.status = "failed"
            trial.detail = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:160] if str(error) else ''}"
        if trial.status != "ok":
            notes.append(f"{label}: {trial.status} {trial.detail}".strip())
            if best is None:
                result.__dict__.update(trial.__dict__)
            continue
        if best is None or run.total < best[0]:
            best = run.total, call, run
            result.__dict__.update(trial.__dict__)
    if best is None:
        result.detail = "; ".join(notes)
        return None
    result.detail = "; ".join(notes)
    return best[1], best[2]


def _compare(run: Run, reference: dict[str, Run], result: Result, slack: float) -> None:
    """Enters the differences from the service, and the verdict."""
    result.batch = len(run.x)
    if not np.isfinite(run.x).all():
        result.status, result.detail = "failed", "not every instance has a solution"
        return
    if not reference:
        return
    mine = next(iter(reference.values()))
    scale = np.maximum(1.0, np.abs(mine.x).max(axis=1))
    result.x_off = float((np.abs(run.x - mine.x).max(axis=1) / scale).max())
    if result.x_off > slack * X_LIMIT:
        result.status, result.detail = "disagrees", f"x by {result.x_off:.0e}"
        return
    if result.like is None or not run.gradients:
        return
    if result.like not in reference:
        result.status, result.detail = "failed", f"there are no gradients of {result.like} to compare with"
        return
    stray = np.zeros(result.batch, bool)
    for name, expected in reference[result.like].gradients.items():
        if name not in run.gradients:
            result.status, result.detail = "failed", f"no gradient by {name}"
            return
        off = instance_errors(run.gradients[name], expected)
        result.gradient_off[name] = float(np.median(off))
        stray |= ~(off < slack * GRADIENT_LIMIT)
    result.stray = int(stray.sum())
    if stray.sum() > STRAY * result.batch:
        result.status, result.detail = "disagrees", f"gradients of {result.stray} of {result.batch} instances"


def instance_errors(value: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Relative error of each instance's gradient; small gradients are measured against the batch's mean."""
    a, b = (np.asarray(part, float).reshape(len(part), -1) for part in (value, expected))
    size = np.linalg.norm(b, axis=1)
    return np.asarray(np.linalg.norm(a - b, axis=1) / np.maximum(size, 1e-2 * size.mean() + 1e-12))


def agreement(result: Result) -> str:
    """How far a result is from the service's, in words."""
    if result.x_off is None:
        return ""
    text = f"x {result.x_off:.0e}"
    if result.gradient_off:
        text += ", gradients " + " ".join(f"{k} {v:.0e}" for k, v in result.gradient_off.items())
        text += f", {result.stray} of {result.batch} on a kink" if result.stray else ""
    return text


def ratio(result: Result, service: Result) -> float | None:
    """Median over the turns of the time of `result` by that of the service; forward only if it has no backward."""
    if not result.forward or not service.forward:
        return None
    pairs = zip(result.forward, result.backward, service.forward, service.backward, strict=True)
    if any(result.backward):
        return statistics.median((f + b) / (sf + sb) for f, b, sf, sb in pairs)
    return statistics.median(f / sf for f, _, sf, _ in pairs)


def say(*parts: Any) -> None:
    """A line of progress."""
    print(*parts, flush=True)

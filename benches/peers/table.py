"""Tables in Markdown from the lines of a results file.

python benches/peers/table.py target/peers.jsonl
"""

import json
import pathlib
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from contest import Result, agreement, ratio

MIDDLE = statistics.median


class Book:
    """Prints tables as they come, and keeps each line of them in a file."""

    def __init__(self, path: str | None) -> None:
        self.failures: list[str] = []
        self._file = pathlib.Path(path).open("w") if path else None  # noqa: SIM115 - open as long as the program runs

    def contest(self, results: Sequence[Result]) -> None:
        """The table of one case."""
        for result in results:
            self._keep("contest", asdict(result))
            if result.status != "ok":
                self.failures.append(f"{result.case}: {result.contestant} {result.status}: {result.detail}")
        print("\n" + contest_table(results) + "\n", flush=True)

    def rows(self, kind: str, title: str, rows: Sequence[dict[str, Any]]) -> None:
        """Any other table: one line for each row, columns by their keys."""
        for row in rows:
            self._keep(kind, {"title": title, **row})
            if row.get("status", "ok") != "ok":
                self.failures.append(f"{title}: {row}")
        print("\n" + rows_table(title, rows) + "\n", flush=True)

    def _keep(self, kind: str, line: dict[str, Any]) -> None:
        if self._file:
            self._file.write(json.dumps({"kind": kind, **line}) + "\n")
            self._file.flush()


def contest_table(results: Sequence[Result]) -> str:
    """One case: everybody's times, and the ratios to each of the service's methods (above 1 the service is faster)."""
    service = [r for r in results if r.contestant.startswith("service")]
    head = ["contestant", "best variant", "agrees", "forward ms", "backward ms", "back/forward"]
    head += [f"ratio to {r.contestant}" for r in service] + ["target", "met"]
    lines = []
    for r in results:
        if r.status != "ok" or not r.forward:
            said = f"**{r.status}**: {r.detail}" if r.status != "ok" else "not timed"
            lines.append([r.contestant, r.variant, said] + [""] * (len(head) - 3))
            continue
        forward, backward = 1e3 * MIDDLE(r.forward), 1e3 * MIDDLE(r.backward)
        ratios = [None if r is s else ratio(r, s) for s in service]
        first = ratios[0] if ratios else None
        lines.append(
            [
                r.contestant,
                r.variant + (f" (not: {r.detail})" if r.detail else ""),
                agreement(r),
                f"{forward:.1f}",
                f"{backward:.1f}" if backward else "",
                f"{MIDDLE(b / f for f, b in zip(r.forward, r.backward, strict=True)):.2f}" if backward else "",
                *("" if v is None else f"{v:.2f}" for v in ratios),
                *_aim(r, first),
            ]
        )
    batch = max((r.batch for r in results), default=0)
    return f"### {results[0].case}, B = {batch}\n\n" + markdown(head, lines)


def _aim(r: Result, reached: float | None) -> tuple[str, str]:
    """What is aimed at, and whether it is met: a ratio at least so large, or a backward at most so long."""
    if r.back_target and any(r.backward):
        part = MIDDLE(b / f for f, b in zip(r.forward, r.backward, strict=True))
        return f"back/forward {r.back_target:g}", "yes" if part <= r.back_target else "no"
    if r.target and reached is not None:
        return f"{r.target:.3g}", "yes" if reached >= r.target else "no"
    return "", ""


def rows_table(title: str, rows: Sequence[dict[str, Any]]) -> str:
    """A table of dictionaries."""
    head = list(dict.fromkeys(k for row in rows for k in row))
    return f"### {title}\n\n" + markdown(head, [[show(row.get(k, "")) for k in head] for row in rows])


def show(value: Any) -> str:
    """A number with three digits, and everything else as it is."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Aligned Markdown."""
    rows = [list(head), *map(list, lines)]
    width = [max(len(row[k]) for row in rows) for k in range(len(head))]
    text = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, width, strict=True)) + " |" for row in rows]
    text.insert(1, "|" + "|".join("-" * (w + 2) for w in width) + "|")
    return "\n".join(text)


def main(path: str) -> None:
    """Prints all tables of a results file again."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for text in pathlib.Path(path).read_text().splitlines():
        line = json.loads(text)
        kind = line.pop("kind")
        groups.setdefault((kind, line["case"] if kind == "contest" else line.pop("title")), []).append(line)
    for (kind, title), lines in groups.items():
        print(
            contest_table([Result(**line) for line in lines]) if kind == "contest" else rows_table(title, lines), "\n"
        )


if __name__ == "__main__":
    main(sys.argv[1])

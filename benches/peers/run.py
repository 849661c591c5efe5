"""The service against its peers, and against itself, in one run on the same data.

    make peers PEERS="--cases qp sudoku --sizes 10 50 --solver auto --turns 5"

Every ratio is the median over turns that everybody takes one after the other, through HTTP, in float64, after solutions
and gradients were compared; a peer that disagrees is not timed, and one that is missing or breaks is reported by name.
On a shared machine ratios mean something, times do not.
"""

import argparse
import sys
import warnings

import cases
import crossover
import scaling
from argmind import Client
from table import Book

CASES = ("qp", "markowitz", "sudoku", "large", "overhead", "threads", "crossover")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=CASES)
    parser.add_argument("--sizes", nargs="+", type=int, default=[10, 50, 100], help="of the dense QPs")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--solver", default="auto", help="the service's; auto unless something else is to be shown")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument(
        "--budget", type=float, default=120.0, help="seconds of a case, after which three turns are enough"
    )
    parser.add_argument("--only", nargs="+", default=[], help="peers whose names begin so")
    parser.add_argument("--most", type=int, default=20000, help="variables in the crossover table")
    parser.add_argument("--backends", nargs="+", help="of the crossover table; default all")
    parser.add_argument("--out", help="also write JSON lines here; table.py prints them again")
    return parser.parse_args()


def main() -> None:
    """Runs the chosen cases; ends with 1 if anybody failed or disagreed."""
    warnings.filterwarnings("ignore")  # peers warn about each other's deprecations
    args = parse()
    setting = cases.Setting(args.solver, args.turns, args.budget, tuple(args.only))
    book = Book(args.out)
    print(f"solver {args.solver}; ratio = time of the peer / time of the service: above 1 the service is faster\n")
    if "qp" in args.cases:
        for n in args.sizes:
            book.contest(cases.qp_case(n, args.batch, setting))
    if "markowitz" in args.cases:
        book.contest(cases.markowitz_case(100, args.batch, setting))
    if "sudoku" in args.cases:
        for k in (2, 3):
            book.contest(cases.sudoku_case(k, setting))
    if "large" in args.cases:
        book.contest(cases.large_case(10_000, 50, setting))
    with Client(timeout=600.0) as client:
        if "overhead" in args.cases:
            book.rows("overhead", "overhead of HTTP", scaling.overhead_table(client, setting, args.sizes, args.batch))
        if "threads" in args.cases:
            book.rows("threads", "solver threads and batch sizes", scaling.threads_table(setting))
        if "crossover" in args.cases:
            scaling.warm(client, setting)
            rows = crossover.table(client, min(3, args.turns), args.backends, args.most)
            book.rows("crossover", "seconds per instance of each back-end", rows)
    for line in book.failures:
        print("FAILED", line, file=sys.stderr)
    sys.exit(1 if book.failures else 0)


if __name__ == "__main__":
    main()

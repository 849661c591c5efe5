"""The examples run, on the oracle service behind a real socket."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service import Service, serve

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture(scope="module")
def url():
    with serve(Service()) as url:
        yield url


def run(url, *arguments):
    environment = {**os.environ, "ARGMIND_URL": url, "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True, timeout=300
    ).stdout


def test_quickstart(url):
    lines = run(url, EXAMPLES / "quickstart.py").splitlines()
    assert lines[0].startswith("x*         [[0.6666")
    assert "d x1*/d c  [[-0.3333" in lines[2]


def test_sudoku(url, tmp_path):
    plot = tmp_path / "sudoku.png"
    sizes = ["--epochs", "2", "--train", "6", "--test", "3", "--batch", "3", "--seed", "1"]
    lines = run(url, EXAMPLES / "sudoku.py", "--out", plot, *sizes).splitlines()
    assert [line.split()[:2] for line in lines] == [["epoch", "1"], ["epoch", "2"]]
    assert all(0 < float(line.split()[3]) < 1 for line in lines)
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_shortest_path(url, tmp_path):
    plot = tmp_path / "shortest_path.png"
    sizes = ["--epochs", "2", "--train", "12", "--test", "6", "--batch", "6", "--side", "4", "--seed", "1"]
    methods = ["blackbox", "lpgd", "imle"]
    lines = run(url, EXAMPLES / "shortest_path.py", "--out", plot, *sizes, "--methods", *methods).splitlines()
    assert [line.split()[:3] for line in lines] == [[m, "epoch", str(k)] for m in methods for k in (1, 2)]
    assert all(0 <= float(line.split()[6].rstrip("%")) <= 100 for line in lines)
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_knapsack(url, tmp_path):
    plot = tmp_path / "knapsack.png"
    sizes = ["--epochs", "3", "--train", "40", "--test", "20", "--batch", "10", "--items", "8", "--seed", "1"]
    lines = run(url, EXAMPLES / "knapsack.py", "--out", plot, *sizes, "--samples", "3").splitlines()
    assert len(lines) == 3 * 4
    regrets = [float(line.split("regret")[1].split()[0].rstrip("%")) for line in lines]
    assert all(0 <= regret < 100 for regret in regrets)
    assert regrets[7] < regrets[4]  # SPO+ learns
    assert plot.read_bytes().startswith(b"\x89PNG")

"""The experiments run in a short form, learn, give the same bits again and can be drawn; the docs have their tables."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
DOCS = EXAMPLES.parents[1] / "docs"
SVG = re.compile(r"\((figures/[a-z-]+\.svg)\)")


def run(module, *arguments, check=True):
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    environment.pop("ARGMIND_MANAGEMENT_URL", None)
    return subprocess.run(
        [sys.executable, "-m", f"experiments.{module}", *map(str, arguments)],
        cwd=EXAMPLES, env=environment, capture_output=True, text=True, check=check, timeout=300,
    )  # fmt: skip


def without_seconds(result):
    return [{name: value for name, value in one.items() if name != "seconds"} for one in result["runs"]]


def twice(module, folder, *arguments):
    """The results of the same run, and of the same run again."""
    files = [folder / f"{name}.json" for name in ("once", "again")]
    for file in files:
        run(module, *arguments, "--clock", "wall", "--out", file)
    return [json.loads(file.read_text()) for file in files]


@pytest.mark.live
def test_sudoku_learns_and_is_reproducible(tmp_path):
    sizes = ["--seeds", 1, "--epochs", 2, "--train", 12, "--test", 3, "--batch", 4]
    once, again = twice("sudoku", tmp_path, *sizes)
    assert {one["method"] for one in once["runs"]} == {"lp-lpgd", "lp-exact", "qp-lpgd", "qp-exact", "optnet"}
    for one in once["runs"]:
        assert one["mse"][1] < one["mse"][0], one["method"]
        assert all(seconds > 0 for seconds in one["seconds"])
    assert without_seconds(once) == without_seconds(again)


@pytest.mark.live
def test_markowitz_learns_and_is_reproducible(tmp_path):
    sizes = ["--taus", 0.1, 10, "--seeds", 1, "--iterations", 2, "--every", 1, "--horizon", 3, "--rollouts", 4,
             "--test-rollouts", 8, "--timed", 1]  # fmt: skip
    once, again = twice("markowitz", tmp_path, *sizes)
    cases = [(one["method"], one["tau"], one["rate"]) for one in once["runs"]]
    assert cases[:2] == [("implicit", None, 0.003), ("implicit", None, 0.001)]
    assert len(cases) == 2 + 2 * 2 + 2 + 2
    starts = {one["utility"][0] for one in once["runs"]}
    assert len(starts) == 1  # the same policy, the same test
    assert max(one["utility"][-1] for one in once["runs"]) > starts.pop()
    assert once["runs"] == again["runs"]
    assert all(one["seconds"] > 0 for one in once["timing"])


def test_processor_time_needs_the_metrics():
    answer = run("sudoku", check=False)
    assert answer.returncode == 1
    assert "ARGMIND_MANAGEMENT_URL" in answer.stderr


@pytest.mark.live
def test_processor_time(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from experiments.record import clock  # noqa: PLC0415

    now = clock("processor")
    assert 0 < now() <= now()


def test_the_market_has_the_moments_it_claims(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from experiments.market import synthetic  # noqa: PLC0415

    market = synthetic()
    gross = market.returns(400, 500, seed=1).numpy().reshape(-1, 12)
    np.testing.assert_allclose(gross.mean(0), market.mean, atol=5 * np.sqrt(market.covariance.max() / len(gross)))
    np.testing.assert_allclose(np.cov(gross.T), market.covariance, atol=0.03 * market.covariance.max())
    assert np.linalg.eigvalsh(market.covariance).min() > 0


@pytest.mark.live
def test_a_policy_keeps_its_budget_and_does_better_than_nothing(monkeypatch):
    import torch  # noqa: PLC0415

    monkeypatch.syspath_prepend(str(EXAMPLES))
    from experiments.market import synthetic  # noqa: PLC0415
    from experiments.policy import FEE, Policy  # noqa: PLC0415

    policy = Policy(synthetic(), 2, tau=1.0)
    h = torch.softmax(torch.randn(2, 3, 12, generator=torch.Generator().manual_seed(0)).double(), -1)
    n = 12
    x = policy.trade(
        P=policy.quadratic(4 * n)[:, None].expand(2, 3, -1, -1),
        c=torch.nn.functional.pad(-policy.mu, (0, 3 * n))[:, None].expand(2, 3, -1), b=h,
    )  # fmt: skip
    after = x[..., :n]
    spent = (after - h).sum(-1) + FEE * (after - h).abs().sum(-1) + FEE * after.clamp(max=0).abs().sum(-1)
    assert spent.abs().max() < 1e-7

    def worth(holdings):
        risk = torch.einsum("rki,rij,rkj->rk", holdings, policy.quadratic(n), holdings) / 2
        return (holdings * policy.mu[:, None]).sum(-1) - risk

    assert bool((worth(after) > worth(h) + 1e-6).all())
    returns = synthetic().returns(3, 2, seed=5)[:, None].expand(-1, 2, -1, -1)
    policy.utility(returns).sum().backward()
    assert all(bool(parameter.grad.any()) for parameter in policy.parameters())


@pytest.mark.live
def test_tau(tmp_path):
    run("tau", "--count", 6, "--points", 5, "--steps", 2, "--out", tmp_path / "tau.json")
    result = json.loads((tmp_path / "tau.json").read_text())
    linear = result["linear"]
    assert all(0 <= share <= 1 for envelope in ("lower", "upper", "average") for share in linear[envelope]["nonzero"])
    assert linear["lower"]["nonzero"][0] < linear["lower"]["nonzero"][-1] == 1
    assert result["quadratic"]["average"]["G"][1] < 1e-3 < result["quadratic"]["average"]["G"][-1]


def tiny(folder):
    """Results of two seeds and two points, made up."""
    line = {"mse": [0.2, 0.1], "solved": [0.0, 0.5], "seconds": [1.0, 2.0]}
    learned = [{"method": method, "seed": seed, **line} for method in ("lp-lpgd", "optnet") for seed in (0, 1)]
    (folder / "sudoku.json").write_text(json.dumps({"settings": {"seeds": 2}, "runs": learned}))
    cases = [
        ("implicit", None),
        *((envelope, tau) for envelope in ("average", "lower", "upper") for tau in (1.0, 10.0)),
    ]
    end = {None: 0.002, 1.0: 0.002, 10.0: float("nan")}
    traded = [
        {"method": method, "tau": tau, "rate": 1e-3, "seed": seed, "utility": [0.001, end[tau]]}
        for method, tau in cases
        for seed in (0, 1)
    ]
    settings = {"rates": [1e-3], "taus": [1.0, 10.0], "iterations": 5, "every": 5, "seeds": 2}
    timing = [{"method": method, "tau": tau, "seconds": 0.5} for method, tau in cases]
    (folder / "markowitz.json").write_text(json.dumps({"settings": settings, "runs": traded, "timing": timing}))


def test_figures_and_tables_of_tiny_results(tmp_path, monkeypatch):
    tiny(tmp_path)
    run("figures", "--results", tmp_path, "--out", tmp_path, "--only", "sudoku", "markowitz", "speed")
    for name in ("sudoku", "markowitz", "speed"):
        text = (tmp_path / f"{name}.svg").read_text()
        assert text.startswith("<?xml")
        assert "fill: #ffffff" in text  # opaque, for dark pages
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from experiments import summary  # noqa: PLC0415
    from experiments.record import load  # noqa: PLC0415

    table = summary.sudoku_table(load(tmp_path / "sudoku.json"))
    assert table[2] == "| LP, LPGD | 50.0% ± 0.0% | 2 | 0.1000 ± 0.0000 | 1.50 | 3.0 |"
    table = summary.markowitz_table(load(tmp_path / "markowitz.json"))
    assert table[2] == "| exact |  | 0.001 | 1.00 | 2.00 ± 0.00 | 2.00 | 0.50 |"
    assert table[4] == "| average | 10 | 0.001 | 1.00 | diverged | 1.00 | 0.50 |"


def test_tables_and_figures_of_the_docs_are_those_of_the_results(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from experiments import summary  # noqa: PLC0415
    from experiments.record import RESULTS, load  # noqa: PLC0415

    page = (DOCS / "experiments.md").read_text()
    for table, name in ((summary.sudoku_table, "sudoku"), (summary.markowitz_table, "markowitz"),
                        (summary.markowitz_table, "markowitz-known")):  # fmt: skip
        for line in table(load(RESULTS / f"{name}.json")):
            assert line in page, f"docs/experiments.md does not have this line of {name}.json: {line}"
    shown = [SVG.findall(path.read_text()) for path in (DOCS / "experiments.md", DOCS / "choosing-tau.md")]
    for figure in sum(shown, ["figures/speed.svg"]):
        assert (DOCS / figure).stat().st_size < 200_000

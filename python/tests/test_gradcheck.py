"""The comparison of gradients: its reference against derivatives that are known, and what its rows say."""

import numpy as np
import pytest

import argmind
from argmind import kinds
from problems import known_qps


def grids(batch=12, seed=0):
    return kinds.GridShortestPath().problem(np.random.default_rng(seed).random((batch, 4, 4)) + 0.5)


def test_the_reference_of_a_quadratic_program_is_its_derivative(client, capsys):
    """x* is nearly linear in c within a small sigma, so that smoothing changes nothing."""
    problems = known_qps(4, seed=2)
    upstream = np.random.default_rng(5).standard_normal((4, 8))
    result = argmind.gradcheck(problems.data, upstream, sigma=1e-4, samples=2000, client=client)
    exact = client.lpgd_backward(client.solve(problems.data), {"x": upstream}, method="implicit", wrt=["c"])["c"]
    for i in range(4):
        a, b = result.gradients["reference"][i], exact[i]
        assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) > 0.98
    assert result.reliability > 0.9
    rows = {row.method.split()[0]: row for row in result.rows}
    assert rows["implicit"].cosine > 0.98
    assert rows["implicit"].aligned == 1
    assert rows["implicit"].ratio == pytest.approx(1, abs=0.1)
    assert not any(row.method.startswith(("blackbox", "perturbed")) for row in result.rows)
    assert "implicit" in capsys.readouterr().out


def test_the_reference_says_how_many_samples_it_has(client):
    options = [{"method": "identity"}]
    result = argmind.gradcheck(grids(2), methods=options, samples=7, client=client, verbose=False)
    assert ", 6 samples;" in result.reference
    result = argmind.gradcheck(grids(2), methods=options, samples=2, client=client, verbose=False)
    assert ", 4 samples;" in result.reference  # a pair for each half


@pytest.mark.parametrize("options", [{"sigma": 0.0}, {"sigma": -1.0}, {"samples": 1}, {"samples": 0}])
def test_sigma_is_positive_and_samples_are_pairs(client, options):
    with pytest.raises(ValueError, match="must be"):
        argmind.gradcheck(grids(2), client=client, **options)


def test_a_method_may_be_the_reference(client):
    options = {"method": "lpgd", "tau": 0.5, "envelope": "lower"}
    result = argmind.gradcheck(grids(), methods=[options], reference=options, client=client, verbose=False)
    (row,) = result.rows
    assert row.cosine == pytest.approx(1)
    assert row.ratio == pytest.approx(1)
    assert np.isnan(result.reliability)
    assert result.reference == row.method == "lpgd tau 0.5, envelope lower"
    moved = np.any(result.gradients[row.method] != 0, axis=(1, 2))
    assert row.moved == row.aligned == pytest.approx(moved.mean())
    assert row.zero == pytest.approx(1 - moved.mean())


def test_all_methods_of_a_kind(client, capsys):
    result = argmind.gradcheck(grids(), sigma=0.3, samples=400, client=client)
    printed = capsys.readouterr().out
    assert printed == f"{result}\n"
    names = {row.method.split()[0] for row in result.rows}
    assert names == {"lpgd", "blackbox", "identity", "perturbed"}
    best = max(row.cosine for row in result.rows if not np.isnan(row.cosine))
    assert best > 0.3
    assert {row.failed for row in result.rows} == {0}
    assert all(row.degenerate == 1 for row in result.rows if row.method.startswith("lpgd"))
    # A perturbation a hundred times as large moves more.
    lower = [row.zero for row in result.rows if "envelope lower" in row.method]
    assert lower == sorted(lower, reverse=True)
    assert lower[0] > lower[-1]


def test_a_loss_that_is_not_linear(client):
    def loss(x):
        return ((x - 0.5) ** 2 * np.arange(16).reshape(4, 4)).sum(axis=(1, 2)), 2 * (x - 0.5) * np.arange(16).reshape(
            4, 4
        )

    result = argmind.gradcheck(grids(3), loss, samples=20, client=client, verbose=False)
    # On indicators that loss is a constant: the smoothed loss has no gradient, whatever the methods say.
    np.testing.assert_allclose(result.gradients["reference"], 0, atol=1e-12)
    assert all(np.isnan(row.cosine) for row in result.rows)


@pytest.mark.parametrize("batched", [False, True])
def test_without_a_batch_and_with_shared_costs(client, batched):
    problem = {"c": [1.0, 2.0, 3.0], "A": np.ones((1, 3)), "b": [[1.0], [2.0]] if batched else [1.0], "lb": 0, "ub": 1}
    methods = [{"tau": 1.0, "envelope": envelope} for envelope in ("lower", "upper")] + [{"method": "identity"}]
    result = argmind.gradcheck(problem, methods=methods, samples=10, sigma=1.0, client=client, verbose=False)
    assert {gradient.shape for gradient in result.gradients.values()} == {(2, 3) if batched else (3,)}
    assert [row.method for row in result.rows] == [
        "lpgd tau 1.0, envelope lower",
        "lpgd tau 1.0, envelope upper",
        "identity",
    ]


@pytest.mark.live
@pytest.mark.parametrize("integers", [{}, {"integers": [0, 1]}])
def test_all_methods_of_a_linear_program(live, integers):
    costs = np.random.default_rng(4).standard_normal((6, 4))
    problem = {"c": costs, "A": np.ones((1, 4)), "b": [2.0], "lb": 0, "ub": 1, **integers}
    result = argmind.gradcheck(problem, sigma=0.5, samples=600, client=live, verbose=False)
    rows = {row.method.split()[0]: row for row in result.rows}
    assert set(rows) == {"lpgd", "perturbed", "identity"} | (set() if integers else {"implicit"})
    assert not any(row.detail for row in result.rows)
    assert rows["perturbed"].cosine > 0.5


def test_failed_instances_are_left_out(client):
    kind = kinds.ShortestPath([[0, 1], [1, 2], [2, 1], [0, 2]], 3, 0, 2)
    costs = np.array([[1.0, 1, 1, 3], [1, -2, 1, 3], [1, 2.5, 1, 3]])
    options = {"method": "lpgd", "tau": 4.0, "envelope": "average"}
    result = argmind.gradcheck(kind.problem(costs), methods=[options], samples=20, client=client, verbose=False)
    assert result.rows[0].failed == pytest.approx(1 / 3)
    assert np.isfinite(result.gradients["reference"]).all()
    with pytest.raises(ValueError, match="no instance has a solution"):
        argmind.gradcheck(kind.problem(costs[1]), client=client)


def test_what_the_service_refuses_is_a_row(client):
    options = {"method": "lpgd", "tau": -1.0}
    result = argmind.gradcheck(grids(2), methods=[options], samples=4, client=client, verbose=False)
    assert result.rows[0].detail.startswith("refused: ")
    assert "refused" in str(result)


@pytest.mark.parametrize(
    ("problem", "options", "words"),
    [
        (kinds.TopK(1), {}, "has no cost"),
        ({"lb": 0.0}, {}, "has no c"),
        (grids(2), {"upstream": np.ones((2, 3))}, "upstream must be shaped like x"),
        (grids(2), {"reference": "exact"}, "reference must be"),
    ],
)
def test_bad_arguments(offline, problem, options, words):
    with pytest.raises(ValueError, match=words):
        argmind.gradcheck(problem, **options, client=offline)

"""The Grafana dashboard and the alert rules, against the metrics of a running service."""

import json
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import numpy as np
import promql_parser as promql
import pytest
import yaml

import argmind
from argmind import kinds

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/argmind"
DASHBOARD = json.loads((CHART / "dashboards/argmind.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

PROMETHEUS = {"namespace", "service", "pod", "job", "instance", "container"}  # that it adds to every series
NOT_PROVOKED = {("status", "500"), ("status", "numerical-error")}  # here nothing breaks


def alert_rules():
    for one in yaml.safe_load_all((ROOT / "src/test/resources/chart/production.yaml").read_text()):
        if one["kind"] == "PrometheusRule":
            return one["spec"]
    raise AssertionError("no rules in the scenario")


RULES = alert_rules()["groups"][0]["rules"]


def expressions():
    for panel in PANELS:
        for target in panel["targets"]:
            yield pytest.param(
                target["expr"].replace("$__rate_interval", "5m"), id=f"{panel['title']}: {target['refId']}"
            )
    for rule in RULES:
        yield pytest.param(rule["expr"], id=rule["alert"])


class Scrape:
    """Names and labels of what a replica tells Prometheus."""

    def __init__(self, text):
        self.labels, self.values = {}, {}
        for name, labels in re.findall(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
            for label, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels):
                self.labels.setdefault(name, set()).add(label)
                self.values.setdefault((name, label), set()).add(value)
            self.labels.setdefault(name, set())


@pytest.fixture(scope="module")
def scrape():
    """After a request of every kind that the panels speak of."""
    with argmind.Client() as client:
        solution = client.solve({"c": np.array([[1.0, 2.0]]), "A": np.ones((1, 2)), "b": np.ones(1), "lb": 0.0})
        client.lpgd_backward(solution, {"x": np.array([[1.0, 0.0]])}, tau=0.1)
        client.solve(kinds.TopK(1).problem(np.array([[1.0, 2.0]])))
        client.register({"c": np.ones(2), "lb": 0.0})
    with urllib.request.urlopen(os.environ["ARGMIND_MANAGEMENT_URL"] + "/actuator/prometheus") as answer:  # noqa: S310
        return Scrape(answer.read().decode())


def selectors(expression):
    """The series that an expression reads."""
    found = []

    def visit(node):
        if isinstance(node, promql.MatrixSelector):
            found.append(node.vector_selector)
        elif isinstance(node, promql.VectorSelector):
            found.append(node)

    promql.walk(expression, visit)
    return found


def groupings(expression):
    """Pairs of labels that are summed by, or matched on, and what they must be labels of."""
    found = []

    def visit(node):
        if isinstance(node, promql.AggregateExpr) and node.modifier is not None:
            found.append((node.modifier.labels, node.expr))
        if isinstance(node, promql.BinaryExpr) and node.modifier is not None and node.modifier.matching is not None:
            found.append((node.modifier.matching.labels, node))

    promql.walk(expression, visit)
    return found


def known(scrape, name):
    return PROMETHEUS | scrape.labels.get(name, set())


def require_known(expression, scrape):
    tree = promql.parse(expression)
    series = selectors(tree)
    assert series
    for one in series:
        assert one.name == "up" or one.name in scrape.labels, f"there is no metric {one.name}"
        for matcher in one.matchers.matchers:
            assert matcher.name in known(scrape, one.name), f"{one.name} has no label {matcher.name}"
            pair = (matcher.name, matcher.value)
            if matcher.op == promql.MatchOp.Equal and matcher.name not in PROMETHEUS and pair not in NOT_PROVOKED:
                assert matcher.value in scrape.values[one.name, matcher.name], f"{one.name} never has {pair}"
    for labels, below in groupings(tree):
        for one in selectors(below):
            assert set(labels) <= known(scrape, one.name), f"{one.name} has not all of {labels}"


@pytest.mark.live
@pytest.mark.parametrize("expression", list(expressions()))
def test_every_metric_and_label_exists(expression, scrape):
    require_known(expression, scrape)


@pytest.mark.live
@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("sum(rate(argmind_requests_total[5m]))", "no metric"),
        ('argmind_queue_depth{endpoint="solve"}', "no label endpoint"),
        ('rate(argmind_request_phase_seconds_bucket{phase="wait"}[5m])', "never has"),
        ("sum by (le, backend) (rate(argmind_request_phase_seconds_bucket[5m]))", "not all of"),
    ],
)
def test_what_does_not_exist_is_found(expression, message, scrape):
    with pytest.raises(AssertionError, match=message):
        require_known(expression, scrape)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_legends_name_labels_of_the_result(panel):
    for target in panel["targets"]:
        shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        by = [set(labels) for labels, _ in groupings(promql.parse(target["expr"].replace("$__rate_interval", "5m")))]
        assert shown <= set.union({"pod"} if not by else set(), *by), target["legendFormat"]
        assert shown or target["legendFormat"]


def test_the_dashboard_is_whole():
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert rows == ["Traffic", "Rejections by reason", "Phases p50/p95/p99", "Solver", "Cache", "Memory"]
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(DASHBOARD))) == names
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells), "panels overlap"
    assert max(x for x, _ in cells) < 24


def test_every_alert_says_what_to_do():
    assert len({rule["alert"] for rule in RULES}) == len(RULES) >= 8
    for rule in RULES:
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["summary"]
        assert len(rule["annotations"]["description"]) > 30


def promtool(*arguments, cwd):
    tool = shutil.which("promtool")
    if tool is None:
        message = "promtool is missing: it is in Debian's package prometheus"
        if "CI" in os.environ:
            pytest.fail(message)
        pytest.skip(message)
    done = subprocess.run([tool, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_prometheus_takes_the_rules_and_they_fire_when_they_should(tmp_path):
    (tmp_path / "alerts.yaml").write_text(yaml.safe_dump(alert_rules()))
    shutil.copy(CHART / "ci/alerts-test.yaml", tmp_path)
    assert f"{len(RULES)} rules found" in promtool("check", "rules", "alerts.yaml", cwd=tmp_path)
    assert "SUCCESS" in promtool("test", "rules", "alerts-test.yaml", cwd=tmp_path)
    tested = (CHART / "ci/alerts-test.yaml").read_text()
    assert {rule["alert"] for rule in RULES} == set(re.findall(r'alertname="(\w+)"', tested))

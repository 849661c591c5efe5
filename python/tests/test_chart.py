"""What the Helm chart renders, against the OpenAPI schemas of the Kubernetes versions that it is for.

The rendered files are kept by the Java tests (`make chart-files`), which also check types that are not Kubernetes' own.
"""

from pathlib import Path

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RENDERED = sorted((ROOT / "src/test/resources/chart").glob("*.yaml"))
VERSIONS = ["1.29", "1.31", "1.33", "1.35", "1.37"]  # from the chart's kubeVersion to the newest
CUSTOM = {"ServiceMonitor", "PrometheusRule", "HTTPRoute"}


def objects():
    for file in RENDERED:
        for one in yaml.safe_load_all(file.read_text()):
            if one["kind"] not in CUSTOM:
                yield pytest.param(one, id=f"{file.stem}-{one['kind']}-{one['metadata']['name']}")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rendered", list(objects()))
def test_objects_are_of_their_schema(rendered, version):
    assert kubernetes_validate.validate(rendered, version, strict=True) == version


def test_the_oldest_version_is_the_chart_s():
    chart = yaml.safe_load((ROOT / "helm/argmind/Chart.yaml").read_text())
    assert chart["kubeVersion"] == f">={VERSIONS[0]}.0-0"
    assert len(RENDERED) == len(list((ROOT / "helm/argmind/ci").glob("*-values.yaml"))) >= 3


@pytest.mark.parametrize("wrong", [{"replica": 2}, {"replicas": "two"}, {"selector": {"labels": {}}}])
def test_a_wrong_object_is_found(wrong):
    deployment = next(p.values[0] for p in objects() if p.values[0]["kind"] == "Deployment")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**deployment, "spec": {**deployment["spec"], **wrong}}, VERSIONS[-1], strict=True)

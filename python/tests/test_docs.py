"""The Python blocks of the documentation run; those of a section share their names."""

import re
from pathlib import Path

import pytest

import argmind

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```python( not-run)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = {("migration", "qpth"): 1}  # it cannot be installed next to NumPy 2


def sections():
    for name in ("choosing-tau", "experiments", "migration", "quickstart"):
        for section in (DOCS / f"{name}.md").read_text().split("\n## ")[1:]:
            title, _, text = section.partition("\n")
            if blocks := BLOCK.findall(text):
                yield pytest.param(name, title, blocks, id=f"{name}: {title}")


@pytest.mark.live
@pytest.mark.parametrize(("page", "title", "blocks"), list(sections()))
@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:(cvxpylayers|diffcp|scipy|cvxpy)")
def test_blocks_run(page, title, blocks, tmp_path, monkeypatch):
    root = DOCS.parent
    monkeypatch.chdir(root)
    names = {"__name__": f"{page}_{title}"}
    skipped = 0
    for number, (not_run, code) in enumerate(blocks):
        file = tmp_path / f"{title}-{number}.py"
        file.write_text(code)  # so that tracebacks have lines
        if not_run:
            skipped += 1
            compile(code, str(file), "exec")
        else:
            exec(compile(code, str(file), "exec"), names)  # noqa: S102
    argmind.default_client().close()
    assert skipped == NOT_RUN.get((page, title), 0)


def test_every_section_about_a_package_has_code():
    titles = {param.id for param in sections()}
    for package in ("cvxpylayers", "diffcp", "qpth", "PyEPO", "blackbox-backprop"):
        assert f"migration: {package}" in titles

"""The Python blocks of the documentation run; those of a section share their names. So do requests by shell."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import argmind

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```python( not-run)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = {("migration", "qpth"): 1}  # it cannot be installed next to NumPy 2


def sections():
    for name in ("../README", "choosing-tau", "experiments", "migration", "quickstart"):
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
    names = {"__name__": f"{Path(page).name}_{title}"}
    skipped = 0
    for number, (not_run, code) in enumerate(blocks):
        file = tmp_path / f"block-{number}.py"
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


SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def requests():
    """Blocks that ask a running service something; the others build, install and deploy."""
    for name in ("../README", "quickstart"):
        for block in SHELL.findall((DOCS / f"{name}.md").read_text()):
            if "curl " in block or "python -m argmind solve" in block:
                yield pytest.param(block, id=f"{name}: {block.split()[0]}")


@pytest.mark.live
@pytest.mark.parametrize("block", list(requests()))
def test_requests_by_shell_are_answered(block, live):
    assert not live.url.endswith(":8080")  # which is what the pages say
    script = block.replace("http://localhost:8080", live.url).replace("python -m", f"{sys.executable} -m")
    environment = {**os.environ, "ARGMIND_URL": live.url}
    command = ["/bin/bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    if block.startswith("curl"):
        answer = json.loads(done.stdout)
        assert answer["status"] in ("optimal", "ok")
        found = answer["x"] if "x" in answer else answer["gradients"]["c"]
        assert np.isfinite(found).all()
    else:
        assert "optimal" in done.stdout
        assert "interior" in done.stdout


def test_there_are_requests_by_shell():
    assert len(list(requests())) >= 3


@pytest.mark.parametrize("kind", ["gaussian", "gumbel"])
def test_noise_is_drawn_again_as_the_page_says(kind):
    (block,) = (code for _, code in BLOCK.findall((DOCS / "combinatorial.md").read_text()))
    names = {"numpy": np}
    exec(block, names)  # noqa: S102
    noise = argmind.Perturbation(samples=3, seed=5, noise=kind).draw(2, 7)
    for i in range(2):
        for s in range(3):
            np.testing.assert_array_equal(names["noise"](7, 5, i, s, kind), noise[i, s])

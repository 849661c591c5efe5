"""The Python that the playground shows is what it says: it runs, and prints the page's numbers.

Chromium loads the page of the service under test and prints what became of it; the snippets are taken from there.
"""

import json
import os
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser

import numpy as np
import pytest
import torch

pytestmark = pytest.mark.live

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ROWS = "&rows=2.4,-0.2,8;1.5,1.55,52;-0.7,2,105;-2.2,0.1,176;0.3,-1.8,274"
SETTINGS = {
    "lp": "kind=lp&tau=1",
    "auto": "kind=lp&tau=auto&envelope=lower&c=-0.3,0.8",
    "qp": "kind=qp&tau=0.05&envelope=upper&rho=0.2",
    "integer": "kind=integer&tau=1.5&g=-0.4,-1",
    "implicit": "kind=qp&method=implicit",
    "identity": "kind=lp&method=identity",
    "blackbox": "kind=lp&method=blackbox&tau=2",
    "no rows": "kind=qp&tau=0.1&rows=",
}


class Elements(HTMLParser):
    """The texts and `data-value`s of all elements that have an id."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.values, self._open = {}, {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Remembers which elements are open."""
        attributes = dict(attrs)
        name = attributes.get("id")
        if "data-value" in attributes:
            self.values[name] = json.loads(attributes["data-value"])
        if tag not in ("meta", "link", "input", "br"):
            self._open.append((tag, name))

    def handle_endtag(self, tag):
        """Closes the last element of this kind, and what was left open in it."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        """Text belongs to every element around it."""
        for _, name in self._open:
            if name is not None:
                self.texts[name] = self.texts.get(name, "") + data


@pytest.fixture
def chromium():
    """The browser, or a skip by name; in CI it must be there."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        how = "test_playground needs Chromium or Chrome on the PATH, or named by CHROMIUM; there is none"
        if "CI" in os.environ:
            pytest.fail(how)
        pytest.skip(how)
    return found


def load(chromium, url):
    """The page once it has its answers: time is virtual and stands still while a request is under way."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            f"--user-data-dir={profile}", "--virtual-time-budget=20000", "--dump-dom", url,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return Elements(done.stdout)


def run(code, name):
    names = {"__name__": name}
    exec(compile(code, name, "exec"), names)  # noqa: S102
    return names


def close(actual, expected):
    assert expected is not None
    np.testing.assert_allclose(np.asarray(actual, dtype=float), expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())
def test_snippets_print_the_numbers_of_the_page(chromium, setting):
    rows = "" if "rows" in setting else ROWS
    page = load(chromium, f"{os.environ['ARGMIND_URL']}/#{setting}{rows}")
    assert page.values["status"] == "ok", page.texts["story"]

    numpy = run(page.texts["code-numpy"], "numpy snippet")
    assert numpy["solution"].status == "optimal"
    assert numpy["gradients"].status == "ok"
    close(numpy["solution"].x, page.values["x-star"])
    close(numpy["gradients"]["c"], page.values["grad-c"])
    numpy["client"].close()

    dtype = torch.get_default_dtype()
    try:
        layer = run(page.texts["code-torch"], "torch snippet")
    finally:
        torch.set_default_dtype(dtype)
    close(layer["x"].detach(), page.values["x-star"])
    close(layer["c"].grad, page.values["grad-c"])
    layer["layer"].client.close()


def test_an_infeasible_program_fails_in_python_as_it_says(chromium):
    page = load(chromium, f"{os.environ['ARGMIND_URL']}/#rows=1,0,180;-1,0,0")
    assert page.texts["story"].startswith("Infeasible")
    numpy = run(page.texts["code-numpy"], "numpy snippet")
    assert numpy["solution"].status == "infeasible"
    assert numpy["gradients"].status == "forward-failed"
    numpy["client"].close()

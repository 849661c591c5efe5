"""The package as a whole."""

import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path

import pytest

import argmind


@pytest.mark.parametrize("heavy", ["torch", "jax", "cvxpy", "pyepo", "scipy", "tqdm", "cbor2", "requests"])
def test_importing_argmind_imports_nothing_heavy(heavy):
    code = f"import sys, argmind; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_version_is_that_of_the_distribution():
    assert metadata.version("argmind") == argmind.__version__


def test_the_package_is_typed():
    assert resources.files("argmind").joinpath("py.typed").is_file()


def test_everything_public_is_there_and_documented():
    for name in set(argmind.__all__) - {"DEFAULT_URL", "__version__"}:
        assert getattr(argmind, name).__doc__, name


def test_only_one_module_knows_sockets():
    modules = Path(argmind.__file__).parent.glob("*.py")
    assert {path.name for path in modules if "socket" in path.read_text()} <= {"_http.py", "_transport.py"}

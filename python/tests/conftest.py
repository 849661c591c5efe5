"""Where the tests get a client from.

A test that takes `client` runs twice: on the oracle in this process, and (marked `live`) on the service at
$ARGMIND_URL. Deselect the second with `-m "not live"`; selected without the variable, it fails.
"""

import contextlib
import os

import hypothesis
import pytest
import torch

from argmind import Client
from argmind._http import Network
from service import Service

# Machines that run the tests may be slow and shared: no time limits for single examples.
hypothesis.settings.register_profile(
    "argmind", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("argmind")
torch.sparse.check_sparse_tensor_invariants.enable()


def pytest_addoption(parser):
    """The long proofs are for `make slow`."""
    parser.addoption("--slow", action="store_true", help="also run the tests that take minutes")


def pytest_collection_modifyitems(config, items):
    """Without --slow they are deselected, which pytest's summary says."""
    slow = [item for item in items if "slow" in item.keywords]
    if slow and not config.getoption("--slow"):
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if "slow" not in item.keywords]


@pytest.fixture
def service():
    """A fresh oracle service."""
    return Service()


@pytest.fixture
def offline(service):
    """A client of the oracle service."""
    with Client("http://oracle", transport=service) as client:
        yield client


class Recorded:
    """The network, with a list of what went over it."""

    def __init__(self, url):
        self.paths = []
        self._network = Network(url, max_connections=8)

    def __call__(self, request):
        """Counts and passes on."""
        self.paths.append(request.path)
        return self._network(request)

    def close(self):
        """Closes the connections."""
        self._network.close()


@pytest.fixture
def live():
    """A client of the service under test, and the paths that were requested."""
    url = os.environ.get("ARGMIND_URL")
    if not url:
        pytest.fail("live tests need ARGMIND_URL, the URL of a running service; deselect them with -m 'not live'")
    recorded = Recorded(url)
    with contextlib.closing(recorded), Client(url, transport=recorded, timeout=120.0) as client:
        client.paths = recorded.paths
        yield client


@pytest.fixture(params=["oracle", pytest.param("live", marks=pytest.mark.live)])
def client(request):
    """A client of either, with the list of requested paths."""
    if request.param == "live":
        return request.getfixturevalue("live")
    client = request.getfixturevalue("offline")
    recorder = request.getfixturevalue("service")
    paths = Paths(recorder)
    client.paths = paths
    return client


class Paths:
    """The oracle service's requests as a list that grows."""

    def __init__(self, recorder):
        self._recorder = recorder

    def __len__(self):
        return len(self._recorder.requests)

    def __getitem__(self, index):
        return self._recorder.paths[index]

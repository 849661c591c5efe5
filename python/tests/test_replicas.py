"""Nothing is lost while replicas come and go: restarts under load, and killed processes in the middle of training.

These start services of their own from target/argmind.jar. The long forms (`--slow`) are the promises; the short ones
do the same with fewer restarts, kills and steps.
"""

import concurrent.futures
import itertools
import logging
import random
import signal
import threading
import time

import numpy as np
import pytest
import torch

import argmind
from argmind import Client
from argmind.torch import Layer
from replicas import Balancer, Replica

pytestmark = pytest.mark.replicas

CLIENTS = 8


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two replicas that say goodbye for two seconds."""
    folder = tmp_path_factory.mktemp("replicas")
    replicas = [Replica(folder / f"{k}.log", "--argmind.drain=2s", "--argmind.warm-up=0s") for k in range(2)]
    try:
        for replica in replicas:
            replica.start()
        for replica in replicas:
            replica.await_ready()
        yield replicas
    finally:
        for replica in replicas:
            replica.end(signal.SIGKILL)


@pytest.fixture
def balancer(pair):
    """Both of them, ready, behind one address."""
    for replica in pair:
        replica.await_ready()
    with Balancer([replica.port for replica in pair]) as balancer:
        balancer.wait_until_ready()
        yield balancer


def keep_asking(url, seed, stop):
    """One client with a connection that it keeps; what became of its requests."""
    seen = {"answered": 0, "refused": 0, "lost": [], "wrong": 0}
    draw = np.random.default_rng(seed)
    with Client(url, retries=0, timeout=30.0, max_connections=1) as client:
        while not stop.is_set():
            bound = draw.uniform(1.0, 2.0, (3, 4))
            try:
                solution = client.solve({"c": np.ones(4), "lb": bound}, retain=False)
            except argmind.Overloaded as refusal:  # says when to come again
                seen["refused"] += 1
                time.sleep(refusal.retry_after)
            except argmind.ArgmindError as error:
                seen["lost"].append(repr(error))
            else:
                seen["answered"] += 1
                seen["wrong"] += not np.allclose(solution.x, bound, atol=1e-7)
    return seen


def restart_under_load(pair, balancer, restarts):
    stop = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(keep_asking, balancer.url, seed, stop) for seed in range(CLIENTS)]
        try:
            for replica in itertools.islice(itertools.cycle(pair), restarts):
                time.sleep(0.5)
                replica.end(signal.SIGTERM)
                replica.start()
                replica.await_ready()
                time.sleep(0.5)
        finally:
            stop.set()
        seen = [client.result() for client in clients]
    assert [loss for each in seen for loss in each["lost"]] == []
    assert sum(each["wrong"] for each in seen) == 0
    answered, refused = (sum(each[name] for each in seen) for name in ("answered", "refused"))
    logging.getLogger(__name__).info("%d restarts: %d answered, %d refused, none lost", restarts, answered, refused)
    return answered


def test_restarts_lose_nothing(pair, balancer):
    assert restart_under_load(pair, balancer, 2) >= 300


@pytest.mark.slow
def test_twenty_restarts_lose_none_of_ten_thousand(pair, balancer):
    assert restart_under_load(pair, balancer, 20) >= 10_000


def train(client, steps, *, dtype, before_step=lambda _step: None):
    """Learns the costs and the matrix of QPs from their solutions; the losses, to the last bit."""
    torch.manual_seed(7)
    n, m, batch = 6, 5, 16
    root = torch.randn(n, n, dtype=dtype)
    P = root @ root.T / n + torch.eye(n, dtype=dtype)
    G, h = torch.randn(m, n, dtype=dtype), torch.rand(m, dtype=dtype) + 0.5
    weight = torch.nn.Parameter(0.3 * torch.randn(n, n, dtype=dtype))
    learned = torch.nn.Parameter(G + 0.2 * torch.randn(m, n, dtype=dtype))
    truth = torch.randn(n, n, dtype=dtype)
    layer = Layer(client=client, tau=0.1)
    optimizer = torch.optim.Adam([weight, learned], lr=0.02)
    losses = []
    for step in range(steps):
        before_step(step)
        features = torch.randn(batch, n, dtype=dtype)
        wanted = layer(P=P, c=features @ truth, G=G, h=h).detach()
        loss = (layer(P=P, c=features @ weight, G=learned, h=h) - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item().hex())
    return losses


class Killer:
    """Kills one replica after the other at a random moment of a step, and starts it again."""

    def __init__(self, pair):
        self.kills = 0
        self._pair = itertools.cycle(pair)
        self._random = random.Random(9)
        self._threads = []

    def kill_soon(self):
        """The next one, a little later than now."""
        thread = threading.Thread(target=self._kill, args=(next(self._pair), self._random.uniform(0.0, 0.03)))
        self._threads.append(thread)
        thread.start()

    def _kill(self, replica, pause):
        time.sleep(pause)
        replica.kill()
        self.kills += 1
        replica.start()

    def wait(self):
        """For all replicas that were begun."""
        while self._threads:
            self._threads.pop().join()


def compare(pair, balancer, steps, before_step, killer, dtype):
    """The losses of a run behind the balancer, and of one at a service that nobody disturbs."""
    with Client(f"http://127.0.0.1:{pair[0].port}") as client:
        expected = train(client, steps, dtype=dtype)
    try:
        with Client(balancer.url, timeout=120.0) as client:
            losses = train(client, steps, dtype=dtype, before_step=before_step)
    finally:
        killer.wait()
    assert losses == expected
    assert float.fromhex(losses[-1]) < float.fromhex(losses[0])


def test_killed_replicas_do_not_disturb_training(pair, balancer):
    killer = Killer(pair)

    def before_step(step):
        if step in (20, 60):
            killer.wait()
            for replica in pair:
                replica.await_ready()
            killer.kill_soon()

    compare(pair, balancer, 100, before_step, killer, torch.float32)
    assert killer.kills == 2


@pytest.mark.slow
def test_a_kill_every_thirty_seconds_does_not_disturb_two_thousand_steps(pair, balancer):
    killer = Killer(pair)
    due = time.monotonic() + 30.0

    def before_step(_step):
        nonlocal due
        time.sleep(0.06)  # as a network of some size would take: the run has to last
        if time.monotonic() > due:
            due += 30.0
            killer.kill_soon()

    compare(pair, balancer, 2000, before_step, killer, torch.float64)
    assert killer.kills >= 3

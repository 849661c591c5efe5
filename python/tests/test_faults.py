"""A network that breaks, damages and delays: the client has the right answer or an error, never a wrong answer."""

import contextlib
import random
import threading
import time
import zlib

import numpy as np
import pytest

import argmind
from argmind import Client
from argmind._wire import encode
from replicas import Balancer, Fault
from test_http import HEAD, answering, peer, with_length

COST = np.random.default_rng(3).standard_normal((500, 6))
BYTES = len(encode({"cost": COST}))
KINDS = ("cut", "reset", "flip", "garbage", "slow")


def ask(client):
    return client.solve(argmind.kinds.Ranking().problem(COST), retain=False).x


def port(client):
    return int(client.url.rpartition(":")[2])


def places(kind, count):
    """In the head and in the body, of requests and of answers."""
    draw = random.Random(kind)
    return [Fault(kind, k % 2 == 0, draw.randrange(300 if k % 4 < 2 else BYTES)) for k in range(count)]


@pytest.mark.live
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_that_passes_is_not_noticed(live, kind):
    """The first connection of each call has it, the next one has not."""
    expected = ask(live)
    for fault in places(kind, 8):
        with (
            Balancer([port(live)], lambda number, fault=fault: fault if number == 0 else None) as broken,
            Client(broken.url, checksums=True, timeout=5.0) as client,
        ):
            broken.wait_until_ready()
            # a damaged head may be another request, or say less than there is
            with contextlib.suppress(argmind.ArgmindError) if kind in ("flip", "garbage") else contextlib.nullcontext():
                np.testing.assert_array_equal(ask(client), expected)


@pytest.mark.live
@pytest.mark.parametrize("kind", ["flip", "garbage"])
def test_damage_is_never_taken_for_an_answer(live, kind):
    """Every connection has it, at many places."""
    expected = ask(live)
    outcomes = set()
    for fault in places(kind, 24):
        with (
            Balancer([port(live)], lambda _number, fault=fault: fault) as broken,
            Client(broken.url, checksums=True, timeout=3.0, retries=1) as client,
        ):
            broken.wait_until_ready()
            try:
                np.testing.assert_array_equal(ask(client), expected)
                outcomes.add("right")
            except argmind.ArgmindError as error:
                outcomes.add(type(error).__name__)
    assert "DamagedBody" in outcomes or kind == "garbage", outcomes
    assert outcomes - {"right"}, "no fault had any effect"


@pytest.mark.live
def test_a_service_that_stalls_is_left_at_the_deadline(live):
    with (
        Balancer([port(live)], lambda _number: Fault("stall", True, 100)) as broken,
        Client(broken.url, checksums=True, timeout=1.0) as client,
    ):
        broken.wait_until_ready()
        started = time.monotonic()
        with pytest.raises(argmind.DeadlineExceeded):
            ask(client)
        assert time.monotonic() - started < 20


@pytest.mark.live
def test_faults_leave_no_threads_and_no_connections(live):
    before = threading.active_count()
    with (
        Balancer([port(live)], lambda number: Fault("reset", True, 50) if number % 2 else None) as broken,
        Client(broken.url, checksums=True, timeout=30.0) as client,
    ):
        broken.wait_until_ready()
        for _ in range(20):
            ask(client)
            client.close()
    assert threading.active_count() <= before


@pytest.mark.live
def test_the_limit_of_a_body_is_exact_and_readable(live):
    """64 MiB arrive whole and are judged, one byte more is refused; both in words that the client reads."""
    cost = np.full((4096, 2047), np.nan)

    def sent(padding):
        body = {"solver": "x" * padding, "retain": True, "problem": {"type": "ranking", "cost": cost}}
        return len(encode(body))

    padding = (64 << 20) - sent(1000) + 1000
    assert sent(padding) == 64 << 20
    problem = argmind.kinds.Ranking().problem(cost)
    with pytest.raises(argmind.InvalidProblem, match="/problem/cost/0/0"):
        live.solve(problem, solver="x" * padding, chunk=4096)
    with pytest.raises(argmind.PayloadTooLarge, match="67108864 bytes"):
        live.solve(problem, solver="x" * (padding + 1), chunk=4096)
    assert live.solve({"c": [1.0], "lb": 2.0}).objective == pytest.approx(2.0)


GOOD = encode({"solvers": [{"name": "a"}]})


@pytest.mark.parametrize("damaged", [GOOD.replace(b"a", b"b"), GOOD[:-1] + b"\xff", b"\xff" + GOOD[1:]])
def test_an_answer_that_is_not_what_was_sent_is_asked_for_again(damaged, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda _low, _high: 0.0)
    sum_of = argmind._transport._digest(zlib.adler32(GOOD))
    head = f"{HEAD}Content-Digest: {sum_of}\r\n"
    bad, good = with_length(damaged, head), with_length(GOOD, head)
    with peer(answering(bad, good)) as url, Client(url, checksums=True, retries=1) as client:
        assert client.solvers() == [{"name": "a"}]
    with (
        peer(answering(bad)) as url,
        Client(url, checksums=True, retries=0) as client,
        pytest.raises(argmind.DamagedBody, match="damaged on its way"),
    ):
        client.solvers()


def test_the_digest_is_that_of_the_rfc(service):
    """RFC 1950's Adler-32 of "Wikipedia" is 0x11E60398."""
    assert argmind._transport._digest(zlib.adler32(b"Wikipedia")) == "adler=:EeYDmA==:"
    Client("http://oracle", transport=service, checksums=True).solve({"c": [1.0], "lb": 0.0})
    request, _ = service.requests[0]
    assert request.headers["Content-Digest"] == argmind._transport._digest(zlib.adler32(request.content))
    Client("http://oracle", transport=service).solve({"c": [1.0], "lb": 0.0})
    request, _ = service.requests[1]
    assert not {"Content-Digest", "Want-Content-Digest"} & set(request.headers)

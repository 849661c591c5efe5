"""Retries, deadlines, connections: over a mock transport with a clock that the test owns, and over real sockets."""

import concurrent.futures
import copy
import http.client
import multiprocessing
import pickle
import random
import socket
import threading
import time
from email.utils import format_datetime
from types import SimpleNamespace

import numpy as np
import pytest

import argmind
from argmind import Client, _transport
from argmind._http import CannotConnect
from argmind._wire import encode
from service import Answer, Service, serve

LP = {"c": [1.0, 1.0], "lb": 0.0}


@pytest.fixture
def clock(monkeypatch):
    """Time that only sleeping moves; `pauses` are the sleeps, jitter is at its largest."""
    clock = SimpleNamespace(now=0.0, pauses=[])

    def sleep(seconds):
        clock.pauses.append(seconds)
        clock.now += seconds

    monkeypatch.setattr(_transport, "time", SimpleNamespace(monotonic=lambda: clock.now, sleep=sleep))
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    return clock


def refusal(status, **headers):
    return Answer.problem(status, headers, type="about:blank", title="no")


def client_of(service, **options):
    return Client("http://oracle", transport=service, **options)


@pytest.mark.parametrize(
    "failure",
    [
        *map(refusal, (429, 502, 503, 504)),
        CannotConnect("refused"),
        ConnectionResetError("reset"),
        BrokenPipeError("broken pipe"),
        http.client.RemoteDisconnected("closed"),
        http.client.BadStatusLine("garbage"),
    ],
)
def test_what_may_pass_is_tried_again(service, clock, failure):
    service.failing = [failure, failure]
    assert client_of(service).solve(LP).status == "optimal"
    assert clock.pauses == [0.25, 0.5]
    assert len({request.content for request, _ in service.requests}) == 1


@pytest.mark.parametrize("status", [400, 404, 410, 413, 415, 422, 500])
def test_what_will_not_pass_is_not_tried_again(service, clock, status):
    service.failing = [refusal(status)]
    with pytest.raises(argmind.ArgmindError) as caught:
        client_of(service).solve(LP)
    assert caught.value.status == status
    assert len(service.requests) == 1
    assert clock.pauses == []


def test_back_off_doubles_up_to_its_limit_and_ends(service, clock):
    service.failing = [refusal(503)] * 20
    with pytest.raises(argmind.Overloaded):
        client_of(service, retries=7, timeout=1000).solve(LP)
    assert clock.pauses == [0.25, 0.5, 1, 2, 4, 8, 8]
    assert len(service.requests) == 8


def test_jitter_is_full(service, clock, monkeypatch):
    ranges = []
    monkeypatch.setattr(random, "uniform", lambda *span: ranges.append(span) or 0.0)
    service.failing = [refusal(503)] * 3
    client_of(service).solve(LP)
    assert ranges == [(0.0, 0.25), (0.0, 0.5), (0.0, 1.0)]
    assert clock.pauses == [0.0, 0.0, 0.0]


def test_retry_after_in_seconds_comes_before_the_jitter(service, clock):
    service.failing = [refusal(503, **{"Retry-After": "3"})]
    client_of(service).solve(LP)
    assert clock.pauses == [3.25]


def test_retry_after_may_be_a_date(service, clock):
    date = format_datetime(_transport.datetime.fromtimestamp(time.time() + 10, _transport.UTC), usegmt=True)
    service.failing = [refusal(429, **{"Retry-After": date}), refusal(429, **{"Retry-After": "soon"})]
    client_of(service).solve(LP)
    assert clock.pauses[0] == pytest.approx(10.25, abs=1.5)
    assert clock.pauses[1] == 0.5


def test_retry_after_may_be_finer_than_a_second(service, clock):
    headers = {"Retry-After": "2", "retry-after-ms": "1400"}
    service.failing = [refusal(503, **headers), refusal(503, **{**headers, "retry-after-ms": "x"})]
    client_of(service).solve(LP)
    assert clock.pauses == [1.65, 2.5]


def test_no_waiting_for_what_lies_past_the_deadline(service, clock):
    service.failing = [refusal(503, **{"Retry-After": "30"})]
    with pytest.raises(argmind.Overloaded) as caught:
        client_of(service, timeout=10).solve(LP)
    assert caught.value.retry_after == 30
    assert clock.now == 0


def test_the_service_is_told_how_long_it_has(service, clock):
    service.failing = [refusal(503, **{"Retry-After": "4"})]
    client_of(service, timeout=10).solve(LP)
    told = [float(request.headers["X-Server-Timeout"]) for request, _ in service.requests]
    assert told == pytest.approx([9.5, 0.95 * 5.75], abs=1e-3)
    assert clock.now == 4.25


def test_a_call_may_have_its_own_timeout(service):
    client_of(service).solve(LP, timeout=2.0)
    assert float(service.requests[0][0].headers["X-Server-Timeout"]) == pytest.approx(1.9, abs=0.5)


@pytest.mark.parametrize("timeout", [0, -1.0, float("nan")])
def test_a_timeout_is_positive(service, timeout):
    with pytest.raises(ValueError, match="positive"):
        client_of(service, timeout=timeout)
    with pytest.raises(ValueError, match="positive"):
        client_of(service).solve(LP, timeout=timeout)


def test_headers_of_a_request(service):
    client_of(service, headers={"Authorization": "Bearer t"}).solve(LP)
    headers = service.requests[0][0].headers
    assert headers["Content-Type"] == "application/cbor"
    assert headers["Accept"].startswith("application/cbor")
    assert headers["Authorization"] == "Bearer t"
    assert headers["User-Agent"] == f"argmind-python/{argmind.__version__}"


@pytest.mark.parametrize(
    "response",
    [
        Answer(200, b"<html>", {"Content-Type": "text/html"}),
        Answer(200),
        Answer(200, b"\xff", {"Content-Type": "application/cbor"}),
        Answer.cbor({"status": "optimal"}),
        Answer.cbor([1]),
    ],
)
def test_an_answer_that_makes_no_sense_says_so(service, response):
    service.failing = [response]
    with pytest.raises(argmind.InvalidResponse):
        client_of(service).solve(LP)


@pytest.mark.parametrize("content", [b"", b"<html>gateway</html>", b"[]", b'"x"'])
def test_an_error_without_a_document_still_has_its_class(service, content):
    service.failing = [Answer(415, content)]
    with pytest.raises(argmind.UnsupportedMediaType, match="415"):
        client_of(service).solve(LP)


def test_a_document_may_be_cbor(service):
    document = encode({"title": "Invalid", "detail": "c is missing"})
    service.failing = [Answer(422, document, {"Content-Type": "application/problem+cbor"})]
    with pytest.raises(argmind.InvalidProblem, match="Invalid: c is missing"):
        client_of(service).solve(LP)


def test_nothing_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(
            argmind.ConnectionFailed, match=rf"nothing listens at {url}.*`make run`.*argmind\.local\(\)"
        ):
            Client(url, retries=1).solve(LP)


@pytest.mark.parametrize("url", ["ftp://host", "host:8080"])
def test_a_url_must_be_one(url):
    with pytest.raises(ValueError, match="is not the URL of a service"):
        Client(url).solve(LP)


def test_a_silent_service_is_given_up_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        client = Client(f"http://127.0.0.1:{mute.getsockname()[1]}", timeout=0.4)
        started = time.monotonic()
        with pytest.raises(argmind.DeadlineExceeded, match=r"no answer within 0\.4 s"):
            client.solve(LP)
        assert 0.3 < time.monotonic() - started < 20
        client.close()


def test_a_dripping_answer_is_given_up_at_the_deadline():
    stop = threading.Event()

    def drip():
        peer, _ = server.accept()
        with peer:
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/cbor\r\nContent-Length: 9999\r\n\r\n")
            while not stop.wait(0.05):
                peer.sendall(b"\x00")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip)
        thread.start()
        with (
            Client(f"http://127.0.0.1:{server.getsockname()[1]}", timeout=0.5) as client,
            pytest.raises(argmind.DeadlineExceeded),
        ):
            client.solve(LP)
        stop.set()
        thread.join()


def test_many_threads_share_a_client():
    with serve(Service()) as url, Client(url, max_connections=4) as client:
        costs = [np.array([i + 1.0, 1.0]) for i in range(40)]

        def objective(c):
            return float(client.solve({"c": c, "A": [[1.0, 0.0]], "b": [2.0], "lb": 0.0}).objective)

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            assert list(pool.map(objective, costs)) == pytest.approx([2 * (i + 1) for i in range(40)])


def test_a_closed_client_opens_again():
    with serve(Service()) as url:
        client = Client(url)
        for _ in range(2):
            assert client.solve(LP).status == "optimal"
            client.close()


def _solve_in_child(client, queue):
    queue.put(client.solve(LP).status)
    client.close()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning", "ignore:.*fork:RuntimeWarning")  # the latter is JAX's
def test_a_forked_child_has_connections_of_its_own():
    with serve(Service()) as url, Client(url) as client:
        client.solve(LP)
        fork = multiprocessing.get_context("fork")
        queue = fork.SimpleQueue()
        child = fork.Process(target=_solve_in_child, args=(client, queue))
        child.start()
        assert queue.get() == "optimal"
        child.join()
        assert child.exitcode == 0
        assert client.solve(LP).status == "optimal"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_a_copy_works_on_its_own(again):
    with serve(Service()) as url:
        client = Client(url, timeout=7, retries=2, max_connections=3, headers={"X-A": "1"})
        client.solve(LP)
        copied = again(client)
        client.close()
        assert copied.solve(LP).status == "optimal"
        assert (copied.url, copied.timeout, copied._connection.retries) == (url, 7, 2)
        assert copied._connection.headers == {"X-A": "1"}
        copied.close()


def test_a_deep_copy_shares_the_test_transport(service):
    client = client_of(service)
    copy.deepcopy(client).solve(LP)
    assert service.paths == ["/solve"]


def test_the_url_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("ARGMIND_URL", raising=False)
    assert Client().url == argmind.DEFAULT_URL == "http://localhost:8080"
    monkeypatch.setenv("ARGMIND_URL", "http://elsewhere:1/")
    assert Client().url == "http://elsewhere:1"
    assert Client("http://given").url == "http://given"
    assert repr(Client()) == "Client('http://elsewhere:1', timeout=60)"

"""The HTTP client against a peer that the test scripts byte by byte."""

import contextlib
import math
import socket
import threading
import time

import numpy as np
import pytest

import argmind
from argmind import Client
from argmind._http import Network, Request
from argmind._wire import encode

ANSWER = encode({"solvers": [{"name": "a"}]})
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/cbor\r\n"


@contextlib.contextmanager
def peer(*scripts):
    """Serves one connection for each script, a function of the socket; yields the URL."""
    failures = []

    def run():
        for script in scripts:
            try:
                connection, _ = server.accept()
                with connection:
                    script(connection)
            except OSError as error:  # the test has ended
                failures.append(error)
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join()


def read_request(connection):
    """One request: its head and its body."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(1 << 20)
    return lines[0], headers, body


def answering(*answers):
    """A script: reads a request before each answer."""

    def script(connection):
        for answer in answers:
            read_request(connection)
            connection.sendall(answer)

    return script


def with_length(content=ANSWER, head=HEAD):
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def chunked(content, size=5):
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode() + body + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        with_length(),
        chunked(ANSWER),
        with_length(head="HTTP/1.1 100 Continue\r\n\r\n" + HEAD),
        with_length(head=HEAD.replace("Content-Type", "CONTENT-TYPE")),
    ],
)
def test_a_connection_is_used_again(answer):
    with peer(answering(answer, answer, answer)) as url, Client(url, retries=0) as client:
        for _ in range(3):
            assert client.solvers() == [{"name": "a"}]


@pytest.mark.parametrize(
    "answer",
    [
        HEAD.encode() + b"\r\n" + ANSWER,  # ends with the connection
        with_length(head=HEAD + "Connection: close\r\n"),
        with_length(head=HEAD.replace("1.1", "1.0")),
        with_length(),  # closed without a word
    ],
)
def test_a_closed_connection_is_not_used_again(answer):
    with peer(answering(answer), answering(answer)) as url, Client(url, retries=0) as client:
        for _ in range(2):
            assert client.solvers() == [{"name": "a"}]
            time.sleep(0.1)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        with_length(head=HEAD + "no colon\r\n"),
        with_length(head=HEAD + "".join(f"X-{k}: y\r\n" for k in range(200))),
        with_length(head=HEAD + f"X: {'y' * 70_000}\r\n"),
        with_length()[:-3],
        chunked(ANSWER)[:-12],
    ],
)
def test_an_answer_that_breaks_off_is_asked_for_again(answer, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda _low, _high: 0.0)
    with peer(answering(answer), answering(with_length())) as url:
        with Client(url, retries=0) as client, pytest.raises(argmind.ConnectionFailed, match="broke"):
            client.solvers()
        with Client(url, retries=0) as client:
            assert client.solvers() == [{"name": "a"}]


@pytest.mark.parametrize("headers", [{"X": "y\r\nZ: z"}, {"X\n": "y"}, {"X": "y\rz"}, {"X": "\N{SNOWMAN}"}])
def test_a_header_stays_one_header(headers):
    received = []
    with (
        peer(lambda connection: received.append(connection.recv(100))) as url,
        Client(url, retries=0, headers=headers) as client,
        pytest.raises(ValueError, match=r"line break|latin-1"),
    ):
        client.solvers()
    assert not any(received)


@pytest.mark.parametrize("content", [b"\xff", ANSWER + b"\x00", ANSWER[:-1], encode([1]) + b"\x01"])
def test_after_garbage_the_next_call_is_not_confused(content):
    with peer(answering(with_length(content)), answering(with_length())) as url, Client(url, retries=0) as client:
        with pytest.raises(argmind.InvalidResponse):
            client.solvers()
        client.close()
        assert client.solvers() == [{"name": "a"}]


def test_a_refusal_before_the_body_is_read_is_understood():
    def refuse(connection):
        connection.recv(1000)
        problem = b'{"title": "too large"}'
        head = "HTTP/1.1 413 \r\nContent-Type: application/problem+json\r\nConnection: close\r\n"
        connection.sendall(with_length(problem, head))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 20):
            pass

    with (
        peer(refuse) as url,
        Client(url, retries=0) as client,
        pytest.raises(argmind.PayloadTooLarge, match="too large"),
    ):
        client.solve({"c": np.zeros((1000, 1000))})


def test_large_arrays_arrive_as_they_are():
    arrays = {name: np.random.default_rng(1).standard_normal((300, 700)) for name in ("a", "b")}
    seen = []

    def echo(connection):
        _, _, body = read_request(connection)
        seen.append(body)
        connection.sendall(with_length(body))

    with peer(echo) as url, contextlib.closing(Network(url, 1)) as network:
        parts = argmind._wire.encode_parts(arrays)
        assert any(isinstance(part, memoryview) for part in parts)
        request = Request("POST", url + "/solve", {}, parts, time.monotonic() + 60)
        with contextlib.closing(network(request)) as response:
            back = argmind._wire.decode_from(response, response.length)
    assert seen[0] == encode(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].flags.aligned
        assert back[name].flags.writeable


def test_no_more_connections_than_allowed():
    def slow(connection):
        read_request(connection)
        time.sleep(0.5)

    def waits():
        with pytest.raises(argmind.ArgmindError):
            client.solvers()

    with (
        peer(slow) as url,
        Client(url, retries=0, max_connections=1, timeout=0.3) as client,
        contextlib.ExitStack() as stack,
    ):
        thread = threading.Thread(target=waits)
        thread.start()
        stack.callback(thread.join)
        time.sleep(0.1)
        with pytest.raises(argmind.DeadlineExceeded):
            client.solvers(timeout=0.1)


def test_a_proxy_of_the_environment_is_used(monkeypatch):
    lines = []

    def proxy(connection):
        line, headers, _ = read_request(connection)
        lines.append((line, headers["host"], headers.get("proxy-authorization"), headers.get("authorization")))
        connection.sendall(with_length())

    with peer(proxy) as url:
        monkeypatch.setenv("http_proxy", url.replace("//", "//user:pass@"))
        monkeypatch.setenv("no_proxy", "elsewhere")
        with Client("http://me:secret@service.example:81/prefix", retries=0) as client:
            client.solvers()
    assert lines == [
        (
            "GET http://service.example:81/prefix/solvers HTTP/1.1",
            "service.example:81",
            "basic dxnlcjpwyxnz",
            "basic bwu6c2vjcmv0",
        )
    ]


@pytest.mark.parametrize(
    "url", ["http://", "http://host:port", "http://host:99999", "//host", "", "http://host/a b", "http://host/\x7f"]
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(ValueError, match="is not the URL"):
        Network(url, 1)


def test_time_that_is_over_is_not_waited_for():
    with peer() as url, contextlib.closing(Network(url, 1)) as network, pytest.raises((TimeoutError, OSError)):
        network(Request("GET", url, {}, [], -math.inf))

"""Keys and certificates: what the client sends, and what it never shows."""

import contextlib
import hashlib
import pickle
import re
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import argmind
from argmind import Client
from argmind._cli import main
from argmind._wire import encode
from service import Answer

KEY = "argmind_" + "k" * 43
SOLVERS = Answer.cbor({"solvers": [{"name": "a"}]})
REFUSAL = Answer.problem(401, type="https://argmind.io/problems/unauthenticated", title="Who asks is not known")
LP = {"c": [1.0, 2.0], "A": [[1.0, 1.0]], "b": [1.0], "lb": 0.0}


class Recorder:
    """A transport that keeps what was sent."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def __call__(self, request):
        """Answers the next."""
        self.sent.append(request)
        return self.answers.pop(0).response()


def test_the_key_goes_along_and_is_shown_nowhere(monkeypatch):
    monkeypatch.delenv("ARGMIND_API_KEY", raising=False)
    recorder = Recorder(SOLVERS, SOLVERS, REFUSAL)
    client = Client("http://service", api_key=KEY, transport=recorder, headers={"X-Team": "red"})
    client.solvers()
    pickled = pickle.dumps(Client("http://service", api_key=KEY))
    copy = pickle.loads(pickled)
    copy._connection.transport = recorder
    copy.solvers()
    assert [request.headers["Authorization"] for request in recorder.sent] == [f"Bearer {KEY}"] * 2
    assert recorder.sent[0].headers["X-Team"] == "red"
    with pytest.raises(argmind.Unauthenticated) as caught:
        client.solvers()
    for text in (repr(client), str(client), str(caught.value), repr(caught.value), repr(client._connection)):
        assert KEY not in text


def test_a_wrong_key_is_not_tried_again(monkeypatch):
    monkeypatch.delenv("ARGMIND_API_KEY", raising=False)
    recorder = Recorder(REFUSAL)
    with pytest.raises(argmind.Unauthenticated):
        Client("http://service", transport=recorder).solvers()
    assert len(recorder.sent) == 1
    assert "Authorization" not in recorder.sent[0].headers


def test_the_environment_has_the_key_of_those_without_one(monkeypatch):
    monkeypatch.setenv("ARGMIND_API_KEY", "from-the-environment")
    recorder = Recorder(SOLVERS, SOLVERS)
    Client("http://service", transport=recorder).solvers()
    Client("http://service", api_key=KEY, transport=recorder).solvers()
    sent = [request.headers["Authorization"] for request in recorder.sent]
    assert sent == ["Bearer from-the-environment", f"Bearer {KEY}"]
    monkeypatch.setenv("ARGMIND_URL", "http://service")
    one = argmind.default_client()
    monkeypatch.setenv("ARGMIND_API_KEY", "another")
    assert argmind.default_client() is not one


@pytest.mark.parametrize("key", [f"{KEY}\n", "two words", "ä"])
def test_a_key_that_no_header_can_have_is_not_shown_either(key):
    with pytest.raises(ValueError, match="line break") as caught:
        Client("http://service", api_key=key)
    assert key.strip() not in str(caught.value)


def test_a_quota_is_one_kind_of_overload():
    problem = Answer.problem(429, {"Retry-After": "100"}, type="https://argmind.io/problems/quota-exceeded", detail="D")
    with pytest.raises(argmind.QuotaExceeded) as caught:
        Client("http://service", transport=Recorder(problem), timeout=5.0).solvers()
    assert isinstance(caught.value, argmind.Overloaded)
    assert caught.value.retry_after == 100


def made(capsys, *arguments):
    """A key and its line, as the command line makes them."""
    assert main(["key", *arguments]) == 0
    printed = capsys.readouterr()
    return printed.out.strip(), printed.err.strip()


def test_keys_are_made(capsys, tmp_path):
    key, line = made(capsys, "red")
    assert re.fullmatch(r"argmind_[A-Za-z0-9_-]{43}", key)
    assert line == f"red sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    other, until = made(capsys, "red", "--days", "30")
    assert other != key
    expires = datetime.fromisoformat(until.split()[2])
    assert timedelta(days=29) < expires - datetime.now(UTC) <= timedelta(days=30)
    file = tmp_path / "keys"
    first, nothing = made(capsys, "red", "--line", str(file))
    second, _ = made(capsys, "blue", "--line", str(file))
    assert nothing == ""
    hashes = [hashlib.sha256(k.encode()).hexdigest() for k in (first, second)]
    assert file.read_text() == f"red sha256:{hashes[0]}\nblue sha256:{hashes[1]}\n"


def test_the_manual_makes_the_same_without_python(tmp_path):
    manual = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()
    (block,) = re.findall(r"```sh\n(key=.*?)```", manual, re.DOTALL)
    script = f'set -eu\n{block}\nprintf %s "$key"'
    command = ["bash", "-c", script]
    key = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert re.fullmatch(r"argmind_[0-9a-f]{64}", key)
    line = f"red sha256:{hashlib.sha256(key.encode()).hexdigest()} 2027-12-31T00:00:00Z\n"
    assert (tmp_path / "keys").read_text() == line


@pytest.mark.parametrize("tenant", ["", "two words", "ä", "#red"])
def test_a_tenant_has_a_name(tenant, capsys):
    assert main(["key", tenant]) == 2
    assert "tenant" in capsys.readouterr().err


class Solvers(BaseHTTPRequestHandler):
    """Answers GET /solvers."""

    def do_GET(self):
        """Whatever the path."""
        content = encode({"solvers": [{"name": "a"}]})
        self.send_response(200)
        self.send_header("Content-Type", "application/cbor")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Quietly."""


@contextlib.contextmanager
def tls(tmp_path, names):
    """A service with a certificate of its own for these names: its port and the certificate's file."""
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    key_type = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=test",
    ]
    files = ["-keyout", str(key), "-out", str(certificate)]
    command = ["openssl", "req", "-x509", *key_type, "-addext", f"subjectAltName={names}", *files]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(("127.0.0.1", 0), Solvers) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port, certificate
        finally:
            server.shutdown()
            thread.join()


def solvers(port, **options):
    with Client(f"https://127.0.0.1:{port}", retries=0, timeout=20.0, **options) as client:
        return client.solvers()


def test_a_certificate_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with tls(tmp_path, "IP:127.0.0.1") as (port, certificate):
        assert solvers(port, ca=certificate) == [{"name": "a"}]
        with pytest.raises(argmind.ConnectionFailed, match="certificate verify failed"):
            solvers(port)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert solvers(port) == [{"name": "a"}]


def test_the_name_must_be_the_certificates(tmp_path):
    with (
        tls(tmp_path, "DNS:another.example") as (port, certificate),
        pytest.raises(argmind.ConnectionFailed, match="certificate verify failed"),
    ):
        solvers(port, ca=certificate)


@pytest.mark.live
def test_a_service_that_asks_for_keys(tmp_path, monkeypatch):
    """From making a key to a gradient, as an operator and a user would."""
    file = tmp_path / "keys"
    run = [sys.executable, "-m", "argmind", "key", "red", "--line", str(file)]
    key = subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()
    arguments = ["--argmind.security.mode=api-key", f"--argmind.security.keys-file={file}", "--argmind.warm-up=0s"]
    monkeypatch.delenv("ARGMIND_API_KEY", raising=False)
    with argmind.local(args=arguments) as service:
        with pytest.raises(argmind.Unauthenticated, match="Authorization"):
            argmind.solve(LP)
        with Client(service.url, api_key=key) as client:
            assert client.solve(LP).x.tolist() == [1.0, 0.0]
        monkeypatch.setenv("ARGMIND_API_KEY", key)
        solution = argmind.solve(LP)
        assert argmind.lpgd_backward(solution, {"x": [1.0, 0.0]}, tau=0.1)["c"].shape == (2,)
        assert key not in service.log.read_text()

"""`argmind.local` and `python -m argmind`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import argmind
from argmind import ServiceNotStarted, _local
from argmind._cli import main
from service import Service, serve

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def fake_java(tmp_path):
    """Makes an installation whose `java` is a script."""

    def make(script, version="25.0.3", name="jdk"):
        home = tmp_path / name
        (home / "bin").mkdir(parents=True)
        (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
        java = home / "bin" / "java"
        java.write_text(f"#!{sys.executable}\n{script}")
        java.chmod(0o755)
        return home

    return make


@pytest.fixture
def jar(tmp_path):
    path = tmp_path / "argmind.jar"
    path.write_bytes(b"")
    return path


READY = """
import sys, http.server
print("starting with", *sys.argv[1:], flush=True)
port = next(int(a.partition("=")[2]) for a in sys.argv if a.startswith("--server.port="))
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def test_options_are_those_of_the_repository():
    lines = (ROOT / "tools" / "jvm.options").read_text().splitlines()
    assert tuple(line for line in lines if line and not line.startswith("#")) == _local.JVM_OPTIONS


def test_it_starts_serves_and_stops(fake_java, jar, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(fake_java(READY)))
    monkeypatch.setenv("ARGMIND_URL", "http://before")
    with argmind.local(jar=jar, args=["--argmind.limits.body=1MB"]) as service:
        assert service.running
        assert os.environ["ARGMIND_URL"] == service.url == service.client.url == argmind.default_client().url
        log = service.log.read_text()
        assert f"-jar {jar}" in log
        assert "--argmind.limits.body=1MB" in log
        assert "--argmind.security.mode=none" in log
        assert all(option in log for option in _local.JVM_OPTIONS)
    assert not service.running
    assert not service.log.exists()
    assert os.environ["ARGMIND_URL"] == "http://before"
    service.stop()
    assert "stopped" in repr(service)


def test_it_stops_with_the_program(fake_java, jar):
    code = f"import argmind; s = argmind.local(jar={str(jar)!r}, set_default=False); print(s._process.pid)"
    environment = {**os.environ, "JAVA_HOME": str(fake_java(READY))}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_what_ends_before_it_is_ready_shows_its_log(fake_java, jar):
    java = fake_java("print('port in use'); raise SystemExit(7)") / "bin" / "java"
    with pytest.raises(ServiceNotStarted, match=r"exit code 7 before it was ready; the end of its log:\nport in use"):
        argmind.local(jar=jar, java=java)


def test_what_is_never_ready_is_stopped(fake_java, jar):
    java = fake_java("import time; print('thinking', flush=True); time.sleep(600)") / "bin" / "java"
    with pytest.raises(ServiceNotStarted, match=r"not ready within 1 s; the end of its log:\nthinking"):
        argmind.local(jar=jar, java=java, timeout=1)


def test_a_java_that_is_too_old_is_named(fake_java, jar, monkeypatch):
    home = fake_java("", version="21.0.1", name="old")
    monkeypatch.setenv("JAVA_HOME", str(home))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(_local, "_INSTALLED", ())
    with pytest.raises(ServiceNotStarted, match=rf"needs Java 25.*found 21 in {home}"):
        argmind.local(jar=jar)
    monkeypatch.delenv("JAVA_HOME")
    with pytest.raises(ServiceNotStarted, match="found none"):
        argmind.local(jar=jar)
    good = fake_java("", name="good/jdk-25")
    monkeypatch.setattr(_local, "_INSTALLED", (f"{good.parent}/*",))
    assert _local._find_java() == good / "bin" / "java"


def test_a_jar_that_is_not_there(tmp_path, monkeypatch):
    with pytest.raises(ServiceNotStarted, match=r"there is no jar at nowhere.jar"):
        argmind.local(jar="nowhere.jar")
    monkeypatch.setenv("ARGMIND_JAR", "elsewhere.jar")
    with pytest.raises(ServiceNotStarted, match=r"there is no jar at elsewhere.jar"):
        argmind.local()
    monkeypatch.delenv("ARGMIND_JAR")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_local, "__file__", str(tmp_path / "argmind" / "_local.py"))
    with pytest.raises(ServiceNotStarted, match="make jar"):
        argmind.local()
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "argmind.jar").write_bytes(b"")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert _local._find_jar(None) == tmp_path / "target" / "argmind.jar"


def test_an_image_is_run_by_docker(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceNotStarted, match="needs Docker"):
        argmind.local(image="argmind")
    docker, calls = tmp_path / "docker", tmp_path / "calls"
    code = f"open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))"
    docker.write_text(f"#!{sys.executable}\nimport sys; print(*sys.argv[1:]); {code}; raise SystemExit(125)")
    docker.chmod(0o755)
    expected = (
        r"run --rm --name argmind-\w+ --publish 127\.0\.0\.1:\d+:8080 argmind:1 --argmind.drain=0s "
        r"--argmind\.security\.mode=none --x=y"
    )
    with pytest.raises(ServiceNotStarted, match=expected):
        argmind.local(image="argmind:1", args=["--x=y"])
    run, remove = calls.read_text().splitlines()
    assert remove == f"rm --force {run.split()[3]}"


@pytest.fixture
def image():
    """The service's image, made by `make image` or the Java tests before these."""
    name = os.environ.get("ARGMIND_IMAGE", "argmind")
    docker = shutil.which("docker")
    inspect = [docker or "", "image", "inspect", name]
    if docker is None or subprocess.run(inspect, capture_output=True, check=False).returncode != 0:
        how = f"needs a Docker engine with the image {name} (`make image`)"
        pytest.fail(how) if "CI" in os.environ else pytest.skip(how)
    return name


@pytest.mark.live
def test_the_real_image(image):
    def containers():
        listed = ["docker", "ps", "--all", "--quiet", "--filter", "name=^argmind-[0-9a-f]{32}$"]
        return set(subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split())

    before = containers()
    with argmind.local(image=image, args=["--argmind.warm-up=0s"], set_default=False) as service:
        assert len(containers() - before) == 1
        solution = service.client.solve({"c": [-0.1, -0.2, 0.1], "A": [[1, 1, 1]], "b": [1], "lb": 0})
        np.testing.assert_allclose(solution.x, [0, 1, 0])
        gradients = service.client.lpgd_backward(solution, {"x": [0.1, 0.1, -0.5]}, tau=1.0, envelope="lower")
        np.testing.assert_allclose(gradients["c"], [0, -1, 1])
    assert containers() <= before


@pytest.mark.live
def test_the_real_one():
    with argmind.local(set_default=False) as service:
        np.testing.assert_allclose(service.client.solve({"c": [1, 2], "A": [[1, 1]], "b": [1], "lb": 0}).x, [1, 0])


LP = {"c": [1, 2], "A": [[1, 1]], "b": [1], "lb": 0, "ub": ["Infinity", None]}


@pytest.fixture(scope="module")
def url():
    with serve(Service()) as url:
        yield url


@pytest.fixture
def file(tmp_path):
    def write(value):
        path = tmp_path / "problem.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(path)

    return write


def test_solve_prints_the_answer(url, file, capsys):
    assert main(["solve", file(LP), "--url", url]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "optimal"
    np.testing.assert_allclose(answer["x"], [1, 0], atol=1e-8)
    assert answer["solver"] == "oracle"


def test_solve_takes_a_request_and_options(file, capsys, tmp_path, monkeypatch):
    service = Service()
    with serve(service) as url:
        monkeypatch.setenv("ARGMIND_URL", url)
        out = tmp_path / "answer.json"
        request = {"problem": LP, "solver": "oracle", "options": {"tolerance": 1e-4, "time_limit": 3}}
        assert main(["solve", file(request), "--tolerance", "1e-6", "--output", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(out.read_text())["status"] == "optimal"
    body = service.requests[0][1]
    assert (body["solver"], body["options"]) == ("oracle", {"tolerance": 1e-6, "time_limit": 3})


def test_an_instance_without_a_solution_is_exit_code_one(url, file, capsys):
    assert main(["solve", file({**LP, "b": [[1], [-1]]}), "--url", url]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == ["optimal", "infeasible"]
    assert answer["x"][1] == [None, None]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "Expecting property name"),
        ("[1]", "expected a JSON object, got list"),
        ({"problem": 3}, "must be a JSON object, not int"),
        ({"A": [[1]]}, "/problem/c: is missing"),
        ({"c": ["one"]}, "c must be real numbers"),
        ({"problem": LP, "options": {"speed": 1}}, "speed"),
    ],
)
def test_bad_input_is_exit_code_two(url, file, capsys, content, message):
    assert main(["solve", file(content), "--url", url]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_files_and_services_that_are_not_there(file, capsys):
    assert main(["solve", "nothing.json"]) == 2
    assert "nothing.json" in capsys.readouterr().err
    assert main(["solvers", "--url", "http://127.0.0.1:9", "--timeout", "0.5"]) == 3
    assert "nothing listens at http://127.0.0.1:9" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["solve", file(LP), "--fast"])


def test_solvers_are_listed(url, capsys):
    assert main(["solvers", "--url", url]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["NAME", "VERSION", "CLASSES"]
    assert line.split()[0] == "oracle"
    assert main(["solvers", "--json", "--url", url]) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "oracle"


def test_help_says_everything():
    run = subprocess.run([sys.executable, "-m", "argmind", "--help"], capture_output=True, text=True, check=True)
    assert all(word in run.stdout for word in ("solve", "solvers", "exit codes", "ARGMIND_URL"))
    run = subprocess.run(
        [sys.executable, "-m", "argmind", "solve", "--help"], capture_output=True, text=True, check=True
    )
    assert all(word in run.stdout for word in ("--tolerance", "--url", "standard input", "exit codes"))

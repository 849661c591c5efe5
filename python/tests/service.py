"""The contract of the service over the oracle, in this process: what the client's own tests talk to."""

import contextlib
import hashlib
import itertools
import json
import math
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

import oracle
from argmind._http import Request, Response
from argmind._wire import decode, encode
from discrete_service import Instances

RANKS = {"P": 2, "c": 1, "A": 2, "b": 1, "G": 2, "h": 1, "lb": 1, "ub": 1}
UPSTREAM = ("x", "y", "z", "s", "objective")


@dataclass(frozen=True)
class Answer:
    """An answer that can be given more than once."""

    status: int
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def cbor(cls, value):
        """Success."""
        return cls(200, encode(value), {"Content-Type": "application/cbor"})

    @classmethod
    def problem(cls, status, headers=None, **members):
        """A problem document."""
        content = json.dumps({"status": status, **members}).encode()
        return cls(status, content, {"Content-Type": "application/problem+json", **(headers or {})})

    def response(self):
        """Once."""
        return Response(self.status, self.headers, self.content)


class Problem(Exception):
    """Becomes an application/problem+json answer."""

    def __init__(self, status, slug, detail, headers=None, **members):
        super().__init__(detail)
        self.answer = Answer.problem(status, headers, type=f"/problems/{slug}", title=slug, detail=detail, **members)


def refused(pointer, detail):
    """What is wrong with a field."""
    return Problem(422, "invalid-problem", "the problem is invalid", errors=[{"pointer": pointer, "detail": detail}])


class Service:
    """Answers requests and remembers them; `forget()` is an eviction of everything."""

    def __init__(self):
        self.requests = []
        self.registered, self.retained = {}, {}
        self.failing = []  # answers or exceptions to give before anything else
        self.lock = threading.Lock()
        self.numbers = itertools.count()

    def __call__(self, request: Request) -> Response:
        """One request."""
        body = decode(request.content) if request.content else None
        with self.lock:
            self.requests.append((request, body))
            planned = self.failing.pop(0) if self.failing else None
        if isinstance(planned, Exception):
            raise planned
        if planned is not None:
            return planned.response()
        try:
            route = {"/solve": self.solve, "/lpgd-backward": self.backward, "/problems": self.register}
            answer = route[request.path](body) if request.path in route else self.solvers()
        except Problem as problem:
            return problem.answer.response()
        return Answer.cbor(answer).response()

    @property
    def paths(self):
        """What was asked for, in order."""
        return [request.path for request, _ in self.requests]

    def forget(self, *, registered=True, retained=True):
        """Evicts."""
        if registered:
            self.registered.clear()
        if retained:
            self.retained.clear()

    def solvers(self):
        """GET /solvers."""
        return {"solvers": [{"name": "oracle", "version": "1", "duals": True}]}

    def register(self, fields):
        """PUT /problems."""
        name = hashlib.sha256(encode(fields)).hexdigest()
        self.registered[name] = fields
        return {"id": name}

    def solve(self, body):
        """POST /solve."""
        whole = self.whole(body["problem"])
        if whole.get("type", "program") != "program":
            return self.solve_discrete(whole, body)
        batch = Batch(whole)
        points = [oracle.solve(data) for data in batch.instances]
        answer = {"solver": "oracle", "reason": "the only solver", "solve_seconds": 0.0, **batch.answer(points)}
        if body["retain"]:
            answer["id"] = f"solve-{next(self.numbers)}"
            self.retained[answer["id"]] = (batch, points)
        return answer

    def solve_discrete(self, whole, body):
        """POST /solve of a combinatorial kind."""
        batch = Instances(whole, refused)
        answer = {"solver": "oracle", "solve_seconds": 0.0, **batch.solve(body.get("perturbation"))}
        if body["retain"]:
            with self.lock:
                answer["id"] = f"solve-{len(self.requests)}"
            self.retained[answer["id"]] = (batch, answer)
        return answer

    def backward(self, body):
        """POST /lpgd-backward."""
        solve = body["solve"]
        batch, points = self.retained.get(solve.get("id"), (None, None))
        if batch is None and "problem" not in solve:
            raise Problem(410, "solve-not-retained", "this solve is not retained")
        if batch is None and "type" in self.whole(solve["problem"]):
            batch, points = Instances(self.whole(solve["problem"]), refused), solve["solution"]
        if isinstance(batch, Instances):
            return batch.backward(body, points)
        if batch is None:
            batch = Batch(self.whole(solve["problem"]))
            points = [oracle.solve(data) for data in batch.instances]  # to machine precision what was sent
        upstream = batch.upstream(body["gradient"])
        tau = body.get("tau", "auto")
        taus = np.broadcast_to(0.01 if isinstance(tau, str) else np.asarray(tau, float), len(points))
        if body.get("method") in ("blackbox", "perturbed", "imle"):
            raise refused("/method", "the oracle has it for combinatorial kinds only")
        results = [
            (oracle.kkt_adjoint(data, point, g), "ok", {})
            if body.get("method") == "implicit"
            else ({"c": -g["x"]}, "ok", {})
            if body.get("method") == "identity"
            else oracle.lpgd(data, point, g, t, body["rho"], body["envelope"])
            for data, point, g, t in zip(batch.instances, points, upstream, taus, strict=True)
        ]
        possible = ("P", "c") if batch.fields.get("integers") else RANKS
        wrt = body.get("wrt", [name for name in possible if name in batch.fields])
        if not set(wrt) <= set(possible):
            raise Problem(422, "invalid-problem", "wrt", errors=[{"pointer": "/wrt", "detail": "no duals"}])
        gradients = {name: batch.gradient(name, [result[0] for result in results]) for name in wrt}
        answer = {"gradients": gradients, "status": batch.squeeze([result[1] for result in results])}
        answer |= {"diagnostics": {"tau": batch.squeeze(taus)}, "solver": "oracle", "solve_seconds": 0.0}
        if "solutions" in body.get("return", ()):
            answer["solutions"] = {
                side: {"x": batch.squeeze(np.stack([result[2][sign].x for result in results]))}
                for side, sign in (("lower", 1), ("upper", -1))
                if all(sign in result[2] for result in results)
            }
        return answer

    def whole(self, fields):
        """The problem with its base filled in."""
        if "base" not in fields:
            return fields
        if fields["base"] not in self.registered:
            raise Problem(410, "problem-not-registered", "this problem is not registered")
        return {**self.registered[fields["base"]], **{k: v for k, v in fields.items() if k != "base"}}


class Batch:
    """A problem taken apart into instances, and answers put together again."""

    def __init__(self, fields):
        self.fields = fields
        self.dense = {name: self._dense(name) for name in RANKS if name in fields}
        sizes = {value.shape[0] for name, value in self.dense.items() if value.ndim > RANKS[name]}
        pointers = [
            {"pointer": f"/problem/{name}", "detail": f"must have rank {RANKS[name]} or one more, got {value.ndim}"}
            for name, value in self.dense.items()
            if value.ndim > RANKS[name] + 1 or np.isnan(value).any()
        ]
        if "c" not in self.dense:
            pointers.append({"pointer": "/problem/c", "detail": "is missing"})
        n = self.dense["c"].shape[-1] if self.dense.get("c", np.zeros(())).ndim else -1
        pointers += [
            {"pointer": f"/problem/{name}", "detail": f"expected {n} columns, got {self.dense[name].shape}"}
            for name in ("P", "A", "G")
            if name in self.dense and self.dense[name].shape[-1] != n
        ]
        if len(sizes) > 1 or pointers:
            raise Problem(422, "invalid-problem", f"batch sizes {sizes}", errors=pointers)
        self.size = sizes.pop() if sizes else None
        count = 1 if self.size is None else self.size
        self.instances = [
            oracle.Data.of(
                **{name: value[i] if value.ndim > RANKS[name] else value for name, value in self.dense.items()},
                integers=tuple(fields.get("integers", ())),
            )
            for i in range(count)
        ]
        if any((data.lb > data.ub).any() for data in self.instances):
            raise Problem(422, "invalid-problem", "lb > ub", errors=[{"pointer": "/problem/lb", "detail": "lb > ub"}])
        self.dtype = np.result_type(*(value for value in self.dense.values() if value.ndim))

    def _dense(self, name):
        value = self.fields[name]
        if not isinstance(value, dict):
            return np.asarray(value)
        values = np.asarray(value["values"])
        dense = np.zeros((*values.shape[:-1], *value["shape"]))
        dense[..., value["rows"], value["cols"]] = values
        return np.triu(dense) + np.swapaxes(np.triu(dense, 1), -1, -2) if value.get("triangle") else dense

    def squeeze(self, listed):
        """Drops the batch axis if there was none."""
        return listed if self.size is not None else listed[0]

    def answer(self, points):
        """The members of the answer that have a batch axis."""
        n, p, m = (self.dense[k].shape[-1] if k in self.dense else 0 for k in ("c", "b", "h"))
        widths = {"x": n, "y": p, "z": m, "s": m, "z_box": n}
        parts = {}
        for name, width in widths.items():
            stacked = np.array([getattr(point, name) for point in points], self.dtype).reshape(len(points), width)
            parts[name] = self.squeeze(stacked)
        absent = {"y", "z", "z_box"} if self.fields.get("integers") else set()
        absent |= {name for name, field in (("y", "b"), ("z", "h"), ("s", "h")) if field not in self.dense}
        absent |= {"z_box"} if not self.dense.keys() & {"lb", "ub"} else set()
        return {name: part for name, part in parts.items() if name not in absent} | {
            "objective": self.squeeze(np.array([point.objective for point in points], self.dtype)),
            "status": self.squeeze([point.status for point in points]),
            "residuals": {name: self.squeeze(np.zeros(len(points))) for name in ("primal", "dual", "gap")},
            "iterations": self.squeeze(np.ones(len(points), np.int32)),
        }

    def upstream(self, gradient):
        """One dict for each instance."""
        if not set(gradient) <= set(UPSTREAM) or not all(np.isfinite(value).all() for value in gradient.values()):
            raise Problem(422, "invalid-problem", "upstream gradient", errors=[{"pointer": "/gradient", "detail": ""}])
        if self.size is None:
            return [{name: np.asarray(value, float) for name, value in gradient.items()}]
        return [{name: np.asarray(value[i], float) for name, value in gradient.items()} for i in range(self.size)]

    def gradient(self, name, gradients):
        """The gradient by a field in the shape in which it was sent."""
        stacked = np.array([gradient[name] for gradient in gradients]).reshape(len(gradients), *self._shape(name))
        value = self.fields[name]
        if not isinstance(value, dict):
            value = np.asarray(value)
            if value.ndim == 0:
                return stacked.sum().astype(self.dtype)
            return (stacked if value.ndim > RANKS[name] else stacked.sum(axis=0)).astype(self.dtype)
        entries = stacked[:, value["rows"], value["cols"]]
        if value.get("triangle"):
            entries = np.where(value["rows"] == value["cols"], entries, 2 * entries)
        batched = np.ndim(value["values"]) > 1
        return {**value, "values": (entries if batched else entries.sum(axis=0)).astype(self.dtype)}

    def _shape(self, name):
        n = self.dense["c"].shape[-1]
        return {"P": (n, n), "lb": (n,), "ub": (n,)}.get(name, self.dense[name].shape[-RANKS[name] :])


@contextlib.contextmanager
def serve(answer):
    """Puts a handler behind a real socket; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            response = answer(Request(self.command, "http://test" + self.path, {}, [content], math.inf))
            body = response.read()
            self.send_response(response.status)
            self.send_header("Content-Type", response.headers["content-type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = handle_any  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

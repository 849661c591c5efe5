"""What can go wrong between a program and the service.

The tree mirrors the problem types of the service (RFC 9457)::

    ArgmindError
    ├── BadRequest              400  not CBOR or JSON, or not the expected members
    ├── DamagedBody             400  what arrived is not what was sent
    ├── Unauthenticated         401  the service asks for a key, and there is none or a wrong one
    ├── Forbidden               403  it is known who asks, but he may not
    ├── ProblemNotRegistered    410  the base of the problem is unknown or was evicted
    ├── SolveNotRetained        410  the solve is unknown or was evicted
    ├── PayloadTooLarge         413
    ├── UnsupportedMediaType    415
    ├── InvalidProblem          422  shapes or values that make no problem
    ├── Overloaded              503
    │   └── QuotaExceeded       429
    ├── DeadlineExceeded        504, or no answer within the client's own timeout
    ├── ServerError             500 and every other 5xx
    ├── ConnectionFailed        nothing listens, or the connection broke
    ├── InvalidResponse         the answer is not what the contract says
    ├── ServiceNotStarted       `argmind.local` could not start one
    └── SolveFailed             instances without a solution, where the caller wanted an exception

A problem type that this version does not know becomes a plain `ArgmindError`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with a request: `pointer` is a JSON pointer to the field, `detail` what was expected and got."""

    pointer: str
    detail: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.detail}"


class ArgmindError(Exception):
    """Base of all errors of this package.

    Attributes:
        message: what happened, in one sentence.
        status: the HTTP status, or None if there was no answer.
        type: the problem type (a URI reference), or None.
        errors: for bad input, every field at fault.
        retry_after: seconds that the service asked to wait, or None.
    """

    transient = False  # whether the same request may succeed a little later

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        type: str | None = None,
        errors: Sequence[FieldError] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.errors = list(errors)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return "\n  ".join([self.message, *map(str, self.errors)])

    def __reduce__(self) -> tuple[Any, ...]:
        # The default rebuilds an exception from `args` alone and fails on keyword-only parameters.
        return type(self).__new__, (type(self), self.message), {**self.__dict__}


class BadRequest(ArgmindError):
    """The service could not read the request."""


class DamagedBody(ArgmindError):
    """A request or an answer is not what was sent: its Content-Digest says so. Sending it again usually helps."""

    transient = True


class Unauthenticated(ArgmindError):
    """The service asks for a key: pass `api_key`, or set $ARGMIND_API_KEY; or the key is wrong or has expired."""


class Forbidden(ArgmindError):
    """It is known who asks, but he may not."""


class ProblemNotRegistered(ArgmindError):
    """The base of the problem is unknown to the service, or it has been evicted."""


class SolveNotRetained(ArgmindError):
    """The solve is unknown to the service, or it has been evicted."""


class PayloadTooLarge(ArgmindError):
    """The request is larger than the service accepts: split the batch."""


class UnsupportedMediaType(ArgmindError):
    """The service does not speak CBOR: is the URL that of an argmind service?"""


class InvalidProblem(ArgmindError):
    """Shapes or values make no problem; `errors` names every field at fault."""


class Overloaded(ArgmindError):
    """The service has no room for the request, and retrying did not help within the timeout."""

    transient = True


class QuotaExceeded(Overloaded):
    """A quota of this key's tenant is used up, and retrying did not help within the timeout."""


class DeadlineExceeded(ArgmindError):
    """No answer within the timeout."""

    transient = True


class ServerError(ArgmindError):
    """The service failed."""


class GatewayError(ServerError):
    """A proxy in front of the service got no answer from it (502)."""

    transient = True


class ConnectionFailed(ArgmindError):
    """The service could not be reached, or the connection broke."""

    transient = True


class InvalidResponse(ArgmindError):
    """The answer is not what the contract says."""


class ServiceNotStarted(ArgmindError):
    """`argmind.local` could not start a service; the message has the end of its log."""


class SolveFailed(ArgmindError):
    """Instances without a solution, or without a gradient.

    Attributes:
        indices: the position of each failed instance in the (flattened) batch; [0] if there was no batch.
        statuses: what became of each of them.
    """

    def __init__(self, message: str, indices: Sequence[int], statuses: Sequence[str]) -> None:
        super().__init__(message)
        self.indices = list(indices)
        self.statuses = list(statuses)


_BY_TYPE: dict[str, type[ArgmindError]] = {
    "damaged-body": DamagedBody,
    "problem-not-registered": ProblemNotRegistered,
    "solve-not-retained": SolveNotRetained,
}
_BY_STATUS: dict[int, type[ArgmindError]] = {
    400: BadRequest,
    401: Unauthenticated,
    403: Forbidden,
    413: PayloadTooLarge,
    415: UnsupportedMediaType,
    422: InvalidProblem,
    429: QuotaExceeded,
    502: GatewayError,
    503: Overloaded,
    504: DeadlineExceeded,
}


def error_from(status: int, problem: Mapping[str, Any], *, retry_after: float | None = None) -> ArgmindError:
    """Builds the error that a problem document (RFC 9457) stands for; absent or odd members do no harm."""
    kind = problem.get("type")
    kind = kind if isinstance(kind, str) else None
    slug = (kind or "").rstrip("/").rpartition("/")[2]
    cls = _BY_TYPE.get(slug) or _BY_STATUS.get(status) or (ServerError if status >= 500 else ArgmindError)
    parts = [str(problem[key]) for key in ("title", "detail") if problem.get(key)]
    listed = problem.get("errors")
    errors = [
        FieldError(str(item.get("pointer", "")), str(item.get("detail", "")))
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, Mapping)
    ]
    message = ": ".join(parts) or f"the service answered with HTTP status {status}"
    return cls(message, status=status, type=kind, errors=errors, retry_after=retry_after)

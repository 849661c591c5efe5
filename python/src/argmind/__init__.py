"""Client of argmind, a service that solves batches of convex and integer programs and differentiates through them.

    >>> import argmind
    >>> solution = argmind.solve({"P": [[1, 0], [0, 2]], "c": [1, 1], "A": [[1, 1]], "b": [1], "lb": 0})
    >>> argmind.lpgd_backward(solution, {"x": [1, 0]}, tau=0.1)["c"]

`argmind.kinds` has the combinatorial problems, `argmind.losses` losses for predict-then-optimize, `argmind.torch` both
and more as PyTorch layers, `argmind.cvxpy` the layer of cvxpylayers, `argmind.jax` the function for JAX and
`argmind.pyepo` the models for PyEPO; importing `argmind` alone needs NumPy only. `argmind.local()` starts a service.
"""

from . import cones, kinds, losses
from ._client import DEFAULT_URL, Client
from ._default import default_client, lpgd_backward, register, solve, solvers, submit
from ._errors import (
    ArgmindError,
    BadRequest,
    ConnectionFailed,
    DamagedBody,
    DeadlineExceeded,
    FieldError,
    Forbidden,
    GatewayError,
    InvalidProblem,
    InvalidResponse,
    Overloaded,
    PayloadTooLarge,
    ProblemNotRegistered,
    QuotaExceeded,
    ServerError,
    ServiceNotStarted,
    SolveFailed,
    SolveNotRetained,
    Unauthenticated,
    UnsupportedMediaType,
)
from ._gradcheck import GradCheck, GradCheckRow, gradcheck
from ._local import LocalService, local
from ._perturbation import Perturbation
from ._problem import Problem, RegisteredProblem, Sparse
from ._solution import Gradients, Solution
from ._version import __version__

__all__ = [
    "DEFAULT_URL",
    "ArgmindError",
    "BadRequest",
    "Client",
    "ConnectionFailed",
    "DamagedBody",
    "DeadlineExceeded",
    "FieldError",
    "Forbidden",
    "GatewayError",
    "GradCheck",
    "GradCheckRow",
    "Gradients",
    "InvalidProblem",
    "InvalidResponse",
    "LocalService",
    "Overloaded",
    "PayloadTooLarge",
    "Perturbation",
    "Problem",
    "ProblemNotRegistered",
    "QuotaExceeded",
    "RegisteredProblem",
    "ServerError",
    "ServiceNotStarted",
    "Solution",
    "SolveFailed",
    "SolveNotRetained",
    "Sparse",
    "Unauthenticated",
    "UnsupportedMediaType",
    "__version__",
    "cones",
    "default_client",
    "gradcheck",
    "kinds",
    "local",
    "losses",
    "lpgd_backward",
    "register",
    "solve",
    "solvers",
    "submit",
]

"""Problem documents become exceptions that say what happened, survive pickling, and are never worse than the base."""

import copy
import pickle

import pytest

import argmind
from argmind._errors import error_from


@pytest.mark.parametrize(
    ("status", "slug", "expected"),
    [
        (400, "malformed", argmind.BadRequest),
        (400, "damaged-body", argmind.DamagedBody),
        (410, "problem-not-registered", argmind.ProblemNotRegistered),
        (410, "solve-not-retained", argmind.SolveNotRetained),
        (413, "x", argmind.PayloadTooLarge),
        (415, "x", argmind.UnsupportedMediaType),
        (422, "x", argmind.InvalidProblem),
        (401, "x", argmind.Unauthenticated),
        (403, "x", argmind.Forbidden),
        (429, "x", argmind.QuotaExceeded),
        (503, "x", argmind.Overloaded),
        (504, "x", argmind.DeadlineExceeded),
        (500, "x", argmind.ServerError),
        (502, "x", argmind.GatewayError),
        (599, "x", argmind.ServerError),
        (410, "something-new", argmind.ArgmindError),
        (404, "x", argmind.ArgmindError),
    ],
)
def test_the_class_follows_the_type_and_the_status(status, slug, expected):
    error = error_from(status, {"type": f"https://argmind.io/problems/{slug}", "title": "T", "detail": "D"})
    assert type(error) is expected
    assert (error.status, str(error)) == (status, "T: D")
    assert error.type.endswith(slug)


@pytest.mark.parametrize("problem", [{}, {"type": 3, "errors": "no"}, {"errors": [1, {"pointer": None}]}])
def test_an_odd_document_is_still_an_error_with_the_status(problem):
    error = error_from(422, problem)
    assert type(error) is argmind.InvalidProblem
    assert "422" in str(error)


def test_an_invalid_problem_lists_every_field():
    listed = [
        {"pointer": "/problem/A", "detail": "expected shape (p, 4) or (B, p, 4), got (3, 5)"},
        {"pointer": "/problem/b", "detail": "is missing"},
    ]
    error = error_from(422, {"title": "Invalid problem", "detail": "2 fields are at fault", "errors": listed})
    assert error.errors[0] == argmind.FieldError("/problem/A", "expected shape (p, 4) or (B, p, 4), got (3, 5)")
    assert str(error).splitlines() == [
        "Invalid problem: 2 fields are at fault",
        "  /problem/A: expected shape (p, 4) or (B, p, 4), got (3, 5)",
        "  /problem/b: is missing",
    ]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
@pytest.mark.parametrize(
    "error",
    [
        error_from(422, {"title": "T", "errors": [{"pointer": "/p", "detail": "d"}]}, retry_after=2.0),
        argmind.SolveFailed("1 of 2 instances", [1], ["infeasible"]),
        argmind.ConnectionFailed("nothing listens"),
    ],
)
def test_errors_survive_copying_and_pickling(error, again):
    back = again(error)
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert vars(back) == vars(error)
    assert back.args == error.args


def test_every_error_is_an_argmind_error():
    named = [getattr(argmind, name) for name in argmind.__all__]
    errors = [item for item in named if isinstance(item, type) and issubclass(item, Exception)]
    assert len(errors) == 19
    assert all(issubclass(item, argmind.ArgmindError) for item in errors)

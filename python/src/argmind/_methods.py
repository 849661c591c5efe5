"""What the layers have in common about methods: which there are, and which option is of which method."""

from collections.abc import Mapping
from typing import Any, get_args

from ._client import Envelope, Projection

NOISY = ("perturbed", "imle")
_SIZED = ("lpgd", "imle")
_INSTEAD = {"blackbox": "its size is lambda_", "perturbed": "its size is sigma"}


def check(
    methods: tuple[str, ...], *, method: Any, envelope: Any, projection: Any, lambda_: Any, given: Mapping[str, Any]
) -> None:
    """Raises ValueError for an unknown word, and for an option that the method would ignore or lacks.

    Args:
        methods: those that the layer has.
        method: of the layer, or of one call, as the next three.
        envelope: of the perturbed solves.
        projection: of the identity method.
        lambda_: of "blackbox".
        given: tau and rho as far as the caller chose them: None, "auto" and rho 0 are no choice.
    """
    for name, value, known in (
        ("method", method, methods),
        ("envelope", envelope, get_args(Envelope)),
        ("projection", projection, (None, *get_args(Projection))),
    ):
        if value not in known:
            raise ValueError(f"{name} must be one of {known}, not {value!r}")
    if (method == "blackbox") != (lambda_ is not None):
        raise ValueError("method 'blackbox', and no other, needs lambda_")
    if method in _SIZED:
        return
    for name, value in given.items():
        if value is None or (isinstance(value, str) and value == "auto") or (name == "rho" and not value):
            continue
        sized = " and ".join(repr(one) for one in _SIZED if one in methods)
        instead = f"; {_INSTEAD[method]}" if method in _INSTEAD else "; it has no size: leave it out"
        plural = "s" if "imle" in methods else ""
        raise ValueError(f"{name} is of method{plural} {sized}, not of {method!r}{instead}")


def check_noise(method: str, **chosen: bool) -> None:
    """Raises ValueError for an option of the noise that a method without noise would ignore.

    Args:
        method: of the layer or call.
        chosen: by option, whether the caller chose it.
    """
    if method in NOISY:
        return
    for name, is_chosen in chosen.items():
        if is_chosen:
            raise ValueError(f"{name} is of methods 'perturbed' and 'imle', not of {method!r}")

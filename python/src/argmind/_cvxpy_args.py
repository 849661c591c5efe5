"""`solver_args` of cvxpylayers and diffcp in the words of the service."""

import warnings
from collections.abc import Mapping
from typing import Any

from ._problem import Fields

# mode of diffcp -> method and envelope (diffcp's right is +tau).
_MODES: dict[str, Fields] = {
    "lpgd": {"method": "lpgd", "envelope": "average"},
    "lpgd_right": {"method": "lpgd", "envelope": "lower"},
    "lpgd_left": {"method": "lpgd", "envelope": "upper"},
    **{mode: {"method": "implicit"} for mode in ("dense", "lsqr", "lsmr")},
}
_TOLERANCES = (
    "eps",
    "eps_abs",
    "eps_rel",
    "tol_gap_abs",
    "tol_gap_rel",
    "tol_feas",
    "abstol",
    "reltol",
    "feastol",
    "tolerance",
)
_ITERATIONS = ("max_iters", "max_iter", "max_iterations")
_TIMES = ("time_limit_secs", "time_limit")
# Solvers that diffcp has and the service has not; its own do the same work.
_FOREIGN = ("scs", "ecos", "clarabel", "diffcp", "cuclarabel", "mpax", "moreau")
# What only tunes those solvers, and changes no solution.
_TUNING = (
    "acceleration_lookback", "acceleration_interval", "adaptive_scale", "alpha", "linear_solver", "n_jobs_backward",
    "n_jobs_forward", "normalize", "presolve_enable", "rho_x", "scale", "use_indirect", "verbose", "warm_start",
)  # fmt: skip


class IgnoredArgumentsWarning(UserWarning):
    """`solver_args` tune a solver that the service does not use."""


def translate(solver_args: Mapping[str, Any]) -> tuple[Fields, Fields]:
    """Splits `solver_args` into options of all solves and options of the gradient.

    Returns:
        (solving, pulling): solver, tolerance, max_iterations, time_limit; method, envelope, tau, rho.

    Raises:
        ValueError: a key or value means nothing here.
    """
    args = {name: value for name, value in solver_args.items() if value is not None}
    solving: Fields = {}
    for name, keys, number in (
        ("tolerance", _TOLERANCES, float),
        ("max_iterations", _ITERATIONS, int),
        ("time_limit", _TIMES, float),
    ):
        if given := [number(args.pop(key)) for key in keys if key in args]:
            solving[name] = min(given)
    pulling = _mode(args.pop("mode", None)) | _derivative(args.pop("derivative_kwargs", {}))
    if pulling.get("method") == "implicit" and pulling.keys() & {"tau", "rho"}:
        raise ValueError("derivative_kwargs are of the lpgd modes: the derivative of the KKT system has no tau or rho")
    ignored = [key for key in _TUNING if key in args and args.pop(key) is not False]
    method = args.pop("solve_method", args.pop("solver", None))
    if method is not None:
        if str(method).lower() in _FOREIGN:
            ignored.append(f"solve_method={method!r}")
        else:
            solving["solver"] = str(method)
    if args:
        raise ValueError(
            f"solver_args {sorted(args)} mean nothing to the service; it understands eps, max_iters, time_limit, "
            "solve_method (a name of argmind.solvers()), mode and derivative_kwargs"
        )
    if ignored:
        message = f"the service has its own solvers and does not look at {', '.join(ignored)}"
        warnings.warn(message, IgnoredArgumentsWarning, stacklevel=4)
    return solving, pulling


def _mode(mode: Any) -> Fields:
    if mode is None:
        return {}
    if mode not in _MODES:
        raise ValueError(f"mode must be one of {', '.join(_MODES)}, not {mode!r}")
    return dict(_MODES[mode])


def _derivative(kwargs: Mapping[str, Any]) -> Fields:
    if strange := set(kwargs) - {"tau", "rho"}:
        raise ValueError(f"derivative_kwargs are tau and rho, not {', '.join(sorted(strange))}")
    return dict(kwargs)

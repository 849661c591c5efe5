"""Whether a CVXPY problem can become a layer, and if not, which constraint is why."""

from collections.abc import Callable, Sequence
from typing import Any

import cvxpy as cp
from cvxpy.problems.problem_form import ProblemForm
from cvxpy.reductions.solvers.solver import expand_cones

from ._cvxpy_recover import duals_of
from ._cvxpy_solver import Canonicalizer


def check(problem: cp.Problem, parameters: Sequence[Any], variables: Sequence[Any], *, gp: bool) -> None:
    """Refuses what no layer can be made of.

    Raises:
        ValueError: parameters or variables are not those of the problem, or the problem is not DPP or has a part
            that the service lacks.
        NotImplementedError: it has complex variables or parameters, or a dual is wanted that does not exist.
    """
    if not isinstance(problem, cp.Problem):
        raise TypeError(f"expected a cvxpy.Problem, got {type(problem).__name__}")
    _check_names(problem, parameters, variables)
    if any(leaf.is_complex() for leaf in (*problem.variables(), *problem.parameters())):
        raise NotImplementedError("complex variables and parameters are not supported")
    _check_dpp(problem, gp=gp)
    if gp and any(v.id in duals_of(problem) for v in variables):
        raise NotImplementedError("duals of geometric programs are not available: CVXPY solves them in logarithms")
    if not gp and problem.is_mixed_integer():
        _check_integer(problem, variables)
    elif not gp:
        _check_cones(problem)


def _check_names(problem: cp.Problem, parameters: Sequence[Any], variables: Sequence[Any]) -> None:
    for name, value in (("parameters", parameters), ("variables", variables)):
        if not isinstance(value, list | tuple):
            raise TypeError(f"{name} must be a list or tuple, not {type(value).__name__}")
    given, own = {p.id: p for p in parameters}, {p.id: p for p in problem.parameters()}
    if len(given) < len(parameters):
        raise ValueError("a parameter is listed twice")
    if missing := [p.name() for p in own.values() if p.id not in given]:
        raise ValueError(f"the problem has parameters that are not listed: {', '.join(missing)}")
    if foreign := [p.name() for p in given.values() if p.id not in own]:
        raise ValueError(f"these parameters do not occur in the problem: {', '.join(foreign)}")
    known = {v.id for v in problem.variables()} | duals_of(problem).keys()
    if strange := [str(v) for v in variables if getattr(v, "id", None) not in known]:
        raise ValueError(f"neither variables of the problem nor duals of its constraints: {', '.join(strange)}")
    if not variables:
        raise ValueError("variables is empty: name what the layer returns")
    if not problem.variables():
        raise ValueError("the problem has no variables")


def _check_dpp(problem: cp.Problem, *, gp: bool) -> None:
    context = "dgp" if gp else "dcp"
    if problem.is_dpp(context, quad_form_dpp=None if gp else "qp"):
        return
    kind = "geometric program" if gp else "convex program"
    valid: Callable[[Any], bool] = lambda part: part.is_dgp() if gp else part.is_dcp()  # noqa: E731
    dpp: Callable[[Any], bool] = lambda part: part.is_dgp(dpp=True) if gp else part.is_dcp(dpp=True)  # noqa: E731
    parts = [*problem.constraints, problem.objective]
    culprits = [part for part in parts if not valid(part)]
    if culprits:
        raise ValueError(f"the problem is no disciplined {kind}: {_listed(culprits, problem)}")
    culprits = [part for part in parts if not dpp(part)]
    raise ValueError(
        f"the problem is not DPP (https://www.cvxpy.org/tutorial/dpp): {_listed(culprits, problem)}. "
        "Parameters may only enter affinely; quad_form(x, P) may have a parameter P in the objective alone"
    )


def _check_integer(problem: cp.Problem, variables: Sequence[Any]) -> None:
    duals = duals_of(problem)
    if wanted := [v for v in variables if v.id in duals]:
        raise NotImplementedError(f"a program with integers has no duals: {_listed([duals[wanted[0].id]], problem)}")
    culprits = [c for c in problem.constraints if _lacking(c, Canonicalizer.MI_SUPPORTED_CONSTRAINTS)]
    if not culprits and not problem.objective.expr.is_quadratic():
        culprits = [problem.objective] if _lacking(problem.objective, Canonicalizer.MI_SUPPORTED_CONSTRAINTS) else []
    if culprits:
        raise ValueError(
            "with integer variables the constraints must be linear and the objective linear or quadratic; "
            f"these need cones: {_listed(culprits, problem)}"
        )


def _check_cones(problem: cp.Problem) -> None:
    supported = Canonicalizer.SUPPORTED_CONSTRAINTS
    culprits = [part for part in (*problem.constraints, problem.objective) if _lacking(part, supported)]
    if culprits:
        raise ValueError(f"the service lacks the cones of {_listed(culprits, problem)}")


def _lacking(part: Any, supported: Sequence[type]) -> set[type]:
    """The cones that a constraint or an objective needs and that are not among the supported ones."""
    alone = cp.Problem(part) if isinstance(part, cp.Minimize | cp.Maximize) else cp.Problem(cp.Minimize(0), [part])
    needed, _, _ = expand_cones(set(ProblemForm(alone).cones(quad_obj=True)), frozenset(supported))
    return set(needed) - set(supported)


def _listed(parts: Sequence[Any], problem: cp.Problem) -> str:
    return "; ".join(
        f"the objective {part}"
        if isinstance(part, cp.Minimize | cp.Maximize)
        else f"constraint {problem.constraints.index(part)}, {part}"
        for part in parts
    )

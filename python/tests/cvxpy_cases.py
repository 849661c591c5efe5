"""CVXPY problems that use every cone, every kind of variable and parameter, and every dual that a layer can return."""

from dataclasses import dataclass
from typing import Any

import cvxpy as cp
import numpy as np
import torch


@dataclass
class Case:
    """A problem for a layer, and values for its parameters."""

    problem: cp.Problem
    parameters: list[cp.Parameter]
    variables: list[Any]
    values: list[Any]
    gp: bool = False

    def tensors(self, dtype=torch.float64):
        """The parameters' values as leaves."""
        return [torch.tensor(np.asarray(value, float), dtype=dtype, requires_grad=True) for value in self.values]

    def direction(self, i):
        """A random direction for parameter number i within what its attributes allow."""
        parameter = self.parameters[i]
        d = torch.randn(parameter.shape, dtype=torch.float64)
        if parameter.attributes["diag"]:
            return torch.diag(torch.diag(d))
        return d + d.mT if parameter.attributes["symmetric"] or parameter.attributes["PSD"] else d

    def solution(self):
        """What CVXPY finds with Clarabel."""
        for parameter, value in zip(self.parameters, self.values, strict=True):
            parameter.value = value
        options = {"tol_gap_abs": 1e-10, "tol_gap_rel": 1e-10, "tol_feas": 1e-10}
        self.problem.solve(solver="CLARABEL", gp=self.gp, **options)
        assert self.problem.status == "optimal"
        return [_dense(variable) for variable in self.variables]


def _dense(variable):
    value = variable.value
    return value.toarray() if hasattr(value, "toarray") else np.asarray(value)


CASES = {}


def case(make):
    CASES[make.__name__] = lambda: make(np.random.default_rng(len(make.__name__)))
    return make


@case
def least_squares(rng):
    x, A, b = cp.Variable(3), cp.Parameter((5, 3)), cp.Parameter(5)
    low, total = x >= 0.1, cp.sum(x) == 1.5
    problem = cp.Problem(cp.Minimize(cp.sum_squares(A @ x - b)), [low, total])
    duals = [low.dual_variables[0], total.dual_variables[0]]
    return Case(problem, [A, b], [x, *duals], [rng.normal(size=(5, 3)), rng.normal(size=5)])


@case
def parametric_quadratic_form(rng):
    x, Q, q, b = cp.Variable(3, nonneg=True), cp.Parameter((3, 3), PSD=True), cp.Parameter(3), cp.Parameter()
    M = rng.normal(size=(3, 3))
    problem = cp.Problem(cp.Minimize(0.5 * cp.quad_form(x, Q) + q @ x), [cp.sum(x) == b])
    return Case(problem, [b, q, Q], [x], [1.0, rng.normal(size=3), M @ M.T + np.eye(3)])


@case
def matrix_constraints(rng):
    X, B = cp.Variable((2, 3)), cp.Parameter((2, 3))
    rows, upper = cp.sum(X, axis=1) == B[:, 0], X <= B + 2
    problem = cp.Problem(cp.Minimize(cp.sum_squares(X - B) + cp.sum(X)), [rows, upper])
    return Case(problem, [B], [X, rows.dual_variables[0], upper.dual_variables[0]], [rng.normal(size=(2, 3))])


@case
def bounds_of_variables(rng):  # noqa: ARG001  # the active ones are chosen
    low, q = cp.Parameter(3), cp.Parameter(3)
    x, w, v = cp.Variable(3, bounds=[low, 2.0]), cp.Variable(2, nonneg=True), cp.Variable(2, nonpos=True)
    objective = cp.sum_squares(x - q) + cp.sum_squares(w - q[:2]) + cp.sum_squares(v - q[1:])
    values = [np.array([-1.0, 0.0, -1.0]), np.array([-3.0, 0.5, 1.0])]
    return Case(cp.Problem(cp.Minimize(objective)), [low, q], [x, w, v], values)


@case
def norm(rng):
    x, A, b = cp.Variable(3), cp.Parameter((4, 3)), cp.Parameter(4)
    problem = cp.Problem(cp.Minimize(cp.norm(A @ x - b) + 0.1 * cp.sum_squares(x)), [cp.norm(x) <= 0.7])
    return Case(problem, [A, b], [x], [rng.normal(size=(4, 3)), rng.normal(size=4)])


def _second_order(rng, axis):
    X = cp.Variable((3, 2) if axis == 0 else (2, 3))
    t, C = cp.Parameter(2), cp.Parameter(X.shape)
    cone = cp.SOC(t, X, axis=axis)
    problem = cp.Problem(cp.Minimize(cp.sum(cp.multiply(C, X)) + 0.1 * cp.sum_squares(X)), [cone])
    return Case(problem, [t, C], [X, *cone.dual_variables], [np.array([1.0, 0.5]), rng.normal(size=X.shape)])


@case
def second_order_columns(rng):
    return _second_order(rng, 0)


@case
def second_order_rows(rng):
    return _second_order(rng, 1)


@case
def second_order_one(rng):
    x, t, c = cp.Variable(3), cp.Parameter(), cp.Parameter(3)
    cone = cp.SOC(t, x)
    problem = cp.Problem(cp.Minimize(c @ x + 0.1 * cp.sum_squares(x)), [cone])
    return Case(problem, [t, c], [x, *cone.dual_variables], [1.0, rng.normal(size=3)])


@case
def logistic(rng):
    x, A, b = cp.Variable(3), cp.Parameter((4, 3)), cp.Parameter(4)
    problem = cp.Problem(cp.Minimize(cp.sum(cp.logistic(A @ x - b)) + 0.3 * cp.sum_squares(x)))
    return Case(problem, [A, b], [x], [rng.normal(size=(4, 3)), rng.normal(size=4)])


@case
def entropy(rng):
    x, p = cp.Variable(4), cp.Parameter(4)
    problem = cp.Problem(cp.Maximize(cp.sum(cp.entr(x)) + p @ x), [cp.sum(x) == 1])
    return Case(problem, [p], [x], [rng.normal(size=4)])


@case
def exponential_cones(rng):
    x, y, z, p = *(cp.Variable((2, 2)) for _ in range(3)), cp.Parameter((2, 2))
    cone = cp.ExpCone(x, y, z)
    objective = cp.sum(cp.multiply(p, z)) - cp.sum(x) + cp.sum_squares(y - 1) + 0.1 * cp.sum_squares(x)
    problem = cp.Problem(cp.Minimize(objective), [cone, y >= 0.5])
    return Case(problem, [p], [x, y, z, *cone.dual_variables], [rng.uniform(0.5, 2, (2, 2))])


@case
def power_cones(rng):
    x, y, z, p = *(cp.Variable(2) for _ in range(3)), cp.Parameter(2)
    cone = cp.PowCone3D(x, y, z, np.array([0.3, 0.6]))
    problem = cp.Problem(cp.Minimize(cp.sum_squares(x) + cp.sum_squares(y) - p @ z), [cone])
    return Case(problem, [p], [x, y, z, *cone.dual_variables], [rng.uniform(1, 2, 2)])


@case
def geometric_mean(rng):
    x, p = cp.Variable(3), cp.Parameter(3, nonneg=True)
    problem = cp.Problem(cp.Maximize(cp.geo_mean(x)), [p @ x <= 1, x >= 0.05])
    return Case(problem, [p], [x], [rng.uniform(1, 2, 3)])


@case
def semidefinite_variable(rng):
    X, C, S = cp.Variable((3, 3), PSD=True), cp.Parameter((3, 3), symmetric=True), rng.normal(size=(3, 3))
    trace = cp.trace(X) == 1
    problem = cp.Problem(cp.Minimize(cp.trace(C @ X) + 0.2 * cp.sum_squares(X)), [trace])
    return Case(problem, [C], [X, trace.dual_variables[0]], [S + S.T])


@case
def semidefinite_constraint(rng):
    X, x, C = cp.Variable((3, 3), symmetric=True), cp.Variable(2), cp.Parameter((3, 3))
    F = rng.normal(size=(3, 3))
    psd = X + x[0] * (F + F.T) >> 0.1 * np.eye(3)
    problem = cp.Problem(cp.Minimize(cp.sum_squares(X - C) + cp.sum_squares(x - 1)), [psd])
    return Case(problem, [C], [X, x, psd.dual_variables[0]], [rng.normal(size=(3, 3))])


@case
def negative_diagonal_and_sparse(rng):
    N, D = cp.Variable((2, 2), NSD=True), cp.Variable((3, 3), diag=True)
    S = cp.Variable((3, 2), sparsity=[(0, 1, 2), (1, 0, 1)])
    p, q, r = cp.Parameter((2, 2)), cp.Parameter((3, 3), diag=True), cp.Parameter((3, 2))
    objective = cp.sum_squares(N - p) + cp.sum_squares(D - q) + cp.sum_squares(S - r)
    problem = cp.Problem(cp.Minimize(objective), [cp.trace(D) <= 1])
    values = [rng.normal(size=(2, 2)), np.diag(rng.normal(size=3)), rng.normal(size=(3, 2))]
    return Case(problem, [p, q, r], [N, D, S], values)


@case
def geometric_program(rng):  # noqa: ARG001  # its parameters are positive
    x, y = cp.Variable(pos=True), cp.Variable(pos=True)
    a, b, e = cp.Parameter(pos=True), cp.Parameter(pos=True), cp.Parameter()
    problem = cp.Problem(cp.Minimize(a / (x * y) + x**e), [b * x + y <= 4])
    return Case(problem, [a, b, e], [x, y], [1.3, 1.1, 0.5], gp=True)

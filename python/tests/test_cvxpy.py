"""`argmind.cvxpy` against CVXPY, against cvxpylayers (diffcp), and against finite differences."""

import copy
import pickle

import cvxpy as cp
import numpy as np
import pytest
import torch
from cvxpylayers.torch import CvxpyLayer as Theirs

from argmind import InvalidProblem, SolveFailed
from argmind.cvxpy import CvxpyLayer, IgnoredArgumentsWarning
from cvxpy_cases import CASES, Case

pytestmark = [
    pytest.mark.live,
    pytest.mark.filterwarnings("ignore:Reading from a sparse CVXPY expression"),  # CVXPY warns about itself
]

EXACT = {"mode": "lsqr", "eps": 1e-10}
NARROW = {"mode": "lpgd", "derivative_kwargs": {"tau": 1e-3, "rho": 0.0}, "eps": 1e-11}


@pytest.fixture(params=CASES)
def case(request):
    torch.manual_seed(0)
    return CASES[request.param]()


def layer_of(case, live, **options):
    return CvxpyLayer(case.problem, case.parameters, case.variables, gp=case.gp, client=live, **options)


def weighted(outputs, weights):
    return sum((weight * output).sum() for weight, output in zip(weights, outputs, strict=True))


def test_solutions_and_duals_are_those_of_cvxpy(case, live):
    outputs = layer_of(case, live)(*case.tensors(), solver_args={"eps": 1e-10})
    for output, expected in zip(outputs, case.solution(), strict=True):
        np.testing.assert_allclose(output.detach().ravel(), expected.ravel(), atol=3e-5)


@pytest.mark.parametrize("solver_args", [EXACT, NARROW], ids=["implicit", "lpgd"])
def test_gradients_are_finite_differences(case, live, solver_args):
    layer, tensors = layer_of(case, live), case.tensors()
    outputs = layer(*tensors, solver_args=solver_args)
    weights = [torch.randn_like(output) for output in outputs]
    gradients = torch.autograd.grad(weighted(outputs, weights), tensors)
    h = 4e-3
    for i, gradient in enumerate(gradients):
        d = case.direction(i) / 3

        def loss(step, i=i, d=d):
            moved = [t + step * h * d if k == i else t for k, t in enumerate(tensors)]
            with torch.no_grad():
                return float(weighted(layer(*moved, solver_args={"eps": 1e-11}), weights))

        # Central differences of fourth order: their steps may be long, and solvers' tolerances count less.
        difference = (8 * (loss(1) - loss(-1)) - (loss(2) - loss(-2))) / (12 * h)
        assert float((gradient * d).sum()) == pytest.approx(difference, rel=1e-3, abs=2e-4)


# cvxpylayers over diffcp has no parametric quadratic forms and no diagonal parameters, and fails with power cones.
THEIRS = CASES.keys() - {"parametric_quadratic_form", "negative_diagonal_and_sparse", "power_cones"}


@pytest.mark.parametrize("name", sorted(THEIRS))
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::RuntimeWarning")
def test_gradients_are_those_of_cvxpylayers(name, live):
    torch.manual_seed(0)
    case = CASES[name]()
    case.variables = case.variables[:1]  # of several cones at once its duals come in another order
    theirs = Theirs(case.problem, case.parameters, case.variables, gp=case.gp)
    solver = {"solve_method": "Clarabel", "tol_gap_abs": 1e-11, "tol_gap_rel": 1e-11}
    weight, gradients = None, []
    for layer, args in ((layer_of(case, live), EXACT), (theirs, {"mode": "dense", **solver})):
        tensors = case.tensors()
        (output,) = layer(*tensors, solver_args=args)
        weight = torch.randn_like(output) if weight is None else weight
        gradients.append(torch.autograd.grad((weight * output).sum(), tensors))
    for parameter, ours, other in zip(case.parameters, *gradients, strict=True):
        if parameter.attributes["symmetric"]:  # theirs is by the upper triangle alone
            other = (other + other.mT) / 2  # noqa: PLW2901
        torch.testing.assert_close(ours, other, rtol=5e-3, atol=5e-4)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("mode", ["lpgd", "lpgd_left", "lpgd_right"])
@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_lpgd_modes_mean_what_they_mean_in_diffcp(live, mode, rho):
    x, c, b = cp.Variable(4), cp.Parameter(4), cp.Parameter()
    total = cp.sum(x) == b
    problem = cp.Problem(cp.Minimize(c @ x), [total, x >= 0])  # linear, so that nothing is lifted
    args = {"mode": mode, "derivative_kwargs": {"tau": 0.7, "rho": rho}}
    gradients = []
    for layer, extra in (
        (CvxpyLayer(problem, [c, b], [x], client=live), {}),
        (Theirs(problem, [c, b], [x]), {"solve_method": "Clarabel"}),
    ):
        ct = torch.tensor([0.3, 0.1, 0.4, 0.2], dtype=torch.float64, requires_grad=True)
        bt = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
        (solution,) = layer(ct, bt, solver_args={**args, **extra})
        upstream = torch.tensor([-0.4, 0.5, -0.1, 0.3], dtype=torch.float64)
        gradients.append(torch.autograd.grad((upstream * solution).sum(), (ct, bt)))
    torch.testing.assert_close(*gradients, rtol=1e-5, atol=1e-6)


def test_batched_and_shared_parameters_broadcast(live):
    torch.manual_seed(0)
    case = CASES["least_squares"]()
    layer = layer_of(case, live)
    A, b = case.tensors()
    many = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    x, z, y = layer(A, many, solver_args=EXACT)
    assert (x.shape, z.shape, y.shape) == ((4, 3), (4, 3), (4,))
    requests = len(live.paths)
    gradient, shared = torch.autograd.grad(x.square().sum() + z.sum(), (many, A))
    assert live.paths[requests:] == ["/lpgd-backward"]
    total = torch.zeros_like(A)
    for i in range(4):
        single = layer(A, many[i], solver_args=EXACT)
        torch.testing.assert_close(single[0], x[i])
        one, two = torch.autograd.grad(single[0].square().sum() + single[1].sum(), (many, A))
        torch.testing.assert_close(one[i], gradient[i], rtol=1e-5, atol=1e-7)
        total += two
    torch.testing.assert_close(total, shared, rtol=1e-5, atol=1e-7)
    grid = layer(A.expand(2, 2, 5, 3), many.reshape(2, 2, 5))[0]
    torch.testing.assert_close(grid.reshape(4, 3), x, rtol=1e-5, atol=1e-7)
    assert layer(A, many[:0])[0].shape == (0, 3)
    assert layer(A, b.float())[0].dtype == torch.float64
    assert layer(A.float(), b.float())[0].dtype == torch.float32


def test_what_is_constant_is_sent_once(live):
    x, q = cp.Variable(3), cp.Parameter(3)
    problem = cp.Problem(cp.Minimize(cp.sum_squares(x) + q @ x), [cp.sum(x) == 1, x <= 2])
    layer = CvxpyLayer(problem, [q], [x], client=live)
    layer(torch.zeros(3))
    layer(torch.ones(2, 3))
    assert live.paths == ["/problems", "/solve", "/solve"]
    fields = layer._canonical.fields
    assert {name for name, field in fields.items() if not field.values.is_constant} == {"c"}
    assert {"P", "A", "b", "G", "h", "c"} == set(fields)


def test_a_batched_parameter_without_effect_still_batches(live):
    x, p, q = cp.Variable(2), cp.Parameter(2), cp.Parameter()
    layer = CvxpyLayer(cp.Problem(cp.Minimize(cp.sum_squares(x - p) + 0 * q)), [p, q], [x], client=live)
    (solution,) = layer(torch.tensor([1.0, 2.0]), torch.ones(3))
    torch.testing.assert_close(solution, torch.tensor([[1.0, 2.0]] * 3))


def test_integer_programs_learn_their_costs(live):
    x, y, c, w = cp.Variable(4, boolean=True), cp.Variable(integer=True), cp.Parameter(4), cp.Parameter(4)
    problem = cp.Problem(cp.Maximize(c @ x - y), [w @ x <= 5, 2 * y >= x[0]])
    layer = CvxpyLayer(problem, [c, w], [x, y], client=live)
    costs = torch.tensor([[3.0, 4, 5, 1], [1, 1, 1, 9]], dtype=torch.float64, requires_grad=True)
    weights = torch.tensor([2.0, 3, 3, 1], dtype=torch.float64)
    chosen, extra = layer(costs, weights, solver_args={"mode": "lpgd_right", "derivative_kwargs": {"tau": 20.0}})
    for cost, z in zip(costs.tolist(), chosen.tolist(), strict=True):
        best = max((float(np.dot(cost, s) - s[0]), s) for s in np.ndindex(2, 2, 2, 2) if np.dot([2, 3, 3, 1], s) <= 5)
        assert float(np.dot(cost, z) - z[0]) == pytest.approx(best[0])
    torch.testing.assert_close(extra, chosen[:, 0])
    # lpgd_right: (x(-c + tau g) - x(-c)) / tau for the minimized cost -c; g asks for the second item.
    g = torch.tensor([0.0, -1.0, 0.0, 0.0], dtype=torch.float64)
    (gradient,) = torch.autograd.grad((g * chosen).sum(), costs)
    (moved, _) = layer((costs - 20 * g).detach(), weights)
    torch.testing.assert_close(gradient, -(moved - chosen.detach()) / 20)
    with pytest.raises(ValueError, match=r"enters the constraints \(field G\)"):
        layer(costs, weights.requires_grad_())


ONE, VEC, MAT, PAR = cp.Variable(), cp.Variable(1), cp.Variable((2, 2)), cp.Parameter()
MIXED, WHOLE = cp.Variable(3, boolean=[[0, 2]]), cp.Variable(2, integer=True, bounds=[-1, 4.5])
UNUSUAL = {
    "feasibility": (cp.Minimize(0), [ONE == PAR], ONE, 2.0, 2.0),
    "one by one matrix": (cp.Minimize(ONE), [cp.reshape(ONE - PAR, (1, 1), order="F") >> 0], ONE, 2.0, 2.0),
    "cone of two rows": (cp.Minimize(ONE), [cp.SOC(ONE, VEC), PAR == VEC], ONE, -2.0, 2.0),
    "some are boolean": (cp.Maximize(PAR * MIXED[2] + MIXED[0]), [cp.sum(MIXED) == 1.5], MIXED, 2.0, [1, -0.5, 1]),
    "bounded integers": (cp.Maximize(cp.sum(WHOLE) * PAR), [], WHOLE, -1.0, [-1, -1]),
    "quadratic integers": (cp.Minimize(cp.sum_squares(WHOLE - PAR)), [], WHOLE, 2.3, [2, 2]),
    "finite set": (cp.Minimize((ONE - PAR) ** 2), [cp.constraints.FiniteSet(ONE, [1, 3, 7])], ONE, 6.0, 7.0),
    "long power cone": (
        cp.Maximize(ONE),
        [cp.PowConeND(VEC[0] * np.ones(3) + PAR, ONE, np.array([0.2, 0.3, 0.5])), VEC <= 1],
        ONE,
        1.0,
        2.0,
    ),
    "determinant": (cp.Maximize(cp.log_det(MAT) - PAR * cp.trace(MAT)), [], MAT, 2.0, [[0.5, 0], [0, 0.5]]),
}


@pytest.mark.parametrize("name", UNUSUAL)
@pytest.mark.filterwarnings(r"ignore:\s*You didn.t specify the order:FutureWarning")  # CVXPY, of its own reduction
def test_unusual_problems(live, name):
    objective, constraints, variable, value, expected = UNUSUAL[name]
    layer = CvxpyLayer(cp.Problem(objective, constraints), [PAR], [variable], client=live)
    (solution,) = layer(torch.tensor(value, dtype=torch.float64))
    np.testing.assert_allclose(solution, expected, atol=1e-5)


def test_no_parameters_and_no_solution(live):
    (solution,) = CvxpyLayer(cp.Problem(cp.Minimize(ONE**2), [ONE >= 1]), [], [ONE], client=live)()
    assert float(solution) == pytest.approx(1)
    with pytest.raises(SolveFailed, match="1 unbounded"):
        CvxpyLayer(cp.Problem(cp.Minimize(PAR * ONE)), [PAR], [ONE], client=live)(torch.tensor(1.0))


def test_failures_are_data_or_name_their_instances(live):
    x, b = cp.Variable(2, nonneg=True), cp.Parameter()
    problem = cp.Problem(cp.Minimize(cp.sum_squares(x)), [cp.sum(x) == b])
    values = torch.tensor([1.0, -1.0, 2.0], dtype=torch.float64, requires_grad=True)
    with pytest.raises(SolveFailed, match=r"1 of 3 instances have no solution: 1 infeasible \(at 1\)") as failed:
        CvxpyLayer(problem, [b], [x], client=live)(values)
    assert failed.value.indices == [1]
    layer = CvxpyLayer(problem, [b], [x], client=live, on_failure="nan")
    (solution,) = layer(values)
    assert solution.isnan().any(1).tolist() == [False, True, False]
    solution[layer.last.ok].sum().backward()
    torch.testing.assert_close(values.grad, torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64))


def test_called_ahead_it_is_the_same(live):
    case = CASES["norm"]()
    layer = layer_of(case, live)
    tensors = case.tensors()
    pending = layer.submit(*tensors, solver_args=EXACT)
    ahead, now = pending.result(timeout=60), layer(*tensors, solver_args=EXACT)
    torch.testing.assert_close(ahead, now)
    for one, two in zip(
        torch.autograd.grad(ahead[0].sum(), tensors), torch.autograd.grad(now[0].sum(), tensors), strict=True
    ):
        torch.testing.assert_close(one, two)


def test_layers_can_be_copied_and_pickled(live):
    del live
    x, q = cp.Variable(2), cp.Parameter(2)
    layer = CvxpyLayer(cp.Problem(cp.Minimize(cp.sum_squares(x - q))), [q], [x])
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        torch.testing.assert_close(twin(torch.ones(2))[0], torch.ones(2))


@pytest.mark.parametrize("name", ["parametric_quadratic_form", "second_order_one", "exponential_cones"])
def test_a_warm_start_changes_no_answer(live, name):
    case = CASES[name]()
    layer = layer_of(case, live, solver_args=EXACT)
    tensors = case.tensors()
    first = layer(*tensors, warm_start=True)
    again = layer(*tensors, warm_start=True)
    torch.testing.assert_close(first, again, rtol=1e-4, atol=1e-5)
    batch = layer(*(torch.stack([t, t]) for t in tensors), warm_start=True)  # not as many: no guess
    torch.testing.assert_close(batch[0][1], first[0], rtol=1e-4, atol=1e-5)


def test_gradcheck(live):
    case = CASES["second_order_columns"]()
    layer = layer_of(case, live, solver_args={"mode": "lsmr", "eps": 1e-11})
    assert torch.autograd.gradcheck(lambda *t: layer(*t)[0], case.tensors(), eps=1e-5, atol=1e-4, rtol=1e-3)


X, B, P, Q = cp.Variable(3), cp.Variable(3, boolean=True), cp.Parameter(3), cp.Parameter(3)


@pytest.mark.parametrize(
    ("objective", "constraints", "message"),
    [
        (cp.sum(X), [X >= 0, cp.multiply(P, Q) @ X <= 1], r"not DPP.*constraint 1, .*<= 1"),
        (-cp.norm(X), [P + Q <= X], r"no disciplined convex program: the objective"),
        (cp.sum(B), [B <= P, cp.norm(B) <= Q[0]], r"need cones: constraint 1, .*B|need cones: constraint 1, "),
        (cp.norm(B) + P @ B + Q @ B, [], r"need cones: the objective"),
    ],
    ids=["not DPP", "not DCP", "conic and integer", "norm of integers"],
)
def test_what_cannot_be_a_layer_says_which_part(objective, constraints, message):
    problem = cp.Problem(cp.Minimize(objective), constraints)
    variables = problem.variables()
    with pytest.raises(ValueError, match=message):
        CvxpyLayer(problem, [P, Q], variables)


def test_construction_refuses_what_is_not_the_problems():
    total = cp.sum(X) == 1
    problem = cp.Problem(cp.Minimize(P @ X), [total, X >= 0])
    for parameters, variables, error, message in (
        ([], [X], ValueError, "not listed"),
        ([P, Q], [X], ValueError, "do not occur"),
        ([P, P], [X], ValueError, "listed twice"),
        ([P], [B], ValueError, "neither variables"),
        ([P], [], ValueError, "variables is empty"),
        ([P], X, TypeError, "must be a list"),
    ):
        with pytest.raises(error, match=message):
            CvxpyLayer(problem, parameters, variables)
    with pytest.raises(NotImplementedError, match="complex"):
        CvxpyLayer(cp.Problem(cp.Minimize(cp.norm(cp.Variable(2, complex=True) - X[:2]))), [], [X])
    for solver, message in ((True, "pass gp by its name"), (object(), "has its own solvers")):
        with pytest.raises(TypeError, match=message):
            CvxpyLayer(problem, [P], [X], solver)
    integer = cp.Problem(cp.Minimize(P @ B), [cp.sum(B) == 1])
    with pytest.raises(NotImplementedError, match="no duals"):
        CvxpyLayer(integer, [P], [integer.constraints[0].dual_variables[0]])
    rewritten = cp.Problem(cp.Minimize(P @ X), [cp.PowConeND(X, cp.sum(X), np.ones(3) / 3)])
    with pytest.raises(NotImplementedError, match="CVXPY rewrites"):
        CvxpyLayer(rewritten, [P], [rewritten.constraints[0].dual_variables[0]])


def test_calls_refuse_what_does_not_fit(live):
    layer = CvxpyLayer(cp.Problem(cp.Minimize(cp.sum_squares(X - P) + Q @ X)), [P, Q], [X], client=live)
    one = torch.ones(3)
    with pytest.raises(ValueError, match=r"expected 2 tensors.*got 1"):
        layer(one)
    with pytest.raises(ValueError, match=r"needs shape \(3,\).*got \(2,\)"):
        layer(one, torch.ones(2))
    with pytest.raises(ValueError, match=r"batch axes of the parameters disagree.*\[2\].*\[4\]"):
        layer(torch.ones(2, 3), torch.ones(4, 3))
    for args, message in (
        ({"mode": "qr"}, "mode must be one of"),
        ({"epsilon": 1}, r"\['epsilon'\] mean nothing"),
        ({"derivative_kwargs": {"tau": 1, "sigma": 2}}, "not sigma"),
        ({"mode": "lsqr", "derivative_kwargs": {"tau": 1}}, "no tau or rho"),
    ):
        with pytest.raises(ValueError, match=message):
            layer(one, one, solver_args=args)
    with pytest.raises(InvalidProblem, match="solver"):
        layer(one, one, solver_args={"solve_method": "cbc2"})
    with pytest.warns(IgnoredArgumentsWarning, match="CLARABEL"):
        CvxpyLayer(cp.Problem(cp.Minimize(cp.sum_squares(X - P))), [P], [X], solver=cp.CLARABEL)
    with pytest.warns(IgnoredArgumentsWarning, match=r"acceleration_lookback, solve_method='SCS'"):
        layer(one, one, solver_args={"solve_method": "SCS", "acceleration_lookback": 0, "max_iters": 100})
    gp = CASES["geometric_program"]()
    with pytest.raises(ValueError, match="must be positive"):
        layer_of(gp, live)(torch.tensor(-1.0), torch.tensor(1.0), torch.tensor(0.5))


def test_every_case_is_a_case():
    assert len(CASES) >= 17
    assert all(isinstance(make(), Case) for make in CASES.values())

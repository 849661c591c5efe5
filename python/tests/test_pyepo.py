"""`argmind.pyepo`: PyEPO's losses, metrics and datasets over the service, against a model that tries everything."""

import itertools
import pickle

import numpy as np
import pyepo
import pytest
import torch
from pyepo import EPO
from pyepo.data.dataset import optDataset
from pyepo.model.opt import optModel
from torch.utils.data import DataLoader

from argmind import SolveFailed
from argmind.pyepo import LPGD, Dataset, Model
from service import Answer

N, BATCH = 8, 16
RNG = np.random.default_rng(0)
WEIGHTS = RNG.integers(1, 8, (2, N)).astype(float)
CAPACITIES = WEIGHTS.sum(1) * 0.4
FEATURES = RNG.normal(size=(2 * BATCH, 5)).astype(np.float32)
COSTS = np.abs(FEATURES @ RNG.normal(size=(5, N))).astype(np.float32) + 0.1
KNAPSACK = {"G": WEIGHTS, "h": CAPACITIES, "lb": 0, "ub": 1, "integers": list(range(N))}


class Exhaustive(optModel):
    """The knapsack by trying everything: shares no code with what is tested."""

    modelSense = EPO.MAXIMIZE  # noqa: N815

    def __init__(self, extra=()):
        self.extra = list(extra)
        every = np.array(list(itertools.product((0.0, 1.0), repeat=N)))
        feasible = (every @ WEIGHTS.T <= CAPACITIES).all(1)
        for row, bound in self.extra:
            feasible &= every @ row <= bound
        self.every = every[feasible]
        super().__init__()

    def _getModel(self):  # noqa: N802
        return None, range(N)

    def setObj(self, c):  # noqa: N802
        """Of PyEPO."""
        self.c = np.asarray(c, float)

    def solve(self):
        """Of PyEPO."""
        values = self.every @ self.c
        return self.every[values.argmax()], float(values.max())

    def addConstr(self, coefs, rhs):  # noqa: N802
        """Of PyEPO."""
        return Exhaustive([*self.extra, (np.asarray(coefs), rhs)])


@pytest.fixture
def model(live):
    return Model(KNAPSACK, sense=EPO.MAXIMIZE, client=live)


@pytest.fixture
def batch():
    return next(iter(DataLoader(optDataset(Exhaustive(), FEATURES, COSTS), batch_size=BATCH)))


def predictor():
    torch.manual_seed(0)
    return torch.nn.Linear(5, N)


@pytest.mark.live
def test_a_dataset_is_labelled_in_one_request(live, model):
    ours, reference = Dataset(model, FEATURES, COSTS), optDataset(Exhaustive(), FEATURES, COSTS)
    assert live.paths == ["/problems", "/solve"]
    torch.testing.assert_close(ours.objs, reference.objs)
    torch.testing.assert_close(ours.sols, reference.sols)
    assert all(torch.equal(one, two) for one, two in zip(ours[3], reference[3], strict=True))


LOSSES = {
    "SPOPlus": pyepo.func.SPOPlus,
    "perturbedFenchelYoung": lambda m: pyepo.func.perturbedFenchelYoung(m, n_samples=3, sigma=0.5),
    "implicitMLE": lambda m: pyepo.func.implicitMLE(m, n_samples=3, sigma=0.5, lambd=5.0),
    "blackboxOpt": lambda m: pyepo.func.blackboxOpt(m, lambd=5.0),
    "negativeIdentity": pyepo.func.negativeIdentity,
}


@pytest.mark.live
@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_pyepos_own_and_take_one_request_for_each_pass(live, model, batch, name):
    x, c, w, z = batch
    results = []
    for one in (model, Exhaustive()):
        predict, loss = predictor(), LOSSES[name](one)
        costs = predict(x)
        if name == "SPOPlus":
            value = loss(costs, c, w, z)
        elif name == "perturbedFenchelYoung":
            value = loss(costs, w)
        else:
            value = -(loss(costs) * c).sum(-1).mean()
        value.backward()
        results.append((value.detach(), predict.weight.grad))
    torch.testing.assert_close(*results, rtol=1e-4, atol=1e-5)
    passes = 2 if name in ("implicitMLE", "blackboxOpt") else 1  # those two solve again in the backward
    assert live.paths == ["/problems", *["/solve"] * passes]


@pytest.mark.live
def test_metrics_are_pyepos_own(live, model):
    loader = DataLoader(optDataset(Exhaustive(), FEATURES, COSTS), batch_size=BATCH)
    predict = predictor()
    expected = pyepo.metric.regret(predict, Exhaustive(), loader)
    assert pyepo.metric.regret(predict, model, loader) == pytest.approx(expected, rel=1e-5)
    assert live.paths == ["/problems", "/solve", "/solve"]
    few = DataLoader(optDataset(Exhaustive(), FEATURES[:4], COSTS[:4]), batch_size=4)
    expected = pyepo.metric.unambRegret(predict, Exhaustive(), few)
    assert pyepo.metric.unambRegret(predict, model, few) == pytest.approx(expected, rel=1e-4)


@pytest.mark.live
def test_lpgd_on_the_lower_side_is_blackbox_differentiation(live, model, batch):
    c = batch[1]
    torch.manual_seed(1)
    guess = c.flip(1) * 0.8 + torch.rand_like(c)
    gradients = []
    for layer in (LPGD(model, tau=5.0, envelope="lower"), pyepo.func.blackboxOpt(Exhaustive(), lambd=5.0)):
        predicted = guess.clone().requires_grad_()
        solution = layer(predicted)
        assert solution.dtype == torch.float32
        (-(solution * c).sum()).backward()
        gradients.append(predicted.grad)
    assert gradients[0].any()
    torch.testing.assert_close(*gradients, rtol=1e-5, atol=1e-6)
    assert live.paths == ["/problems", "/solve", "/lpgd-backward"]


@pytest.mark.live
def test_training_finds_good_decisions(model):
    loader = DataLoader(Dataset(model, FEATURES, COSTS), batch_size=BATCH)
    predict = predictor()
    layer, optimizer = LPGD(model, tau="auto"), torch.optim.Adam(predict.parameters(), lr=0.05)
    before = pyepo.metric.regret(predict, model, loader)
    for _ in range(20):
        for x, c, _, z in loader:
            loss = (z.squeeze(-1) - (layer(predict(x)) * c).sum(-1)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert pyepo.metric.regret(predict, model, loader) < 0.5 * before


@pytest.mark.live
def test_added_constraints_and_relaxation(model):
    cost = COSTS[0]
    model.setObj(cost)
    solution, objective = model.solve()
    cut = model.addConstr(np.asarray(solution), float(np.sum(solution)) - 1)  # not all of these again
    cut.setObj(cost)
    other, less = cut.solve()
    assert isinstance(less, float)
    assert less < float(objective)
    reference = Exhaustive([(np.asarray(solution), float(np.sum(solution)) - 1)])
    reference.setObj(cost)
    np.testing.assert_allclose(other, reference.solve()[0], atol=1e-7)
    relaxed = model.relax()
    relaxed.setObj(cost)
    assert float(relaxed.solve()[1]) >= float(objective) - 1e-9
    assert "integers" not in relaxed.fields


@pytest.mark.live
def test_a_combinatorial_kind_is_the_integer_program(live, model):
    kind = Model({"type": "knapsack", "weights": WEIGHTS, "capacities": CAPACITIES}, sense=EPO.MAXIMIZE, client=live)
    torch.testing.assert_close(Dataset(kind, FEATURES, COSTS).objs, Dataset(model, FEATURES, COSTS).objs)
    gradients = []
    for one in (kind, model):
        costs = torch.tensor(COSTS[:4], requires_grad=True)
        (LPGD(one, tau=2.0, envelope="lower")(costs) * torch.tensor(COSTS[4:8])).sum().backward()
        gradients.append(costs.grad)
    assert gradients[0].any()
    torch.testing.assert_close(*gradients)
    costs = -COSTS[:4].astype(float)
    whole, parts = (live.solve({**kind.fields, "cost": costs}, chunk=size) for size in (4, 2))
    np.testing.assert_array_equal(parts.x, whole.x)
    one, two = (live.lpgd_backward(some, {"x": -costs}, tau=2.0) for some in (whole, parts))
    np.testing.assert_array_equal(two["cost"], one["cost"])
    np.testing.assert_array_equal(two.diagnostics["moved"]["lower"], one.diagnostics["moved"]["lower"])


SIMPLEX = {"A": np.ones((1, 3)), "b": np.ones(1), "lb": 0.0}


def test_solutions_wait_until_one_is_looked_at(service, offline):
    model = Model(SIMPLEX, client=offline)
    answers = []
    for cost in ([1.0, 2, 3], [3.0, 1, 2], [2.0, 3, 1]):
        model.setObj(torch.tensor(cost))
        answers.append(model.solve())
    assert service.paths == []
    np.testing.assert_allclose(np.asarray([x for x, _ in answers], dtype=np.float32), np.eye(3), atol=1e-6)
    np.testing.assert_allclose(np.asarray([z for _, z in answers], dtype=float), 1.0)
    assert service.paths == ["/problems", "/solve"]
    x, z = answers[1]
    assert (len(x), x.shape, x.tolist()) == (3, (3,), pytest.approx([0, 1, 0]))
    assert x @ np.array([0.0, 5, 0]) == pytest.approx(5)
    assert list(x + 1)[1] == x[1] + 1 == pytest.approx(2)
    assert (round(z, 3), f"{z:.1f}", bool(z), abs(z) + 1) == (1.0, "1.0", True, pytest.approx(2))
    np.testing.assert_allclose(pickle.loads(pickle.dumps(x)), [0, 1, 0], atol=1e-6)
    assert repr(z).startswith(("1.0", "0.99"))
    model.setObj([1, 2, 3])
    float(model.solve()[1])
    assert service.paths[2:] == ["/solve"]


def test_without_laziness_every_call_is_a_request(service, offline):
    model = Model(SIMPLEX, client=offline, lazy=False)
    model.setObj([1, 2, 3])
    assert isinstance(model.solve()[0], np.ndarray)
    assert service.paths == ["/problems", "/solve"]


def test_instances_without_a_solution_are_named(offline):
    model = Model({"lb": [0.0, None], "ub": 1.0}, client=offline)
    with pytest.raises(SolveFailed, match=r"1 of 2 instances have no solution: 1 unbounded \(at 1\)") as failed:
        model.solve_batch([[1.0, 0.0], [1.0, 1.0]])
    assert failed.value.indices == [1]
    model.setObj([1.0, 1.0])
    x, z = model.solve()
    for look in (lambda: x[0], lambda: float(z), lambda: np.asarray(x)):
        with pytest.raises(SolveFailed):
            look()
    with pytest.raises(SolveFailed):
        LPGD(model)(torch.ones(1, 2))


def test_the_backward_has_the_options_of_the_model(service, offline):
    options = {"tolerance": 1e-7, "time_limit": 9.0, "max_iterations": 77}
    model = Model(SIMPLEX, client=offline, solver="oracle", **options)
    cost = torch.ones(2, 3, requires_grad=True)
    x = torch.eye(3)[:2]
    answer = {
        "x": x.numpy(),
        "objective": np.ones(2),
        "status": ["optimal"] * 2,
        "iterations": [0, 0],
        "solver": "oracle",
    }
    gradients = {"gradients": {"c": np.ones((2, 3))}, "status": ["ok"] * 2, "diagnostics": {}, "solver": "oracle"}
    service.failing = [None, Answer.cbor(answer), Answer.cbor(gradients)]
    LPGD(model, tau=0.5)(cost).sum().backward()
    assert service.paths == ["/problems", "/solve", "/lpgd-backward"]
    for _, body in service.requests[1:]:
        assert body["solver"] == "oracle"
        assert body["options"] == options


def test_combinatorial_kinds_have_costs_of_their_shape(service, offline):
    model = Model({"type": "assignment"}, cost_shape=(2, 2), sense=EPO.MAXIMIZE, client=offline)
    assert model.num_cost == 4
    x = np.array([[[1.0, 0], [0, 1]]])
    solution = {"x": x, "objective": np.array([-5.0]), "status": ["optimal"], "solver": "s", "id": "one"}
    gradient = {"gradients": {"cost": np.full((1, 2, 2), 0.5)}, "status": ["ok"], "solver": "s"}
    model.problem_for(np.zeros((1, 4)))
    service.failing = [Answer.cbor(solution), Answer.cbor(gradient)]
    cost = torch.tensor([[2.0, 1, 1, 3]], requires_grad=True)
    chosen = LPGD(model, tau=0.5)(cost)
    torch.testing.assert_close(chosen, torch.tensor([[1.0, 0, 0, 1]]))
    chosen.sum().backward()
    torch.testing.assert_close(cost.grad, torch.full((1, 4), -0.5))
    _, solve = service.requests[1]
    np.testing.assert_array_equal(solve["problem"]["cost"], [[[-2, -1], [-1, -3]]])
    _, backward = service.requests[2]
    assert (backward["wrt"], backward["gradient"]["x"].shape) == (["cost"], (1, 2, 2))
    service.failing = [Answer.cbor(solution)]
    assert model.solve_batch(cost)[1].tolist() == [5.0]
    with pytest.raises(NotImplementedError, match="linear and integer programs only"):
        model.addConstr(np.ones(4), 1)
    with pytest.raises(NotImplementedError, match="assignment problem has no relaxation"):
        model.relax()


def test_copies_and_specifications(offline):
    model = Model(KNAPSACK, sense=EPO.MAXIMIZE, client=offline, time_limit=3.0)
    model.setObj(np.ones(N))
    model.solve()
    for twin in (model.copy(), model.rebuild(), pickle.loads(pickle.dumps(Model(KNAPSACK, sense=EPO.MAXIMIZE)))):
        assert (twin.num_cost, twin.modelSense) == (N, EPO.MAXIMIZE)
        assert twin._waiting is None
    assert "program, 8 costs, maximize" in repr(model)


def test_what_it_refuses(offline):
    with pytest.raises(ValueError, match="has no c: the costs are predicted"):
        Model({**SIMPLEX, "c": np.ones(3)})
    with pytest.raises(ValueError, match="has no P: the objective must be linear"):
        Model({**SIMPLEX, "P": np.eye(3)})
    with pytest.raises(ValueError, match="give cost_shape"):
        Model({"lb": 0.0})
    model = Model(SIMPLEX, client=offline)
    with pytest.raises(RuntimeError, match="setObj comes before solve"):
        model.solve()
    with pytest.raises(ValueError, match="expected 3 costs, got shape"):
        model.setObj([1.0])
    with pytest.raises(ValueError, match="finite"):
        model.setObj([1.0, np.nan, 1.0])
    with pytest.raises(ValueError, match="expected 3 coefficients"):
        model.addConstr([1.0], 1)
    with pytest.raises(ValueError, match=r"expected costs \[B, 3\]"):
        LPGD(model)(torch.ones(3))
    with pytest.raises(TypeError, match=r"expected an argmind\.pyepo\.Model"):
        LPGD(Exhaustive())
    with pytest.raises(TypeError, match="use pyepo's optDataset"):
        Dataset(Exhaustive(), FEATURES[:2], COSTS[:2])

"""The contract for combinatorial kinds over the oracles of `discrete`, one instance after the other, by formulas."""

import numpy as np

import discrete
from argmind import Perturbation


class Instances:
    """A combinatorial problem taken apart into instances."""

    def __init__(self, fields, refuse):
        self.fields, self.refuse = fields, refuse
        if fields["type"] not in discrete.SOLVERS:
            raise refuse("/problem/type", f"expected one of {list(discrete.SOLVERS)}")
        self.cost = np.asarray(fields["cost"])
        if not discrete.shape_ok(fields, self.cost):
            raise refuse("/problem/cost", f"shape {self.cost.shape}")
        if not np.isfinite(self.cost).all():
            raise refuse("/problem/cost", "must be finite")
        rank = discrete.KINDS[fields["type"]].rank
        self.batched = self.cost.ndim > rank
        self.costs = np.asarray(self.cost if self.batched else self.cost[None], float)

    def solve(self, perturbation):
        """The members of the answer that have a batch axis."""
        if perturbation is None:
            found = [self.find(cost) for cost in self.costs]
        else:
            found = [self.mean(i, perturbation) for i in range(len(self.costs))]
        x = np.array([part[0] for part in found]).reshape(self.costs.shape)
        return {
            "x": self.as_sent(x.astype(self.cost.dtype)),
            "objective": self.as_sent((x * self.costs).sum(axis=tuple(range(1, x.ndim))).astype(self.cost.dtype)),
            **({} if perturbation is None else {"smoothed_objective": self.as_sent(np.array([p[1] for p in found]))}),
            "status": self.squeeze([part[2] for part in found]),
            "residuals": {name: self.squeeze(np.zeros(len(found))) for name in ("primal", "dual", "gap")},
            "iterations": self.squeeze(np.ones(len(found), np.int32)),
        }

    def backward(self, body, forward):
        """Gradients, statuses and diagnostics by each method's formula."""
        x = np.asarray(forward["x"], float).reshape(self.costs.shape)
        g, by_objective = (self.upstream(body["gradient"], name) for name in ("x", "objective"))
        method = body.get("method", "lpgd")
        tau = body.get("lambda") if method == "blackbox" else body.get("tau", "auto")
        taus = np.broadcast_to(1.0 if isinstance(tau, str | None) else np.asarray(tau, float), len(x))
        state = body.get("adaptive") if isinstance(tau, str) and tau == "adaptive" else None
        if state is not None:
            sizes = [np.sqrt((part**2).sum(axis=tuple(range(1, x.ndim)))) for part in (self.costs, g)]
            taus = state["beta"] * np.divide(*sizes)
        if method != "identity" and (taus <= 0).any():
            raise self.refuse("/tau", "must be positive")
        gradients, statuses, moved = np.zeros_like(self.costs), [], []
        for i, cost in enumerate(self.costs):
            if np.isnan(x[i]).any():
                statuses.append("forward-failed")
                moved.append(0.0)
                continue
            gradient, far = self.gradient(body, method, i, cost, x[i], g[i], taus[i])
            statuses.append("solver-failed" if gradient is None else "ok")
            moved.append(far)
            gradients[i] = 0.0 if gradient is None else gradient + by_objective[i].item() * x[i]
        answer = {
            "gradients": {"cost": self.as_sent(gradients.astype(self.cost.dtype))},
            "status": self.squeeze(statuses),
            "diagnostics": {
                "tau": self.squeeze(taus),
                "displacement": self.squeeze(np.array(moved)),
                "degenerate": self.squeeze([True] * len(x)),
                "noise": self.squeeze(np.zeros(len(x))),
            },
            "solver": "oracle",
            "solve_seconds": 0.0,
        }
        if state is not None:
            answer["diagnostics"]["adaptive"] = self.after(state, np.count_nonzero(gradients) / len(x))
        return answer

    def after(self, state, mean):
        """The state of an adaptive tau after gradients with this mean number of nonzeros."""
        average = state["decay"] * state["nonzeros"] + (1 - state["decay"]) * mean
        step = state["momentum"] * state["last_step"] + state["step"] * (1 if average < state["target"] else -1)
        return {**state, "beta": max(0.0, state["beta"] + step), "nonzeros": average, "last_step": step}

    def gradient(self, body, method, i, cost, x, g, tau):
        """One instance's gradient, None where a solve failed, and how far x moved."""
        if not g.any():
            return np.zeros_like(cost), 0.0
        if method == "identity":
            return -self.project(g, cost, body.get("projection", "none")), 0.0
        if method == "perturbed":
            return self.score(i, body, g), 0.0
        if method == "imle":
            pairs = [[self.near(cost, cost - z + s * tau * g)[0] for s in (1, 0)] for z in self.noise(i, body)]
            return np.mean([a - b for a, b in pairs], axis=0) / tau, 0.0
        sides = {"lower": [1], "upper": [-1], "average": [1, -1]}["lower" if method == "blackbox" else body["envelope"]]
        return self.lpgd(cost, x, g, tau, body.get("rho", 0.0), sides)

    def lpgd(self, cost, x, g, tau, rho, sides):
        """rho/2 ||x' - x||^2 is linear in x' up to a constant, on indicators and rankings."""
        linear = rho * (0.5 - x) if self.fields["type"] != "ranking" else -rho * x
        parts = []
        for side in sides:
            found = self.near(cost, cost + side * tau * g + linear)[0]
            if np.isnan(found).any():
                return None, 0.0
            parts.append(side * (found - x))
        return np.mean(parts, axis=0) / tau, float(np.linalg.norm(parts[0]))

    def near(self, cost, moved):
        """As `find` at moved costs, which are clamped where they would make a negative cycle."""
        found = self.find(moved)
        return self.find(np.maximum(moved, 0)) if found[2] == "unbounded" and (cost >= 0).all() else found

    def find(self, cost):
        """x, objective, status."""
        try:
            x = discrete.solve(self.fields, cost)
        except discrete.Unbounded:
            return np.full(cost.shape, np.nan), np.nan, "unbounded"
        if x is None:
            return np.full(cost.shape, np.nan), np.nan, "infeasible"
        return x, float((x * cost).sum()), "optimal"

    def mean(self, i, perturbation):
        """The means over the samples of x and of the least perturbed cost."""
        found = [self.near(self.costs[i], self.costs[i] - z) for z in self.noise(i, perturbation)]
        status = next((part[2] for part in found if part[2] != "optimal"), "optimal")
        return np.mean([part[0] for part in found], axis=0), np.mean([part[1] for part in found]), status

    def score(self, i, body, g):
        """The score-function estimate with the mean of the samples as a baseline."""
        noise = self.noise(i, body)
        scores = noise / body["sigma"] if body["noise"] == "gaussian" else 1 - np.exp(-noise / body["sigma"])
        values = np.array([(g * self.near(self.costs[i], self.costs[i] - z)[0]).sum() for z in noise])
        baseline = values.mean() if len(values) > 1 else 0.0
        weights = (values - baseline) * (len(values) / max(len(values) - 1, 1))
        return -np.tensordot(weights, scores, 1) / (len(values) * body["sigma"])

    def noise(self, i, perturbation):
        """Samples of sigma Z, by the client's own generator."""
        names = ("samples", "seed", "noise", "sigma")
        how = Perturbation(**{name: perturbation[name] for name in names if name in perturbation})
        z = how.draw(len(self.costs), int(np.prod(self.costs.shape[1:])))
        return how.sigma * z[i].reshape(-1, *self.costs.shape[1:])

    def project(self, g, cost, projection):
        """The derivative of the projection of the cost, transposed."""
        if projection == "none":
            return g
        g = g - g.mean()
        if projection == "standardize":
            centred = cost - cost.mean()
            size = np.linalg.norm(centred)
            g = (g - (g * centred).sum() * centred / size**2) / size
        return g

    def upstream(self, gradient, name):
        """float[B, ...], zeros if it was not sent."""
        shape = self.costs.shape if name == "x" else self.costs.shape[:1]
        return np.asarray(gradient[name], float).reshape(shape) if name in gradient else np.zeros(shape)

    def as_sent(self, array):
        """Without the batch axis if there was none."""
        return array if self.batched else array[0]

    squeeze = as_sent

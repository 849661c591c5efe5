"""Random combinatorial sets and costs."""

import numpy as np

from argmind import kinds


def graph(rng, nodes, extra):
    """A random spanning tree in random directions and some more edges, loops and parallel edges among them."""
    order = rng.permutation(nodes)
    tree = [(order[rng.integers(k)], order[k]) for k in range(1, nodes)]
    more = rng.integers(nodes, size=(extra, 2))
    edges = np.concatenate([np.array(tree, int).reshape(-1, 2), more])
    flip = rng.random(len(edges)) < 0.5
    edges[flip] = edges[flip, ::-1]
    return rng.permutation(edges)


def flow(rng, nodes, edges):
    """Capacities around a random flow, which carries the supplies; sometimes a little too small for it."""
    x = rng.integers(0, 3, len(edges))
    supply = np.zeros(nodes, int)
    np.add.at(supply, edges[:, 0], x)
    np.add.at(supply, edges[:, 1], -x)
    return np.maximum(x + rng.integers(-1 if rng.random() < 0.3 else 0, 3, len(edges)), 0), supply


def random_set(name, rng):
    """A kind, and the shape of one instance's costs."""
    n = int(rng.integers(1, 9))
    if name in ("assignment", "tsp", "grid-shortest-path"):
        rows, cols = (int(k) for k in rng.integers(1, 8, 2))
        made = {
            "assignment": (kinds.Assignment(), (rows, cols)),
            "tsp": (kinds.TSP(), (max(2, rows),) * 2),
            "grid-shortest-path": (kinds.GridShortestPath(int(rng.choice([4, 8]))), (rows, cols)),
        }
        return made[name]
    if name in ("top-k", "ranking", "knapsack"):
        k = int(rng.integers(1, 4))
        weights = rng.integers(0, 10, (k, n)) if rng.random() < 0.5 else rng.random((k, n))
        made = {
            "top-k": kinds.TopK(int(rng.integers(0, n + 1))),
            "ranking": kinds.Ranking(),
            "knapsack": kinds.Knapsack(weights, weights.sum(axis=1) * rng.random(k)),
        }
        return made[name], (n,)
    edges = graph(rng, n, int(rng.integers(0, 2 * n + 1)))
    if rng.random() < 0.3 and len(edges) > 1:  # perhaps disconnected
        edges = edges[: len(edges) // 2]
    made = {
        "shortest-path": lambda: kinds.ShortestPath(
            edges, n, int(rng.integers(n)), int(rng.integers(n)), bool(rng.random() < 0.5)
        ),
        "matching": lambda: kinds.Matching(edges, n),
        "min-cost-flow": lambda: kinds.MinCostFlow(edges, n, *flow(rng, n, edges)),
        "spanning-tree": lambda: kinds.SpanningTree(edges, n),
    }
    return made[name](), (len(edges),)


SIGNED = ("assignment", "matching", "min-cost-flow", "spanning-tree", "tsp", "knapsack", "top-k", "ranking")


def random_costs(name, rng, batch, shape):
    """float[batch, *shape]: real or integer (with ties), of several scales, negative where the kind allows it."""
    costs = rng.random((batch, *shape)) if rng.random() < 0.5 else rng.integers(0, 5, (batch, *shape)).astype(float)
    if name in SIGNED and costs.size:
        costs = costs - costs.mean() if rng.random() < 0.5 else -costs
    return costs * 10.0 ** rng.integers(-4, 5)

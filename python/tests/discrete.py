"""Combinatorial problems solved by other people's code or by the book, and a check of membership."""

import heapq
import itertools

import networkx as nx
import numpy as np
from scipy import optimize

from argmind._minimizer import KINDS


class Unbounded(Exception):
    """A walk of ever smaller cost."""


def solve(fields, cost):
    """A minimizer, shaped like the cost; None if there is none."""
    return SOLVERS[fields["type"]](fields, np.asarray(cost, float))


def shape_ok(fields, cost):
    """Whether the costs have the rank of the kind, or one axis more."""
    return np.ndim(cost) in (KINDS[fields["type"]].rank, KINDS[fields["type"]].rank + 1)


def shortest_path(fields, cost):
    """Bellman and Ford, with the edge by which each node was reached."""
    edges = np.asarray(fields["edges"]).reshape(-1, 2)
    arcs = [(e, int(u), int(v)) for e, (u, v) in enumerate(edges)]
    if not fields.get("directed", True):
        arcs += [(e, v, u) for e, u, v in arcs]
    distance = np.full(fields["nodes"], np.inf)
    reached = {}
    distance[fields["source"]] = 0.0
    for sweep in range(fields["nodes"]):
        changed = False
        for e, u, v in arcs:
            if distance[u] + cost[e] < distance[v]:
                distance[v] = distance[u] + cost[e]
                reached[v] = (e, u)
                changed = True
        if not changed:
            break
        if sweep == fields["nodes"] - 1:
            raise Unbounded
    node = fields["target"]
    if np.isinf(distance[node]):
        return None
    x = np.zeros(len(edges))
    while node != fields["source"]:
        e, node = reached[node]
        x[e] = 1.0
    return x


def grid_moves(fields):
    """The steps to neighbours."""
    steps = itertools.product((-1, 0, 1), repeat=2)
    return [(i, j) for i, j in steps if (i, j) != (0, 0) and (fields.get("neighbourhood", 8) == 8 or not i or not j)]


def grid_shortest_path(fields, cost):
    """Dijkstra with a heap."""
    if (cost < 0).any():
        raise Unbounded
    height, width = cost.shape
    distance = np.full(cost.shape, np.inf)
    before = {}
    distance[0, 0] = cost[0, 0]
    heap = [(cost[0, 0], (0, 0))]
    while heap:
        d, (i, j) = heapq.heappop(heap)
        if d > distance[i, j]:
            continue
        for di, dj in grid_moves(fields):
            a, b = i + di, j + dj
            if 0 <= a < height and 0 <= b < width and d + cost[a, b] < distance[a, b]:
                distance[a, b] = d + cost[a, b]
                before[a, b] = (i, j)
                heapq.heappush(heap, (distance[a, b], (a, b)))
    x = np.zeros(cost.shape)
    cell = (height - 1, width - 1)
    x[cell] = 1.0
    while cell != (0, 0):
        cell = before[cell]
        x[cell] = 1.0
    return x


def assignment(_fields, cost):
    """SciPy."""
    x = np.zeros(cost.shape)
    x[optimize.linear_sum_assignment(cost)] = 1.0
    return x


def matching(fields, cost):
    """NetworkX, on the cheapest of parallel edges."""
    graph = nx.Graph()
    graph.add_nodes_from(range(fields["nodes"]))
    edges = np.asarray(fields["edges"]).reshape(-1, 2)
    for e, (u, v) in enumerate(edges):
        if u != v and (not graph.has_edge(u, v) or cost[e] < cost[graph[u][v]["e"]]):
            graph.add_edge(int(u), int(v), e=e, weight=-cost[e])
    pairs = nx.max_weight_matching(graph, maxcardinality=True)
    if 2 * len(pairs) < fields["nodes"]:
        return None
    x = np.zeros(len(edges))
    x[[graph[u][v]["e"] for u, v in pairs]] = 1.0
    return x


def min_cost_flow(fields, cost):
    """HiGHS by SciPy: the matrix is totally unimodular, so a vertex is integer."""
    edges = np.asarray(fields["edges"]).reshape(-1, 2)
    A = np.zeros((fields["nodes"], len(edges)))
    np.add.at(A, (edges[:, 0], np.arange(len(edges))), 1.0)
    np.add.at(A, (edges[:, 1], np.arange(len(edges))), -1.0)
    bounds = list(zip(np.zeros(len(edges)), np.asarray(fields["capacity"], float), strict=True))
    found = optimize.linprog(cost, A_eq=A, b_eq=np.asarray(fields["supply"], float), bounds=bounds, method="highs-ds")
    return np.round(found.x) if found.status == 0 else None


def spanning_tree(fields, cost):
    """Kruskal."""
    edges = np.asarray(fields["edges"]).reshape(-1, 2)
    components = nx.utils.UnionFind(range(fields["nodes"]))
    x = np.zeros(len(edges))
    for e in np.argsort(cost, kind="stable"):
        u, v = map(int, edges[e])
        if components[u] != components[v]:
            components.union(u, v)
            x[e] = 1.0
    return x if x.sum() == fields["nodes"] - 1 else None


def tsp(_fields, cost):
    """All permutations."""
    n = len(cost)
    tours = np.array([(0, *rest) for rest in itertools.permutations(range(1, n))])
    best = tours[cost[tours, np.roll(tours, -1, axis=1)].sum(axis=1).argmin()]
    x = np.zeros((n, n))
    x[best, np.roll(best, -1)] = 1.0
    return x


def knapsack(fields, cost):
    """All subsets if they are few, else HiGHS by SciPy."""
    weights, capacities = np.asarray(fields["weights"], float), np.asarray(fields["capacities"], float)
    n = cost.size
    if n <= 12:
        every = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        allowed = every[(every @ weights.T <= capacities + 1e-12).all(axis=1)]
        return allowed[(allowed @ cost).argmin()].astype(float)
    rows = optimize.LinearConstraint(weights, ub=capacities)
    box = optimize.Bounds(0, 1)
    found = optimize.milp(cost, constraints=rows, bounds=box, integrality=np.ones(n), options={"mip_rel_gap": 0})
    return np.round(found.x)


def top_k(fields, cost):
    """Sorting."""
    x = np.zeros(cost.size)
    x[np.argsort(cost, kind="stable")[: fields["k"]]] = 1.0
    return x


def ranking(_fields, cost):
    """Sorting."""
    x = np.empty(cost.size)
    x[np.argsort(-cost, kind="stable")] = np.arange(1, cost.size + 1)
    return x


SOLVERS = {
    "shortest-path": shortest_path,
    "grid-shortest-path": grid_shortest_path,
    "assignment": assignment,
    "matching": matching,
    "min-cost-flow": min_cost_flow,
    "spanning-tree": spanning_tree,
    "tsp": tsp,
    "knapsack": knapsack,
    "top-k": top_k,
    "ranking": ranking,
}


def contains(fields, x):
    """Whether x is an element of the set. Written against the definition, without the solvers above."""
    x = np.asarray(x, float)
    kind = fields["type"]
    if not np.equal(x, np.round(x)).all():
        return False
    if kind == "ranking":
        return sorted(x) == list(range(1, x.size + 1))
    if kind == "min-cost-flow":
        edges = np.asarray(fields["edges"]).reshape(-1, 2)
        balance = np.zeros(fields["nodes"])
        np.add.at(balance, edges[:, 0], x)
        np.add.at(balance, edges[:, 1], -x)
        within = ((x >= 0) & (x <= np.asarray(fields["capacity"]))).all()
        return bool(within and (balance == np.asarray(fields["supply"])).all())
    return bool(np.isin(x, (0, 1)).all()) and BINARY[kind](fields, x)


def _is_path(fields, x):
    edges = np.asarray(fields["edges"]).reshape(-1, 2)
    graph = nx.MultiDiGraph() if fields.get("directed", True) else nx.MultiGraph()
    graph.add_edges_from(map(tuple, edges[x == 1]))
    if fields["source"] == fields["target"]:
        return not x.any()
    if fields["source"] not in graph or fields["target"] not in graph:
        return False
    path = nx.shortest_path(graph, fields["source"], fields["target"])
    return len(path) - 1 == x.sum()


def _is_grid_path(fields, x):
    cells = set(zip(*np.nonzero(x), strict=True))
    ends = {(0, 0), (x.shape[0] - 1, x.shape[1] - 1)}
    if not ends <= cells:
        return False
    seen, stack = {(0, 0)}, [(0, 0)]
    while stack:
        i, j = stack.pop()
        for di, dj in grid_moves(fields):
            if (i + di, j + dj) in cells - seen:
                seen.add((i + di, j + dj))
                stack.append((i + di, j + dj))
    return seen == cells  # connected; that no cell could be spared follows from the positive cost


def _is_tour(_fields, x):
    if not ((x.sum(axis=0) == 1).all() and (x.sum(axis=1) == 1).all()):
        return False
    after, node = x.argmax(axis=1), 0
    seen = set()
    while node not in seen:
        seen.add(node)
        node = after[node]
    return len(seen) == len(x)


def _covers(fields, x):
    edges = np.asarray(fields["edges"]).reshape(-1, 2)[x == 1]
    return sorted(edges.ravel()) == list(range(fields["nodes"]))


def _is_tree(fields, x):
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(fields["nodes"]))
    graph.add_edges_from(map(tuple, np.asarray(fields["edges"]).reshape(-1, 2)[x == 1]))
    return nx.is_connected(graph) and graph.number_of_edges() == fields["nodes"] - 1


def _is_assignment(_fields, x):
    small, large = sorted((0, 1), key=lambda axis: x.shape[axis])
    return (x.sum(axis=large) == 1).all() and (x.sum(axis=small) <= 1).all()


BINARY = {
    "shortest-path": _is_path,
    "grid-shortest-path": _is_grid_path,
    "assignment": _is_assignment,
    "matching": _covers,
    "spanning-tree": _is_tree,
    "tsp": _is_tour,
    "knapsack": lambda f, x: bool((np.asarray(f["weights"]) @ x <= np.asarray(f["capacities"]) * (1 + 1e-12)).all()),
    "top-k": lambda f, x: x.sum() == f["k"],
}

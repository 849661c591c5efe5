"""A layer for each combinatorial kind."""

from typing import Any, Literal, Unpack

from . import kinds
from ._torch_discrete import CombinatorialLayer, Options


class ShortestPath(CombinatorialLayer):
    """Shortest paths in a graph: cost [..., E] in, edge indicators out.

    Args:
        edges: int[E, 2], pairs of tail and head.
        nodes: how many.
        source: where the path begins.
        target: where it ends.
        directed: whether edges are used from tail to head only.
        options: of `CombinatorialLayer`.
    """

    def __init__(
        self, edges: Any, nodes: int, source: int, target: int, *, directed: bool = True, **options: Unpack[Options]
    ) -> None:
        super().__init__(kinds.ShortestPath(edges, nodes, source, target, directed), **options)


class GridShortestPath(CombinatorialLayer):
    """Shortest paths from the top-left to the bottom-right cell of a grid: cell costs [..., H, W] in, indicators out.

    Args:
        neighbourhood: 8 or 4.
        options: of `CombinatorialLayer`.
    """

    def __init__(self, neighbourhood: Literal[4, 8] = 8, **options: Unpack[Options]) -> None:
        super().__init__(kinds.GridShortestPath(neighbourhood), **options)


class Assignment(CombinatorialLayer):
    """Minimum-cost matchings of rows with columns: cost [..., r, c] in, (partial) permutation matrices out.

    Args:
        options: of `CombinatorialLayer`.
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(kinds.Assignment(), **options)


class Matching(CombinatorialLayer):
    """Minimum-cost perfect matchings of a general graph: cost [..., E] in, edge indicators out.

    Args:
        edges: int[E, 2], pairs of nodes.
        nodes: how many.
        options: of `CombinatorialLayer`.
    """

    def __init__(self, edges: Any, nodes: int, **options: Unpack[Options]) -> None:
        super().__init__(kinds.Matching(edges, nodes), **options)


class MinCostFlow(CombinatorialLayer):
    """Minimum-cost integer flows: cost [..., E] in, flows out.

    Args:
        edges: int[E, 2], pairs of tail and head.
        nodes: how many.
        capacity: int[E].
        supply: int[nodes], negative for demand.
        options: of `CombinatorialLayer`.
    """

    def __init__(self, edges: Any, nodes: int, capacity: Any, supply: Any, **options: Unpack[Options]) -> None:
        super().__init__(kinds.MinCostFlow(edges, nodes, capacity, supply), **options)


class SpanningTree(CombinatorialLayer):
    """Minimum spanning trees: cost [..., E] in, edge indicators out.

    Args:
        edges: int[E, 2], pairs of nodes.
        nodes: how many.
        options: of `CombinatorialLayer`.
    """

    def __init__(self, edges: Any, nodes: int, **options: Unpack[Options]) -> None:
        super().__init__(kinds.SpanningTree(edges, nodes), **options)


class TSP(CombinatorialLayer):
    """Shortest tours through all nodes: cost [..., n, n] in, arc indicators out.

    Args:
        options: of `CombinatorialLayer`.
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(kinds.TSP(), **options)


class Knapsack(CombinatorialLayer):
    """Knapsacks: cost [..., n] (negative = profit) in, item indicators out.

    Args:
        weights: float[k, n] or float[n], nonnegative.
        capacities: float[k], or a number.
        options: of `CombinatorialLayer`.
    """

    def __init__(self, weights: Any, capacities: Any, **options: Unpack[Options]) -> None:
        super().__init__(kinds.Knapsack(weights, capacities), **options)


class TopK(CombinatorialLayer):
    """The k smallest costs: cost [..., n] in, indicators out.

    Args:
        k: how many.
        options: of `CombinatorialLayer`.
    """

    def __init__(self, k: int, **options: Unpack[Options]) -> None:
        super().__init__(kinds.TopK(k), **options)


class Ranking(CombinatorialLayer):
    """Ranks: cost [..., n] in, ranks 1 .. n out, 1 for the largest.

    Args:
        options: of `CombinatorialLayer`.
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(kinds.Ranking(), **options)

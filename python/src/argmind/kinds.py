"""The combinatorial kinds: finite sets over which the service minimizes a linear cost.

    >>> paths = argmind.kinds.ShortestPath(edges=[[0, 1], [1, 2], [0, 2]], nodes=3, source=0, target=2)
    >>> argmind.solve(paths.problem(cost=[1.0, 1.0, 3.0])).x
    array([1., 1., 0.])

A kind is everything but the costs, which is the same for a whole batch. All are minimized, and x has the shape of the
costs: [*shape], or [B, *shape] for a batch. `argmind.torch` has each of them as a layer. A kind is a problem without
its costs, which `Client.register` takes too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from ._problem import Array, Fields, as_numpy, real, wire_field

__all__ = [
    "TSP",
    "Assignment",
    "GridShortestPath",
    "Kind",
    "Knapsack",
    "Matching",
    "MinCostFlow",
    "Ranking",
    "ShortestPath",
    "SpanningTree",
    "TopK",
]


@dataclass(frozen=True, eq=False)
class Kind:
    """What all kinds have in common.

    Attributes:
        type: the kind's name in the contract.
        rank: axes of one instance's costs.
    """

    type: ClassVar[str]
    rank: ClassVar[int] = 1

    @property
    def binary(self) -> bool:
        """Whether every x is an indicator, with 0 and 1 only."""
        return True

    def items(self) -> Iterator[tuple[str, Any]]:
        """Pairs of name and value of the problem's fields, its type among them."""
        yield "type", self.type
        for field in fields(self):
            yield field.name, getattr(self, field.name)

    def problem(self, cost: ArrayLike) -> Fields:
        """The problem with these costs: float[*shape], or float[B, *shape] for a batch."""
        return {**dict(self.items()), "cost": cost}


def edge_list(edges: Any) -> Array:
    """Edges as int64[E, 2]."""
    array = np.asarray(as_numpy(edges))
    if not array.size:
        array = np.zeros((0, 2), np.int64)
    if array.dtype.kind not in "iu" or array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"edges must be integers [E, 2], not {array.dtype}{list(array.shape)}")
    return array.astype(np.int64)


@dataclass(frozen=True, eq=False)
class _OnGraph(Kind):
    edges: Any
    nodes: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", edge_list(self.edges))
        object.__setattr__(self, "nodes", int(self.nodes))


@dataclass(frozen=True, eq=False)
class ShortestPath(_OnGraph):
    """Paths from `source` to `target` in a graph; x[E] indicates the edges used.

    Attributes:
        edges: int[E, 2], pairs of tail and head among 0 .. nodes - 1; parallel edges and loops are allowed.
        nodes: how many.
        source: where the path begins.
        target: where it ends.
        directed: whether edges are used from tail to head only.
    """

    source: int
    target: int
    directed: bool = True
    type: ClassVar[str] = "shortest-path"


@dataclass(frozen=True, eq=False)
class GridShortestPath(Kind):
    """Paths from the top-left to the bottom-right cell of a grid; cost and x are [H, W], per cell, both ends counted.

    Attributes:
        neighbourhood: 8 (king's moves) or 4 (rook's moves, one cell at a time).
    """

    neighbourhood: Literal[4, 8] = 8
    type: ClassVar[str] = "grid-shortest-path"
    rank: ClassVar[int] = 2


@dataclass(frozen=True, eq=False)
class Assignment(Kind):
    """Matchings of rows with columns; cost and x are [r, c]. Of the fewer side each is matched."""

    type: ClassVar[str] = "assignment"
    rank: ClassVar[int] = 2


@dataclass(frozen=True, eq=False)
class Matching(_OnGraph):
    """Perfect matchings of a general graph; x[E] indicates the edges.

    Attributes:
        edges: int[E, 2], pairs of nodes.
        nodes: how many.
    """

    type: ClassVar[str] = "matching"


@dataclass(frozen=True, eq=False)
class MinCostFlow(_OnGraph):
    """Integer flows x[E] on directed edges, 0 <= x <= capacity, that carry the supplies.

    Attributes:
        edges: int[E, 2], pairs of tail and head.
        nodes: how many.
        capacity: int[E].
        supply: int[nodes], what leaves a node minus what enters it; negative for demand.
    """

    capacity: Any
    supply: Any
    type: ClassVar[str] = "min-cost-flow"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("capacity", "supply"):
            object.__setattr__(self, name, real(name, getattr(self, name)))

    @property
    def binary(self) -> bool:
        """Whether no edge can carry more than 1."""
        return bool((self.capacity <= 1).all())


@dataclass(frozen=True, eq=False)
class SpanningTree(_OnGraph):
    """Spanning trees of an undirected graph; x[E] indicates the edges.

    Attributes:
        edges: int[E, 2], pairs of nodes.
        nodes: how many.
    """

    type: ClassVar[str] = "spanning-tree"


@dataclass(frozen=True, eq=False)
class TSP(Kind):
    """Tours through all nodes; cost and x are [n, n], and x[i, j] = 1 where j follows i. Costs may be asymmetric."""

    type: ClassVar[str] = "tsp"
    rank: ClassVar[int] = 2


@dataclass(frozen=True, eq=False)
class Knapsack(Kind):
    """x in {0, 1}^n with weights x <= capacities. Costs are minimized: a profit is a negative cost.

    Attributes:
        weights: float[k, n], nonnegative; float[n] is a single row.
        capacities: float[k], or a number.
    """

    weights: Any
    capacities: Any
    type: ClassVar[str] = "knapsack"

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", np.atleast_2d(real("weights", self.weights)))
        object.__setattr__(self, "capacities", np.atleast_1d(real("capacities", self.capacities)))


@dataclass(frozen=True, eq=False)
class TopK(Kind):
    """Sets of k entries; x[n] indicates the k smallest costs.

    Attributes:
        k: how many.
    """

    k: int
    type: ClassVar[str] = "top-k"


@dataclass(frozen=True, eq=False)
class Ranking(Kind):
    """Permutations x[n] of 1 .. n: 1 for the largest cost."""

    type: ClassVar[str] = "ranking"

    @property
    def binary(self) -> bool:
        """False: ranks are counts."""
        return False


def wire(kind: Kind) -> Fields:
    """A kind as the contract writes it."""
    return {name: wire_field(name, value) for name, value in kind.items()}

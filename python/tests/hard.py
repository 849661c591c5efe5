"""Small programs that are hard for an interior point, each with what is true of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kkt import Cone

INF = np.inf


@dataclass(frozen=True)
class Hard:
    """One program.

    Attributes:
        problem: its fields, without a batch axis.
        truth: optimal, infeasible, unbounded, or unattained (an infimum that no point reaches).
        objective: the optimal value, where it is known.
        sure: that the truth must be found; otherwise the solver may also say that it could not.
        cones: of the rows of G.
    """

    name: str
    problem: dict
    truth: str = "optimal"
    objective: float | None = None
    sure: bool = True
    cones: tuple[Cone, ...] = ()

    def wire(self) -> dict:
        """The problem with its cones."""
        return {**self.problem, **({"cones": [cone.wire() for cone in self.cones]} if self.cones else {})}


def programs() -> list[Hard]:
    """All of them."""
    return [*degenerate(), *dependent(), *fixed_and_free(), *scaled(), *nearly(), *singular(), *conic()]


def degenerate() -> Iterator[Hard]:
    """Vertices where far more rows meet than there are variables, and optimal faces."""
    angles = np.linspace(0.01, np.pi / 2 - 0.01, 20)
    fan = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    yield Hard("20 rows through one vertex", {"c": [-1, -1], "G": fan, "h": fan.sum(axis=1)}, objective=-2)
    yield Hard("a row ten times", {"c": [-1.0, -2], "G": np.ones((10, 2)), "h": np.ones(10), "lb": 0}, objective=-2)
    yield Hard("an optimal face", {"c": [-1.0, -1, -1], "G": [[1, 1, 1]], "h": [1], "lb": 0}, objective=-1)
    yield Hard("no cost", {"c": [0.0, 0], "G": [[1, 1]], "h": [1], "lb": 0}, objective=0)
    yield Hard("a single point", {"c": [1.0, 1], "A": [[1, 1]], "b": [0], "lb": 0}, objective=0)
    n = 6
    G = np.eye(n) + np.array([[2.0 ** (i - j + 1) if j < i else 0 for j in range(n)] for i in range(n)])
    c = -(2.0 ** np.arange(n - 1, -1, -1))
    klee_minty = {"c": c, "G": G, "h": 5.0 ** np.arange(1, n + 1), "lb": 0}
    yield Hard("Klee and Minty", klee_minty, objective=-(5.0**n))
    permutation = np.zeros((8, 16))
    for k in range(4):
        permutation[k, 4 * k : 4 * k + 4] = permutation[4 + k, k::4] = 1
    c = np.abs(np.subtract.outer(np.arange(4), np.arange(4))).ravel()
    yield Hard("an assignment, one row too many", {"c": c, "A": permutation, "b": np.ones(8), "lb": 0}, objective=0)


def dependent() -> Iterator[Hard]:
    """Equalities that are linearly dependent."""
    A, P = [[1.0, 1, 0], [2, 2, 0]], np.eye(3)
    yield Hard("dependent rows of an LP", {"c": [1.0, 2, 3], "A": A, "b": [1, 2], "lb": 0}, objective=1)
    yield Hard("dependent rows of a QP", {"P": P, "c": [0, 0, 0], "A": A, "b": [1, 2]}, objective=0.25)
    yield Hard("contradicting rows of an LP", {"c": [1.0, 2, 3], "A": A, "b": [1, 3], "lb": 0}, "infeasible")
    yield Hard("contradicting rows of a QP", {"P": P, "c": [0, 0, 0], "A": A, "b": [1, 3]}, "infeasible")
    yield Hard("a row of zeros", {"c": [1.0, 1], "A": [[1, 1], [0, 0]], "b": [1, 0], "lb": 0}, objective=1)
    yield Hard("0 = 1", {"c": [1.0, 1], "A": [[0, 0]], "b": [1], "lb": 0}, "infeasible")
    yield Hard("0 <= -1", {"c": [1.0, 1], "G": [[0, 0]], "h": [-1], "lb": 0}, "infeasible")
    yield Hard("more equalities than variables", {"c": [1.0], "A": [[1], [2], [3]], "b": [2, 4, 6]}, objective=2)


def fixed_and_free() -> Iterator[Hard]:
    """Free variables, fixed variables, rows without effect."""
    G, h = [[1.0, 1], [1, -1], [-2, 1]], [1.0, 2, 3]
    yield Hard("free variables of an LP", {"c": [-1.0, -0.5], "G": G, "h": h}, objective=-1.25)
    yield Hard("nothing but a QP", {"P": np.diag([1.0, 2]), "c": [1, 1]}, objective=-0.75)
    yield Hard("free and costly", {"c": [1.0, 0], "G": [[0, 1]], "h": [1]}, "unbounded")
    yield Hard("fixed by bounds", {"c": [1.0, -1, 1], "lb": [1, 2, 0], "ub": [1, 2, 5]}, objective=-1)
    fixed = {"P": np.eye(2), "c": [1.0, 1], "G": [[1, 1]], "h": [2], "lb": [0.5, 0.5], "ub": [0.5, 0.5]}
    yield Hard("all fixed", fixed, objective=1.25)
    yield Hard("fixed outside", {"c": [1.0, 1], "A": [[1, 1]], "b": [3], "lb": 1, "ub": 1}, "infeasible")
    yield Hard("rows without effect", {"c": [1.0, 1], "G": [[1, 1], [-1, 0]], "h": [INF, 0], "lb": 0}, objective=0)


def scaled() -> Iterator[Hard]:
    """Rows and columns scaled by 1e-6 to 1e6: the same optimum in other units."""
    for seed in range(6):
        rng = np.random.default_rng([77, seed])
        n, m = 6, 8
        G, x, z = rng.standard_normal((m, n)), rng.uniform(0.5, 1, n), rng.uniform(0.5, 1, m)
        active = np.arange(m) < n - 1
        root = rng.standard_normal((n, n))
        P = root @ root.T if seed % 2 else np.zeros((n, n))
        low = np.r_[np.ones(1), np.zeros(n - 1)]
        x = np.where(low > 0, 0.0, x)
        c = -P @ x - G.T @ (z * active) + low
        h = G @ x + np.where(active, 0, 1.0)
        for name, rows, cols in (("rows", 6, 0), ("columns", 0, 6), ("rows and columns", 3, 3)):
            R, C = 10.0 ** rng.uniform(-rows, rows, m), 10.0 ** rng.uniform(-cols, cols, n)
            problem = {"P": C[:, None] * P * C, "c": C * c, "G": R[:, None] * G * C, "h": R * h, "lb": 0}
            yield Hard(f"scaled {name} {seed}", problem, objective=0.5 * x @ P @ x + c @ x, sure=False)
    yield Hard("large numbers", {"c": [-1e8, -1e8], "G": [[1.0, 1]], "h": [1e6], "lb": 0}, objective=-1e14, sure=False)
    yield Hard("small numbers", {"c": [-1e-8, -1e-8], "G": [[1.0, 1]], "h": [1e-6], "lb": 0}, sure=False)


def nearly() -> Iterator[Hard]:
    """On either side of infeasible and of unbounded."""
    for gap in (1e-3, 1e-6):
        G, c = [[1.0, 1], [-1, -1]], [1.0, 2]
        thin = {"c": c, "G": G, "h": [1, -1 + gap], "lb": 0}
        yield Hard(f"a slab of {gap}", thin, objective=1 - gap, sure=gap > 1e-4)
        none = {"c": c, "G": G, "h": [1, -1 - gap], "lb": 0}
        yield Hard(f"missing by {gap}", none, "infeasible", sure=gap > 1e-4)
        far = {"c": [-gap, 0], "G": [[gap, 1]], "h": [1], "lb": 0}
        yield Hard(f"far away, {gap}", far, objective=-1, sure=gap > 1e-4)
        slow = {"c": [-gap, 0], "G": [[-1.0, 1]], "h": [1], "lb": 0}
        yield Hard(f"slowly unbounded, {gap}", slow, "unbounded", sure=gap > 1e-4)
        flat = {"P": [[gap**2, 0], [0, 1]], "c": [-gap, 0], "lb": 0}
        yield Hard(f"a flat parabola, {gap}", flat, objective=-0.5, sure=False)
    both = {"c": [-1.0, 0], "G": [[0, 1], [0, -1]], "h": [0, -1]}
    yield Hard("infeasible, and its dual too", both, "infeasible")


def singular() -> Iterator[Hard]:
    """P without full rank."""
    P = np.array([[1.0, -1], [-1, 1]])
    yield Hard("a valley", {"P": P, "c": [0.0, 0]}, objective=0)
    yield Hard("a valley in a box", {"P": P, "c": [-1.0, 1], "lb": 0, "ub": 1}, objective=-0.5)
    yield Hard("down the valley", {"P": P, "c": [-1.0, -1]}, "unbounded")
    yield Hard("rank one, many variables", {"P": np.ones((8, 8)), "c": -np.ones(8), "lb": 0}, objective=-0.5)
    line = {"P": np.diag([1.0, 0, 0]), "c": [1.0, 1, 1], "A": [[0, 1, 1]], "b": [1], "lb": [-INF, 0, 0]}
    yield Hard("part quadratic, part linear", line, objective=0.5)


def conic() -> Iterator[Hard]:
    """Apexes, rays, empty intersections and infima out of reach."""
    ice, exp = (Cone("second-order", 3),), (Cone("exponential", 3),)
    down = np.vstack([np.zeros((1, 2)), -np.eye(2)])  # s = (h_0, h_1 + x_1, h_2 + x_2)
    yield Hard("a disc", {"c": [3.0, 4], "G": down, "h": [1, 0, 0]}, objective=-5, cones=ice)
    yield Hard("a disc of radius 0", {"c": [3.0, 4], "G": down, "h": [0, 0, 0]}, objective=0, cones=ice, sure=False)
    yield Hard("a disc of radius -1", {"c": [3.0, 4], "G": down, "h": [-1, 0, 0]}, "infeasible", cones=ice)
    yield Hard("the apex", {"c": [1.0, 0, 0], "G": -np.eye(3), "h": [0, 0, 0]}, objective=0, cones=ice)
    yield Hard("out of the cone", {"c": [-1.0, 0, 0], "G": -np.eye(3), "h": [0, 0, 0]}, "unbounded", cones=ice)
    hyperbola = {"c": [1.0, 0], "G": [[-1.0, -1], [-1, 1], [0, 0]], "h": [0, 0, 2]}
    yield Hard("x where x y >= 1", hyperbola, "unattained", cones=ice, sure=False)
    logarithm = {"c": [1.0], "G": [[0.0], [0], [-1]], "h": [1, 1, 0]}
    yield Hard("z where z >= e", logarithm, objective=np.e, cones=exp)
    yield Hard("exp where x <= 0", {"c": [-1.0], "G": [[-1.0], [0], [0]], "h": [0, 1, 1]}, objective=0, cones=exp)
    yield Hard("exp x <= -1", {"c": [-1.0], "G": [[-1.0], [0], [0]], "h": [0, 1, -1]}, "infeasible", cones=exp)
    yield Hard("down the exponential", {"c": [1.0], "G": [[-1.0], [0], [0]], "h": [0, 1, 1]}, "unbounded", cones=exp)
    power = (Cone("power", 3, 0.3),)
    mean = {"c": [-1.0], "G": [[0.0], [0], [-1]], "h": [2, 3, 0]}
    yield Hard("a weighted mean", mean, objective=-(2**0.3 * 3**0.7), cones=power)
    psd = (Cone("psd", 3),)
    diagonal = {"c": [1.0, 1], "G": [[-1.0, 0], [0, 0], [0, -1]], "h": [0, np.sqrt(2), 0]}
    yield Hard("trace where the determinant >= 1", diagonal, objective=2, cones=psd)
    zero = {"c": [1.0], "G": [[0.0], [0], [-1]], "h": [0, np.sqrt(2), 0]}
    yield Hard("a matrix with 0 and 1 in a row", zero, "infeasible", cones=psd, sure=False)

"""The seeded programs that are solved and differentiated, as plain arrays.

minimize 1/2 x'Px + c'x   subject to   A x = b,  G x <= h,  lb <= x <= ub
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import linalg, optimize, sparse

RANKS = {"P": 2, "c": 1, "A": 2, "b": 1, "G": 2, "h": 1, "lb": 1, "ub": 1}


@dataclass(frozen=True)
class Program:
    """A batch of programs of one structure.

    Attributes:
        name: of the table's row.
        fields: arrays or SciPy matrices; those with one axis more than their rank are batched.
        learned: the fields that want a gradient; c always is batched.
        upstream: gradient of the loss by x, [B, n].
        tau: of LPGD, for both sides of a comparison.
    """

    name: str
    fields: dict[str, Any]
    learned: tuple[str, ...]
    upstream: np.ndarray
    tau: float
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def batch(self) -> int:
        """How many programs."""
        return len(self.upstream)

    @property
    def n(self) -> int:
        """How many variables."""
        return self.upstream.shape[1]

    def batched(self, name: str) -> bool:
        """Whether the field has a batch axis."""
        return self.fields[name].ndim > RANKS[name]

    def item(self, name: str, i: int) -> Any:
        """The field of instance i."""
        return self.fields[name][i] if self.batched(name) else self.fields[name]

    def constants(self) -> dict[str, Any]:
        """Fields that are neither learned nor batched: a layer is told them once."""
        return {k: v for k, v in self.fields.items() if k not in self.learned and not self.batched(k)}

    def rows(self) -> "Program":
        """The same program with its bounds as further rows of G, for peers that have no bounds."""
        if not {"lb", "ub"} & set(self.fields):
            return self
        eye, G, h = np.eye(self.n), [], []
        for name, sign in (("lb", -1.0), ("ub", 1.0)):
            if name in self.fields:
                G.append(sign * eye)
                h.append(np.full(self.n, sign * self.fields[name]))
        if "G" in self.fields:
            assert not self.batched("G"), "bounds together with batched rows are not used here"
            G.append(dense(self.fields["G"]))
            h.append(self.fields["h"])
        fields = {k: v for k, v in self.fields.items() if k not in ("lb", "ub")}
        fields |= {"G": np.vstack(G), "h": np.concatenate(h)}
        return Program(self.name, fields, self.learned, self.upstream, self.tau, self.notes)


def dense(matrix: Any) -> np.ndarray:
    """A matrix as an array."""
    return matrix.toarray() if sparse.issparse(matrix) else matrix


def ordinary_tau(c: np.ndarray, g: np.ndarray) -> float:
    """The largest tau with |tau g| <= 0.1 |c| in every instance."""
    return float(0.1 * (np.linalg.norm(c, axis=1) / np.maximum(np.linalg.norm(g, axis=1), 1e-12)).min())


def dense_qp(n: int, batch: int) -> Program:
    """As many inequalities as variables, half as many equalities; every field batched and learned."""
    rng = np.random.default_rng([21, n])
    p = n // 2
    root = rng.standard_normal((batch, n, n))
    G = rng.standard_normal((batch, n, n)) / np.sqrt(n)
    A = rng.standard_normal((batch, p, n)) / np.sqrt(n)
    inside = rng.standard_normal((batch, n))
    c, g = 2 * rng.standard_normal((batch, n)), rng.standard_normal((batch, n))
    fields = {
        "P": root @ root.swapaxes(1, 2) / n + 0.1 * np.eye(n),
        "c": c,
        "G": G,
        "h": np.einsum("bij,bj->bi", G, inside) + rng.uniform(0.05, 1, (batch, n)),
        "A": A,
        "b": np.einsum("bij,bj->bi", A, inside),
    }
    return Program(f"dense QP n={n}", fields, tuple(fields), g, ordinary_tau(c, g))


def shared_qp(n: int, batch: int) -> Program:
    """The matrices of one dense QP for all, costs batched and learned: small messages, for scaling."""
    one = dense_qp(n, 1).fields
    rng = np.random.default_rng([12, n])
    c, g = 2 * rng.standard_normal((batch, n)), rng.standard_normal((batch, n))
    fields = {k: v[0] for k, v in one.items()} | {"c": c}
    return Program(f"shared QP n={n}", fields, ("c",), g, ordinary_tau(c, g))


def markowitz(n: int, batch: int) -> Program:
    """Weights on the simplex that trade return for risk; returns and covariances (a factor model) learned."""
    rng = np.random.default_rng([13, n])
    factors = rng.standard_normal((batch, n, max(3, n // 5)))
    factors *= 0.22 / np.sqrt(factors.shape[2])
    own = rng.uniform(0.1, 0.4, (batch, n)) ** 2
    covariance = factors @ factors.swapaxes(1, 2) + own[:, :, None] * np.eye(n)
    c, g = -(0.08 + 0.1 * rng.standard_normal((batch, n))), rng.standard_normal((batch, n))
    fields = {"P": 5 * covariance, "c": c, "A": np.ones((1, n)), "b": np.ones(1), "lb": 0.0}
    fields["lb"] = np.zeros(n)
    return Program(f"Markowitz n={n}", fields, ("P", "c"), g, ordinary_tau(c, g))


def sudoku(k: int, batch: int) -> Program:
    """The relaxation of Sudoku's rules; costs are noisy clues, the loss is 1/2 |x - true board|^2 at x*."""
    side = k * k
    rng = np.random.default_rng([14, k])
    A = _independent(_rules(k))
    truth = np.stack([_board(k, rng) for _ in range(batch)])
    shown = np.zeros((batch, side * side), bool)
    for row in shown:
        row[rng.permutation(side * side)[: {2: 5, 3: 30}[k]]] = True
    noise = 0.5 * rng.standard_normal(truth.shape)
    c = noise - truth * np.repeat(shown, side, axis=1)
    fields = {"c": c, "A": sparse.csr_array(A), "b": np.ones(len(A)), "lb": np.zeros(side**3), "ub": np.ones(side**3)}
    best = [
        optimize.linprog(cost, A_eq=fields["A"], b_eq=fields["b"], bounds=(0, 1), method="highs-ds").x for cost in c
    ]
    return Program(f"Sudoku LP {side}x{side}", fields, ("c",), np.stack(best) - truth, 1.0)


def _board(k: int, rng: np.random.Generator) -> np.ndarray:
    """A random full board as an indicator of (row, column, digit)."""
    side = k * k
    r, c = np.indices((side, side))
    rows, cols = (np.concatenate([k * band + rng.permutation(k) for band in rng.permutation(k)]) for _ in range(2))
    digits = rng.permutation(side)[(k * (r % k) + r // k + c) % side][rows][:, cols]
    return np.eye(side)[digits].ravel()


def _rules(k: int) -> np.ndarray:
    """Cells, rows, columns and blocks hold each digit once."""
    side = k * k
    cells = np.arange(side**3).reshape(side, side, side)
    groups = []
    for a in range(side):
        for b in range(side):
            block = cells[k * (a // k) : k * (a // k) + k, k * (a % k) : k * (a % k) + k, b]
            groups += [cells[a, b], cells[a, :, b], cells[:, a, b], block.ravel()]
    A = np.zeros((len(groups), side**3))
    for row, group in zip(A, groups, strict=True):
        row[group] = 1
    return A


def _independent(A: np.ndarray) -> np.ndarray:
    """A largest set of linearly independent rows."""
    _, R, order = linalg.qr(A.T, pivoting=True, mode="economic")
    rank = int((np.abs(np.diag(R)) > 1e-9 * abs(R[0, 0])).sum())
    return A[np.sort(order[:rank])]


def sparse_qp(n: int, spread: int | None = None) -> Program:
    """One program: as many rows as variables, three entries each within `spread` columns (None: anywhere)."""
    rng = np.random.default_rng([15, n, spread or 0])
    G = _three_per_row(rng, n, spread or n)
    off = sparse.diags_array([0.5 * rng.uniform(-1, 1, n - 1)], offsets=[1], shape=(n, n))
    P = sparse.csr_array(off + off.T + sparse.diags_array(rng.uniform(1, 2, n)))
    inside = rng.standard_normal(n)
    fields = {"P": P, "c": rng.standard_normal((1, n)), "G": G, "h": G @ inside + rng.uniform(0.05, 1, n)}
    name = f"sparse QP n={n}" + (f" spread {spread}" if spread else "")
    return Program(name, fields, ("c",), rng.standard_normal((1, n)), 0.1)


def _three_per_row(rng: np.random.Generator, n: int, spread: int) -> sparse.csr_array:
    start = rng.integers(0, max(1, n - spread + 1), n)
    cols = start[:, None] + rng.integers(0, min(spread, n), (n, 3))
    values = rng.standard_normal((n, 3))
    return sparse.csr_array((values.ravel(), (np.repeat(np.arange(n), 3), cols.ravel())), shape=(n, n))


def dense_lp(n: int, batch: int) -> Program:
    """As many dense rows as variables, in a box, the polytope shared, costs batched."""
    rng = np.random.default_rng([16, n])
    G = rng.standard_normal((n, n)) / np.sqrt(n)
    fields = {"c": rng.standard_normal((batch, n)), "G": G, "h": rng.uniform(0.5, 1, n)}
    fields |= {"lb": np.zeros(n), "ub": np.ones(n)}
    return Program(f"dense LP n={n}", fields, ("c",), rng.standard_normal((batch, n)), 1.0)


def sparse_lp(n: int, batch: int) -> Program:
    """A transport problem with about n routes between n/10 sources and n/10 sinks."""
    rng = np.random.default_rng([17, n])
    ends = max(3, n // 10)
    route = np.arange(n)
    source, sink = route % ends, (route % ends + route // ends * rng.integers(1, ends, n)) % ends
    A = sparse.csr_array((np.ones(2 * n), (np.r_[source, ends + sink], np.r_[route, route])), shape=(2 * ends, n))
    flow = rng.uniform(0, 1, n) * (rng.uniform(size=n) < 0.3)
    fields = {"c": rng.uniform(0.1, 1, (batch, n)), "A": A, "b": A @ flow, "lb": np.zeros(n)}
    return Program(f"sparse LP n={n}", fields, ("c",), rng.standard_normal((batch, n)), 0.1)

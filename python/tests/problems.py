"""Problems whose solution is known by construction."""

from dataclasses import dataclass

import numpy as np

from oracle import Data, Point

FIELDS = ("P", "c", "A", "b", "G", "h", "lb", "ub")


@dataclass(frozen=True)
class Known:
    """A batch of problems with their solutions, stacked: data["P"] is [B, n, n], solution["x"] is [B, n]."""

    data: dict
    solution: dict

    def instance(self, i: int) -> Data:
        """Problem number i."""
        return Data.of(**{name: self.data[name][i] for name in FIELDS})

    def point(self, i: int) -> Point:
        """Solution number i."""
        part = {name: value[i] for name, value in self.solution.items()}
        z_box = part.pop("z_box")
        return Point(**part, z_lb=np.maximum(-z_box, 0), z_ub=np.maximum(z_box, 0), status="optimal")


def known_qps(count: int, seed: int, n: int = 8, p: int = 2, m: int = 6) -> Known:
    """Strictly convex QPs, in which every active row has a multiplier and every other row a slack of at least 0.5.

    Two rows of G, one lower and one upper bound are active. The data follow from the solution, so that x, y, z are
    exact; problems whose active rows are close to dependent are drawn again.
    """
    assert p + 4 <= n, "more active rows than variables"
    rng = np.random.default_rng(seed)
    drawn = []
    while len(drawn) < count:
        data, solution = _draw(rng, n, p, m)
        active = np.vstack([data["A"], data["G"][solution["z"] > 0], np.eye(n)[solution["z_box"] != 0]])
        if np.linalg.svd(active, compute_uv=False).min() > 0.5:
            drawn.append((data, solution))
    return Known(*({name: np.stack([part[k][name] for part in drawn]) for name in drawn[0][k]} for k in (0, 1)))


def _draw(rng, n, p, m):
    def margin(size):
        return rng.uniform(0.5, 1.5, size)

    M = rng.standard_normal((n, n)) / np.sqrt(n)
    P = M @ M.T + np.eye(n)
    A, G = rng.standard_normal((p, n)), rng.standard_normal((m, n))
    x, y = rng.standard_normal(n), rng.standard_normal(p)
    tight = rng.permutation(m) < 2
    z, s = np.where(tight, margin(m), 0.0), np.where(tight, 0.0, margin(m))
    low, high = rng.permutation(n)[:2]
    z_box = np.zeros(n)
    z_box[low], z_box[high] = -margin(1)[0], margin(1)[0]
    lb, ub = x - margin(n), x + margin(n)
    lb[low], ub[high] = x[low], x[high]
    c = -(P @ x + A.T @ y + G.T @ z + z_box)
    data = {"P": P, "c": c, "A": A, "b": A @ x, "G": G, "h": G @ x + s, "lb": lb, "ub": ub}
    objective = 0.5 * x @ P @ x + c @ x
    return data, {"x": x, "y": y, "z": z, "s": s, "z_box": z_box, "objective": objective}


def direction(rng, data: dict, name: str) -> np.ndarray:
    """A random direction for a field, of unit norm for each instance; symmetric for P."""
    d = rng.standard_normal(data[name].shape)
    if name == "P":
        d = (d + np.swapaxes(d, -1, -2)) / 2
    return d / np.linalg.norm(d.reshape(len(d), -1), axis=1).reshape(-1, *[1] * (d.ndim - 1))

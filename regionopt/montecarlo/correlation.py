"""Inputs that move together: a Gaussian copula, by groups of inputs.

    z = Φ⁻¹(u)        independent normal scores of the inputs of a group
    v = Φ(√C · z)     numbers in (0, 1) again, with C the correlations of the scores

What an input's own distribution is stays as it is. The rank correlation (Spearman) of two inputs is then
6/π · asin(C/2) (Kruskal 1958). The nearest matrix is Higham's (2002, alternating projections).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from regionopt.common.errors import Problem
from regionopt.montecarlo.inverse import Array, Ints, from_normal, to_normal

# Rounding of a written matrix leaves eigenvalues this far below zero: nothing to speak of.
ROUNDING = 1e-9
ROUNDS, DIGITS = 200, 4


@dataclass(frozen=True)
class Together:
    """The inputs of a group by their places, and the correlations of their normal scores."""

    group: str
    places: Ints
    matrix: Array

    @cached_property
    def root(self) -> Array:
        """The symmetric root of the matrix; eigenvalues that rounding left below zero count as zero."""
        values, vectors = np.linalg.eigh(self.matrix)
        root: Array = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
        return root

    def moved(self, u: Array) -> Array:
        """Independent numbers in (0, 1), a row a draw, with those of this group made to move together."""
        found = u.copy()
        found[:, self.places] = from_normal(to_normal(u[:, self.places]) @ self.root)
        return np.clip(found, 2.0**-54, 1 - 2.0**-53)


def smallest_eigenvalue(matrix: Array) -> float:
    """Below zero where no inputs can be correlated so."""
    return float(np.linalg.eigvalsh(matrix)[0])


def nearest(matrix: Array) -> Array:
    """The correlation matrix nearest to a symmetric one with ones on its diagonal, in four decimals."""
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(ROUNDS):
        left = found - correction
        values, vectors = np.linalg.eigh(left)
        inside = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = inside - left
        found = inside.copy()
        np.fill_diagonal(found, 1.0)
    return _rounded(found)


def _rounded(matrix: Array) -> Array:
    """In decimals that can be written down; drawn towards none as little as keeps it a matrix of correlations."""
    for k in range(10_000):
        found = np.round(matrix * (1 - k * 10.0**-DIGITS), DIGITS)
        np.fill_diagonal(found, 1.0)
        if smallest_eigenvalue(found) >= -ROUNDING:
            return found
    return np.eye(len(matrix))


def least_for_all(size: int) -> float:
    """The least correlation that any two of so many can have, -1/(n - 1), in decimals that keep it possible."""
    return -math.floor(10.0**DIGITS / max(1, size - 1)) / 10.0**DIGITS


def problems(place: str, matrix: Array, size: int, remedy: str = "") -> Iterator[Problem]:
    """What keeps numbers from being correlations: shape, symmetry, ones, range, a negative eigenvalue. `remedy` says
    the nearest that is possible where that is no matrix."""
    if matrix.shape != (size, size):
        yield Problem("correlation_shape", place, "×".join(map(str, matrix.shape)), {"size": size})
        return
    if not np.isfinite(matrix).all() or (np.abs(matrix) > 1).any():
        yield Problem("correlation_range", place)
    elif (matrix != matrix.T).any() or (np.diag(matrix) != 1).any():
        yield Problem("correlation_symmetric", place)
    elif (least := smallest_eigenvalue(matrix)) < -ROUNDING:
        yield Problem(
            "correlation_impossible",
            place,
            None,
            {"least": f"{least:.4g}", "nearest": remedy or written(nearest(matrix))},
        )


def written(matrix: Array) -> str:
    """A matrix as the case file says it."""
    rows = ("[" + ", ".join(f"{value:.{DIGITS}g}" for value in row) + "]" for row in matrix.tolist())
    return f"[{', '.join(rows)}]"

"""Inverses of distribution functions: a draw is the inverse at a number in (0, 1).

So every draw is known from that number alone, and correlation is a matter of these numbers (`correlation`). Source:
Law, Simulation Modeling and Analysis (2015), 8.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from regionopt.montecarlo.distributions import DISCRETE, Distribution, Parameters

Array: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
_NORMAL = NormalDist()


def at(one: Distribution, u: Array) -> Array:
    """The draws that belong to numbers in (0, 1)."""
    if one.kind != DISCRETE:
        return _INVERSES[one.kind](one.parameters, u)
    weights = np.array(one.weights or [1.0] * len(one.values))
    upto = np.cumsum(weights) / weights.sum()
    upto[-1] = 1.0
    drawn: Array = np.array(one.values)[np.searchsorted(upto, u, side="right").clip(max=len(one.values) - 1)]
    return drawn


def from_normal(z: Array) -> Array:
    """The standard normal distribution function."""
    return np.fromiter(map(_NORMAL.cdf, z.ravel().tolist()), float, z.size).reshape(z.shape)


def to_normal(u: Array) -> Array:
    """Its inverse; `u` lies strictly between 0 and 1."""
    return np.fromiter(map(_NORMAL.inv_cdf, u.ravel().tolist()), float, u.size).reshape(u.shape)


def _uniform(p: Parameters, u: Array) -> Array:
    return p["low"] + u * (p["high"] - p["low"])


def _triangular(p: Parameters, u: Array) -> Array:
    low, mode, high = p["low"], p["mode"], p["high"]
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    return np.where(u * (high - low) < mode - low, rising, high - np.sqrt((1 - u) * (high - low) * (high - mode)))


def _normal(p: Parameters, u: Array) -> Array:
    return p["mean"] + p["sd"] * to_normal(_cut(u, *(_score(p, end, p["mean"], p["sd"]) for end in ("low", "high"))))


def _lognormal(p: Parameters, u: Array) -> Array:
    logs = {end: math.log(p[end]) if p[end] > 0 else -math.inf for end in ("low", "high") if end in p}
    middle = math.log(p["median"])
    return np.exp(
        middle + p["sigma"] * to_normal(_cut(u, *(_score(logs, e, middle, p["sigma"]) for e in ("low", "high"))))
    )


def _score(p: Parameters, end: str, mean: float, sd: float) -> float | None:
    """How much of the distribution lies below an end, None where nothing is cut off."""
    return _NORMAL.cdf((p[end] - mean) / sd) if end in p else None


def _cut(u: Array, below: float | None, upto: float | None) -> Array:
    """Numbers in (0, 1) brought into what is left between two ends."""
    low, high = below or 0.0, 1.0 if upto is None else upto
    tiny = 2.0**-54
    return np.clip(low + u * (high - low), tiny, 1 - 2.0**-53)


_INVERSES: Mapping[str, Callable[[Parameters, Array], Array]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "lognormal": _lognormal,
}

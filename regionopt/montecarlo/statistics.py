"""What many draws say of one number: mean, spread, quantiles; and shares of draws with their standard error.

A quantile p is the least value that at least the share p of the draws does not exceed: always one of the draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regionopt.sweep.flat import Array

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Spread:
    """A number over the draws that have it. Nothing but the count where none has."""

    draws: int
    mean: float | None
    sd: float | None
    minimum: float | None
    maximum: float | None
    quantiles: Mapping[float, float | None]


def spread(values: Array, levels: Sequence[float]) -> Spread:
    """Mean, standard deviation (n - 1), ends and quantiles of values; nan is no value."""
    known = np.sort(values[~np.isnan(values)])
    count = len(known)
    if not count:
        return Spread(0, None, None, None, None, dict.fromkeys(levels))
    places = [min(count, max(1, math.ceil(level * count - 1e-9))) - 1 for level in levels]
    sd = float(known.std(ddof=1)) if count > 1 else 0.0
    quantiles = {level: float(known[k]) for level, k in zip(levels, places, strict=True)}
    return Spread(count, float(known.mean()), sd, float(known[0]), float(known[-1]), quantiles)


@dataclass(frozen=True)
class Share:
    """In how many of so many draws something holds."""

    hits: int
    draws: int

    @property
    def share(self) -> float | None:
        """The share, None of no draws."""
        return self.hits / self.draws if self.draws else None

    @property
    def standard_error(self) -> float | None:
        """How far a share from so many independent draws is off, typically."""
        share = self.share
        return None if share is None else math.sqrt(share * (1 - share) / self.draws)


def share(holds: NDArray[np.bool_], among: NDArray[np.bool_]) -> Share:
    """The share of draws in which something holds, among some of them."""
    return Share(int((holds & among).sum()), int(among.sum()))


def cvar(values: Sequence[float], alpha: float) -> float:
    """The mean of the worst (largest) 1 - alpha of values that are equally likely; a value may count in part
    (Rockafellar and Uryasev 2002)."""
    worst = np.sort(np.asarray(values, dtype=float))[::-1]
    weights = np.clip((1 - alpha) * len(worst) - np.arange(len(worst)), 0.0, 1.0)
    return float(worst @ weights / weights.sum())

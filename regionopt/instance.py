"""The numbers of one case after every override: what the linear program is written from.

Ids are ASCII (`[a-z0-9_]`), so that they can stand in names of rows; display names live elsewhere. Money is in
the currency unit of the case, output in that unit a year, jobs in jobs. The symbols of the formula are given
in brackets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

METRICS = ("output", "jobs")
STAGES = ("worst_shortfall", "total_shortfall", *METRICS, "spend", "nearest_reference")


@dataclass(frozen=True)
class Tranche:
    """Tranche k of a programme: width [w], and return [e] of each metric per unit of money."""

    region: str
    programme: str
    tranche: int
    width: float
    returns: Mapping[str, float]


@dataclass(frozen=True)
class Target:
    """Target [T] of a metric in a region; a `must` target allows no shortfall."""

    metric: str
    region: str
    target: float
    must: bool = False


@dataclass(frozen=True)
class Limit:
    """Floor [L] and ceiling [U] of a region's allocation: the stricter of a fixed amount and a share of B."""

    region: str
    floor_fixed: float | None = None
    floor_share: float | None = None
    ceiling_fixed: float | None = None
    ceiling_share: float | None = None

    def floor(self, budget: float) -> float | None:
        """The floor at this budget, None when there is none."""
        return max(_given(self.floor_fixed, _share(self.floor_share, budget)), default=None)

    def ceiling(self, budget: float) -> float | None:
        """The ceiling at this budget, None when there is none."""
        return min(_given(self.ceiling_fixed, _share(self.ceiling_share, budget)), default=None)


@dataclass(frozen=True)
class Instance:
    """Everything the linear program needs, and nothing else: no names, no geometry, no sources."""

    regions: tuple[str, ...]
    budget: float
    tranches: tuple[Tranche, ...]
    targets: tuple[Target, ...]
    limits: tuple[Limit, ...]
    reference: Mapping[str, float]
    stages: tuple[str, ...]
    weights: Mapping[str, float]
    give_away: float = 1e-9


def _share(share: float | None, budget: float) -> float | None:
    return None if share is None else share * budget


def _given(*values: float | None) -> tuple[float, ...]:
    return tuple(value for value in values if value is not None)

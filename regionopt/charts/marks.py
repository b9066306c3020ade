"""What can be drawn on a plot, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Line:
    """Points joined by straight lines, or by steps that hold until the next point; `dots` marks the points."""

    points: Points
    label: str = ""
    step: bool = False
    dots: bool = False


@dataclass(frozen=True)
class Dots:
    """Points alone. `cross` is for those of another kind, such as runs without a plan; y = -∞ is on the x axis."""

    points: Points
    label: str = ""
    cross: bool = False


@dataclass(frozen=True)
class Band:
    """A part of the x axis that is shaded from bottom to top."""

    low: float
    high: float
    label: str = ""


@dataclass(frozen=True)
class Rule:
    """A line across the plot where x is `at`: today's value, a target."""

    at: float
    label: str = ""


Mark = Line | Dots | Band | Rule

"""Where labels stand: on their regions or near them, never on each other, and over as little else as can be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from regionopt.static.ground import Land

MANY = 12
"""With more regions than this, leader lines would tie knots: a label stays near, or is left to the table."""
RINGS = (0, 20, 36, 54, 74, 96, 120, 150, 190)
NEAR = (0, 10)
TURNS = 16
GAP = 3.0
EDGE = 2.0
ACROSS, DOWN = (0.03, 0.27, 0.5, 0.73, 0.97), (0.1, 0.5, 0.9)
ALONG = (0.25, 0.5, 0.75)
SEA = -1
PRICE = 1.6
FOREIGN = 1
MOST_FOREIGN = 4
Point = tuple[float, float]
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Spot:
    """A rectangle with its top left corner at x, y."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Spot, gap: float = GAP) -> bool:
        """Whether the two overlap, or stand closer than the gap."""
        across = self.x < other.x + other.width + gap and other.x < self.x + self.width + gap
        return across and self.y < other.y + other.height + gap and other.y < self.y + self.height + gap

    def inside(self, width: float, height: float) -> bool:
        """Whether it stands wholly in a frame of that size."""
        left, top = self.x >= EDGE, self.y >= EDGE
        return left and top and self.x + self.width <= width - EDGE and self.y + self.height <= height - EDGE

    def at(self, across: float, down: float) -> Point:
        """The point at these parts of its width and height."""
        return self.x + across * self.width, self.y + down * self.height


class Underlay:
    """What lies under points of the frame: the row of a region, another number for other land, or the sea."""

    def __init__(self, land: Land) -> None:
        self._areas = land.areas
        shapely.prepare(self._areas)

    def at(self, points: Array) -> Array:
        """For each point (x and y in the last axis) the row of the shape that holds it, SEA for none."""
        found = np.full(points.shape[:-1], SEA)
        for row, area in enumerate(self._areas):
            found[shapely.intersects_xy(area, points[..., 0], points[..., 1])] = row
        return found


def corner(width: float, height: float, land: Land, taken: Iterable[Spot] = (), away: float = 8.0) -> Spot:
    """The corner of the frame in which a box of that size hides the least land."""
    others = list(taken)
    corners = [
        Spot(x, y, width, height)
        for x in (away, land.width - width - away)
        for y in (away, land.height - height - away)
    ]
    free = [spot for spot in corners if not any(spot.meets(other) for other in others)] or corners
    return min(free, key=lambda spot: hidden(spot, land))


def hidden(spot: Spot, land: Land) -> float:
    """The area of land under a rectangle, in square pixels."""
    box = shapely.box(spot.x, spot.y, spot.x + spot.width, spot.y + spot.height)
    return float(shapely.area(shapely.intersection(land.areas, box)).sum())


def places(
    land: Land, anchors: Sequence[Point | None], sizes: Sequence[Sequence[Point]], taken: Iterable[Spot]
) -> list[tuple[int, Spot] | None]:
    """A place for the label of each region, in their order; None where there is none without an overlap.

    `sizes` are those of its forms, the best first; which form found the place is told with it.
    """
    under, used = Underlay(land), list(taken)
    found: list[tuple[int, Spot] | None] = []
    for region, (anchor, forms) in enumerate(zip(anchors, sizes, strict=True)):
        spots = (
            (form, _best(region, anchor, size, land, under, used, len(anchors) > MANY))
            for form, size in enumerate(forms)
            if anchor
        )
        best = next(((form, spot) for form, spot in spots if spot is not None), None)
        found.append(best)
        used += [best[1]] if best else []
    return found


def _best(
    region: int,
    anchor: Point,
    size: Point,
    land: Land,
    under: Underlay,
    used: Sequence[Spot],
    many: bool,
) -> Spot | None:
    free = [
        (distance, spot)
        for distance, spot in _around(anchor, size, NEAR if many else RINGS)
        if spot.inside(land.width, land.height) and not any(spot.meets(other) for other in used)
    ]
    if not free:
        return None
    costs = _costs(region, anchor, free, under)
    best = int(np.argmin(costs.sum(axis=1)))
    return None if many and costs[best, FOREIGN] > MOST_FOREIGN * PRICE else free[best][1]


def _around(anchor: Point, size: Point, rings: Sequence[int]) -> Iterator[tuple[int, Spot]]:
    """Places to try: on the point, then on rings around it."""
    (x, y), (width, height) = anchor, size
    for distance in rings:
        for turn in range(TURNS if distance else 1):
            angle = turn * 2 * math.pi / TURNS
            right = math.cos(angle) * (distance and distance + width / 3)
            down = math.sin(angle) * (distance and distance + height / 3)
            yield distance, Spot(x + right - width / 2, y + down - height / 2, width, height)


def _costs(region: int, anchor: Point, spots: Sequence[tuple[int, Spot]], under: Underlay) -> Array:
    """A row for each spot, by what it costs. Best lies fully in its region, else in the sea; covering or crossing
    other regions is worst, and far away is bad."""
    covered = under.at(np.array([[spot.at(x, y) for y in DOWN for x in ACROSS] for _, spot in spots]))
    crossed = under.at(np.array([[_along(anchor, spot.at(0.5, 0.5), part) for part in ALONG] for _, spot in spots]))
    own = (covered == region).sum(axis=1)
    foreign = sum(((rows != region) & (rows != SEA)).sum(axis=1) for rows in (covered, crossed))
    distance = np.array([distance for distance, _ in spots])
    costs = np.stack([1 + own * 0.6, foreign * PRICE, distance * 0.045], axis=1)
    return np.where((own == covered.shape[1])[:, None], 0.0, costs)


def _along(start: Point, end: Point, part: float) -> Point:
    return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])

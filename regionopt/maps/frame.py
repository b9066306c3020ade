"""What part of the earth a map shows: the view, and the insets for what lies too far away.

The view is fitted to the main parts of the counties in the plan, not to their islets. Counties outside the
plan that lie near widen it; a county too far away gets an inset at its own scale.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import accumulate

import shapely
from shapely.geometry import GeometryCollection
from shapely.geometry.base import BaseGeometry

from regionopt.maps.counties import Boundaries
from regionopt.maps.shapes import Shapes, merged, metric_crs, parts, projected

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
NEAR = 0.15
"""A county is near when the sea before it is narrower than this part of the main land's diagonal."""
MOST_INSETS = 4
"""More boxes would hide the map; what has none is still there when the map is moved."""
INSET_AREA = 0.95
"""An inset shows the largest parts that make up this share of its county."""


@dataclass(frozen=True)
class Inset:
    """A small map of one county (by its row in the boundaries) with its own scale."""

    county: int
    box: Box


@dataclass(frozen=True)
class Frame:
    """The view of the main map and its insets."""

    view: Box
    insets: tuple[Inset, ...]


def frame_of(boundaries: Boundaries, planned: Collection[str]) -> Frame:
    """The frame of a map on which the counties of the codes `planned` carry values."""
    shapes = boundaries.shapes
    inside = [row for row, code in enumerate(boundaries.codes) if code in planned]
    mains = [parts(shape)[0] for shape in shapes]
    near = _near(mains, inside)
    far = [row for row in range(len(shapes)) if row not in near]
    boxed = far if len(far) <= MOST_INSETS else []
    view = _bounds([mains[row] for row in sorted(near)])
    return Frame(view, tuple(Inset(row, _inset_box(shapes[row])) for row in boxed))


def _near(mains: Shapes, inside: list[int]) -> set[int]:
    """Rows within reach of the plan's largest land: step by step inside the plan, one step outside it."""
    metres = projected(mains, metric_crs([mains[row] for row in inside]))
    land: BaseGeometry = parts(merged([metres[row] for row in inside]))[0]
    west, south, east, north = land.bounds
    reach = NEAR * float((east - west) ** 2 + (north - south) ** 2) ** 0.5
    near: set[int] = set()
    while grown := {row for row in inside if row not in near and metres[row].distance(land) <= reach}:
        near |= grown
        land = GeometryCollection([land, *(metres[row] for row in sorted(grown))])
    return near | {row for row, shape in enumerate(metres) if shape.distance(land) <= reach}


def _inset_box(shape: BaseGeometry) -> Box:
    """Kinmen is boxed without the islet of Wuciou 130 km away, which would make it a dot."""
    found = parts(shape)
    sums = list(accumulate(part.area for part in found))
    enough = next(count for count, area in enumerate(sums, start=1) if area >= INSET_AREA * sums[-1])
    return _bounds(found[:enough])


def _bounds(shapes: Shapes) -> Box:
    west, south, east, north = (round(float(edge), 4) for edge in shapely.total_bounds(shapes))
    return west, south, east, north

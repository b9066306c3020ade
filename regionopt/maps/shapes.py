"""Geometry that is drawn: repaired, thinned, dissolved, measured. Plain functions of shapes; no file is read.

Shapes come and go in longitude and latitude (EPSG:4326). Distances, circles and areas are computed in an
equal-area projection in metres centred on the data, so the same code serves Taiwan, Japan or any country.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

LON_LAT = "EPSG:4326"
LARGE = 20_000
"""Vertices above which shapes are thinned for drawing; the built-in counties have about 6,000."""
FINENESS = 2_000
"""A thinned line strays by at most 1/2000 of the map's diagonal: less than a pixel on a screen."""

Shapes = Sequence[BaseGeometry]
Spot = tuple[float, float]
"""Longitude and latitude."""


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def projected(shapes: Shapes, target: str, source: str = LON_LAT) -> list[BaseGeometry]:
    """The shapes in another reference system, longitude (or east) first."""
    there = _transformer(source, target).transform
    return list(shapely.transform(np.asarray(shapes, dtype=object), there, interleaved=False))


def metric_crs(shapes: Shapes) -> str:
    """An equal-area projection in metres, centred on the shapes."""
    west, south, east, north = shapely.total_bounds(shapes)
    return f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} +datum=WGS84 +units=m"


def areas_km2(shapes: Shapes) -> list[float]:
    """Area of each shape in square kilometres."""
    return [shape.area / 1e6 for shape in projected(shapes, metric_crs(shapes))]


def label_points(shapes: Shapes) -> list[Spot]:
    """Where each shape is labelled: the centre of the largest circle inside its largest part.

    Unlike a centroid it always lies on the land, and as far from its edges as possible.
    """
    metric = metric_crs(shapes)
    largest = [parts(shape)[0] for shape in projected(shapes, metric)]
    centres = [Point(circle.coords[0]) for circle in shapely.maximum_inscribed_circle(largest)]
    return [(round(p.x, 4), round(p.y, 4)) for p in projected(centres, LON_LAT, metric)]


def parts(shape: BaseGeometry) -> list[Polygon]:
    """The areas a shape consists of, largest first; lines and points in it are passed over."""
    members = [member for part in getattr(shape, "geoms", []) for member in parts(part)]
    found = [shape] if isinstance(shape, Polygon) else members
    return sorted(found, key=lambda part: -part.area)


def repaired(shapes: Shapes) -> list[BaseGeometry]:
    """Invalid areas made valid; a bow-tie may leave a line or a point beside its areas, which is dropped."""
    return [shape if shape.is_valid else MultiPolygon(parts(shapely.make_valid(shape))) for shape in shapes]


def thinned(shapes: Shapes) -> list[BaseGeometry]:
    """Large sets with fewer vertices; shared borders are thinned together, so no gap or overlap appears."""
    if int(shapely.get_num_coordinates(shapes).sum()) <= LARGE:
        return list(shapes)
    metric = metric_crs(shapes)
    metres = projected(shapes, metric)
    west, south, east, north = shapely.total_bounds(metres)
    tolerance = float((east - west) ** 2 + (north - south) ** 2) ** 0.5 / FINENESS
    return repaired(projected(shapely.coverage_simplify(metres, tolerance), LON_LAT, metric))


def merged(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """One shape of many. Shapes that fit without gaps are joined along their shared lines exactly."""
    union = shapely.coverage_union_all if shapely.coverage_is_valid(shapes) else shapely.union_all
    return shapely.normalize(union(shapes))


def inner_lines(shapes: Sequence[BaseGeometry], whole: BaseGeometry) -> BaseGeometry:
    """The borders between the shapes that are not borders of the whole they make up."""
    borders = shapely.union_all([shape.boundary for shape in shapes])
    return borders.difference(whole.boundary)


def joined_lines(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """All lines of the shapes, joined where they meet end to end; points among them are dropped."""
    members = [part for shape in shapes for part in getattr(shape, "geoms", [shape])]
    lines = [part for part in members if isinstance(part, LineString) and not part.is_empty]
    return shapely.normalize(shapely.line_merge(MultiLineString(lines)))

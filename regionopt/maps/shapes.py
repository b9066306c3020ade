"""Geometry that is drawn: repaired, thinned, dissolved, measured. Plain functions of shapes; no file is read.

Shapes come and go in longitude and latitude (EPSG:4326). Distances, circles and areas are computed in an
equal-area projection in metres centred on the data, so the same code serves Taiwan, Japan or any country.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

LON_LAT = "EPSG:4326"
LARGE = 20_000
"""Vertices above which shapes are thinned for drawing; the built-in counties have about 6,000."""
FINENESS = 2_000
"""A thinned line strays by at most 1/2000 of the map's diagonal: less than a pixel on a screen."""


def metric_crs(shapes: gpd.GeoSeries) -> str:
    """An equal-area projection in metres, centred on the shapes."""
    west, south, east, north = shapes.total_bounds
    return f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} +datum=WGS84 +units=m"


def areas_km2(shapes: gpd.GeoSeries) -> list[float]:
    """Area of each shape in square kilometres."""
    return [float(square_metres) / 1e6 for square_metres in shapes.to_crs(metric_crs(shapes)).area]


def label_points(shapes: gpd.GeoSeries) -> dict[str, list[float]]:
    """Columns label_lon, label_lat: the centre of the largest circle inside each shape's largest part.

    Unlike a centroid it always lies on the land, and as far from its edges as possible.
    """
    metres = shapes.to_crs(metric_crs(shapes))
    centres = [Point(shapely.maximum_inscribed_circle(parts(shape)[0]).coords[0]) for shape in metres]
    degrees = gpd.GeoSeries(centres, crs=metres.crs).to_crs(LON_LAT)
    return {"label_lon": [round(p.x, 4) for p in degrees], "label_lat": [round(p.y, 4) for p in degrees]}


def parts(shape: BaseGeometry) -> list[Polygon]:
    """The areas a shape consists of, largest first; lines and points in it are passed over."""
    members = [member for part in getattr(shape, "geoms", []) for member in parts(part)]
    found = [shape] if isinstance(shape, Polygon) else members
    return sorted(found, key=lambda part: -part.area)


def repaired(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Invalid areas made valid; a bow-tie may leave a line or a point beside its areas, which is dropped."""
    broken = ~shapes.is_valid
    if not broken.any():
        return shapes
    return shapes.where(~broken, shapes.make_valid().map(lambda shape: MultiPolygon(parts(shape))))


def thinned(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Large sets with fewer vertices; shared borders are thinned together, so no gap or overlap appears."""
    if int(shapely.get_num_coordinates(shapes.values).sum()) <= LARGE:
        return shapes
    metres = shapes.to_crs(metric_crs(shapes))
    west, south, east, north = metres.total_bounds
    tolerance = float((east - west) ** 2 + (north - south) ** 2) ** 0.5 / FINENESS
    lines = shapely.coverage_simplify(metres.values, tolerance)
    return repaired(gpd.GeoSeries(lines, metres.index, metres.crs).to_crs(LON_LAT))


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

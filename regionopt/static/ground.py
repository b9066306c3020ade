"""The ground of a picture: shapes in metres, thinned to what an eye can see and fitted into a frame.

Made once for a plan; every metric and language is drawn on it. Units are pixels, y downwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import shapely
from shapely.affinity import affine_transform
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from regionopt.maps.drawing import Drawing
from regionopt.maps.frame import Box
from regionopt.maps.shapes import Shapes, inner_lines, joined_lines, merged, metric_crs, parts, projected, repaired
from regionopt.static.svg import path

FRAME, SMALL = (640.0, 540.0), (420.0, 256.0)
"""Width of a frame and its largest height: of a map that stands alone, and of one that stands beside words."""
LEAST = 200.0
INSET = (92.0, 52.0)
MARGIN = 14.0
FINENESS = 1.0
"""Corners that cut off less than the square of this, in pixels, are left out."""
SPECK = 0.1
"""Islets of a smaller area, in square pixels, are not seen."""


@dataclass(frozen=True)
class Shape:
    """A geometry in pixels, and its path data, which is written once for all maps."""

    geometry: BaseGeometry
    data: str


@dataclass(frozen=True)
class Land:
    """What is drawn in one frame: areas of the regions and of counties outside the plan (by row), borders between
    regions, and lines between counties within them."""

    width: float
    height: float
    regions: tuple[Shape, ...]
    outside: Mapping[int, Shape]
    borders: Shape
    lines: Shape
    metres: float
    """Length on the ground of one pixel."""

    @property
    def areas(self) -> list[BaseGeometry]:
        """Everything that is not sea: regions first, in their order."""
        return [shape.geometry for shape in (*self.regions, *self.outside.values())]


@dataclass(frozen=True)
class Inset:
    """A small map of a county (by its row) that lies too far away, and the region it belongs to, if to any."""

    county: int
    region: int | None
    land: Land


@dataclass(frozen=True)
class Ground:
    """The main map with the points to label its regions at, and its insets.

    A region that lies in insets only has no point.
    """

    land: Land
    anchors: tuple[tuple[float, float] | None, ...]
    insets: tuple[Inset, ...]
    counties: tuple[Mapping[str, str], ...]
    """Names of all counties by language."""
    beyond: tuple[int, ...]
    """Rows of the counties that are outside the plan."""


def ground_of(drawing: Drawing, frame: tuple[float, float] = FRAME) -> Ground:
    """The ground of a map of regions, fitted into a frame."""
    counties, insets = drawing.counties, drawing.frame.insets
    far = {inset.county for inset in insets}
    fit = _fit(_mains(counties.shapes, drawing.frame.view), frame)
    names = zip(counties.name_zh, counties.name_en, strict=True)
    planned = {row for rows in drawing.members for row in rows}
    return Ground(
        land=_land(drawing, fit, elsewhere=far),
        anchors=_anchors(drawing, fit, far),
        insets=tuple(_inset(drawing, inset.county, inset.box) for inset in insets),
        counties=tuple({"zh-TW": zh, "en": en} for zh, en in names),
        beyond=tuple(row for row in range(len(counties.codes)) if row not in planned),
    )


@dataclass(frozen=True)
class _Fit:
    """The way from degrees to the pixels of a frame: a projection in metres, then a scale and a shift."""

    crs: str
    width: float
    height: float
    metres: float
    shift: tuple[float, float]

    def __call__(self, degrees: Shapes) -> list[BaseGeometry]:
        scale, (right, down) = 1 / self.metres, self.shift
        return [affine_transform(shape, [scale, 0, 0, -scale, right, down]) for shape in projected(degrees, self.crs)]


def _mains(shapes: Shapes, view: Box) -> Shapes:
    """The main parts of the counties that the view was fitted to."""
    window = shapely.box(*view).buffer(1e-3)
    mains = [parts(shape)[0] for shape in shapes]
    return [main for main in mains if window.covers(main)]


def _fit(shown: Shapes, frame: tuple[float, float], least: float = LEAST, margin: float = MARGIN) -> _Fit:
    """A frame around the shapes, of its full width and as high as they need."""
    crs = metric_crs(shown)
    west, south, east, north = map(float, shapely.total_bounds(projected(shown, crs)))
    width, most = frame
    metres = max((east - west) / (width - 2 * margin), (north - south) / (most - 2 * margin))
    height = max(least, (north - south) / metres + 2 * margin)
    right, down = width / 2 - (west + east) / 2 / metres, height / 2 + (south + north) / 2 / metres
    return _Fit(crs, width, height, metres, (right, down))


def _land(drawing: Drawing, fit: _Fit, elsewhere: Collection[int] = (), within: Polygon | None = None) -> Land:
    """Everything within the frame, thinned together so that shared borders stay shared."""
    shapes = drawing.counties.shapes
    counties = _thinned(fit([one if within is None or one.intersects(within) else Polygon() for one in shapes]))
    members = [[row for row in rows if row not in elsewhere] for rows in drawing.members]
    regions = [merged([counties[row] for row in rows]) for rows in members]
    hidden = {row for rows in drawing.members for row in rows} | {*elsewhere}
    frame = (0.0, 0.0, fit.width, fit.height)
    inner = [
        inner_lines([counties[row] for row in rows], whole) for rows, whole in zip(members, regions, strict=True)
    ]
    outside = {row: _seen(shape, frame) for row, shape in enumerate(counties) if row not in hidden}
    return Land(
        fit.width,
        fit.height,
        regions=tuple(_seen(shape, frame) for shape in regions),
        outside={row: shape for row, shape in outside.items() if shape.data},
        borders=_cut([inner_lines(regions, shapely.union_all(regions))], frame),
        lines=_cut(inner, frame),
        metres=fit.metres,
    )


def _inset(drawing: Drawing, county: int, box: Box) -> Inset:
    """One county at a scale of its own."""
    window = shapely.box(*box).buffer(1e-3)
    shape = drawing.counties.shapes[county].intersection(window)
    region = next((region for region, rows in enumerate(drawing.members) if county in rows), None)
    fit = _fit([shape], INSET, least=INSET[1], margin=4.0)
    return Inset(county, region, _land(drawing, fit, within=window))


def _anchors(drawing: Drawing, fit: _Fit, far: set[int]) -> tuple[tuple[float, float] | None, ...]:
    points = zip(fit([Point(label) for label in drawing.regions.labels]), drawing.members, strict=True)
    return tuple(None if far.issuperset(rows) else (float(p.x), float(p.y)) for p, rows in points)


def _thinned(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    return repaired(shapely.coverage_simplify(shapes, FINENESS))


def _seen(shape: BaseGeometry, frame: Box) -> Shape:
    """The parts of an area that reach into the frame and are large enough to be seen."""
    window = shapely.box(*frame)
    seen = MultiPolygon([part for part in parts(shape) if part.area >= SPECK and part.intersects(window)])
    return Shape(seen, path(seen))


def _cut(lines: list[BaseGeometry], frame: Box) -> Shape:
    """Lines that end at the frame."""
    seen = joined_lines([shapely.clip_by_rect(line, *frame) for line in lines])
    return Shape(seen, path(seen))

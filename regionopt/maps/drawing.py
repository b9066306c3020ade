"""What every map draws, on a page or as a picture: counties joined with the regions of a plan that can be drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry import Point

from regionopt.common.document import RegionResult, ResultDocument
from regionopt.common.errors import Problem
from regionopt.maps.boundaries import Regions, regions_of
from regionopt.maps.counties import Boundaries
from regionopt.maps.frame import Box, Frame, frame_of
from regionopt.maps.shapes import label_points


@dataclass(frozen=True)
class Drawing:
    """What is drawn: counties, the regions made of them (`members` are rows of counties), and the frame."""

    counties: Boundaries
    regions: Regions
    members: tuple[tuple[int, ...], ...]
    frame: Frame


def drawing_of(boundaries: Boundaries, membership: Mapping[str, tuple[str, ...]]) -> Drawing:
    """Counties joined with regions (id to county codes). Raises InputError where they do not fit together."""
    regions = regions_of(boundaries, membership)
    row = {code: number for number, code in enumerate(boundaries.codes)}
    members = tuple(tuple(row[code] for code in codes) for codes in membership.values())
    planned = {code for codes in membership.values() for code in codes}
    frame = frame_of(boundaries, planned)
    return Drawing(boundaries, _labelled_in_view(regions, frame.view), members, frame)


def _labelled_in_view(regions: Regions, view: Box) -> Regions:
    """A region whose largest part lies outside the view (islands in an inset) is labelled where it can be seen."""
    window, labels = shapely.box(*view), list(regions.labels)
    for row, shape in enumerate(regions.shapes):
        seen = shape.intersection(window)
        if not window.covers(Point(labels[row])) and seen.area > 0:
            (labels[row],) = label_points([seen])
    return Regions(regions.shapes, tuple(labels))


def document_problems(document: ResultDocument) -> Iterator[Problem]:
    if not document.status.has_plan:
        place = f"{document.case}/{document.scenario}"
        yield Problem("map_not_optimal", place, None, {"status": document.status.value})
    first: dict[str, str] = {}
    for place, region in _regions(document):
        if first.setdefault(region.id, place) != place:
            yield Problem("duplicate_id", f"{place}.id", region.id, {"first": first[region.id]})
    for place, numbers in (("budget", document.budget), ("facts", document.facts), *_regions(document)):
        for field, value in numbers:
            if isinstance(value, float) and not math.isfinite(value):
                yield Problem("not_finite", f"{place}.{field}", value)


def _regions(document: ResultDocument) -> list[tuple[str, RegionResult]]:
    return [(f"regions[{number}]", region) for number, region in enumerate(document.regions)]

"""Boundaries for maps: the built-in counties or those of a file, joined with the regions of a plan.

Geometry is only ever drawn; no number of a plan is computed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from regionopt.case.schema import GeometrySection
from regionopt.common.errors import Problem, nearest, refuse
from regionopt.maps.counties import Boundaries, built_in
from regionopt.maps.shapes import Spot, label_points, merged


@dataclass(frozen=True)
class Regions:
    """Regions that can be drawn, in order: their areas (EPSG:4326), and where each is labelled (degrees)."""

    shapes: tuple[BaseGeometry, ...]
    labels: tuple[Spot, ...]


def boundaries_of(geometry: GeometrySection, folder: Path) -> Boundaries:
    """The boundaries that a case file names, relative to its folder, or the built-in counties.

    GeoPandas is imported here: the built-in counties do not pay for it. Raises InputError with every problem of the
    file.
    """
    if geometry.file is None:
        return built_in()
    from regionopt.maps.geofiles import load_boundaries

    return load_boundaries(folder / geometry.file, geometry.id, geometry.layer, geometry.crs)


def regions_of(boundaries: Boundaries, membership: Mapping[str, Iterable[str]]) -> Regions:
    """Regions made of counties, in the order of `membership`, which gives the county codes of each region id.

    Counties that no region names are left out: the map shows them as outside the plan. Raises InputError for codes
    without geometry, a county in two regions, or a region without counties.
    """
    wanted = {region: tuple(codes) for region, codes in membership.items()}
    refuse(_join_problems(set(boundaries.codes), wanted))
    county = dict(zip(boundaries.codes, boundaries.shapes, strict=True))
    whole = tuple(merged([county[code] for code in codes]) for codes in wanted.values())
    return Regions(whole, tuple(label_points(whole)))


def _join_problems(known: set[str], wanted: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    holder: dict[str, str] = {}
    for region, codes in wanted.items():
        place = f"regions.{region}.counties"
        if not codes:
            yield Problem("join_empty_region", place)
        for code in codes:
            if code not in known:
                yield Problem("join_no_geometry", place, code, {"nearest": nearest(code, known)})
            if code in holder:
                yield Problem("join_twice", place, code, {"other": holder[code]})
            holder.setdefault(code, region)

"""Counties that can be drawn: the built-in ones, which come with the product."""

from __future__ import annotations

import json
from dataclasses import dataclass

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from regionopt.case.sources import data_folder


@dataclass(frozen=True)
class Boundaries:
    """Counties ready to be drawn, in the file's order: codes, names, and valid areas (EPSG:4326)."""

    codes: tuple[str, ...]
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    shapes: tuple[BaseGeometry, ...]


def built_in() -> Boundaries:
    """The counties of `geodata`, whose script leaves nothing to repair."""
    written = (data_folder() / "counties.geojson").read_text(encoding="utf-8")
    counties = json.loads(written)["features"]
    codes, name_zh, name_en = (
        tuple(county["properties"][name] for county in counties) for name in ("code", "name_zh", "name_en")
    )
    return Boundaries(codes, name_zh, name_en, tuple(shape(county["geometry"]) for county in counties))

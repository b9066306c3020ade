"""The table of regions with their areas, and what a map says of it: title, units, where the lines come from."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from regionopt.common.texts import text
from regionopt.common.units import single_unit
from regionopt.maps.boundaries import boundaries_of
from regionopt.maps.drawing import drawing_of
from regionopt.maps.shapes import LON_LAT
from regionopt.result.result import Result

MONEY = ("budget", "reference", "floor", "ceiling")


def shaped(result: Result, regions: pd.DataFrame) -> gpd.GeoDataFrame:
    """The rows of `regions` with their areas (EPSG:4326), and `attrs` as `explore` takes them."""
    case = result.case
    section = case.document.geometry
    drawing = drawing_of(boundaries_of(section, case.path.parent), {one.id: one.counties for one in case.regions})
    frame = gpd.GeoDataFrame(regions, geometry=list(drawing.regions.shapes), crs=LON_LAT)
    west, south, east, north = drawing.frame.view
    frame.attrs = {
        "title": case.document.case.title.en,
        "label": "name_en",
        "units": {name: unit for name in regions.columns if (unit := _unit(name, case.resolved.context.currency))},
        "attribution": text("map.source_built_in") if section.file is None else "",
        "view": [[south, west], [north, east]],
    }
    return frame


def _unit(column: str, currency: str) -> str:
    """The unit of a column; none for texts, shares and shortfalls."""
    if column in MONEY:
        return currency
    whole = {"population": "residents", "budget_per_head": f"{single_unit(currency)} a person"}
    part = {"output": f"{currency} a year", "jobs": "jobs"}
    return whole.get(column) or part.get(column.removesuffix("_target"), "")

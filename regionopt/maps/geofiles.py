"""Files of boundaries, read by GeoPandas: checked, repaired, dissolved by their ids, turned into degrees.

The built-in counties are not read here: they are as this module would leave them, which a test checks.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import geopandas as gpd
from shapely.geometry import MultiPolygon, Polygon, box

from regionopt.common.errors import InputError, Problem, nearest, refuse
from regionopt.maps.counties import Boundaries
from regionopt.maps.shapes import LON_LAT, areas_km2, repaired, thinned

SMALLEST_KM2 = 1.0
"""A smaller extent of a whole file means degrees that were declared to be metres."""


def load_boundaries(
    path: str | Path, id_column: str = "code", layer: str | None = None, crs: str | None = None
) -> Boundaries:
    """Counties of a GeoJSON, TopoJSON, GeoPackage or shapefile, checked and repaired.

    `crs` (such as "EPSG:4326") is for files that carry none, as TopoJSON does. Rows with the same id are
    dissolved, invalid areas repaired, large files thinned, missing names filled in from the others and the code.
    Raises InputError with every problem found at once.
    """
    place = Path(path).name
    raw = _read(Path(path), layer)
    refuse([*_id_problems(raw, id_column, place), *_area_problems(raw, place), *_crs_problems(raw, crs, place)])
    degrees = (raw if crs is None else raw.set_crs(crs, allow_override=True)).to_crs(LON_LAT)
    refuse(_extent_problems(degrees.geometry, place))
    return _columns(_dissolved(degrees, id_column))


def _read(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise InputError([Problem("boundaries_missing", str(path))])
    try:
        layers = [str(name) for name in gpd.list_layers(path)["name"]]
        if layer is not None and layer not in layers:
            raise InputError([Problem("boundaries_layer", path.name, layer, {"layers": ", ".join(layers)})])
        with warnings.catch_warnings():
            # GDAL warns that it reads the first of several layers, which is what is meant here.
            warnings.simplefilter("ignore")
            frame = gpd.read_file(path, layer=layer or layers[0])
    except (RuntimeError, ValueError, LookupError) as error:  # what GDAL raises depends on the format
        reason = str(error).replace(str(path), path.name)
        raise InputError([Problem("boundaries_unreadable", path.name, None, {"reason": reason})]) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise InputError([Problem("boundaries_empty", path.name)])
    return frame


def _id_problems(raw: gpd.GeoDataFrame, id_column: str, place: str) -> Iterator[Problem]:
    columns = [str(name) for name in raw.columns if name != raw.geometry.name]
    if id_column not in columns:
        yield Problem("boundaries_id_column", place, id_column, {"columns": nearest(id_column, columns)})
    elif raw[id_column].isna().any():
        yield Problem("boundaries_id_empty", place, None, {"column": id_column, "rows": _rows(raw[id_column].isna())})


def _area_problems(raw: gpd.GeoDataFrame, place: str) -> Iterator[Problem]:
    bad = [not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty for shape in raw.geometry]
    if any(bad):
        yield Problem("boundaries_not_areas", place, None, {"rows": _rows(bad)})


def _crs_problems(raw: gpd.GeoDataFrame, crs: str | None, place: str) -> Iterator[Problem]:
    if crs is None and raw.crs is None:
        yield Problem("boundaries_no_crs", place)
    elif crs is not None:
        try:
            raw.set_crs(crs, allow_override=True)
        except RuntimeError:
            yield Problem("boundaries_crs_unknown", place, crs)


def _extent_problems(degrees: gpd.GeoSeries, place: str) -> Iterator[Problem]:
    west, south, east, north = (float(edge) for edge in degrees.total_bounds)
    extent = f"{west:.6g} … {east:.6g}, {south:.6g} … {north:.6g}"
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        yield Problem("boundaries_not_lonlat", place, extent)
    elif areas_km2([box(west, south, east, north)])[0] < SMALLEST_KM2:
        yield Problem("boundaries_tiny", place, extent)


def _dissolved(degrees: gpd.GeoDataFrame, id_column: str) -> gpd.GeoDataFrame:
    named = degrees.assign(code=degrees[id_column].map(_code)).rename_geometry("shape")
    counties = named.set_geometry(repaired(list(named.geometry)))
    if not counties["code"].is_unique:
        counties = counties.dissolve(by="code", sort=False).reset_index()
    return counties.set_geometry(thinned(list(counties.geometry)))


def _columns(counties: gpd.GeoDataFrame) -> Boundaries:
    """What the file lacks is filled in from what it has."""
    return Boundaries(
        tuple(counties["code"]),
        _names(counties, ("name_zh", "name", "name_en", "code")),
        _names(counties, ("name_en", "name", "name_zh", "code")),
        tuple(counties.geometry),
    )


def _names(counties: gpd.GeoDataFrame, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The first of the columns that holds a text, row by row; the code always does."""
    known = counties[[name for name in columns if name in counties.columns]].itertuples(index=False)
    return tuple(next(name for name in row if isinstance(name, str) and name) for row in known)


def _code(given: object) -> str:
    """Ids are text: a file that holds them as numbers reads 9007.0 where 9007 is meant."""
    return str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)


def _rows(marks: Iterable[bool], most: int = 10) -> str:
    found = [str(row) for row, marked in enumerate(marks, start=1) if marked]
    return ", ".join(found[:most]) + (" …" if len(found) > most else "")

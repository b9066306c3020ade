"""`explore`: regions coloured by a column, on a map that layers can be added to and that needs no network.

Arguments have GeoPandas' names and meaning (`geopandas.GeoDataFrame.explore`); only tiles are none unless asked for,
and a scale is YlGnBu unless named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd

from regionopt.common.errors import InputError, Problem, refuse
from regionopt.explore.arguments import LAYER, MAP, problems, unused
from regionopt.explore.colouring import MISSING, Colouring
from regionopt.explore.column import Asked, coloured, kind_of, values_of
from regionopt.explore.layer import captioned, layer, words
from regionopt.explore.offline import ExploreMap
from regionopt.explore.scripts import Call

TILES: Mapping[str, tuple[str, str | None]] = {
    "osm": ("OpenStreetMap", None),
    "nlsc": (
        "https://wmts.nlsc.gov.tw/wmts/EMAP/default/GoogleMapsCompatible/{z}/{y}/{x}",  # y stands before x
        "內政部國土測繪中心",
    ),
}


def explore(
    frame: gpd.GeoDataFrame,
    column: Any = None,
    cmap: Any = None,
    color: Any = None,
    m: folium.Map | None = None,
    tiles: Any = None,
    attr: str | None = None,
    tooltip: bool | int | str | Sequence[str] | None = True,
    popup: bool | int | str | Sequence[str] | None = False,
    highlight: bool = True,
    categorical: bool = False,
    legend: bool = True,
    scheme: str | None = None,
    k: int = 5,
    vmin: float | None = None,
    vmax: float | None = None,
    width: int | str = "100%",
    height: int | str = "100%",
    categories: Sequence[Any] | None = None,
    classification_kwds: Mapping[str, Any] | None = None,
    control_scale: bool = True,
    marker_type: None = None,
    marker_kwds: None = None,
    style_kwds: Mapping[str, Any] | None = None,
    highlight_kwds: Mapping[str, Any] | None = None,
    missing_kwds: Mapping[str, Any] | None = None,
    tooltip_kwds: Mapping[str, Any] | None = None,
    popup_kwds: Mapping[str, Any] | None = None,
    legend_kwds: Mapping[str, Any] | None = None,
    map_kwds: Mapping[str, Any] | None = None,
    **others: Any,
) -> ExploreMap:
    """A map of the rows of `frame`, or `m` with one layer more.

    `frame` has areas in EPSG:4326; its `attrs` may hold `title`, `label` (the column of names), `units` (by column),
    `attribution` and `view` (south-west and north-east corner). Raises InputError for what is unknown, not supported,
    without effect or broken.
    """
    asked = {name: value for name, value in locals().items() if name not in ("frame", "others")}
    refuse(problems(asked, others))
    name, values = values_of(frame, column)
    kind = kind_of(values, asked)
    refuse(unused(asked, kind))
    found = coloured(frame, values, kind, asked)
    target = _new(frame, name, asked, others) if m is None else _ours(m)
    drawn = layer(frame, found, asked, {key: others[key] for key in LAYER if key in others})
    drawn._id = f"regions_{sum(isinstance(child, folium.GeoJson) for child in target._children.values())}"
    target.add_child(drawn)
    target.add_child(Call("regionoptWords", drawn, words(frame, name, asked)), name=f"words_{drawn._id}")
    if legend and (found.bar or found.entries or None in found.fills):
        told = _legend(frame, name, found, asked)
        target.add_child(Call("regionoptLegend", target, told), name=f"legend_{drawn._id}")
    return target


def _legend(frame: gpd.GeoDataFrame, name: str, found: Colouring, asked: Asked) -> dict[str, Any]:
    """Caption, bar and entries; regions without a value have an entry of their own."""
    caption = (asked["legend_kwds"] or {}).get("caption", captioned(name, frame.attrs.get("units", {})))
    gap = {"color": MISSING, "label": "NaN", **(asked["missing_kwds"] or {})}
    missing = [(gap["color"], str(gap["label"]))] if None in found.fills else []
    return {"caption": str(caption), "bar": found.bar, "entries": [*found.entries, *missing]}


def _new(frame: gpd.GeoDataFrame, name: str, asked: Asked, others: Mapping[str, Any]) -> ExploreMap:
    """A map that shows the frame's view, unless a place or a zoom is asked for."""
    options = {key: others[key] for key in MAP if key in others}
    south_west, north_east = frame.attrs.get("view") or _corners(frame)
    middle = [(a + b) / 2 for a, b in zip(south_west, north_east, strict=True)]
    title = " · ".join(filter(None, (frame.attrs.get("title", ""), name)))
    made = ExploreMap(
        title,
        _tiles(asked["tiles"], asked["attr"]),
        width=asked["width"],
        height=asked["height"],
        control_scale=asked["control_scale"],
        **{"location": middle, **(asked["map_kwds"] or {}), **options},
    )
    if not {"location", "zoom_start"} & {*options, *(asked["map_kwds"] or {})}:
        made.fit_bounds([south_west, north_east])
    return made


def _corners(frame: gpd.GeoDataFrame) -> list[list[float]]:
    west, south, east, north = (float(edge) for edge in frame.total_bounds)
    return [[south, west], [north, east]]


def _tiles(tiles: Any, attr: str | None) -> folium.TileLayer | None:
    """Tiles that were asked for: `osm`, `nlsc`, a name or provider of xyzservices, an address, a layer of folium."""
    if tiles is None or isinstance(tiles, folium.TileLayer):
        return tiles
    known, own = TILES.get(tiles, (tiles, None)) if isinstance(tiles, str) else (tiles, None)
    try:
        return folium.TileLayer(known, attr=attr or own)
    except (ValueError, AttributeError):
        raise InputError([Problem("explore_tiles", "explore(tiles)", tiles)]) from None


def _ours(m: folium.Map) -> ExploreMap:
    if isinstance(m, ExploreMap):
        return m
    raise InputError([Problem("explore_map", "explore(m)", type(m).__name__)])

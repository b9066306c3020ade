"""The layer of regions: shapes with numbers for ids, their styles, and their words, which no template reads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import folium
import geopandas as gpd
import numpy as np
from shapely.geometry import mapping

from regionopt.common.errors import InputError, Problem, nearest
from regionopt.explore.colouring import MISSING, Colouring, colour, missing
from regionopt.explore.column import Asked, columns_of
from regionopt.explore.scripts import literal
from regionopt.maps.maps import rounded

EDGE: Mapping[str, Any] = {"color": "#1b2a38", "weight": 1, "fillOpacity": 0.85}
BRIGHT: Mapping[str, Any] = {"weight": 3}
STYLED = re.compile(r"[\w#.,%() -]*")


def layer(frame: gpd.GeoDataFrame, found: Colouring, asked: Asked, options: Mapping[str, Any]) -> folium.GeoJson:
    """Shapes and styles as folium draws them; `options` are those of any layer of folium."""
    features = [
        {"type": "Feature", "id": str(row), "properties": {}, "geometry": rounded(mapping(shape))}
        for row, shape in enumerate(frame.geometry)
    ]
    styles = _styles(frame, found, asked)
    bright = {**BRIGHT, **_checked(asked["highlight_kwds"] or {}, "highlight_kwds")}
    name = options.get("name")
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: styles[int(feature["id"])],
        highlight_function=(lambda _: bright) if asked["highlight"] else None,
        attribution=literal(escape(str(frame.attrs.get("attribution", "")))),
        **{**options, **({} if name is None else {"name": literal(escape(str(name)))})},
    )


def _styles(frame: gpd.GeoDataFrame, found: Colouring, asked: Asked) -> list[dict[str, Any]]:
    """A style a row: the colour, what is asked of all, and what a function of the feature says."""
    given = dict(asked["style_kwds"] or {})
    function = given.pop("style_function", None)
    gap = colour((asked["missing_kwds"] or {}).get("color", MISSING), "missing_kwds.color")
    styles = []
    for row, fill in enumerate(found.fills):
        style = {"fillColor": fill or gap, **EDGE, **_checked(given, "style_kwds")}
        if function is not None:
            properties = frame.drop(columns=frame.geometry.name).iloc[row].to_dict()
            own = function({"type": "Feature", "id": str(row), "properties": properties})
            style |= _checked(own, "style_kwds.style_function")
        styles.append(style)
    return styles


def _checked(style: Mapping[str, Any], argument: str) -> Mapping[str, Any]:
    """A style whose texts hold nothing but what a colour or a pattern of dashes is made of."""
    for key, value in style.items():
        if isinstance(value, str) and not STYLED.fullmatch(value):
            raise InputError([Problem("explore_colour", f"explore({argument}.{key})", value)])
    return style


def words(frame: gpd.GeoDataFrame, name: str, asked: Asked) -> dict[str, Any]:
    """What tooltips and popups say: columns with their names and units, and every cell as text."""
    columns = columns_of(frame)
    cells = [[said(value) for value in row] for row in frame[columns].itertuples(index=False)]
    units = frame.attrs.get("units", {})
    label = frame.attrs.get("label", columns[0])
    shown = columns.index(name) if name else None
    labels = [
        row[columns.index(label)] + ("" if shown is None else f": {row[shown]} {units.get(name, '')}".rstrip())
        for row in cells
    ]
    tooltip = _box(columns, units, asked["tooltip"], asked["tooltip_kwds"], "tooltip")
    popup = _box(columns, units, asked["popup"], asked["popup_kwds"], "popup")
    sticky = bool((asked["tooltip_kwds"] or {}).get("sticky", True))
    return {"rows": cells, "labels": labels, "tooltip": tooltip and {**tooltip, "sticky": sticky}, "popup": popup}


def _box(
    columns: Sequence[str], units: Mapping[str, str], chosen: Any, kwds: Mapping[str, Any] | None, argument: str
) -> dict[str, Any] | None:
    """The columns of a tooltip or popup: True for all, a number for the first ones, a name or names."""
    if chosen is None or chosen is False or chosen == 0:
        return None
    names = list(columns if chosen is True else columns[:chosen] if isinstance(chosen, int) else _listed(chosen))
    for name in names:
        if name not in columns:
            facts = {"nearest": nearest(name, columns)}
            raise InputError([Problem("explore_column", f"explore({argument})", name, facts)])
    aliases = (kwds or {}).get("aliases") or [captioned(name, units) for name in names]
    if len(aliases) != len(names):
        wanted = {"wanted": len(names)}
        raise InputError([Problem("explore_length", f"explore({argument}_kwds.aliases)", len(aliases), wanted)])
    pairs = [(columns.index(name), str(alias)) for name, alias in zip(names, aliases, strict=True)]
    return {"columns": pairs, "labels": bool((kwds or {}).get("labels", True))}


def captioned(name: str, units: Mapping[str, str]) -> str:
    """The name of a column with its unit."""
    return f"{name} ({units[name]})" if units.get(name) else name


def said(value: Any) -> str:
    """A cell in words: numbers with at most three decimals, lists with commas, nothing as a dash."""
    if missing(value):
        return "–"
    if isinstance(value, float | np.floating):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int | np.integer) and not isinstance(value, bool) else str(value)


def _listed(chosen: Any) -> list[str]:
    return [chosen] if isinstance(chosen, str) else [str(name) for name in chosen]

"""The map of a plan: one HTML file that needs no network, made from a result document and boundaries.

folium draws the shapes; the page around them is this package's own, because folium's frame treats text as
code. All text and numbers travel as JSON data and are shown by the scripts in `page/` as text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from regionopt.common.document import ResultDocument
from regionopt.common.errors import refuse
from regionopt.common.texts import Language
from regionopt.maps.companion import Companion
from regionopt.maps.counties import Boundaries
from regionopt.maps.drawing import Drawing, document_problems, drawing_of
from regionopt.maps.frame import Box
from regionopt.maps.leaflet import (
    OfflineMap,
    drawn,
    hash_source,
    leaflet_script,
    leaflet_style,
    refuse_external,
    shapes_layer,
)
from regionopt.maps.mapdata import embedded, page_data
from regionopt.maps.packed import packed
from regionopt.maps.shapes import inner_lines, joined_lines
from regionopt.maps.slide import Slide

DECIMALS = 4
"""Of a degree: about 11 m."""
PAGE = files("regionopt.maps") / "page"
SCRIPTS = ("words.js", "head.js", "map.js", "labels.js", "table.js", "page.js")


def page(
    document: ResultDocument, boundaries: Boundaries, language: Language = "zh-TW", companion: Companion | None = None
) -> str:
    """The whole page; the same documents and boundaries give the same bytes.

    `language` is the one shown first; the reader can switch. `companion` brings slider and facts about counties.
    Raises InputError when the document holds no optimal plan, numbers that are none or counties that the boundaries
    lack; ToolError if the page would need the network.
    """
    refuse(document_problems(document))
    companion = companion or Companion()
    drawing = drawing_of(boundaries, {region.id: region.counties for region in document.regions})
    slide = Slide(companion.curve, document) if companion.curve else None
    refuse(slide.problems() if slide else ())
    data = {**page_data(document, language, slide), **_told(companion, boundaries.codes)}
    wanted = {"aside.js": "asides", "counties.js": "county_facts", "slider.js": "curve"}
    more = ("bars.js", *(script for script, key in wanted.items() if key in data))
    return whole_page(drawing, data, language, more, "slider.css")


def _told(companion: Companion, codes: Sequence[str]) -> dict[str, Any]:
    """Why there is no slider; facts about counties by indicator and row of the boundaries."""
    why = (
        {}
        if companion.no_curve is None
        else {"no_curve": {"zh-TW": companion.no_curve.zh, "en": companion.no_curve.en}}
    )
    if companion.facts is None:
        return why
    rows = {code: row for row, code in enumerate(codes)}
    facts = {
        indicator: {
            str(rows[code]): [fact.value, fact.date, fact.status.value, fact.source]
            for code, fact in by_county.items()
            if code in rows
        }
        for indicator, by_county in companion.facts.items()
    }
    return {**why, "county_facts": facts, "sources": list(companion.sources or ())}


def whole_page(
    drawing: Drawing,
    data: dict[str, Any],
    language: Language,
    more: tuple[str, ...] = (),
    sheet: str = "",
    scripts: tuple[str, ...] = SCRIPTS,
) -> str:
    """A page of a drawing and its data; `more` are scripts that change what the page's own do, `sheet` a style."""
    element, script = drawn(_map(drawing))
    scripts = (*scripts[:-1], *more, scripts[-1])
    sheets = tuple(filter(None, ("page.css", sheet)))
    own = script, _bare(_page_script(scripts))
    shapes = {"scale": 10**DECIMALS, "shapes": packed(geometry(drawing), DECIMALS)}
    html = _assembled(element, own, embedded(data | _places(drawing) | shapes), language, sheets)
    refuse_external(html)
    return html


def geometry(drawing: Drawing) -> dict[str, Any]:
    """The shapes of the page, each written once, with ids the program made.

    In drawing order: c0, c1, … for counties outside the plan, r0, r1, … for regions, and `lines` for the
    county lines inside regions.
    """
    planned = {row for rows in drawing.members for row in rows}
    shapes = drawing.counties.shapes
    outside = {f"c{row}": shape for row, shape in enumerate(shapes) if row not in planned}
    regions = {f"r{row}": shape for row, shape in enumerate(drawing.regions.shapes)}
    lines = [
        inner_lines([shapes[row] for row in rows], whole)
        for rows, whole in zip(drawing.members, drawing.regions.shapes, strict=True)
    ]
    drawn_shapes = {**outside, **regions, "lines": joined_lines(lines)}
    features = [_feature(name, shape) for name, shape in drawn_shapes.items() if not shape.is_empty]
    return {"type": "FeatureCollection", "features": features}


def _map(drawing: Drawing) -> OfflineMap:
    """The map without shapes: the page's script unpacks them into folium's layer."""
    west, south, east, north = drawing.frame.view
    offline = OfflineMap(location=[round((south + north) / 2, 4), round((west + east) / 2, 4)], zoom_start=7)
    shapes_layer({"type": "FeatureCollection", "features": []}).add_to(offline)
    return offline


def _places(drawing: Drawing) -> dict[str, Any]:
    """What geometry adds to the page's data: county names, label points, view and insets."""
    counties, frame = drawing.counties, drawing.frame
    names = zip(counties.name_zh, counties.name_en, strict=True)
    return {
        "counties": [{"zh-TW": zh, "en": en} for zh, en in names],
        "members": [list(rows) for rows in drawing.members],
        "labels": [[lat, lon] for lon, lat in drawing.regions.labels],
        "view": _corners(frame.view),
        "insets": [{"county": inset.county, "box": _corners(inset.box)} for inset in frame.insets],
    }


def _assembled(element: str, own: tuple[str, str], data: str, language: Language, styles: tuple[str, ...]) -> str:
    sheets = (leaflet_style(), *(_bare(_asset(name)) for name in styles))
    scripts = (leaflet_script(), *own)
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(hash_source, scripts)),
            "style-src " + " ".join(map(hash_source, sheets)),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    slots = {
        "language": language,
        "policy": policy,
        "styles": "\n".join(f"<style>{sheet}</style>" for sheet in sheets),
        "map": element,
        "data": f'<script type="application/json" id="plan-data">{data}</script>',
        "scripts": "\n".join(f"<script>{code}</script>" for code in scripts),
    }
    # One pass, so that nothing that was filled in is ever searched for slots again.
    return re.sub(r"@@(\w+)@@", lambda found: slots[found[1]], _asset("page.html"))


def _page_script(scripts: Iterable[str] = SCRIPTS) -> str:
    """The page's own scripts as one function, so that none of their names meets a name of folium or Leaflet."""
    return "\n".join(['"use strict";', "(() => {", *map(_script, scripts), "})();"])


def _script(name: str) -> str:
    """A script of the page; a line `@@name.js@@` in it stands for another."""
    return re.sub(r"^@@(\w+\.js)@@$", lambda found: _asset(found[1]), _asset(name), flags=re.MULTILINE)


def _feature(name: str, shape: BaseGeometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"id": name}, "geometry": rounded(mapping(shape))}


def rounded(value: Any) -> Any:
    """The same GeoJSON with coordinates to 4 decimals; points that fall together are written once."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if not isinstance(value, list | tuple):
        return value
    if value and isinstance(value[0], float | int):
        return [round(float(number), DECIMALS) for number in value[:2]]
    items = [rounded(part) for part in value]
    return [item for place, item in enumerate(items) if place == 0 or item != items[place - 1]]


def _corners(box: Box) -> list[list[float]]:
    """As Leaflet wants it: south-west and north-east, latitude first."""
    west, south, east, north = box
    return [[south, west], [north, east]]


def _asset(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8").strip() + "\n"


def _bare(code: str) -> str:
    """Without indentation and lines of comment, which would be a tenth of the page's budget of bytes."""
    lines = [line.strip() for line in code.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"

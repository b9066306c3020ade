"""Leaflet and folium without a network: folium draws, Leaflet is inlined, and nothing else is loaded.

A stock folium page fetches eleven files from five hosts. This map fetches none. folium's own page frame is
not used, because it renders its text twice as a template: text that holds `{{…}}` would run as code. Only ids
and numbers that the program made itself are given to folium; every other text stays in the page's own data.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import folium
from branca.element import Figure

from regionopt.common.errors import Problem, ToolError

LEAFLET = files("xstatic.pkg.leaflet") / "data"
PAGE = files("regionopt.maps") / "page"
IDLE = {
    "zoom_control": False,  # the page has its own buttons, whose names change with the language
    "attribution_control": False,  # the footer names Leaflet and the sources
    "scroll_wheel_zoom": False,  # a wheel over an embedded map must scroll the host's page
    "zoom_animation": False,  # labels would lag behind, and some readers ask for no motion
    "fade_animation": False,
    "marker_zoom_animation": False,
    "zoom_snap": 0,  # the view fits its frame exactly
}
"""Options of the Leaflet map that make it stand still and alone."""
FURNITURE = re.compile(r"control|popup|tooltip|-bar|icon|marker|tile|vml|print")
"""Rules of Leaflet's style sheet that a page without tiles, markers and controls has no use for."""
EXTERNAL_ATTRIBUTES = frozenset({"src", "srcset", "href", "data", "action", "poster", "background", "xlink:href"})


class OfflineMap(folium.Map):
    """A folium map that asks for no script, no style and no tile, and is named the same in every run."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  (folium's own way to name its scripts)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, name: str = "plan", **options: Any) -> None:
        super().__init__(tiles=None, **{**IDLE, **options})
        self._id = name


def shapes_layer(geometry: dict[str, Any], name: str = "shapes") -> folium.GeoJson:
    """A folium layer of a FeatureCollection whose properties are ids only.

    Lines are neither clipped nor thinned by the browser: neighbours would part, and print would lack pieces.
    """
    layer = folium.GeoJson(geometry, smooth_factor=0, no_clip=True)
    layer._id = name
    return layer


def drawn(offline: OfflineMap) -> tuple[str, str]:
    """What folium makes of the map: its element and its script, without the spaces between coordinates."""
    figure = offline.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a map of folium stands in a figure")
    figure.render()
    lines = [line.strip() for line in figure.script.render().splitlines()]
    script = re.sub(r"(?<=[\d\]}]), (?=[-\d\[{])", ",", "\n".join(line for line in lines if line))
    return figure.html.render().strip(), script + "\n"


def leaflet_script() -> str:
    """Leaflet with its licence; the pointer to its source map is dropped, as a browser would fetch that."""
    code = (LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    licence = (PAGE / "leaflet-licence.txt").read_text(encoding="utf-8")
    return f"/*\n{licence}*/\n" + re.sub(r"//# sourceMappingURL=\S*", "", code).strip()


def leaflet_style(whole: bool = False) -> str:
    """Leaflet's style sheet: what shapes need, or the `whole` of it with its icons as data."""
    sheet = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    rules = (rule.strip().split("{", 1) for rule in bare.split("}") if rule.strip() and "@" not in rule)
    kept = "\n".join(f"{used}{{{body}}}" for names, body in rules if (used := names if whole else _used(names)))
    named = re.sub(r"url\((images/[\w.-]+)\)", lambda found: f"url({data_uri(found[1])})", kept)
    return re.sub(r"[\w-]+: url\((?!data:)[^)]*\);", "", named)


def hash_source(code: str) -> str:
    """The Content-Security-Policy source that allows exactly this script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def refuse_external(html: str) -> None:
    """Raise ToolError if the page refers to anything outside itself."""
    reader = _References()
    reader.feed(html)
    reader.close()
    if reader.found:
        raise ToolError(Problem("page_external", "map.html", reference) for reference in reader.found)


class _References(HTMLParser):
    """Collects what a browser would fetch: attributes that name an address, and addresses in styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            if name in EXTERNAL_ATTRIBUTES and not (value or "").startswith(("data:", "#")):
                self.found.append(f"{name}={value}")
            if name == "style":
                self._search(value or "")

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._search(data)

    def _search(self, sheet: str) -> None:
        self.found += re.findall(r"url\(\s*[\"']?(?!data:|#)[^)]*\)|@import[^;]*", sheet)


def _used(selectors: str) -> str:
    return ", ".join(one.strip() for one in selectors.split(",") if not FURNITURE.search(one))


def data_uri(image: str) -> str:
    """One of Leaflet's own images, by its path beside its style sheet, as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode((LEAFLET / image).read_bytes()).decode()

"""A folium map that is one file without a network, whatever layers are added to it, or a refusal that names them."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

import folium
from branca.colormap import ColorMap
from branca.element import Element, Figure, Link

from regionopt.common.errors import Problem, refuse
from regionopt.explore.scale import drawn_alone
from regionopt.explore.scripts import Call, Raw
from regionopt.maps.leaflet import data_uri, hash_source, leaflet_script, leaflet_style
from regionopt.result.files import write_file

PAGE = files("regionopt.explore") / "page"
ADDRESS = re.compile(r"^\s*(?:\w+:)?//")
LOADED = re.compile(r"""\b(?:src|srcset|poster)\s*=\s*\\*["'`]?((?:\w+:)?//[^\s"'`\\>]+)""")
"""What HTML in a script would load: of a popup, a tooltip, an icon."""


class _Saved:
    """Saving that writes a whole file or, where the page is refused, none."""

    def save(self, outfile: str | bytes | Path | BinaryIO, close_file: bool = True, **options: Any) -> None:
        """Write the page into a file, given by its name or opened for bytes."""
        page = self.get_root().render(**options).encode()  # type: ignore[attr-defined]
        if isinstance(outfile, str | bytes | Path):
            write_file(Path(os.fsdecode(outfile)), page)
            return
        outfile.write(page)
        if close_file:
            outfile.close()


class ExploreMap(_Saved, folium.Map):
    """A folium map without scripts, styles or tiles from elsewhere, but for `tiles` that were asked for.

    Layers, markers, popups, controls and scales of colours of folium can be added. What would load something (other
    tiles, icons of Font Awesome, most plugins) is refused with its address when the map is saved or shown.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  (folium's own way to name its scripts)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, title: str, tiles: folium.TileLayer | None, **options: Any) -> None:
        super().__init__(tiles=tiles, **options)
        self._id = "explore"
        OfflineFigure(title, tiles).add_child(self)
        self.add_child(Call("regionoptMap", self, {"title": title}), name="start")


class OfflineFigure(_Saved, Figure):
    """The page around such a map: Leaflet inside, and a policy by which a browser loads nothing else."""

    def __init__(self, title: str, tiles: folium.TileLayer | None) -> None:
        super().__init__(title=html.escape(title))
        self.tiles = tiles

    def render(self, **options: Any) -> str:
        """The page. Raises InputError naming everything that it would load from elsewhere."""
        elements = list(_below(self))
        for element in elements:
            if isinstance(element, ColorMap):
                drawn_alone(element)
        with self._as_it_was():
            for child in self._children.values():
                child.render(**options)
            self.header._children.pop("d3", None)  # of scales of colours, which are drawn without it
            self.header.add_child(Raw(_libraries()))  # after the switches that Leaflet reads as it starts
            page = self._template.render(this=self, kwargs=options).replace("\r\n", "\n")
            links = [child.url for child in self.header._children.values() if isinstance(child, Link)]
        found = [*_loaded(elements, self.tiles), *links, *LOADED.findall(page)]
        refuse(Problem("explore_external", "explore", reference) for reference in dict.fromkeys(found))
        return _guarded(page, self.tiles)

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """What layers write into the page is taken out again, so that it can be made again."""
        parts = (self.header, self.html, self.script)
        before = [part._children.copy() for part in parts]
        try:
            yield
        finally:
            for part, children in zip(parts, before, strict=True):
                part._children = children

    def _repr_html_(self, **options: Any) -> str:
        """For a notebook: a frame that can run the map's scripts and reach nothing of the notebook."""
        page = html.escape(self.render(**options))
        return (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts" title="{self.title}" '
            'style="width:100%;aspect-ratio:5/3;border:0"></iframe>'
        )


def _below(element: Element) -> Iterator[Element]:
    parts = [getattr(element, name, None) for name in ("header", "html", "script")]
    for child in [*element._children.values(), *(part for part in parts if isinstance(part, Element))]:
        yield child
        yield from _below(child)


def _loaded(elements: list[Element], asked: folium.TileLayer | None) -> Iterator[str]:
    """Addresses that layers name, and icons that need a font."""
    for element in elements:
        if element is asked:
            continue
        if isinstance(element, folium.Icon) and not isinstance(element, folium.CustomIcon):
            yield "folium.Icon (Leaflet.awesome-markers, Font Awesome)"
        options = getattr(element, "options", None)
        named = [getattr(element, name, None) for name in ("tiles", "url", "embed_link")]
        if isinstance(options, dict):
            named += [options.get(name) for name in ("icon_url", "shadow_url")]
        yield from (name for name in named if isinstance(name, str) and ADDRESS.match(name))


def _libraries() -> str:
    icons = {name: data_uri(f"images/{file}") for name, file in ICONS.items()}
    told = ", ".join(f'{name}: "{uri}"' for name, uri in icons.items())
    markers = f'L.Icon.Default.imagePath = "";\nL.Icon.Default.mergeOptions({{ {told} }});'
    styles = (leaflet_style(whole=True), (PAGE / "explore.css").read_text(encoding="utf-8"))
    scripts = (leaflet_script(), markers, (PAGE / "explore.js").read_text(encoding="utf-8"))
    return "\n".join([*(f"<style>{one}</style>" for one in styles), *(f"<script>{one}</script>" for one in scripts)])


ICONS = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}


def _guarded(page: str, tiles: folium.TileLayer | None) -> str:
    """The page with its language, and with a policy that allows just its own scripts and the tiles asked for."""
    scripts = dict.fromkeys(re.findall(r"<script[^>]*>(.*?)</script>", page, flags=re.DOTALL))
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(hash_source, scripts)),
            "style-src 'unsafe-inline'",
            f"img-src data: {_host(tiles)}".rstrip(),
        )
    )
    head = f'<html lang="en">\n<head>\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    scalable = re.sub(r"(initial-scale=1\.0),\s*maximum-scale=1\.0,\s*user-scalable=no", r"\1", page, count=1)
    return scalable.replace("<html>\n<head>", head, 1)


def _host(tiles: folium.TileLayer | None) -> str:
    """Where tiles come from, as a source of the policy; `{s}` stands for any subdomain."""
    found = None if tiles is None else re.match(r"(https?:)//(?:\{s\}(\.))?([\w.-]+(?::\d+)?)/", tiles.tiles)
    if found is None:
        return "" if tiles is None else "https:"
    return f"{found[1]}//{'*.' if found[2] else ''}{found[3]}"

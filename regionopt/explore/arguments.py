"""What may be asked of `explore`, with GeoPandas' names. What is not supported is refused, never passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from regionopt.common.errors import Problem, nearest

Kind = Literal["plain", "function", "given", "scale", "bar", "classes", "categories"]
MAP = (
    "location", "prefer_canvas", "no_touch", "disable_3d", "zoom_control", "zoom_start", "left", "top", "position",
    "min_zoom", "max_zoom", "min_lat", "max_lat", "min_lon", "max_lon", "max_bounds",
)  # fmt: skip
LAYER = ("name", "overlay", "control", "show")
STYLE = (
    "stroke", "color", "weight", "opacity", "lineCap", "lineJoin", "dashArray", "dashOffset", "fill", "fillColor",
    "fillOpacity", "fillRule", "style_function",
)  # fmt: skip
KNOWN: Mapping[str, tuple[str, ...]] = {
    "classification_kwds": ("k", "bins"),
    "style_kwds": STYLE,
    "highlight_kwds": STYLE[:-1],
    "missing_kwds": ("color", "label"),
    "tooltip_kwds": ("aliases", "labels", "sticky"),
    "popup_kwds": ("aliases", "labels"),
    "legend_kwds": ("caption", "labels", "colorbar", "scale", "fmt", "interval", "max_labels"),
}
USED: Mapping[Kind, tuple[str, ...]] = {
    "plain": (),
    "function": ("cmap",),
    "given": ("cmap", "legend_kwds.caption", "legend_kwds.max_labels"),
    "scale": ("cmap", "vmin", "vmax", "legend_kwds.caption", "legend_kwds.max_labels"),
    "bar": (
        "cmap", "vmin", "scheme", "classification_kwds", "legend_kwds.caption", "legend_kwds.colorbar",
        "legend_kwds.scale", "legend_kwds.fmt", "legend_kwds.max_labels",
    ),
    "classes": (
        "cmap", "scheme", "classification_kwds", "legend_kwds.caption", "legend_kwds.colorbar",
        "legend_kwds.labels", "legend_kwds.fmt", "legend_kwds.interval",
    ),
    "categories": ("cmap", "categories", "legend_kwds.caption", "legend_kwds.labels"),
}  # fmt: skip
"""What each kind of colouring makes use of, of the arguments that only some kinds do."""
SOME = ("cmap", "vmin", "vmax", "scheme", "categories", "classification_kwds")


def problems(asked: Mapping[str, Any], others: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything that is asked and not supported: unknown names, keys of `…_kwds`, markers."""
    for name, known in KNOWN.items():
        yield from (_unknown(f"{name}.{key}", known) for key in asked[name] or {} if key not in known)
    yield from (_unknown(name, (*asked, *MAP, *LAYER)) for name in others if name not in (*MAP, *LAYER))
    for name in ("marker_type", "marker_kwds"):
        if asked[name]:
            yield Problem("explore_marker", f"explore({name})", asked[name])


def unused(asked: Mapping[str, Any], kind: Kind) -> Iterator[Problem]:
    """What is asked and would change nothing, as the regions are coloured in another way."""
    given = [name for name in SOME if asked[name] is not None]
    given += [f"legend_kwds.{key}" for key in asked["legend_kwds"] or {}]
    yield from (Problem("explore_unused", f"explore({name})") for name in given if name not in USED[kind])


def _unknown(place: str, known: tuple[str, ...]) -> Problem:
    facts = {"nearest": nearest(place.rpartition(".")[2], known)}
    return Problem("explore_unknown", f"explore({place})", None, facts)

"""Values to colours and the legend that explains them, as GeoPandas' `explore` does it, without matplotlib.

Scales come from branca (ColorBrewer, viridis and its kin), classes are those of mapclassify that need no more than
sorting: equal intervals, quantiles, limits given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from branca.colormap import ColorMap, LinearColormap, StepColormap, linear

from regionopt.common.errors import InputError, Problem
from regionopt.explore.scale import bar_of

SEQUENTIAL = "YlGnBu"
QUALITATIVE = "Set2"
MISSING = "#d9dde0"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]+")
NAMES = sorted({re.sub(r"_\d\d$", "", name) for name in vars(linear) if not name.startswith("_")})
SCHEMES = ("EqualInterval", "Quantiles", "UserDefined")
Values = Sequence[Any]
"""Cells of a column; None or NaN where one is empty."""


@dataclass(frozen=True)
class Colouring:
    """A colour a row, None where there is no value, and the legend: a bar, or entries (colour, words)."""

    fills: tuple[str | None, ...]
    bar: Mapping[str, Any] | None = None
    entries: tuple[tuple[str, str], ...] = ()


def categories(values: Values, cmap: Any, order: Values | None, labels: Sequence[str] | None) -> Colouring:
    """A colour for each value, in the order given or sorted."""
    known = list(order) if order is not None else sorted({value for value in values if not missing(value)}, key=str)
    words = _labels(labels, [str(value) for value in known])
    colours = _distinct(cmap if cmap is not None else QUALITATIVE, len(known))
    of = dict(zip(known, colours, strict=True))
    fills = tuple(None if missing(value) else of.get(value) for value in values)
    return Colouring(fills, entries=tuple(zip(colours, words, strict=True)))


def classes(values: Values, cmap: Any, limits: Sequence[float], legend: Mapping[str, Any], least: float) -> Colouring:
    """Classes by their upper limits, as mapclassify counts: a value on a limit is below it."""
    colours = sampled(cmap, len(limits))
    fills = tuple(
        None if missing(value) else colours[min(int(np.searchsorted(limits, value)), len(limits) - 1)]
        for value in values
    )
    form = legend.get("fmt", "{:,.2f}")
    edges = [min(least, limits[0]), *limits]
    if legend.get("colorbar", True):
        places = edges if legend.get("scale", True) else list(map(float, range(len(edges))))
        most = legend.get("max_labels", 10)
        scale = StepColormap(colours, places, places[0], places[-1], max_labels=most)
        return Colouring(fills, bar_of(scale, places, [form.format(edge) for edge in edges]))
    spans = [(form.format(low), form.format(high)) for low, high in zip(edges[:-1], limits, strict=True)]
    brackets = legend.get("interval", False)
    words = [
        f"{'[' if place == 0 else '('}{low}, {high}]" if brackets else f"{low}, {high}"
        for place, (low, high) in enumerate(spans)
    ]
    return Colouring(fills, entries=tuple(zip(colours, _labels(legend.get("labels"), words), strict=True)))


def continuous(values: Values, cmap: Any, least: float, most: float, ticks: int) -> Colouring:
    """A scale without steps from `least` to `most`; what lies beyond takes the colour of the end."""
    return scaled(values, LinearColormap(palette(cmap), vmin=least, vmax=most if most > least else least + 1), ticks)


def scaled(values: Values, scale: ColorMap, ticks: int) -> Colouring:
    """Colours of a scale of branca, which knows its own ends."""
    fills = tuple(
        None if missing(value) else scale.rgb_hex_str(min(max(value, scale.vmin), scale.vmax)) for value in values
    )
    places = np.linspace(scale.vmin, scale.vmax, max(2, ticks)).tolist()
    return Colouring(fills, bar_of(scale, scale.index if isinstance(scale, StepColormap) else places))


def called(values: Values, function: Callable[[Any], Any]) -> Colouring:
    """Colours by a function of the value; it explains itself, so there is no legend."""
    return Colouring(tuple(None if missing(value) else colour(function(value), "cmap") for value in values))


def upper_limits(values: Sequence[float], scheme: str, k: int, kwds: Mapping[str, Any]) -> list[float]:
    """Upper limits of the classes of a scheme; equal ones are one."""
    plain = scheme.replace("_", "").casefold()
    if plain == "equalinterval":
        found = np.linspace(min(values), max(values), k + 1)[1:]
    elif plain == "quantiles":
        found = np.quantile(values, np.arange(1, k + 1) / k)
    elif plain == "userdefined" and len(kwds.get("bins", ())) > 0:
        found = np.array([*sorted(kwds["bins"]), max(values)])
        found = found if found[-1] > found[-2] else found[:-1]
    else:
        raise InputError([Problem("explore_scheme", "explore(scheme)", scheme, {"known": ", ".join(SCHEMES)})])
    return [float(limit) for limit in np.unique(found)]


def sampled(cmap: Any, count: int) -> list[str]:
    """So many colours of a scale, evenly spread from its first to its last."""
    scale = LinearColormap(palette(cmap))
    return [scale.rgb_hex_str(place / max(1, count - 1)) for place in range(count)]


def palette(cmap: Any) -> list[str]:
    """The colours of a scale by its name (`_r` turns it round), or those of a list."""
    if isinstance(cmap, list | tuple):
        return [colour(one, "cmap") for one in cmap]
    name = SEQUENTIAL if cmap is None else cmap
    plain = str(name).removesuffix("_r")
    sizes = [key for key in vars(linear) if re.fullmatch(rf"{re.escape(plain)}(_\d\d)?", key)]
    if not isinstance(name, str) or plain not in NAMES:
        raise InputError([Problem("explore_cmap", "explore(cmap)", name, {"known": ", ".join(NAMES)})])
    scale = getattr(linear, max(sizes))
    found = [StepColormap([one]).rgb_hex_str(0) for one in scale.colors]
    return found[::-1] if name.endswith("_r") else found


def colour(given: Any, argument: str) -> str:
    """A colour as CSS takes it. Raises InputError for anything else."""
    if isinstance(given, str) and COLOUR.fullmatch(given):
        return given
    raise InputError([Problem("explore_colour", f"explore({argument})", given)])


def missing(value: Any) -> bool:
    """Whether a cell of a table is empty."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _distinct(cmap: Any, count: int) -> list[str]:
    """Colours for categories; where there are too few, they come again."""
    colours = palette(cmap)
    return [colours[place % len(colours)] for place in range(count)]


def _labels(given: Sequence[str] | None, own: Sequence[str]) -> list[str]:
    if given is not None and len(given) != len(own):
        raise InputError([Problem("explore_length", "explore(legend_kwds.labels)", len(given), {"wanted": len(own)})])
    return [str(label) for label in (own if given is None else given)]

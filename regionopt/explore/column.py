"""The column that colours a map: its values, what kind of colouring they ask for, and the colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
from branca.colormap import ColorMap

from regionopt.common.errors import InputError, Problem, nearest
from regionopt.explore import colouring
from regionopt.explore.arguments import Kind
from regionopt.explore.colouring import Colouring, colour, missing

Asked = Mapping[str, Any]


def columns_of(frame: gpd.GeoDataFrame) -> list[str]:
    """All columns but the shapes."""
    return [str(name) for name in frame.columns if name != frame.geometry.name]


def values_of(frame: gpd.GeoDataFrame, column: Any) -> tuple[str, list[Any]]:
    """The name of a column, empty for values that are none of it, and the values."""
    if column is None:
        return "", []
    if isinstance(column, str):
        if column not in columns_of(frame):
            facts = {"nearest": nearest(column, columns_of(frame))}
            raise InputError([Problem("explore_column", "explore(column)", column, facts)])
        return column, frame[column].to_list()
    return "", _as_many(list(column), frame, "column")


def kind_of(values: Sequence[Any], asked: Asked) -> Kind:
    """What kind of colouring is asked for: by the arguments, and by whether the values are numbers."""
    if asked["column"] is None or asked["color"] is not None:
        return "plain"
    numbers = all(isinstance(value, int | float | np.number) for value in _known(values))
    truths = any(isinstance(value, bool | np.bool_) for value in values)
    if asked["categorical"] or asked["categories"] is not None or truths or not numbers:
        return "categories"
    if callable(asked["cmap"]):
        return "given" if isinstance(asked["cmap"], ColorMap) else "function"
    if asked["scheme"] is None:
        return "scale"
    return "bar" if _legend(asked).get("colorbar", True) else "classes"


def coloured(frame: gpd.GeoDataFrame, values: Sequence[Any], kind: Kind, asked: Asked) -> Colouring:
    """A colour a row and what the legend says of it."""
    if kind == "plain":
        return Colouring(_plain(frame, asked["color"]))
    if not _known(values):
        return Colouring((None,) * len(values))
    if kind == "categories":
        return colouring.categories(values, asked["cmap"], asked["categories"], _legend(asked).get("labels"))
    if kind == "function":
        return colouring.called(values, asked["cmap"])
    if kind == "given":
        return colouring.scaled(values, asked["cmap"], _legend(asked).get("max_labels", 5))
    least = min(_known(values)) if asked["vmin"] is None else asked["vmin"]
    if kind == "scale":
        most = max(_known(values)) if asked["vmax"] is None else asked["vmax"]
        return colouring.continuous(values, asked["cmap"], least, most, _legend(asked).get("max_labels", 5))
    kwds = asked["classification_kwds"] or {}
    limits = colouring.upper_limits(_known(values), asked["scheme"], int(kwds.get("k") or asked["k"]), kwds)
    return colouring.classes(values, asked["cmap"], limits, _legend(asked), least)


def _plain(frame: gpd.GeoDataFrame, color: Any) -> tuple[str | None, ...]:
    """One colour for all, one a row, or those of a column."""
    if isinstance(color, str) and color in columns_of(frame):
        color = frame[color].to_list()
    if color is None or isinstance(color, str):
        return (colour(color or "#2c7fb8", "color"),) * len(frame)
    return tuple(colour(one, "color") for one in _as_many(list(color), frame, "color"))


def _as_many(values: list[Any], frame: gpd.GeoDataFrame, argument: str) -> list[Any]:
    if len(values) != len(frame):
        raise InputError([Problem("explore_length", f"explore({argument})", len(values), {"wanted": len(frame)})])
    return values


def _known(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if not missing(value)]


def _legend(asked: Asked) -> Mapping[str, Any]:
    return asked["legend_kwds"] or {}

"""Shapes as whole numbers: what a page carries of its geometry, a quarter of the bytes of GeoJSON and nothing lost.

A line is its first point and then the steps from point to point, longitude and latitude in turn, in units of the last
decimal that is kept: [1215000, 250000, 12, -7, …]. A shape is a list of parts, a part a list of lines (rings).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

Line = list[int]
Parts = list[list[Line]]


def packed(collection: Mapping[str, Any], decimals: int) -> dict[str, Parts]:
    """The features of a FeatureCollection by id; lines and areas are told apart by the reader."""
    return {
        feature["properties"]["id"]: [[_steps(line, 10**decimals) for line in part] for part in _parts(feature)]
        for feature in collection["features"]
    }


def _parts(feature: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
    nested: dict[str, Sequence[Sequence[Any]]] = {
        "MultiPolygon": coordinates,
        "Polygon": [coordinates],
        "MultiLineString": [coordinates],
        "LineString": [[coordinates]],
    }
    return nested[kind]


def _steps(line: Sequence[Sequence[float]], scale: int) -> Line:
    points = [(round(x * scale), round(y * scale)) for x, y in line]
    moves = [(x - a, y - b) for (a, b), (x, y) in pairwise(points)]
    return list(chain(*points[:1], *moves))

"""The pictures of a report as SVG files: maps and charts, each with a title and a description."""

from __future__ import annotations

from collections.abc import Iterator

from regionopt.report.formats import Material, picture_name
from regionopt.report.model import Figure


def write(material: Material) -> dict[str, bytes]:
    """`report.<figure>.svg` for every picture that can be drawn."""
    return {picture_name(figure, "svg"): svg.encode() for figure, svg in drawn(material)}


def drawn(material: Material) -> Iterator[tuple[Figure, str]]:
    """Every picture of every part, as SVG."""
    for part in material.report.parts:
        for figure in part.figures():
            if (svg := material.draw(figure, part)) is not None:
                yield figure, svg

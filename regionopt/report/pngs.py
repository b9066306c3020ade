"""The pictures of a report as PNG files, made by typst from the same SVG."""

from __future__ import annotations

from regionopt.report.formats import Material, picture_name
from regionopt.report.lettered import lettered
from regionopt.report.svgs import drawn
from regionopt.static.png import png


def write(material: Material) -> dict[str, bytes]:
    """`report.<figure>.png`, 1280 pixels wide; in English where no font has the signs of Chinese."""
    return {picture_name(figure, "png"): png(svg) for figure, svg in drawn(lettered(material))}

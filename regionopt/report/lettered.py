"""A report that this machine's fonts can set: where none has the signs of Chinese, it is told in English."""

from __future__ import annotations

from dataclasses import replace

from regionopt.report.formats import Material
from regionopt.report.model import Figure, Part
from regionopt.static.fonts import readable


def lettered(material: Material) -> Material:
    """The same report in languages that can be set."""
    wanted = [part.language for part in material.report.parts]
    told = list(dict.fromkeys(map(readable, wanted)))
    return material if told == wanted else material.again(told)


def pictured(material: Material) -> Material:
    """The same report in its own languages, which the reader's fonts set, with pictures that can be set here."""
    told = lettered(material)
    if told is material:
        return material

    def draw(figure: Figure, part: Part) -> str | None:
        """The picture at the same place of the part in English."""
        place = list(part.figures()).index(figure)
        other = next(one for one in told.report.parts if one.language == "en")
        return told.draw(list(other.figures())[place], other)

    return replace(material, draw=draw)

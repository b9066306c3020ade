"""The difference maps of a comparison as SVG files, one a plan, all under one scale of colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regionopt.common.texts import Language
from regionopt.compare.page import drawing_of_sides
from regionopt.compare.sides import Side
from regionopt.maps.counties import Boundaries
from regionopt.result.files import folder_name
from regionopt.static.difference_map import difference_svg
from regionopt.static.ground import ground_of

METRIC = "budget"


def difference_pictures(
    sides: Sequence[Side], data: Mapping[str, Any], boundaries: Boundaries, language: Language
) -> dict[str, bytes]:
    """`difference.<plan>.svg` for every side after the first that has a plan: what it changes in the budget.

    `data` is what `difference.html` knows.
    """
    ground = ground_of(drawing_of_sides(sides, boundaries))
    return {
        f"difference.{folder_name(side.name)}.svg": difference_svg(data, ground, place, METRIC, language).encode()
        for place, side in enumerate(sides[1:])
        if side.has_plan
    }

"""What pages of several plans share: the geometry of the first one's regions, and their heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regionopt.common.errors import refuse
from regionopt.common.texts import LANGUAGES, Language, in_language, text
from regionopt.compare.sides import Side
from regionopt.maps.counties import Boundaries
from regionopt.maps.drawing import Drawing, document_problems, drawing_of


def drawing_of_sides(sides: Sequence[Side], boundaries: Boundaries) -> Drawing:
    """The regions of the first side; what has no plan is not drawn. Raises InputError as `maps.page` does."""
    for side in sides:
        if side.has_plan:
            refuse(document_problems(side.document))
    return drawing_of(boundaries, {region.id: region.counties for region in sides[0].document.regions})


def heading(sides: Sequence[Side], title: str, language: Language) -> dict[str, Any]:
    """What stands above all plans: the title under this key in both languages, scenarios, regions."""
    first = sides[0].document
    return {
        "language": language,
        "title": {one: text(title, one, title=in_language(first.title, one)) for one in LANGUAGES},
        "scenario": " · ".join(side.name for side in sides),
        "regions": [{"zh-TW": region.name_zh, "en": region.name_en} for region in first.regions],
    }

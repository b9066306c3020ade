"""Plans side by side: small maps of all that is compared, or two large ones, in one HTML file.

The page of a plan (`maps`) draws each of them into a card of its own; the shapes are written once. All share one
scale of colours and one unit a metric, and move together. Of two plans the table has the difference as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regionopt.common.texts import LANGUAGES, Language, text
from regionopt.compare.page import drawing_of_sides, heading
from regionopt.compare.sides import Side
from regionopt.compare.told import status
from regionopt.maps.counties import Boundaries
from regionopt.maps.mapdata import METRICS, facts, metric_shown, page_texts
from regionopt.maps.maps import whole_page
from regionopt.maps.plans import numbers, plan

SCRIPTS = ("words.js", "head.js", "table.js", "beside.js", "page.js")


def beside_page(sides: Sequence[Side], boundaries: Boundaries, language: Language = "zh-TW") -> str:
    """The whole page of sides, of which at least one has a plan. The same input gives the same bytes.

    A side without a plan is a card that says so. Raises InputError as `maps.page` does.
    """
    drawing = drawing_of_sides(sides, boundaries)
    return whole_page(drawing, page_data(sides, language), language, scripts=SCRIPTS, sheet="beside.css")


def page_data(sides: Sequence[Side], language: Language) -> dict[str, Any]:
    """What the page knows, but for what geometry adds: the numbers of every plan, one scale a metric for all."""
    first = sides[0].document
    planned = [region for side in sides if side.has_plan for region in side.document.regions]
    return {
        **heading(sides, "compare.beside_title", language),
        "metrics": [
            metric_shown(metric, [numbers(region, first.budget.unit)[metric.field] for region in planned], first)
            for metric in METRICS
        ],
        "plans": [_plan(side) for side in sides],
        "geometry": first.provenance.geometry,
        "texts": {one: page_texts(one) | _texts(one) for one in LANGUAGES},
    }


def _plan(side: Side) -> dict[str, Any]:
    """The numbers of a side; in place of numbers it does not have, a sentence that says why."""
    if side.has_plan:
        return {"name": side.name, **plan(side.document), "facts": facts(side.document)}
    told = {one: text("compare.beside_none", one, status=status(side, one)) for one in LANGUAGES}
    return {"name": side.name, "none": told}


def _texts(language: Language) -> dict[str, str]:
    """Words that only this page has; places stay to be filled."""
    names = (
        "beside_hint", "beside_choose", "beside_note", "beside_table", "beside_detail",
        "beside_difference",
    )  # fmt: skip
    words = {name: text(f"compare.{name}", language, metric="{metric}") for name in names}
    return words | {"beside_points": text("compare.page_points", language), "colon": text("sentence.colon", language)}

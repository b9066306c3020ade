"""What the map of a solved case knows beside its result: the curve over the budget, and facts about counties."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from regionopt.case.case import Case
from regionopt.case.tables import read_bytes
from regionopt.common.document import Bilingual
from regionopt.common.errors import InputError, Problem
from regionopt.common.jsontext import compact_json
from regionopt.common.texts import Language, text
from regionopt.curves.slider import budget_curve
from regionopt.maps.companion import BudgetCurve, Companion
from regionopt.maps.facts import county_facts

NAME = "map.json"


def companion(case: Case, pieces: int | None = None) -> Companion:
    """Of a case that has a plan. Where no curve can be followed, it says why; `pieces` as in `budget_curve`."""
    sources = case.resolved.context.sources
    stated = None if sources.path("statistics") is None else county_facts(sources.statistics)
    curve = _curve(case, pieces)
    return Companion(
        curve=curve if isinstance(curve, BudgetCurve) else None,
        no_curve=curve if isinstance(curve, Bilingual) else None,
        facts=stated and stated[0],
        sources=stated and stated[1],
    )


def _curve(case: Case, pieces: int | None) -> BudgetCurve | Bilingual:
    """The curve, or why there is none."""
    try:
        return budget_curve(case, pieces)
    except InputError as refused:
        problem = refused.problems[0]
        return Bilingual(zh=_why(problem, "zh-TW"), en=_why(problem, "en"))


def _why(problem: Problem, language: Language) -> str:
    return text("frontier.no_slider", language, why=text(f"problem.{problem.code}.rule", language, **problem.facts))


def written(told: Companion) -> bytes:
    """`map.json`."""
    return compact_json(told.model_dump(mode="json", by_alias=True))


def read(folder: Path) -> Companion:
    """What stands beside a result; nothing where the file does not. Raises InputError for a broken one."""
    path = folder / NAME
    if not path.exists():
        return Companion()
    try:
        return Companion.model_validate_json(read_bytes(path))
    except ValidationError as error:
        raise InputError([Problem("bad_result", str(path), error.errors()[0]["msg"])]) from None

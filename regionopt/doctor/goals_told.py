"""The nearest plan without must-targets as an entry of `diagnosis.json`: what each of them misses."""

from __future__ import annotations

from regionopt.case.case import Case
from regionopt.case.limits import of_row
from regionopt.common.errors import LimitError, ToolError
from regionopt.common.instance import Target
from regionopt.common.texts import LANGUAGES, Language
from regionopt.doctor.entries import Entry, said
from regionopt.doctor.goals import Nearest, nearest
from regionopt.solve.questions import Questions
from regionopt.telling.limits import amount, counted_target, named


def nearest_plan(case: Case, ask: Questions) -> Entry | None:
    """The nearest plan; None where the case has no must-target."""
    if not any(target.must for target in case.instance.targets):
        return None
    try:
        found = nearest(case.instance, ask)
    except (LimitError, ToolError):
        return _no_goals("doctor.goals_unknown", None)
    return _no_goals("doctor.goals_clash", False) if found is None else _goals(case, found)


def _no_goals(key: str, feasible: bool | None) -> Entry:
    nothing: Entry = {"worst_shortfall": None, "worst_of_all": None, "missed": []}
    return {"feasible": feasible, **nothing, "sentence": said(key)}


def _goals(case: Case, found: Nearest) -> Entry:
    worst = float(found.worst_must)
    return {
        "feasible": True,
        "worst_shortfall": worst,
        "worst_of_all": float(found.worst),
        "missed": [_missed(case, target, float(short)) for target, short in found.missed],
        "sentence": said("doctor.goals", lambda _: {"worst": f"{worst * 100:.3g}%"}),
    }


def _missed(case: Case, target: Target, short: float) -> Entry:
    limit, reached = of_row(case.instance, target.row), target.target * (1 - short)
    assert limit is not None  # every target has a row
    name = {language: named(case, limit, language) for language in LANGUAGES}

    def facts(language: Language) -> dict[str, str]:
        amounts = {"reached": float(f"{reached:.6g}"), "target": target.target}
        told = {key: amount(case, counted_target(target), value, language) for key, value in amounts.items()}
        return {**told, "limit": name[language], "short": f"{short * 100:.3g}%"}

    unit = case.resolved.context.target_unit(target)
    numbers = {"target": target.target, "reached": reached, "shortfall": short, "unit": unit}
    return {"row": target.row, "path": limit.path, **numbers, "sentence": said("doctor.missed", facts)}

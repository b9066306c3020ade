"""Remedies as entries of `diagnosis.json`: numbers that help alone, platforms that need not be, the joint change."""

from __future__ import annotations

from collections.abc import Sequence

from regionopt.case.case import Case
from regionopt.common.errors import LimitError, ToolError
from regionopt.common.texts import Language, in_language
from regionopt.doctor.elastic import Elastic
from regionopt.doctor.entries import Entry, percent, said
from regionopt.doctor.joint import together
from regionopt.doctor.levers import Lever
from regionopt.doctor.remedies import Remedy, needless
from regionopt.model.program import Program
from regionopt.solve.questions import Questions
from regionopt.telling.limits import amount, counted, named


def repairs(case: Case, remedies: Sequence[Remedy]) -> list[Entry]:
    """Numbers with what they become, the smallest relative change first; what was 0 comes last."""
    ordered = sorted(remedies, key=lambda r: (r.change is None, abs(r.change or 0.0)))
    return [_repair(case, remedy) for remedy in ordered]


def _repair(case: Case, remedy: Remedy) -> Entry:
    lever = remedy.lever
    how = counted(lever.limit)

    def facts(language: Language) -> dict[str, str]:
        old, new = (amount(case, how, value, language) for value in (lever.value, remedy.value))
        limit = named(case, lever.limit, language)
        return {"limit": limit, "old": old, "new": new, "change": percent(remedy.change)}

    return {
        "path": lever.path,
        "old": lever.value,
        "value": remedy.value,
        "exact": float(remedy.exact),
        "unit": lever.unit,
        "change": remedy.change,
        "set": remedy.text,
        "sentence": said("doctor.raise" if remedy.value > lever.value else "doctor.lower", facts),
    }


def dropped(case: Case, ask: Questions, program: Program) -> list[Entry]:
    """Platforms that need not be required: a plan is possible without the demand."""
    if not program.integers:
        return []
    required = {f"platforms.{p.id}.required": p.id for p in case.instance.platforms if p.required}
    try:
        return [_drop(case, path, required[path]) for path in needless(case, ask, required)]
    except (LimitError, ToolError):
        return []


def _drop(case: Case, path: str, platform: str) -> Entry:
    title = case.document.platforms[platform].title
    sentence = said("doctor.drop", lambda language: {"platform": in_language(title, language) if title else platform})
    return {
        "path": path, "old": True, "value": False, "exact": None, "unit": "", "change": None,
        "set": f"{path}=false", "sentence": sentence,
    }  # fmt: skip


def as_it_stands(case: Case, lever: Lever) -> Entry:
    """A number as it stands."""

    def facts(language: Language) -> dict[str, str]:
        old = amount(case, counted(lever.limit), lever.value, language)
        return {"limit": named(case, lever.limit, language), "old": old}

    return {"path": lever.path, "value": lever.value, "unit": lever.unit, "sentence": said("doctor.now", facts)}


def joint_change(case: Case, ask: Questions, elastic: Elastic) -> Entry:
    """The smallest joint change: its largest part (relative), and every number with what it becomes."""
    try:
        found = together(case, ask, elastic)
    except (LimitError, ToolError):
        return {"largest": None, "changes": [], "sentence": said("doctor.together_unknown")}
    if found is None:
        return {"largest": None, "changes": [], "sentence": said("doctor.together_none")}
    largest = max((abs(remedy.change or 0.0) for remedy in found), default=0.0)
    sentence = said("doctor.together", lambda _: {"largest": percent(largest).removeprefix("+")})
    return {"largest": largest, "changes": repairs(case, found), "sentence": sentence}

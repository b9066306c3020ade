"""The doctor: why a case has no plan, and what would give it one. The content of `diagnosis.json`.

Remedies first: every single number that makes a plan possible alone, the smallest joint change, the nearest plan
without must-targets. Then the clash itself, a smallest set of limits; it can name limits none of which helps alone.
Tranche widths are told beside it where the clash hangs on them: money cannot go where nothing is planned.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from regionopt.case.case import Case
from regionopt.case.limits import Limit, of_row
from regionopt.common.document import Status
from regionopt.common.errors import LimitError, ToolError
from regionopt.common.instance import Instance, Target
from regionopt.common.texts import Language, text
from regionopt.doctor.advice import Sentence, amount, counted, named, percent, said
from regionopt.doctor.clash import engine_for, hangs_on_widths, independent_sets, limits_only, status
from regionopt.doctor.elastic import Elastic
from regionopt.doctor.goals import Nearest, nearest
from regionopt.doctor.joint import together
from regionopt.doctor.levers import Lever, levers
from regionopt.doctor.remedies import Remedy, alone, amounts, switches
from regionopt.model.program import Program
from regionopt.solve.questions import Questions, questions

SCHEMA = "regionopt.diagnosis/2"
Entry = dict[str, Any]


def has_plan(case: Case, solver: str = "highs") -> bool:
    """Whether every limit of the case can be kept at once."""
    program = limits_only(case.instance)
    return status(engine_for(program, solver), program) is Status.OPTIMAL


def healthy(case: Case) -> Entry:
    """What is told of a case that has a plan: its status, and nothing else."""
    return {"schema": SCHEMA, "case": case.document.case.id, "scenario": case.name, "status": "feasible"}


def diagnose(case: Case, solver: str = "highs") -> Entry:
    """The content of `diagnosis.json`, schema `regionopt.diagnosis/2`, of an infeasible case.

    repairs       numbers that make a plan possible alone: path, old, value, exact, unit, change, set, sentence
    helpless      numbers of the clash that do not, whatever they are set to
    not_examined  numbers of the clash that could not be settled
    together      the smallest joint change: largest (relative), changes as in `repairs`, none where none helps
    nearest       the nearest plan when must-targets become goals; null where the case has no must-target
    clashing      a smallest set of limits that clash: row, path, value, unit, sentence
    further       sets that clash too and share no limit with it

    `value` is in `unit`, `change` is relative to `old`, `set` follows `--set`, sentences are by language.
    """
    program, ask = limits_only(case.instance), questions(solver)
    sets = independent_sets(case.instance, solver) or [[]]
    all_levers = levers(case, program)
    elastic = amounts(program, all_levers)
    near = [lever for lever in all_levers if _in_clash(case.instance, lever, program, sets[0])]
    single = alone(case, ask, elastic, program, near)
    return {
        "schema": SCHEMA,
        "case": case.document.case.id,
        "scenario": case.name,
        "status": Status.INFEASIBLE.value,
        "repairs": [*_repairs(case, single.remedies), *_dropped(case, ask, program)],
        "helpless": [_number(case, lever) for lever in single.helpless],
        "not_examined": [_number(case, lever) for lever in single.unknown],
        "together": _together(case, ask, elastic),
        "nearest": _nearest(case, ask),
        "clashing": _clash(case, sets[0], solver),
        "further": [_clash(case, rows, solver) for rows in sets[1:]],
    }


def _in_clash(instance: Instance, lever: Lever, program: Program, rows: Sequence[str]) -> bool:
    """Whether a number stands in a clash: only then it can mend it."""
    if lever.effect is None:
        paths = {limit.path for row in rows if (limit := of_row(instance, row)) is not None}
        return lever.path in paths
    return not lever.touched(program).isdisjoint(rows)


def sentences(found: Mapping[str, Any], language: Language) -> Iterator[str]:
    """A diagnosis as it is read: what would help first, then what clashes. Entries are indented."""
    short = "zh" if language == "zh-TW" else "en"

    def block(heading: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        if entries:
            yield heading
        for sentence, told in dict.fromkeys((entry["sentence"][short], entry.get("set")) for entry in entries):
            yield f"  {sentence}" + (f"  --set {shlex.quote(told)}" if told else "")

    yield from block(text("doctor.alone", language), found["repairs"])
    if not found["repairs"]:
        yield text("doctor.no_single", language)
    for part, inner in (("together", "changes"), ("nearest", "missed")):
        if (whole := found[part]) is not None:
            yield whole["sentence"][short]
            yield from list(block("", whole[inner]))[1:]
    yield from block(text("doctor.clash", language), found["clashing"])
    for clash in found["further"]:
        yield from block(text("doctor.further", language), clash)
    yield from block(text("doctor.helpless", language), found["helpless"])
    yield from block(text("doctor.unknown", language), found["not_examined"])
    yield text("doctor.given", language)


# --- remedies ------------------------------------------------------------------------------------------------


def _repairs(case: Case, remedies: Sequence[Remedy]) -> list[Entry]:
    """The smallest relative change first; what was 0 comes last."""
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


def _dropped(case: Case, ask: Questions, program: Program) -> list[Entry]:
    """Platforms that need not be required: a plan is possible without the demand."""
    if not program.integers:
        return []
    required = {f"platforms.{p.id}.required": p.id for p in case.instance.platforms if p.required}
    try:
        texts = list(switches(case, ask, tuple(required)))
    except (LimitError, ToolError):
        return []
    return [_switch(case, set_text, required[set_text.removesuffix("=false")]) for set_text in texts]


def _switch(case: Case, set_text: str, platform: str) -> Entry:
    title = case.document.platforms[platform].title
    sentence = said(
        "doctor.drop",
        lambda language: {"platform": (title.zh if language == "zh-TW" else title.en) if title else platform},
    )
    path = set_text.removesuffix("=false")
    return {
        "path": path, "old": True, "value": False, "exact": None, "unit": "", "change": None,
        "set": set_text, "sentence": sentence,
    }  # fmt: skip


def _number(case: Case, lever: Lever) -> Entry:
    """A number as it stands."""

    def facts(language: Language) -> dict[str, str]:
        old = amount(case, counted(lever.limit), lever.value, language)
        return {"limit": named(case, lever.limit, language), "old": old}

    return {"path": lever.path, "value": lever.value, "unit": lever.unit, "sentence": said("doctor.now", facts)}


def _together(case: Case, ask: Questions, elastic: Elastic) -> Entry:
    try:
        found = together(case, ask, elastic)
    except (LimitError, ToolError):
        return {"largest": None, "changes": [], "sentence": said("doctor.together_unknown", lambda _: {})}
    if found is None:
        return {"largest": None, "changes": [], "sentence": said("doctor.together_none", lambda _: {})}
    largest = max((abs(remedy.change or 0.0) for remedy in found), default=0.0)
    sentence = said("doctor.together", lambda _: {"largest": percent(largest).removeprefix("+")})
    return {"largest": largest, "changes": _repairs(case, found), "sentence": sentence}


def _nearest(case: Case, ask: Questions) -> Entry | None:
    if not any(target.must for target in case.instance.targets):
        return None
    try:
        found = nearest(case.instance, ask)
    except (LimitError, ToolError):
        return _no_goals("doctor.goals_unknown", None)
    return _no_goals("doctor.goals_clash", False) if found is None else _goals(case, found)


def _no_goals(key: str, feasible: bool | None) -> Entry:
    nothing: Entry = {"worst_shortfall": None, "worst_of_all": None, "missed": []}
    return {"feasible": feasible, **nothing, "sentence": said(key, lambda _: {})}


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
    row = f"reach[{','.join(target.key)}]"
    limit, reached = _limit(case.instance, row), target.target * (1 - short)
    how = _counted_target(target)

    def facts(language: Language) -> dict[str, str]:
        amounts = {"reached": float(f"{reached:.6g}"), "target": target.target}
        told = {key: amount(case, how, value, language) for key, value in amounts.items()}
        return {**told, "limit": named(case, limit, language), "short": f"{short * 100:.3g}%"}

    unit = "1" if target.over else case.resolved.context.unit(target.metric)
    numbers = {"target": target.target, "reached": reached, "shortfall": short, "unit": unit}
    return {"row": row, "path": limit.path, **numbers, "sentence": said("doctor.missed", facts)}


def _counted_target(target: Target) -> str:
    return "percent" if target.over else {"output": "yearly", "jobs": "jobs"}[target.metric]


# --- the clash -----------------------------------------------------------------------------------------------


def _clash(case: Case, rows: Sequence[str], solver: str) -> list[Entry]:
    """The limits of an irreducible set, and the widths that it hangs on."""
    entries = [_entry(case, row) for row in rows]
    if rows and hangs_on_widths(case.instance, rows, solver):
        entries += [_width(case, region) for region in case.instance.regions if _asked(rows, region)]
    return entries


def _limit(instance: Instance, row: str) -> Limit:
    limit = of_row(instance, row)
    if limit is None:
        raise KeyError(row)
    return limit


def _entry(case: Case, row: str) -> Entry:
    """One clashing limit with its path, value, unit and sentence."""
    limit = of_row(case.instance, row)
    if limit is None:
        sentence = said("clash.other", lambda _: {"row": row})
        return {"row": row, "path": row, "value": None, "unit": case.resolved.context.currency, "sentence": sentence}
    value, unit, how = _value(case, row, limit)
    tell = _sentence(case, limit, row, value, how)
    return {"row": row, "path": limit.path, "value": value, "unit": unit, "sentence": tell}


def _sentence(case: Case, limit: Limit, row: str, value: float | None, how: str) -> Sentence:
    """The limit in words of its own where it has them, else by its name."""
    key = f"clash.{limit.kind.key}"
    own = limit.kind.key in ("budget", "floor", "floor_share", "ceiling", "ceiling_share", "target")

    def facts(language: Language) -> dict[str, str]:
        names = {k: _name(case, k, v, language) for k, v in limit.names.items()}
        told = "" if value is None else amount(case, how, value, language)
        return {**names, "value": told, "limit": named(case, limit, language), "row": row}

    return said(key if own else "clash.row" if value is None else "clash.number", facts)


def _name(case: Case, kind: str, value: str, language: Language) -> str:
    if kind == "region":
        names = {r.id: r.name_zh if language == "zh-TW" else r.name_en for r in case.regions}
        return names.get(value, value)
    return text(f"metric.{value}", language) if kind == "metric" else value


def _value(case: Case, row: str, limit: Limit) -> tuple[float | None, str, str]:
    """What a limit asks for, in which unit, and how that is counted. Shares of the budget are told as amounts."""
    currency, instance = case.resolved.context.currency, case.instance
    if row.startswith("reach["):
        target = next(t for t in instance.targets if row == f"reach[{','.join(t.key)}]")
        unit = "1" if target.over else case.resolved.context.unit(target.metric)
        return target.target, unit, _counted_target(target)
    own: Mapping[str, Callable[[], float | None]] = {
        "floor": lambda: _bound(instance, limit, "floor_fixed"),
        "ceiling": lambda: _bound(instance, limit, "ceiling_fixed"),
        "floor_share": lambda: (_bound(instance, limit, "floor_share") or 0.0) * instance.budget,
        "ceiling_share": lambda: (_bound(instance, limit, "ceiling_share") or 0.0) * instance.budget,
    }
    if limit.kind.key in own:
        return own[limit.kind.key](), currency, "money"
    quantity = case.resolved.numbers.get(limit.path)
    if quantity is None:
        return None, currency, "money"
    return quantity.value, quantity.unit, counted(limit)


def _bound(instance: Instance, limit: Limit, kind: str) -> float | None:
    found = next(item for item in instance.limits if item.region == limit.names["region"])
    value: float | None = getattr(found, kind)
    return value


def _asked(rows: Sequence[str], region: str) -> bool:
    """Whether something at least is asked of a region by these rows."""
    names = (f"floor[{region}]", f"floor_share[{region}]")
    return any(row in names or (row.startswith("reach[") and f",{region}" in row) for row in rows)


def _width(case: Case, region: str) -> Entry:
    """What the tranches of a region take at most, and what they bring when they are full."""
    tranches = [t for t in case.instance.tranches if t.region == region]
    widths = sum(t.width for t in tranches)
    metrics = sorted({target.metric for target in case.instance.targets if target.must})

    def facts(language: Language) -> dict[str, str]:
        brings = "".join(
            text(
                f"clash.brings_{metric}", language,
                value=amount(case, {"output": "yearly", "jobs": "jobs"}[metric],
                             float(f"{sum(t.width * t.returns[metric] for t in tranches):.6g}"), language),
            )
            for metric in metrics
        )  # fmt: skip
        told = amount(case, "money", float(f"{widths:.6g}"), language)
        return {"region": _name(case, "region", region, language), "value": told, "brings": brings}

    return {
        "row": f"tranche[{region}]",
        "path": f"widths.{region}.*",
        "value": widths,
        "unit": case.resolved.context.currency,
        "sentence": said("clash.width", facts),
    }

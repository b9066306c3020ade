"""The clash as entries of `diagnosis.json`: the limits of an irreducible set, and the widths that it hangs on."""

from __future__ import annotations

from collections.abc import Sequence

from regionopt.case.case import Case
from regionopt.case.limits import Limit, of_row
from regionopt.common.texts import Language, text
from regionopt.doctor.clash import hangs_on_widths
from regionopt.doctor.entries import Entry, Sentence, said
from regionopt.telling.limits import COUNTED_METRICS, amount, counted, counted_target, named, names, region_names

# Limits with a sentence of their own; the others are told by their names.
OWN = ("budget", "floor", "floor_share", "ceiling", "ceiling_share", "target")
FIXED = {"floor": "floor_fixed", "ceiling": "ceiling_fixed"}
SHARES = ("floor_share", "ceiling_share")


def clashing(case: Case, rows: Sequence[str], solver: str) -> list[Entry]:
    """The limits of an irreducible set, and the widths that it hangs on."""
    entries = [_entry(case, row) for row in rows]
    if rows and hangs_on_widths(case.instance, rows, solver):
        entries += [_width(case, region) for region in case.instance.regions if _asked(rows, region)]
    return entries


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

    def facts(language: Language) -> dict[str, str]:
        told = "" if value is None else amount(case, how, value, language)
        limited = named(case, limit, language)
        return {**names(case, limit, language), "value": told, "limit": limited, "row": row}

    kind = limit.kind.key if limit.kind.key in OWN else "row" if value is None else "number"
    return said(f"clash.{kind}", facts)


def _value(case: Case, row: str, limit: Limit) -> tuple[float | None, str, str]:
    """What a limit asks for, in which unit, and how that is counted. Shares of the budget are told as amounts."""
    context, instance, kind = case.resolved.context, case.instance, limit.kind.key
    for target in instance.targets:
        if row == target.row:
            return target.target, context.target_unit(target), counted_target(target)
    if kind in FIXED:
        return _bound(case, limit, FIXED[kind]), context.currency, "money"
    if kind in SHARES:
        return (_bound(case, limit, kind) or 0.0) * instance.budget, context.currency, "money"
    quantity = case.resolved.numbers.get(limit.path)
    if quantity is None:
        return None, context.currency, "money"
    return quantity.value, quantity.unit, counted(limit)


def _bound(case: Case, limit: Limit, kind: str) -> float | None:
    found = next(item for item in case.instance.limits if item.region == limit.names["region"])
    value: float | None = getattr(found, kind)
    return value


def _asked(rows: Sequence[str], region: str) -> bool:
    """Whether something at least is asked of a region by these rows."""
    floors = (f"floor[{region}]", f"floor_share[{region}]")
    return any(row in floors or (row.startswith("reach[") and f",{region}" in row) for row in rows)


def _width(case: Case, region: str) -> Entry:
    """What the tranches of a region take at most, and what they bring when they are full."""
    tranches = [t for t in case.instance.tranches if t.region == region]
    widths = sum(t.width for t in tranches)
    metrics = sorted({target.metric for target in case.instance.targets if target.must})
    full = {metric: sum(t.width * t.returns[metric] for t in tranches) for metric in metrics}

    def facts(language: Language) -> dict[str, str]:
        def told(how: str, value: float) -> str:
            return amount(case, how, float(f"{value:.6g}"), language)

        brings = (
            text(f"clash.brings_{metric}", language, value=told(COUNTED_METRICS[metric], value))
            for metric, value in full.items()
        )
        name = region_names(case, language)[region]
        return {"region": name, "value": told("money", widths), "brings": "".join(brings)}

    return {
        "row": f"tranche[{region}]",
        "path": f"widths.{region}.*",
        "value": widths,
        "unit": case.resolved.context.currency,
        "sentence": said("clash.width", facts),
    }

"""Years of a case: `[periods]` and the milestones of `[targets]` as parts of the instance.

    years         first, first + 1 … last; their ids are the years as text
    envelope      as `periods.budget` fixes it; the others share what is left of B equally
    tranches      each stands once a year with width ÷ number of years and the same returns
    milestones    a national total by the end of a year, split and binding like the metric's own targets

So without lag, depreciation and absorption the years together are the case without years.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from regionopt.case import read_absorption
from regionopt.case.compute import Resolved
from regionopt.case.stated import value_of
from regionopt.common.errors import Problem
from regionopt.common.instance import METRICS, Period, Periods, Target, Tranche

MOST_YEARS = 100
# One part in a million: the rounding of envelopes written by hand is no clash.
SLACK = 1e-6


def part(resolved: Resolved, tranches: Sequence[Tranche]) -> Periods | None:
    """Years, envelopes (currency unit of the case) and what happens between years; None without sound years."""
    years = _years(resolved)
    if not years:
        return None
    return Periods(
        _envelopes(resolved, years),
        carry_over=_value(resolved, "carry_over", 0.0),
        lag=int(_value(resolved, "lag", 0.0)) if _whole(_value(resolved, "lag", 0.0)) else 0,
        survival=_value(resolved, "survival", 1.0),
        execution_rate=_value(resolved, "execution_rate", 1.0),
        absorption=read_absorption.part(resolved, tranches),
    )


def dated(tranches: tuple[Tranche, ...], periods: Periods | None) -> tuple[Tranche, ...]:
    """Each tranche once a year, its width in equal parts; as they are where there are no years."""
    if periods is None:
        return tranches
    count = len(periods.periods)
    return tuple(replace(t, width=t.width / count, period=year.id) for t in tranches for year in periods.periods)


def milestones(resolved: Resolved, targets: tuple[Target, ...]) -> Iterator[Target]:
    """The targets of every milestone: its total in the shares of the metric's own targets."""
    years = _years(resolved)
    for metric in METRICS:
        own = [target for target in targets if target.metric == metric and not target.kind]
        whole = sum(target.target for target in own)
        for year in _milestones(resolved, metric):
            total = resolved.stated[f"targets.{metric}.milestones.{year}"].value
            if year in years and whole:
                yield from (replace(t, target=total * (t.target / whole), period=year) for t in own)


def problems(resolved: Resolved) -> Iterator[Problem]:
    """Every broken rule of the years, their envelopes and milestones."""
    file, years = resolved.context.file, _years(resolved)
    section = resolved.context.document.periods
    for metric in METRICS:
        for year in _milestones(resolved, metric):
            place = f"{file}: targets.{metric}.milestones.{year}"
            if section is None:
                yield Problem("milestone_undated", place)
            elif years and year not in years:
                yield _outside(place, year, years)
    if section is not None:
        yield from _horizon(resolved)
        yield from _lag(resolved, years)
        yield from _budgets(resolved, years)


def _value(resolved: Resolved, name: str, missing: float) -> float:
    return value_of(resolved.stated, f"periods.{name}", missing)


def _whole(value: float) -> bool:
    return float(value).is_integer()


def _years(resolved: Resolved) -> tuple[str, ...]:
    """The years as text; none where the horizon is missing or broken."""
    first, last = (_value(resolved, name, float("nan")) for name in ("first", "last"))
    if not (_whole(first) and _whole(last) and 0 <= last - first < MOST_YEARS):
        return ()
    return tuple(str(year) for year in range(int(first), int(last) + 1))


def _envelopes(resolved: Resolved, years: tuple[str, ...]) -> tuple[Period, ...]:
    """Fixed envelopes and equal shares of the rest; where all are fixed, they follow the budget in proportion."""
    fixed = {year: _value(resolved, f"budget.{year}", 0.0) for year in years if _given(resolved, year)}
    if len(fixed) < len(years):
        share = 1 / (len(years) - len(fixed))
        return tuple(Period(year, fixed.get(year, 0.0), 0.0 if year in fixed else share) for year in years)
    whole = sum(fixed.values())
    return tuple(Period(year, 0.0, fixed[year] / whole if whole else 1 / len(years)) for year in years)


def _given(resolved: Resolved, year: str) -> bool:
    return f"periods.budget.{year}" in resolved.stated


def _milestones(resolved: Resolved, metric: str) -> tuple[str, ...]:
    section = getattr(resolved.context.document.targets, metric)
    return tuple(section.milestones) if section else ()


def _horizon(resolved: Resolved) -> Iterator[Problem]:
    file, stated = resolved.context.file, resolved.stated
    given = {name: stated.get(f"periods.{name}") for name in ("first", "last")}
    for name, quantity in given.items():
        if quantity is None:
            yield Problem("number_missing", f"{file}: periods.{name}")
        elif math.isfinite(quantity.value) and quantity.value % 1:
            yield Problem("not_a_year", f"{file}: periods.{name}", quantity.value)
    first, last = given["first"], given["last"]
    if first is None or last is None or not math.isfinite(last.value - first.value):
        return
    facts = {"first": f"{first.value:g}", "most": MOST_YEARS}
    if last.value < first.value:
        yield Problem("last_before_first", f"{file}: periods.last", f"{last.value:g}", facts)
    elif last.value - first.value >= MOST_YEARS:
        yield Problem("too_many_years", f"{file}: periods.last", f"{last.value:g}", facts)


def _lag(resolved: Resolved, years: tuple[str, ...]) -> Iterator[Problem]:
    lag, place = _value(resolved, "lag", 0.0), f"{resolved.context.file}: periods.lag"
    if math.isfinite(lag) and lag % 1:
        yield Problem("not_a_count", place, lag)
    elif years and lag >= len(years):
        yield Problem("lag_beyond", place, f"{lag:g}", {"first": years[0], "last": years[-1]})


def _budgets(resolved: Resolved, years: tuple[str, ...]) -> Iterator[Problem]:
    """Envelopes lie in the horizon, and together within the budget; all of them together are the budget."""
    section, place = resolved.context.document.periods, f"{resolved.context.file}: periods.budget"
    if section is None or not years:
        return
    for year in section.budget:
        if year not in years:
            yield _outside(f"{place}.{year}", year, years)
    fixed = [_value(resolved, f"budget.{year}", 0.0) for year in years if _given(resolved, year)]
    budget, whole = resolved.stated["budget.total"].value, sum(fixed)
    facts = {"budget": f"{budget:g}", "unit": resolved.context.currency}
    if whole > budget * (1 + SLACK):
        yield Problem("envelopes_above_budget", place, f"{whole:g}", facts)
    elif len(fixed) == len(years) and whole < budget * (1 - SLACK):
        yield Problem("envelopes_below_budget", place, f"{whole:g}", facts)


def _outside(place: str, year: str, years: tuple[str, ...]) -> Problem:
    return Problem("year_outside", place, year, {"first": years[0], "last": years[-1]})

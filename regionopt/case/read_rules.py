"""Rules of the planner's own, from `[[rules]]` of the case file.

    [[rules]]
    id = "digital_first"
    terms = [{ programmes = ["chips"] }, { regions = ["east"], coefficient = -2 }]
    sense = ">="
    value = 0
    reason = "twice the East's money goes to chips"

A term is the money, in the currency unit of the case, in every tranche whose region, programme, group and period are
named; where a list is not given, all are meant. Terms add up with their coefficients (1 where none is given).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regionopt.case.compute import Resolved
from regionopt.case.naming import programmes_named, unknown_programmes, unknown_regions
from regionopt.case.parts import RuleSection, TermSection
from regionopt.case.stated import value_of
from regionopt.common.errors import Problem, nearest
from regionopt.common.instance import Group, Instance, Rule, SpendKey, Tranche


def part(resolved: Resolved, tranches: Sequence[Tranche], groups: Sequence[Group]) -> tuple[Rule, ...]:
    """The rules of a case over its tranches and groups. Unknown names select nothing; a missing value is 0."""
    return tuple(
        Rule(
            rule.id,
            tuple(
                (coefficient, select(term, tranches, groups))
                for coefficient, term in zip(coefficients(resolved, n, rule), rule.terms, strict=True)
            ),
            rule.sense,
            value_of(resolved.stated, f"rules.{n}.value", 0.0),
        )
        for n, rule in enumerate(resolved.context.document.rules, 1)
    )


def coefficients(resolved: Resolved, n: int, rule: RuleSection) -> tuple[float, ...]:
    """The coefficient of each term of the n-th rule, 1 where none is given."""
    paths = (f"rules.{n}.terms.{k}.coefficient" for k in range(1, len(rule.terms) + 1))
    return tuple(value_of(resolved.stated, path, 1.0) for path in paths)


def select(term: TermSection, tranches: Sequence[Tranche], groups: Sequence[Group]) -> tuple[SpendKey, ...]:
    """The tranches of a term, in written order."""
    known = {(t.region, t.programme) for t in tranches}
    inside = programmes_named(term.programmes, known) if term.programmes else known
    if term.groups:
        members: set[tuple[str, str]] = set()
        for group in groups:
            members |= group.programmes if group.id in term.groups else set()
        inside = inside & members
    return tuple(
        t.key
        for t in tranches
        if (t.region, t.programme) in inside
        and (not term.regions or t.region in term.regions)
        and (not term.periods or t.period in term.periods)
    )


def problems(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Rules with an id, a value and terms that select money; names that exist."""
    file, first = resolved.context.file, dict[str, str]()
    for n, rule in enumerate(resolved.context.document.rules, 1):
        place = f"{file}: rules.{n}"
        if first.setdefault(rule.id, place) != place:
            yield Problem("duplicate_id", f"{place}.id", rule.id, {"first": first[rule.id]})
        if rule.value is None:
            yield Problem("number_missing", f"{place}.value")
        if rule.unit not in ("", resolved.context.currency):
            yield Problem("rule_unit", f"{place}.unit", rule.unit, {"unit": resolved.context.currency})
        if not rule.terms:
            yield Problem("rule_without_terms", f"{place}.terms", None, {"rule": rule.id})
        yield from _terms(rule, place, instance)


def _terms(rule: RuleSection, place: str, instance: Instance) -> Iterator[Problem]:
    """A name that does not exist, or else a term that selects nothing."""
    for k, term in enumerate(rule.terms, 1):
        unknown = list(_unknown(term, f"{place}.terms.{k}", instance))
        yield from unknown
        if not unknown and not select(term, instance.tranches, instance.groups):
            yield Problem("rule_selects_nothing", f"{place}.terms.{k}", None, {"rule": rule.id})


def _unknown(term: TermSection, place: str, instance: Instance) -> Iterator[Problem]:
    known = {(t.region, t.programme) for t in instance.tranches}
    yield from unknown_regions(f"{place}.regions", term.regions, instance.regions)
    yield from unknown_programmes(f"{place}.programmes", term.programmes, known)
    groups = [group.id for group in instance.groups]
    for name in term.groups:
        if name not in groups:
            yield Problem("unknown_group", f"{place}.groups", name, {"nearest": nearest(name, groups)})
    periods = [period.id for period in instance.periods.periods] if instance.periods else []
    for name in term.periods:
        if name not in periods:
            yield Problem("unknown_period", f"{place}.periods", name, {"nearest": nearest(name, periods)})

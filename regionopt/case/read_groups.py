"""Groups of programmes: `[groups.<id>]` as parts of the instance.

    tag, value        programmes with this value in the column `tag` of programmes.csv (initiative, fund, ministry)
    programmes        programmes by `programme` (in every region that has it) or `region.programme`
    empty             why the group has no programme; without it, an empty group is a mistake

A group with both is all of them together. Amounts are in the currency unit of the case, shares are of B.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from regionopt.case.compute import Resolved
from regionopt.case.naming import Programme, bad_ids, programmes_named, unknown_programmes
from regionopt.case.parts import GroupSection
from regionopt.case.stated import value_of
from regionopt.case.tables import Record
from regionopt.common.errors import InputError, Problem, nearest
from regionopt.common.instance import Group, Instance, Limit, Tranche

# One part in a million: the rounding of amounts written by hand is no clash.
SLACK = 1e-6
LIMITS = ("floor", "ceiling", "floor_share", "ceiling_share", "own_budget")


def part(resolved: Resolved, tranches: Sequence[Tranche]) -> tuple[Group, ...]:
    """The groups in their written order; unknown names and tags mean no programme."""
    known = frozenset((t.region, t.programme) for t in tranches)
    return tuple(
        Group(name, _members(resolved, section, known), _limit(resolved, name), _number(resolved, name, "own_budget"))
        for name, section in resolved.context.document.groups.items()
    )


def problems(resolved: Resolved, instance: Instance) -> Iterator[Problem]:
    """Every broken rule of the groups: names, members, limits, own budgets."""
    document = resolved.context.document
    place = f"{resolved.context.file}: groups"
    yield from bad_ids(place, document.groups)
    if any(section.tag for section in document.groups.values()):
        yield from _table_problems(resolved)
    for group in instance.groups:
        yield from _member_problems(resolved, f"{place}.{group.id}", document.groups[group.id], group, instance)
        yield from _clashes(resolved, f"{place}.{group.id}", group, instance.budget)
    yield from _own_budgets(resolved, place, instance)


def _number(resolved: Resolved, name: str, kind: str) -> float | None:
    return value_of(resolved.stated, f"groups.{name}.{kind}", None)


def _limit(resolved: Resolved, name: str) -> Limit:
    floor, ceiling, floor_share, ceiling_share = (
        _number(resolved, name, kind) for kind in ("floor", "ceiling", "floor_share", "ceiling_share")
    )
    return Limit(name, floor, floor_share, ceiling, ceiling_share)


def _members(resolved: Resolved, section: GroupSection, known: frozenset[Programme]) -> frozenset[Programme]:
    tagged = {
        (record["region"], record["programme"])
        for record in _programmes(resolved, section)
        if section.value and record.cells.get(str(section.tag)) == section.value
    }
    return (known & tagged) | programmes_named(section.programmes, known)


def _programmes(resolved: Resolved, section: GroupSection) -> list[Record]:
    """The rows of programmes.csv where a group asks for a tag; none where they cannot be read."""
    try:
        return resolved.context.sources.programmes if section.tag else []
    except InputError:
        return []


def _table_problems(resolved: Resolved) -> Iterator[Problem]:
    try:
        _ = resolved.context.sources.programmes
    except InputError as error:
        yield from error.problems


def _member_problems(
    resolved: Resolved, place: str, section: GroupSection, group: Group, instance: Instance
) -> Iterator[Problem]:
    """Named programmes exist, a tag has a value that some programme carries, and there is a member."""
    known = {(t.region, t.programme) for t in instance.tranches}
    unknown = list(unknown_programmes(f"{place}.programmes", section.programmes, known))
    yield from unknown
    if section.empty is not None:
        yield from _meant_empty(place, section, group)
    elif (section.tag is None) != (section.value is None):
        yield Problem("tag_and_value", f"{place}.{'value' if section.value is None else 'tag'}")
    elif section.tag is not None:
        yield from _tag_problems(resolved, place, section, known)
    elif not group.programmes and not unknown:
        yield Problem("group_empty", place)


def _tag_problems(
    resolved: Resolved, place: str, section: GroupSection, known: Collection[Programme]
) -> Iterator[Problem]:
    """A tag's value is carried by a programme of the case; nothing is said of a table that cannot be read."""
    every = _programmes(resolved, section)
    records = [record for record in every if (record["region"], record["programme"]) in known]
    values = {record.cells.get(str(section.tag)) for record in records} - {"", None}
    if every and not values:
        yield Problem("untagged", f"{place}.tag", section.tag)
    elif every and section.value not in values:
        facts = {"tag": section.tag, "nearest": nearest(str(section.value), map(str, values))}
        yield Problem("unknown_tag", f"{place}.value", section.value, facts)


def _meant_empty(place: str, section: GroupSection, group: Group) -> Iterator[Problem]:
    """A group that says that it is empty has no programme, and no limit on what it cannot receive."""
    if group.programmes:
        first = ", ".join(sorted(".".join(programme) for programme in group.programmes)[:5])
        yield Problem("group_not_empty", f"{place}.empty", None, {"programmes": first})
    for kind in LIMITS:
        if getattr(section, kind) is not None:
            yield Problem("empty_group_limited", f"{place}.{kind}")


def _clashes(resolved: Resolved, place: str, group: Group, budget: float) -> Iterator[Problem]:
    """No floor above the group's ceiling or above the budget."""
    floor, ceiling = group.limit.floor(budget), group.limit.ceiling(budget)
    unit = resolved.context.currency
    if floor is not None and ceiling is not None and floor > ceiling * (1 + SLACK):
        yield Problem("floor_above_ceiling", place, f"{floor:g}", {"ceiling": f"{ceiling:g}", "unit": unit})
    elif floor is not None and floor > budget * (1 + SLACK) > 0:
        facts = {"budget": f"{budget:g}", "unit": unit}
        yield Problem("floor_above_budget", f"{place}.floor", f"{floor:g}", facts)


def _own_budgets(resolved: Resolved, place: str, instance: Instance) -> Iterator[Problem]:
    """Own budgets fit into the budget, and no programme has two of them."""
    funded = [group for group in instance.groups if group.own_budget is not None]
    for one, other in combinations(funded, 2):
        if common := sorted(f"{region}.{programme}" for region, programme in one.programmes & other.programmes):
            facts = {"other": other.id, "programmes": ", ".join(common[:5])}
            yield Problem("groups_overlap", f"{place}.{one.id}.own_budget", None, facts)
    whole = sum(group.own_budget or 0.0 for group in funded)
    if whole > instance.budget * (1 + SLACK) > 0:
        facts = {"budget": f"{instance.budget:g}", "unit": resolved.context.currency}
        yield Problem("own_budgets_above_budget", f"{place}.*.own_budget", f"{whole:g}", facts)

"""What regions and programmes can spend: `[periods.absorption.<name>]` as parts of the instance.

region only             the region's money
programme               that programme's money, in each region that has it, or in the one named
neither                 every region's money, each on its own
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regionopt.case.compute import Resolved
from regionopt.case.naming import bad_ids, programmes_named, unknown_regions
from regionopt.case.parts import AbsorptionSection
from regionopt.case.stated import value_of
from regionopt.common.errors import Problem, nearest
from regionopt.common.instance import Absorption, Tranche

KINDS = ("start", "growth")


def part(resolved: Resolved, tranches: Sequence[Tranche]) -> tuple[Absorption, ...]:
    """The limits in their written order: `start` in the currency unit of the case, `growth` as a factor."""
    section = resolved.context.document.periods
    found = []
    for name, limit in section.absorption.items() if section else ():
        start, growth = (value_of(resolved.stated, f"periods.absorption.{name}.{kind}", None) for kind in KINDS)
        for region, programme in _scopes(resolved, limit, tranches):
            alone = limit.region is not None and limit.programme is None
            label = name if alone else ".".join(filter(None, (name, region, programme)))
            found.append(Absorption(label, region, programme, start, growth))
    return tuple(found)


def problems(resolved: Resolved, tranches: Sequence[Tranche]) -> Iterator[Problem]:
    """Every limit has an id, says something, and says it of something that exists."""
    section = resolved.context.document.periods
    place = f"{resolved.context.file}: periods.absorption"
    limits = section.absorption if section else {}
    yield from bad_ids(place, limits)
    for name, limit in limits.items():
        if not any(f"periods.absorption.{name}.{kind}" in resolved.stated for kind in KINDS):
            yield Problem("absorption_empty", f"{place}.{name}")
        yield from _unknown(resolved, f"{place}.{name}", limit, tranches)


def _scopes(
    resolved: Resolved, limit: AbsorptionSection, tranches: Sequence[Tranche]
) -> Iterator[tuple[str, str | None]]:
    """The regions or programmes that a limit holds for, each on its own, in written order."""
    if limit.programme is None:
        regions = [region.id for region in resolved.context.sources.regions]
        yield from ((region, None) for region in regions if limit.region in (None, region))
        return
    known = dict.fromkeys((t.region, t.programme) for t in tranches)
    named = programmes_named((limit.programme,), known)
    yield from (pair for pair in known if pair in named and limit.region in (None, pair[0]))


def _unknown(
    resolved: Resolved, place: str, limit: AbsorptionSection, tranches: Sequence[Tranche]
) -> Iterator[Problem]:
    regions = [region.id for region in resolved.context.sources.regions]
    unknown = list(unknown_regions(f"{place}.region", [limit.region] if limit.region else [], regions))
    yield from unknown
    if limit.programme is not None and not unknown and not list(_scopes(resolved, limit, tranches)):
        known = {t.programme for t in tranches if limit.region in (None, t.region)}
        facts = {"nearest": nearest(limit.programme, known)}
        yield Problem("unknown_programme", f"{place}.programme", limit.programme, facts)

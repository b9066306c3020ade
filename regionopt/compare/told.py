"""What is said of a comparison: what differs, what moved and why, targets won and lost, the worth of more budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from regionopt.case.limits import Limit
from regionopt.case.patches import Patch, written_as
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.compare.budget_price import Held
from regionopt.compare.causes import Differences, causes, differences
from regionopt.compare.comparison import (
    SAME,
    exact,
    group_moves,
    national,
    programme_moves,
    region_moves,
    won_and_lost,
)
from regionopt.compare.moves_told import difference_words, inside, move_sentence, signed, spaced, unsigned
from regionopt.compare.sides import Side, Target
from regionopt.maps.mapdata import units
from regionopt.telling.display import display_names
from regionopt.telling.limits import amount, counted, named
from regionopt.telling.wording import name

# Programmes and limits told in a sentence; all of them stand in the files.
MOST = 5
# So many differences are told one by one.
FEW = 4
# Sums of rounded numbers that differ by less are told as the same.
NOISE = Fraction(1, 1000)


def sentences(
    base: Side, side: Side, language: Language, held: tuple[Held | None, Held | None] = (None, None)
) -> Iterator[str]:
    """Everything that is said of a side against the base, the most important first."""
    if not base.has_plan:
        yield text("compare.no_base", language, base=base.name, status=status(base, language))
        return
    if not side.has_plan:
        facts = {"name": side.name, "base": base.name, "status": status(side, language)}
        yield text("compare.no_plan", language, **facts)
        yield _what_differs(base, side, differences(base, side), language)
        return
    differ = differences(base, side)
    yield headline(base, side, language)
    yield _what_differs(base, side, differ, language)
    yield from _budget(base, side, language)
    moves = region_moves(base, side)
    if not moves:
        yield text("compare.same_money", language)
    for move in moves:
        yield move_sentence(base, side, move, causes(base, side, move, differ), language)
    for move in group_moves(base, side):
        found = [cause for cause in causes(base, side, move, None) if cause.code != "none"]
        if found:
            yield move_sentence(base, side, move, found, language)
    yield from _programmes(base, side, language)
    yield from _tight(base, side, held, language)
    yield from _targets(base, side, language)
    yield from _prices(base, side, held, language)


def status(side: Side, language: Language) -> str:
    """The status of a side in words."""
    return text(f"compare.{side.document.status.value}", language)


def headline(base: Side, side: Side, language: Language) -> str:
    """The largest shortfall before and after, and what national output and jobs change by."""
    before, after = _worst(base), _worst(side)
    if before is None or after is None:
        worst = text("compare.worst_gone", language)
    else:
        key = "compare.worst_same" if f"{before:.1%}" == f"{after:.1%}" else "compare.worst"
        worst = text(key, language, before=f"{before:.1%}", after=f"{after:.1%}")
    told = {metric: _change(base, side, metric, language) for metric in METRICS}
    return text("compare.nation", language, worst=worst, **told)


def _worst(side: Side) -> float | None:
    found = [exact(row["relative_shortfall"] or None) for row in side.targets.values()]
    return max((float(value) for value in found if value is not None), default=None)


def _change(base: Side, side: Side, metric: str, language: Language) -> str:
    change = (national(side, metric) or Fraction(0)) - (national(base, metric) or Fraction(0))
    words = text(f"metric.{metric}", language)
    if abs(change) < NOISE:
        return text("compare.unmoved", language, metric=words)
    return text("compare.moved", language, metric=words, value=signed(metric, change, base, language))


def _what_differs(base: Side, side: Side, differ: Differences | None, language: Language) -> str:
    if differ is None:
        return text("compare.not_known", language)
    if not differ.items:
        return text("compare.nothing_differs", language)
    told = [difference_words(base, side, item, language) for item in differ.items]
    if len(told) == 1:
        return text("compare.one_differs", language, what=told[0])
    by = text("map.list_separator", language).join(differ.by)
    if len(told) <= FEW:
        return text("compare.few_differ", language, by=by, list=text("sentence.then", language).join(told))
    asked = _asked(base, side)
    if not asked:
        return text("compare.some_differ", language, count=len(told), by=by)
    facts = {"count": len(told), "by": by, "list": _listed(asked, language)}
    return text("compare.some_differ_as", language, **facts)


def _asked(base: Side, side: Side) -> list[str]:
    """The changes that only one of the two has, as they are written; none where a case is not at hand."""
    if base.case is None or side.case is None:
        return []
    ours, theirs = base.case.patches, side.case.patches
    return [written_as(patch) for patch in (*_without(ours, theirs), *_without(theirs, ours))]


def _without(some: Sequence[Patch], others: Sequence[Patch]) -> Iterator[Patch]:
    return (patch for patch in some if patch not in others)


def _budget(base: Side, side: Side, language: Language) -> Iterator[str]:
    ours, theirs = base.document.budget, side.document.budget
    total = (exact(theirs.total) or Fraction(0)) - (exact(ours.total) or Fraction(0))
    spent = (exact(theirs.spent) or Fraction(0)) - (exact(ours.spent) or Fraction(0))
    if abs(total) <= SAME:
        return
    signs = [total > 0, spent > 0]
    key = "compare.budget_grew" if all(signs) else "compare.budget_odd" if any(signs) or not spent else ""
    key = key or "compare.budget_fell"
    if key == "compare.budget_odd":
        facts = {"value": signed("budget", total, base, language), "spent": signed("budget", spent, base, language)}
        yield text(key, language, **facts)
    else:
        facts = {"value": unsigned(total, base, language), "spent": unsigned(spent, base, language)}
        yield text(key, language, **facts)


def programme_names(side: Side, language: Language) -> Mapping[tuple[str, str], str]:
    """Names of programmes, platforms and measures by (region, id); of programmes only where the case is at hand."""
    document = side.document
    chosen = {("", measure.id): name(measure, language) for measure in document.measures or ()}
    chosen |= {(platform.region, platform.id): name(platform, language) for platform in document.platforms or ()}
    return {**(display_names(side.case, language) if side.case else {}), **chosen}


def _programmes(base: Side, side: Side, language: Language) -> Iterator[str]:
    moves = programme_moves(base, side)[:MOST]
    names = {**programme_names(base, language), **programme_names(side, language)}
    told = []
    for move in moves:
        own = names.get((move.region, move.programme)) or " · ".join(filter(None, (move.region, move.programme)))
        value = signed("budget", move.difference, base, language)
        told.append(text("compare.programme", language, name=spaced(own, language), value=value))
    if told:
        yield text("compare.programmes", language, list=text("map.list_separator", language).join(told))


def _tight(base: Side, side: Side, held: tuple[Held | None, Held | None], language: Language) -> Iterator[str]:
    """Limits that one plan stands on and the other does not."""
    before, after = held
    if before is None or after is None or base.case is None or side.case is None:
        return
    # Years in one of the two only: what was one budget is then many, which says nothing of the plan.
    dated = bool(base.document.periods) != bool(side.document.periods)
    pairs = (("compare.tight", after, before, side), ("compare.loose", before, after, base))
    for key, here, there, owner in pairs:
        found = [
            limit
            for path, limit in here.tight.items()
            if path not in there.tight and not (dated and limit.kind.key in ("budget", "envelope"))
        ]
        if found:
            told = [_with_value(owner, limit, language) for limit in found]
            yield text(key, language, base=base.name, limits=_listed(told, language))


def _listed(told: Sequence[str], language: Language, most: int = MOST) -> str:
    shown = text("map.list_separator", language).join(told[:most])
    return shown if len(told) <= most else text("compare.and_more", language, list=shown, count=len(told) - most)


def _with_value(side: Side, limit: Limit, language: Language) -> str:
    assert side.case is not None
    number = side.case.resolved.numbers.get(limit.path)
    words = inside(named(side.case, limit, language), language)
    return words if number is None else f"{words} {amount(side.case, counted(limit), number.value, language)}"


def _targets(base: Side, side: Side, language: Language) -> Iterator[str]:
    won, lost = won_and_lost(base, side)
    for key, targets in (("compare.won", won), ("compare.lost", lost)):
        if targets:
            told = [target_words(side, target, language) for target in targets]
            yield text(key, language, base=base.name, targets=_listed(told, language, len(told)))


def target_words(side: Side, target: Target, language: Language) -> str:
    """`jobs of East`, with the year where it is not the last."""
    metric, region, _, year = target
    where = name(side.regions[region], language) if region in side.regions else text("run.all", language)
    told = text("compare.target_of", language, metric=text(f"metric.{metric}", language), region=where)
    return text("compare.target_year", language, target=told, year=year) if year else told


def _prices(base: Side, side: Side, held: tuple[Held | None, Held | None], language: Language) -> Iterator[str]:
    """What one more unit of budget changes in both: of the largest shortfall and of the nation."""
    before, after = held
    if before is None or after is None:
        return
    told = []
    for key in PRICED:
        pair = [one.prices.get(key, (None, None))[1] for one in (after, before)]
        if None not in pair:
            now, was = (_rate(key, value, side, language) for value in pair if value is not None)
            words = text("compare.largest" if key == "worst_shortfall" else f"metric.{key}", language)
            told.append(text("compare.price_one", language, name=words, value=now, base=was))
    if told:
        unit = units("money", side.document.budget.unit, 1.0)[language]
        one = unit.pattern.format(value=f"{unit.scale:g}", unit=unit.name)
        yield text("compare.price", language, list=_listed(told, language), unit=one, base=base.name)


PRICED = ("worst_shortfall", *METRICS)


def _rate(key: str, value: Fraction, side: Side, language: Language) -> str:
    """A change per unit of budget; of a shortfall in percentage points."""
    if not value:
        return "0"
    if key == "worst_shortfall":
        return text("compare.points", language, value=f"{100 * float(value):+.2g}".replace("-", "−"))
    return signed(key, value, side, language)

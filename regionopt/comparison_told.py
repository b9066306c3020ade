"""What is said of a comparison: what differs, what moved and why, targets won and lost, the worth of more budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from regionopt.advice import amount, counted, named
from regionopt.budget_price import Held
from regionopt.causes import Cause, Difference, Differences, causes, differences
from regionopt.comparison import (
    SAME,
    Move,
    exact,
    group_moves,
    national,
    programme_moves,
    region_moves,
    won_and_lost,
)
from regionopt.display import display_names
from regionopt.instance import METRICS
from regionopt.limits import Limit, of_path
from regionopt.mapdata import units
from regionopt.sides import Side, Target
from regionopt.texts import Language, text
from regionopt.wording import amount_of, money, name

# Programmes and limits told in a sentence; all of them stand in the files.
MOST = 5
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
    return text("compare.moved", language, metric=words, value=_signed(metric, change, base, language))


def _signed(kind: str, value: Fraction, side: Side, language: Language) -> str:
    """An amount of money or of a metric with its sign and unit."""
    told = money if kind == "budget" else lambda v, d, one: amount_of(kind, v, d, one)
    return ("+" if value > 0 else "−") + told(float(abs(value)), side.document, language)


def _what_differs(base: Side, side: Side, differ: Differences | None, language: Language) -> str:
    if differ is None:
        return text("compare.not_known", language)
    if not differ.items:
        return text("compare.nothing_differs", language)
    if len(differ.items) == 1:
        return text("compare.one_differs", language, what=_difference(base, side, differ.items[0], language))
    separator = text("map.list_separator", language)
    return text("compare.some_differ", language, count=len(differ.items), by=separator.join(differ.by))


def _difference(base: Side, side: Side, item: Difference, language: Language) -> str:
    """`ceiling of East from NT$ 5 billion to NT$ 7 billion`; the path where the number is no limit."""
    limit, case = of_path(item.path), side.case or base.case
    what = item.path if limit is None or case is None else _inside(named(case, limit, language), language)

    def shown(value: float | str | None) -> str:
        if not isinstance(value, float):
            return str(value)
        return f"{value:,.10g} {item.unit}" if limit is None or case is None else (
            amount(case, counted(limit), value, language)
        )  # fmt: skip

    if item.old is None:
        return text("compare.said", language, what=what, new=shown(item.new))
    if item.new is None:
        return text("compare.said_no_more", language, what=what, old=shown(item.old))
    return text("compare.from_to", language, what=what, old=shown(item.old), new=shown(item.new))


def _inside(words: str, language: Language) -> str:
    """The name of a limit within a sentence."""
    return words[:1].lower() + words[1:] if language == "en" else words


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
        facts = {"value": _signed("budget", total, base, language), "spent": _signed("budget", spent, base, language)}
        yield text(key, language, **facts)
    else:
        facts = {"value": _plain(total, base, language), "spent": _plain(spent, base, language)}
        yield text(key, language, **facts)


def _plain(value: Fraction, side: Side, language: Language) -> str:
    return money(float(abs(value)), side.document, language)


def move_sentence(base: Side, side: Side, move: Move, found: Sequence[Cause], language: Language) -> str:
    """`East receives NT$ 27.5 billion more: its floor share of 5% binds …`."""
    key = "compare.more" if move.difference > 0 else "compare.less"
    because = "".join(_because(base, side, move, cause, language) for cause in found)
    facts = {"name": _named(side, move, language), "value": _plain(move.difference, base, language)}
    return text(key, language, because=because, **facts)


def _named(side: Side, move: Move, language: Language) -> str:
    if move.region:
        return name(side.regions[move.region], language)
    group = next(group for group in side.document.groups or () if group.id == move.programme)
    return text("compare.group", language, name=name(group, language))


def _because(base: Side, side: Side, move: Move, cause: Cause, language: Language) -> str:
    facts = dict(cause.facts)
    if "limit" in facts:
        owner = base if cause.code.endswith("_gone") else side
        told = {"limit": _limit(owner, move, cause.code.removesuffix("_gone"), facts["limit"], language)}
    elif cause.code in ("must", "target"):
        metric = str(facts["metric"])
        amounts = {k: amount_of(metric, v, side.document, language) for k, v in facts.items() if k != "metric"}
        told = {"metric": text(f"metric.{metric}", language), **amounts}
    else:
        told = {key: str(value) for key, value in facts.items()}
    return text(f"compare.{cause.code}", language, base=base.name, **told)


def _limit(side: Side, move: Move, bound: str, value: float, language: Language) -> str:
    """`floor share of 5% (NT$ 35.6 billion)`: the kind of limit that gives this amount, as the case states it."""
    prefix = f"regions.{move.region}" if move.region else f"groups.{move.programme}"
    numbers = side.case.resolved.numbers if side.case else {}
    share, head = numbers.get(f"{prefix}.{bound}_share"), numbers.get(f"{prefix}.{bound}_per_head")
    told = money(value, side.document, language)
    if share is not None and abs(share.value * side.document.budget.total - value) <= 1e-9 * max(1.0, abs(value)):
        return text(f"compare.limit_{bound}_share", language, share=f"{100 * share.value:.10g}%", value=told)
    fixed = numbers.get(f"{prefix}.{bound}")
    kind = f"{bound}_per_head" if head is not None and (fixed is None or fixed.value != value) else bound
    return text(f"compare.limit_{kind}", language, value=told)


def programme_names(side: Side, language: Language) -> Mapping[tuple[str, str], str]:
    """Names of programmes by (region, programme); ids where the case is not at hand."""
    return display_names(side.case, language) if side.case else {}


def _programmes(base: Side, side: Side, language: Language) -> Iterator[str]:
    moves = programme_moves(base, side)[:MOST]
    if moves:
        names = {**programme_names(base, language), **programme_names(side, language)}
        told = [
            text(
                "compare.programme",
                language,
                name=names.get((move.region, move.programme))
                or " · ".join(filter(None, (move.region, move.programme))),
                value=_signed("budget", move.difference, base, language),
            )
            for move in moves
        ]
        yield text("compare.programmes", language, list=text("map.list_separator", language).join(told))


def _tight(base: Side, side: Side, held: tuple[Held | None, Held | None], language: Language) -> Iterator[str]:
    """Limits that one plan stands on and the other does not."""
    before, after = held
    if before is None or after is None or base.case is None or side.case is None:
        return
    pairs = (("compare.tight", after, before, side), ("compare.loose", before, after, base))
    for key, here, there, owner in pairs:
        found = [limit for path, limit in here.tight.items() if path not in there.tight]
        if found:
            told = [_with_value(owner, limit, language) for limit in found]
            yield text(key, language, base=base.name, limits=_listed(told, language))


def _listed(told: Sequence[str], language: Language, most: int = MOST) -> str:
    shown = text("map.list_separator", language).join(told[:most])
    return shown if len(told) <= most else text("compare.and_more", language, list=shown, count=len(told) - most)


def _with_value(side: Side, limit: Limit, language: Language) -> str:
    assert side.case is not None
    number = side.case.resolved.numbers.get(limit.path)
    words = _inside(named(side.case, limit, language), language)
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
    return _signed(key, value, side, language)

"""Why money moved, in words: a sentence for every move of a region or a group, and what differs between two cases."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from regionopt.case.limits import of_path
from regionopt.common.texts import Language, text
from regionopt.compare.causes import Cause, Difference
from regionopt.compare.comparison import Move
from regionopt.compare.sides import Side
from regionopt.telling.limits import amount, counted, named
from regionopt.telling.wording import amount_of, money, name


def move_sentence(base: Side, side: Side, move: Move, found: Sequence[Cause], language: Language) -> str:
    """`East receives NT$ 27.5 billion more: its floor share of 5% binds …`."""
    key = "compare.more" if move.difference > 0 else "compare.less"
    because = "".join(_because(base, side, move, cause, language) for cause in found)
    facts = {"name": _named(side, move, language), "value": unsigned(move.difference, base, language)}
    return text(key, language, because=because, **facts)


def _named(side: Side, move: Move, language: Language) -> str:
    if move.region:
        return name(side.regions[move.region], language)
    group = next(group for group in side.document.groups or () if group.id == move.programme)
    return text("compare.group", language, name=name(group, language))


def _because(base: Side, side: Side, move: Move, cause: Cause, language: Language) -> str:
    facts = dict(cause.facts)
    if "limit" in facts:
        bound, _, changed = cause.code.partition("_")
        told = {"limit": _limit(base if changed else side, move, bound, facts["limit"], language)}
        told |= {"new": _limit(side, move, bound, facts["new"], language)} if "new" in facts else {}
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


def difference_words(base: Side, side: Side, item: Difference, language: Language) -> str:
    """`ceiling of East from NT$ 5 billion to NT$ 7 billion`; the path where the number is no limit."""
    case = next((one.case for one in (side, base) if one.case and item.path in one.case.resolved.numbers), None)
    limit = of_path(item.path) if case else None
    what = spaced(item.path, language)
    if limit is not None and case is not None:
        what = inside(named(case, limit, language), language)

    def shown(value: float | str | None) -> str:
        if not isinstance(value, float):
            return str(value)
        if item.unit == "year":
            return f"{value:g}"
        if limit is None or case is None:
            return f"{value:,.10g} {item.unit}".removesuffix(" 1")
        return amount(case, counted(limit), value, language)

    if item.old is None:
        return text("compare.said", language, what=what, new=shown(item.new))
    if item.new is None:
        return text("compare.said_no_more", language, what=what, old=shown(item.old))
    return text("compare.from_to", language, what=what, old=spaced(shown(item.old), language), new=shown(item.new))


def spaced(words: str, language: Language) -> str:
    """Words before a Chinese one: letters and digits are set apart from it."""
    return f"{words} " if language == "zh-TW" and words[-1:].isascii() else words


def inside(words: str, language: Language) -> str:
    """The name of a limit within a sentence."""
    return words[:1].lower() + words[1:] if language == "en" else words


def signed(kind: str, value: Fraction, side: Side, language: Language) -> str:
    """An amount of money or of a metric with its sign and unit."""
    told = money if kind == "budget" else lambda v, d, one: amount_of(kind, v, d, one)
    return ("+" if value > 0 else "−") + told(float(abs(value)), side.document, language)


def unsigned(value: Fraction, side: Side, language: Language) -> str:
    """An amount of money without its sign."""
    return money(float(abs(value)), side.document, language)

"""What is said to explain a plan: prices with their ranges, what binds, what fairness costs, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from regionopt.common.document import ResultDocument
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, capital, text
from regionopt.explain.binding import Binding
from regionopt.explain.explanation import Explanation
from regionopt.explain.fairness import Curve
from regionopt.explain.prices import Price, Side
from regionopt.telling.display import display_names
from regionopt.telling.effects import change_of, effect
from regionopt.telling.limits import amount, counted, named, step_of
from regionopt.telling.wording import amount_of


def price_sentences(
    found: Sequence[Price], path: str, explained: Explanation, document: ResultDocument, language: Language
) -> Iterator[str]:
    """The prices of one number: for the first stage and both national totals, going up, then going down."""
    for price in found:
        if price.lever.path == path and price.counts and price.quantity.name in _columns(explained):
            for side, sign in ((price.right, 1), (price.left, -1)):
                yield _price(price, side, sign, explained, document, language)


def limit_sentences(explained: Explanation, document: ResultDocument, language: Language) -> Iterator[str]:
    """Every limit and target but the budget: what it changes first, to both sides; then what is not followed."""
    seen: set[str] = {"budget.total"}
    for price in explained.prices:
        if price.lever.path not in seen and price.counts and price.quantity.stage:
            seen.add(price.lever.path)
            limit = capital(named(explained.result.case, price.lever.limit, language))
            up = _price(price, price.right, 1, explained, document, language)
            down = _price(price, price.left, -1, explained, document, language)
            yield f"{up} {capital(down.removeprefix(limit).lstrip(': '))}"
    followed = {price.lever.path for price in explained.prices}
    others = [one for one in (explained.along.levers if explained.along else ()) if one.path not in followed]
    if others:
        names = (named(explained.result.case, one.limit, language) for one in others)
        listed = text("map.list_separator", language).join(names)
        yield text("explain.not_followed", language, limits=listed)


def _price(
    price: Price, side: Side, sign: int, explained: Explanation, document: ResultDocument, language: Language
) -> str:
    case, lever = explained.result.case, price.lever
    step, how = step_of(lever.limit, lever.value), counted(lever.limit)
    facts = {"limit": capital(named(case, lever.limit, language)), "step": amount(case, how, step, language)}
    way = "more" if sign > 0 else "less"
    if side.change is None:
        return text(f"price.{way}_none", language, **facts)
    name, change = price.quantity.name, sign * float(side.change) * step
    said = text(f"price.{way}", language, **facts, effect=effect(name, change, document, language))
    if side.until is not None:
        said += _range(
            name, side, sign * step, change, amount(case, how, _six(side.until), language), document, language
        )
    return said + text("sentence.stop", language)


def _range(
    name: str, side: Side, step: float, change: float, until: str, document: ResultDocument, language: Language
) -> str:
    """How far a change holds, and what follows. One that bends is told as it is at the start."""
    start = text("price.at_first", language) if side.bends and change else ""
    if side.ends or side.seen:
        return start + text("price.no_plan" if side.ends else "price.at_least", language, until=until)
    then = float(side.then or 0) * step
    if then * change > 0:
        return start + text("price.then_by", language, until=until, value=change_of(name, then, document, language))
    return start + text("price.then", language, until=until, effect=effect(name, then, document, language))


def _six(value: Fraction) -> float:
    return float(f"{float(value):.6g}")


def _columns(explained: Explanation) -> list[str]:
    told = explained.along.told if explained.along else ()
    return list(dict.fromkeys([told[0].name, *METRICS])) if told else []


def binding_name(one: Binding, explained: Explanation, language: Language, within: str = "") -> str:
    """What binds, in words, with the direction in which it would be relaxed; `within` a region is not named again."""
    case = explained.result.case
    if one.tranche is not None:
        name = display_names(case, language, within)[one.tranche.region, one.tranche.programme]
        year = f" {one.tranche.period}" if one.tranche.period else ""
        return text("explain.full", language, name=name + year, tranche=one.tranche.tranche)
    assert one.limit is not None
    now = amount(case, counted(one.limit), _six(one.value), language)
    key = "explain.relax_more" if one.helps > 0 else "explain.relax_less"
    return capital(text(key, language, limit=named(case, one.limit, language), now=now))


def fairness_sentences(found: Sequence[Curve], document: ResultDocument, language: Language) -> Iterator[str]:
    """What each dial costs from its easiest to its strictest setting; the table fairness.csv has every step."""
    for curve in found:
        first, last = curve.points[0], curve.points[-1]
        changes = [
            text(f"importance.{m}_{'less' if lost >= 0 else 'more'}", language,
                 value=amount_of(m, abs(lost), document, language))
            for m in METRICS
            if m in first.values and (lost := float(first.values[m] - last.values[m])) is not None
        ]  # fmt: skip
        yield text(
            f"fairness.{curve.dial}", language, start=_dial(curve, first.at), end=_dial(curve, last.at),
            changes=text("map.list_separator", language).join(changes),
        )  # fmt: skip


def _dial(curve: Curve, at: Fraction) -> str:
    return f"{float(at):.3g}" if curve.dial == "ratio" else f"{float(at):.2%}"


def left_out(explained: Explanation, language: Language) -> Iterator[str]:
    """Why prices, bindings and curves are not told, where they are not."""
    instance = explained.result.case.instance
    if explained.along is None:
        whole = bool(instance.platforms or instance.measures)
        yield text("explain.whole" if whole else "explain.given_away", language)

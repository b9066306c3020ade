"""What is said of tipping points: a table by margin, and sentences on the smallest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.case.case import Case
from regionopt.common.texts import Language, text
from regionopt.curves.coefficients import Coefficient
from regionopt.curves.tipping import PRECISION
from regionopt.curves.tips import Tip, Tipping
from regionopt.maps.mapdata import units
from regionopt.telling.display import display_names

# Programmes that are named where money moves, and sentences below the table.
NAMED, SAID = 3, 5


def table(case: Case, found: Sequence[Tipping], language: Language) -> Table:
    """A line a return that changes the plan, the smallest margin first: how far down, how far up, what moves then."""
    title = case.document.case.title
    lines = Table(
        title=escape(
            text(
                "tipping.title", language, scenario=case.name, title=title.zh if language == "zh-TW" else title.en
            )
        ),
        title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0),
    )  # fmt: skip
    lines.add_column(text("tipping.coefficient", language), overflow="fold")
    for key in ("tipping.down", "tipping.up"):
        lines.add_column(text(key, language), justify="right", no_wrap=True)
    lines.add_column(text("tipping.then", language), overflow="fold")
    for tipped in found:
        if tipped.nearest.change is not None:
            cells = (named(case, tipped.coefficient, language), _percent(tipped.down), _percent(tipped.up))
            lines.add_row(*map(escape, cells), escape(_moved(case, tipped.nearest, language)))
    return lines


def sentences(case: Case, found: Sequence[Tipping], moved: float, language: Language) -> Iterator[str]:
    """The smallest margins in words, how many returns leave the plan as it is, and what counts as a change."""
    tips = [tipped for tipped in found if tipped.nearest.change is not None]
    for tipped in tips[:SAID]:
        yield _sentence(case, tipped, language)
    if not tips:
        yield text("tipping.none", language)
    both = [(tipped.down.how, tipped.up.how) for tipped in found]
    stay, unseen = sum(hows == ("stays", "stays") for hows in both), sum("unseen" in hows for hows in both)
    if tips and stay:
        yield text("tipping.stays", language, count=stay, all=len(found))
    if unseen:
        yield text("tipping.unseen", language, count=unseen)
    amount = _money(case, moved * case.instance.budget, language)
    yield text("tipping.meaning", language, moved=f"{moved * 100:.6g}%", amount=amount)
    if any(not tip.exact for tipped in found for tip in (tipped.down, tipped.up)):
        yield text("tipping.halved", language, precision=f"{PRECISION:.1%}")


def named(case: Case, one: Coefficient, language: Language) -> str:
    """What a return is called."""
    name = display_names(case, language)[one.region, one.programme]
    metric = text(f"metric.{one.metric}", language)
    return text(
        f"tipping.{'tranche' if one.tranche else 'programme'}", language, metric=metric, name=name, k=one.tranche
    )


def _sentence(case: Case, tipped: Tipping, language: Language) -> str:
    tip = tipped.nearest
    change = text(
        "tipping.lower" if (tip.change or 0) < 0 else "tipping.higher", language, change=_percent(tip).lstrip("+-")
    )
    said = _moved(case, tip, language) if tip.how != "infeasible" else ""
    coefficient = named(case, tipped.coefficient, language)
    return text(f"tipping.{tip.how}", language, coefficient=coefficient, change=change, moved=said)


def _percent(tip: Tip) -> str:
    return "–" if tip.change is None else f"{tip.change * 100:+.3g}%"


def _moved(case: Case, tip: Tip, language: Language) -> str:
    """Who gains and who loses, the largest first."""
    if tip.how == "infeasible":
        return text("tipping.no_plan", language)
    names = display_names(case, language)
    said = [
        text(
            "tipping.gains" if amount > 0 else "tipping.loses",
            language,
            name=names[key],
            amount=_money(case, abs(amount), language),
        )
        for key, amount in list(tip.moved.items())[:NAMED]
    ]
    if len(tip.moved) > NAMED:
        said.append(text("tipping.more", language, count=len(tip.moved) - NAMED))
    return text("sentence.then", language).join(said)


def _money(case: Case, amount: float, language: Language) -> str:
    return units("money", case.resolved.context.currency, amount)[language].amount(amount)

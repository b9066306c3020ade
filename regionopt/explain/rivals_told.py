"""What is said of benchmark plans: why optimise at all, in one table and a sentence for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.common.document import ResultDocument
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.explain.importance import national
from regionopt.explain.rivals import Rival, missing, shortfalls
from regionopt.maps.mapdata import Unit, units
from regionopt.result.result import Result
from regionopt.telling.wording import amount_of, money


def rivals_table(result: Result, document: ResultDocument, found: Sequence[Rival], language: Language) -> Table:
    """One row a plan: worst and total shortfall, national output and jobs, money spent, how many limits it breaks."""
    kinds = {"output": "yearly", "jobs": "jobs"}
    spent = units("money", document.budget.unit, document.budget.total)[language]
    totals = [national(rival.plan) for rival in found]
    largest = {m: max((float(total[m]) for total in totals), default=0.0) for m in METRICS}
    shown = {m: units(kinds[m], document.budget.unit, largest[m])[language] for m in METRICS}
    notes = [(text(f"map.metric_{m}", language), shown[m].name) for m in METRICS]
    notes.append((text("run.spent", language), spent.name))
    caption = "\n".join(text("run.unit_note", language, heading=heading, unit=unit) for heading, unit in notes)
    table = Table(caption=escape(caption), caption_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(text("run.plan", language), overflow="fold")
    headings = ("run.worst_shortfall", "run.total_shortfall", *(f"map.metric_{m}" for m in METRICS))
    for key in (*headings, "run.spent", "run.limits_broken"):
        table.add_column(text(key, language), justify="right", no_wrap=True)
    for rival, total in zip(found, totals, strict=True):
        worst, summed = shortfalls(result, rival.plan)
        table.add_row(
            text(f"rivals.{rival.name}", language),
            "–" if worst is None else f"{float(worst):.1%}",
            "–" if summed is None else f"{float(summed):,.3f}",
            *(_shown(total[m], shown[m]) for m in METRICS),
            _shown(rival.plan.spent, spent),
            str(len(rival.broken)) if rival.broken else "–",
        )
    return table


def _shown(value: Fraction, unit: Unit) -> str:
    return f"{float(value) * unit.scale:,.{unit.decimals}f}"


def sentences(result: Result, document: ResultDocument, found: Sequence[Rival], language: Language) -> Iterator[str]:
    """Every benchmark in words, the plan itself left out, then those that the case has no data for."""
    for rival in found[1:]:
        yield _sentence(result, rival, document, language)
    absent = [text(f"rivals.{name}", language) for name in missing(result)] if found else []
    if absent:
        yield text("rivals.missing", language, names=text("map.list_separator", language).join(absent))
    if found and (result.case.instance.platforms or result.case.instance.measures):
        yield text("rivals.whole", language)


def _sentence(result: Result, rival: Rival, document: ResultDocument, language: Language) -> str:
    worst, total = shortfalls(result, rival.plan)
    gains = {m: amount_of(m, float(value), document, language) for m, value in national(rival.plan).items()}
    said = text("rivals.reaches", language, name=text(f"rivals.{rival.name}", language), **gains)
    if worst is not None and total is not None:
        said += text("rivals.shortfalls", language, worst=f"{float(worst):.1%}", total=f"{float(total):,.3f}")
    left = Fraction(document.budget.total) - rival.plan.spent
    if round(left, 6) > 0:
        said += text("rivals.unspent", language, value=money(float(left), document, language))
    rows = [
        text("rivals.broken", language, row=row, amount=f"{float(amount):,.6g}")
        for row, amount in rival.broken.items()
    ]
    if rows:
        return said + text("rivals.breaks", language, limits=text("map.list_separator", language).join(rows))
    return said + text("rivals.breaks_none", language)

"""What is said of benchmark plans: why optimise at all, in one table and a sentence for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich.table import Table

from regionopt.case.case import Case
from regionopt.case.limits import of_row
from regionopt.common.document import ResultDocument
from regionopt.common.instance import METRICS
from regionopt.common.texts import Language, text
from regionopt.explain.importance import national
from regionopt.explain.rivals import Rival, missing, shortfalls
from regionopt.maps.mapdata import units
from regionopt.result.result import Result
from regionopt.telling.limits import COUNTED_METRICS, amount, counted, named
from regionopt.telling.terminal import table_of
from regionopt.telling.wording import money

# What rows are counted in that are not in money; rules and shares are in units of their own.
HEADS = {"ratio": "head", "mean_difference": "head"}
PLAIN = ("rule", "share", "general")


def rivals_table(result: Result, document: ResultDocument, found: Sequence[Rival], language: Language) -> Table:
    """One row a plan: worst and total shortfall, national output and jobs, money spent, how many limits it breaks."""
    spent = units("money", document.budget.unit, document.budget.total)[language]
    totals = [national(rival.plan) for rival in found]
    short = [shortfalls(result, rival.plan) for rival in found]
    largest = {m: max((float(total[m]) for total in totals), default=0.0) for m in METRICS}
    shown = {m: units(COUNTED_METRICS[m], document.budget.unit, largest[m])[language] for m in METRICS}
    notes = [(text(f"map.metric_{m}", language), shown[m].name) for m in METRICS]
    notes.append((text("run.spent", language), spent.name))
    caption = "\n".join(text("run.unit_note", language, heading=heading, unit=unit) for heading, unit in notes)
    columns: dict[str, Sequence[str]] = {
        text("run.worst_shortfall", language): ["–" if w is None else f"{float(w):.1%}" for w, _ in short],
        text("run.total_shortfall", language): ["–" if s is None else f"{float(s):,.3f}" for _, s in short],
        **{text(f"map.metric_{m}", language): [shown[m].number(total[m]) for total in totals] for m in METRICS},
        text("run.spent", language): [spent.number(rival.plan.spent) for rival in found],
        text("run.limits_broken", language): [str(len(rival.broken) or "–") for rival in found],
    }
    return table_of(
        text("run.plan", language), [text(f"rivals.{rival.name}", language) for rival in found], columns, caption
    )


def sentences(result: Result, document: ResultDocument, found: Sequence[Rival], language: Language) -> Iterator[str]:
    """What the table does not say: which limits a benchmark breaks, what it cannot spend, those without data."""
    for rival in found[1:]:
        if rival.broken or _left(rival, document) > 0:
            yield _sentence(result, rival, document, language)
    absent = [text(f"rivals.{name}", language) for name in missing(result)] if found else []
    if absent:
        yield text("rivals.missing", language, names=text("map.list_separator", language).join(absent))
    if found and (result.case.instance.platforms or result.case.instance.measures):
        yield text("rivals.whole", language)


def _left(rival: Rival, document: ResultDocument) -> float:
    return round(float(Fraction(document.budget.total) - rival.plan.spent), 6)


def _sentence(result: Result, rival: Rival, document: ResultDocument, language: Language) -> str:
    comma = text("map.list_separator", language)
    facts = []
    if (left := _left(rival, document)) > 0:
        facts.append(text("rivals.unspent", language, value=money(left, document, language)))
    if rival.broken:
        broken = (_broken(result.case, row, float(amount), language) for row, amount in rival.broken.items())
        facts.append(text("rivals.breaks", language, limits=comma.join(broken)))
    name = text(f"rivals.{rival.name}", language)
    told = text("sentence.then", language).join(facts)
    return f"{name}{text('sentence.colon', language)}{told}{text('sentence.stop', language)}"


def _broken(case: Case, row: str, by: float, language: Language) -> str:
    """A limit by its name, and by how much it is broken."""
    limit, kind = of_row(case.instance, row), row.partition("[")[0]
    how = counted(limit) if limit and kind == "reach" else HEADS.get(kind, "money")
    told = f"{by:,.6g}" if kind in PLAIN else amount(case, how, float(f"{by:.6g}"), language)
    return text("rivals.broken", language, limit=named(case, limit, language) if limit else row, amount=told)

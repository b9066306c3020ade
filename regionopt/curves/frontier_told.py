"""What is said of a curve: what it is over, what happens at its breakpoints, and what was not followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regionopt.case.limits import of_path, of_row
from regionopt.common.texts import Language, text
from regionopt.curves.breakpoints import Frontier, Part
from regionopt.curves.turns import PLACES, Turn
from regionopt.telling.display import display_names
from regionopt.telling.limits import counted, named, row_named
from regionopt.telling.shown import STAGES, Shown, shown, stage_shown
from regionopt.telling.wording import quantity_name

# Breakpoints on the terminal; the files have them all.
SHOWN = 60
_TRANCHES = ("full", "emptied", "rests", "begins", "drains", "moves")


def sentences(found: Frontier, most: int, language: Language) -> Iterator[str]:
    """How exact the curve is, and every part of the range that it does not cover."""
    if found.points:
        yield text("frontier.bent" if found.bent else "frontier.exact", language, count=len(found.points))
    else:
        yield text("frontier.nowhere", language)
    if len(found.points) > SHOWN:
        yield text("frontier.more", language, count=len(found.points) - SHOWN)
    for part in found.parts:
        if part.status != "optimal":
            yield left_out(found, part, most, language)


def left_out(found: Frontier, part: Part, most: int, language: Language) -> str:
    """Why a part of the range has no curve; `most` is how many pieces were wanted."""
    unit = f" {found.unit}" if found.unit not in ("", "1") else ""
    facts: dict[str, object] = {"low": _plain(part.low), "high": _plain(part.high), "unit": unit, "most": most}
    if part.status == "unseen":
        first = found.parts.index(part) == 0
        return text("frontier.unseen_left" if first else "frontier.unseen", language, **facts)
    if part.status == "refused":
        facts["why"] = "; ".join(problem.sentence(language) for problem in part.problems)
    return text(f"frontier.{part.status}", language, **facts)


def reason(found: Frontier, turn: Turn, language: Language) -> str:
    """What happens, in words."""
    name = subject(found, turn, display_names(found.case, language), language)
    return text(f"frontier.{turn.event}", language, name=name)


def subject(found: Frontier, turn: Turn, names: Mapping[tuple[str, str], str], language: Language) -> str:
    """What it happens to, by the names of regions and programmes (`display_names`)."""
    if turn.event in _TRANCHES:
        region, programme, k, *year = turn.name.split(".")
        key = "frontier.tranche_of_year" if year else "frontier.tranche"
        return text(key, language, programme=names[region, programme], k=k, year="".join(year))
    if turn.event in PLACES:
        return text("map.list_separator", language).join(names[region, ""] for region in turn.name.split(","))
    limit = of_row(found.case.instance, turn.name) if turn.name else None
    return turn.name if limit is None else row_named(found.case, limit, language)


def heading(found: Frontier, language: Language) -> str:
    """What the curve is over, of which case."""
    title = found.case.document.case.title
    facts = {"title": title.zh if language == "zh-TW" else title.en, "scenario": found.case.name}
    if found.trade:
        first, other = (quantity_name(name, language) for name in found.trade)
        return text("frontier.traded", language, first=first, other=other, **facts)
    return text("frontier.title", language, limit=over(found, language), **facts)


def over(found: Frontier, language: Language) -> str:
    """What the number that moves is called."""
    if found.trade:
        return quantity_name(found.over, language)
    limit = of_path(found.over)
    return found.over if limit is None else named(found.case, limit, language)


def dial_shown(found: Frontier, language: Language) -> Shown:
    """The number itself along an axis."""
    currency, ends = found.case.resolved.context.currency, (found.start, found.end)
    if found.trade:
        return stage_shown(found.over, currency, ends, language)
    return shown(over(found, language), kind_of(found), currency, ends, language)


def kind_of(found: Frontier) -> str:
    """How the number is counted."""
    limit = None if found.trade else of_path(found.over)
    if limit is None:
        return STAGES.get(found.over, "money")
    return {"percent": "ratio"}.get(counted(limit), counted(limit))


def _plain(value: float) -> str:
    """As it is written after `--from`."""
    return f"{value:.10g}"

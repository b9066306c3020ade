"""What is said of a curve: a table of its breakpoints with the plan and the reason, and what was not followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.case.limits import of_path, of_row
from regionopt.common.texts import Language, text
from regionopt.curves.breakpoints import Frontier, Part
from regionopt.curves.turns import PLACES, Turn, turns
from regionopt.maps.mapdata import Unit, units
from regionopt.telling.display import display_names
from regionopt.telling.limits import counted, named, row_named
from regionopt.telling.shown import STAGES, UNITS, Shown, shown, stage_shown

# Breakpoints on the terminal; the files have them all.
SHOWN = 60
_TRANCHES = ("full", "emptied", "rests", "begins", "drains", "moves")


def table(found: Frontier, language: Language) -> Table:
    """A line a breakpoint: the number, the first stage, the regions' budgets, what happens there."""
    money, dial = _money(found, language), _dial(found, language)
    stages = [name for kind, name in found.keys if kind == "stages"][:1]
    title, caption = heading(found, language), _caption(found, money, dial, language)
    lines = Table(
        title=escape(title), title_justify="left", caption=escape(caption), caption_justify="left", box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )  # fmt: skip
    lines.add_column(escape(_over(found, language)), justify="right", no_wrap=True)
    for stage in stages:
        lines.add_column(escape(stage), justify="right")
    names = display_names(found.case, language)
    for region in found.case.instance.regions:
        lines.add_column(escape(names[region, ""]), justify="right")
    lines.add_column(text("frontier.turns", language))
    told, now = turns(found), dict[tuple[str, str], Fraction]()
    for i, (point, happens) in enumerate(zip(found.points, told, strict=True)):
        now |= point.changes
        if i >= SHOWN:
            break
        cells = [dial.number(point.at)]
        cells += [f"{float(now['stages', stage]):,.5g}" for stage in stages]
        cells += [money.number(now["regions", region]) for region in found.case.instance.regions]
        lines.add_row(*cells, escape(_reasons(found, i, happens, language)))
    return lines


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


def _reasons(found: Frontier, i: int, happens: Sequence[Turn], language: Language) -> str:
    said = [reason(found, turn, language) for turn in happens]
    if i == 0:
        said.append(text("frontier.begins_here", language))
    elif i == len(found.points) - 1:
        said.append(text("frontier.ends_here", language))
    return text("sentence.then", language).join(said)


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
        return text("frontier.traded", language, first=found.trade[0], other=found.trade[1], **facts)
    return text("frontier.title", language, limit=_over(found, language), **facts)


def _over(found: Frontier, language: Language) -> str:
    limit = None if found.trade else of_path(found.over)
    return found.over if limit is None else named(found.case, limit, language)


def _caption(found: Frontier, money: Unit, dial: Unit, language: Language) -> str:
    notes = [text("run.unit_note", language, heading=text("run.budget", language), unit=money.name)]
    if dial.name:
        notes.insert(0, text("run.unit_note", language, heading=_over(found, language), unit=dial.name))
    return text("sentence.then", language).join(dict.fromkeys(notes))


def _money(found: Frontier, language: Language) -> Unit:
    currency = found.case.resolved.context.currency
    return units("money", currency, float(found.case.instance.budget))[language]


def dial_shown(found: Frontier, language: Language) -> Shown:
    """The number itself along an axis."""
    currency, ends = found.case.resolved.context.currency, (found.start, found.end)
    if found.trade:
        return stage_shown(found.over, currency, ends, language)
    return shown(_over(found, language), _kind(found), currency, ends, language)


def _kind(found: Frontier) -> str:
    """How the number is counted."""
    limit = None if found.trade else of_path(found.over)
    if limit is None:
        return STAGES.get(found.over, "money")
    return {"percent": "ratio"}.get(counted(limit), counted(limit))


def _dial(found: Frontier, language: Language) -> Unit:
    """How the number itself is shown: with one digit more than money is, since breakpoints lie close."""
    currency, kind = found.case.resolved.context.currency, _kind(found)
    if kind not in (*UNITS, "ratio"):
        return Unit(1, 6, "")
    unit = units(kind, currency, max(abs(found.start), abs(found.end), 1e-9))[language]
    return Unit(unit.scale, unit.decimals + 2, unit.name, unit.pattern)


def _plain(value: float) -> str:
    """As it is written after `--from`."""
    return f"{value:.10g}"

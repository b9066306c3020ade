"""A curve on the terminal: a line a breakpoint, with the plan and what happens there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from regionopt.common.texts import Language, text
from regionopt.curves.breakpoints import Frontier
from regionopt.curves.frontier_told import SHOWN, heading, kind_of, over, reason
from regionopt.curves.told import Key
from regionopt.curves.turns import Turn, turns
from regionopt.maps.mapdata import Unit, units
from regionopt.telling.display import display_names
from regionopt.telling.shown import UNITS, stage_shown

# A heading and its cells; the room that texts need beside numbers; what the box takes beside each column.
Column = tuple[str, Sequence[str]]
ROOM, BETWEEN = 32, 2


def tables(found: Frontier, language: Language, screen: Console) -> list[Table]:
    """A line a breakpoint: the number, the first stage, the regions' budgets, what happens there.

    Where the screen is too narrow for what happens, that is a table of its own, beside the number again.
    """
    numbers, happens = list(_numbers(found, language)), (text("frontier.turns", language), _happens(found, language))
    loose, tight = (sum(_wide(column, part) + BETWEEN for column in numbers) for part in (1, 2))
    if loose + ROOM <= screen.width:
        made = [_table(numbers, [happens], 1)]
    elif tight + ROOM <= screen.width:
        made = [_table(numbers, [happens], 2)]
    else:
        made = [_table(numbers, [], 1 if loose < screen.width else 2), _table(numbers[:1], [happens], 1)]
    made[0].title, made[0].title_justify = escape(heading(found, language)), "left"
    made[0].caption, made[0].caption_justify = escape(_caption(found, language)), "left"
    return made


def _table(numbers: Sequence[Column], texts: Sequence[Column], parts: int) -> Table:
    """Numbers stand in one piece; words of headings in so many parts, where they can be parted."""
    lines = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in numbers:
        lines.add_column(escape(column[0]), justify="right", overflow="fold", width=_wide(column, parts))
    for title, _ in texts:
        lines.add_column(escape(title), overflow="fold")
    for row in zip(*(cells for _, cells in (*numbers, *texts)), strict=True):
        lines.add_row(*map(escape, row))
    return lines


def _wide(column: Column, parts: int) -> int:
    """Characters that a column takes. A word may be parted where it is written in characters of double width."""
    title, cells = column
    words = (cell_len(word) if word.isascii() else 2 * math.ceil(len(word) / parts) for word in title.split())
    return max(*words, *map(cell_len, cells))


def _numbers(found: Frontier, language: Language) -> Iterator[Column]:
    """The columns of numbers, a cell a breakpoint."""
    points, names = found.points[:SHOWN], display_names(found.case, language)
    dial, money = _dial(found, language), _money(found, language)
    yield over(found, language), [dial.number(point.at) for point in points]
    for stage in [name for kind, name in found.keys if kind == "stages"][:1]:
        values = _values(found, ("stages", stage))
        title, written = _stage(found, stage, values, language)
        yield title, list(map(written, values))
    for region in found.case.instance.regions:
        yield names[region, ""], list(map(money.number, _values(found, ("regions", region))))


def _values(found: Frontier, key: Key) -> list[Fraction]:
    """A number at each breakpoint that is shown: it stays until it changes."""
    values: list[Fraction] = []
    for point in found.points[:SHOWN]:
        values.append(point.changes[key] if key in point.changes else values[-1])
    return values


def _stage(
    found: Frontier, stage: str, values: Sequence[Fraction], language: Language
) -> tuple[str, Callable[[Fraction], str]]:
    """What the value of a stage is called, with its unit, and how it is written."""
    axis = stage_shown(stage, found.case.resolved.context.currency, map(float, values), language)
    scale, end = (100.0, "%") if axis.percent else (axis.scale, "")
    return axis.title, lambda value: f"{float(value) * scale:,.5g}{end}"


def _happens(found: Frontier, language: Language) -> list[str]:
    return [_reasons(found, i, happens, language) for i, happens in enumerate(turns(found)[:SHOWN])]


def _reasons(found: Frontier, i: int, happens: Sequence[Turn], language: Language) -> str:
    said = [reason(found, turn, language) for turn in happens]
    if i == 0:
        said.append(text("frontier.begins_here", language))
    elif i == len(found.points) - 1:
        said.append(text("frontier.ends_here", language))
    return text("sentence.then", language).join(said)


def _caption(found: Frontier, language: Language) -> str:
    money, dial = _money(found, language), _dial(found, language)
    notes = [text("run.unit_note", language, heading=text("run.budget", language), unit=money.name)]
    if dial.name:
        notes.insert(0, text("run.unit_note", language, heading=over(found, language), unit=dial.name))
    return text("sentence.then", language).join(dict.fromkeys(notes))


def _money(found: Frontier, language: Language) -> Unit:
    currency = found.case.resolved.context.currency
    return units("money", currency, float(found.case.instance.budget))[language]


def _dial(found: Frontier, language: Language) -> Unit:
    """How the number itself is shown: with one digit more than money is, since breakpoints lie close."""
    currency, kind = found.case.resolved.context.currency, kind_of(found)
    if kind not in (*UNITS, "ratio"):
        return Unit(1, 6, "")
    unit = units(kind, currency, max(abs(found.start), abs(found.end), 1e-9))[language]
    return Unit(unit.scale, unit.decimals + 2, unit.name, unit.pattern)

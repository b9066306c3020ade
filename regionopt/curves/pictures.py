"""A curve as a picture: the first stage and the money of every region over the number, one SVG a language.

frontier.zh-TW.svg  frontier.en.svg          trade.zh-TW.svg  trade.en.svg
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from regionopt.charts import Axis, Band, Figure, Line, Plot, Rule, svg
from regionopt.common.texts import Language, text
from regionopt.curves.breakpoints import Frontier
from regionopt.curves.frontier_told import dial_shown, heading
from regionopt.curves.told import Key
from regionopt.result.files import write_files
from regionopt.telling.display import display_names
from regionopt.telling.shown import Shown, shown, stage_shown

LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
# Points between two breakpoints where the numbers bend.
INNER = 12


def picture(found: Frontier, language: Language) -> str:
    """The curve as SVG; it must have points."""
    dial = dial_shown(found, language)
    marks = tuple(_marks(found, dial, language))
    (stage, *_) = (name for kind, name in found.keys if kind == "stages")
    first = _line(found, ("stages", stage))
    y = stage_shown(stage, found.case.resolved.context.currency, [v for _, v in first], language)
    panels = (_plot(dial, y, marks, {"": first}, not found.trade), _money(found, dial, marks, language))
    title = heading(found, language)
    told = text("frontier.picture", language, title=title, count=len(found.points), stage=y.title)
    return svg(Figure("curve", title, told, panels, "", language))


def write_pictures(found: Frontier, folder: Path) -> None:
    """Both pictures beside `frontier.json`; none where no value has a plan. Raises LimitError."""
    kind = "trade" if found.trade else "frontier"
    if found.points:
        write_files(folder, {f"{kind}.{language}.svg": picture(found, language).encode() for language in LANGUAGES})


def _money(found: Frontier, dial: Shown, marks: tuple[Band | Rule, ...], language: Language) -> Plot:
    names = display_names(found.case, language)
    lines = {names[region, ""]: _line(found, ("regions", region)) for region in found.case.instance.regions}
    amounts = [value for line in lines.values() for _, value in line]
    currency = found.case.resolved.context.currency
    return _plot(
        dial, shown(text("frontier.money", language), "money", currency, amounts, language), marks, lines, True
    )


def _plot(
    dial: Shown, y: Shown, marks: tuple[Band | Rule, ...], lines: dict[str, list[tuple[float, float]]], zero: bool
) -> Plot:
    drawn = [Line([(a * dial.scale, b * y.scale) for a, b in line], name) for name, line in lines.items()]
    below = tuple(mark for mark in marks if isinstance(mark, Band))
    above = tuple(mark for mark in marks if isinstance(mark, Rule))
    x = Axis(dial.title, percent=dial.percent)
    return Plot(x, Axis(y.title, zero=zero, percent=y.percent), (*below, *drawn, *above))


def _marks(found: Frontier, dial: Shown, language: Language) -> Iterator[Band | Rule]:
    """Where there is no plan, and where the number stands in the case."""
    for part in found.parts:
        if part.status == "infeasible":
            yield Band(part.low * dial.scale, part.high * dial.scale, text("chart.no_plan", language))
    if found.own is not None and found.points[0].at <= found.own <= found.points[-1].at:
        yield Rule(found.own * dial.scale, text("frontier.own", language))


def _line(found: Frontier, key: Key) -> list[tuple[float, float]]:
    """A number at every breakpoint, and between two where it bends."""
    line, value = list[tuple[float, float]](), 0.0
    for k, point in enumerate(found.points):
        at, before = float(point.at), value
        value = float(point.changes.get(key, value))
        bend = float(found.points[k - 1].bend) if k else 0.0
        line += _bow(line[-1], (at, value), bend) if bend and value != before else []
        line.append((at, value))
    return line


def _bow(start: tuple[float, float], end: tuple[float, float], bend: float) -> Iterator[tuple[float, float]]:
    """Points on the way from one breakpoint to the next (`curve`)."""
    for k in range(1, INNER):
        part = k / INNER
        way = part * (1 + bend) / (1 + bend * part)
        yield start[0] + part * (end[0] - start[0]), start[1] + way * (end[1] - start[1])

"""What `regionopt show` lists: every number of a case, what else it says, where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from regionopt.case.settings import Value
from regionopt.common.quantity import Quantity
from regionopt.common.texts import Language, text

SIGNS = {"<=": "≤", ">=": "≥", "=": "="}
SELECTORS = ("regions", "programmes", "groups", "periods")


def numbers_table(numbers: Mapping[str, Quantity], language: Language) -> Table:
    """Every number with path, value, unit, standing and the mark of its source, one line a number."""
    table = _table(("path", "value", "unit", "standing", "mark"), language, right=("value", "mark"))
    marks = _marks(numbers)
    table.columns[0].no_wrap = True
    for path, quantity in numbers.items():
        standing = text(f"map.standing_{quantity.status.value}", language)
        cells = (path, f"{quantity.value:.10g}", quantity.unit, standing, f"[{marks[quantity.source]}]")
        table.add_row(*map(escape, cells))
    return table


def sources_table(numbers: Mapping[str, Quantity], language: Language) -> Table:
    """The sources behind the marks: many numbers share one, and most are longer than a line."""
    table = _table(("mark", "source"), language, right=("mark",))
    for source, mark in _marks(numbers).items():
        table.add_row(escape(f"[{mark}]"), escape(source))
    return table


def _marks(numbers: Mapping[str, Quantity]) -> dict[str, int]:
    sources = dict.fromkeys(quantity.source for quantity in numbers.values())
    return {source: mark for mark, source in enumerate(sources, 1)}


def settings_table(settings: Mapping[str, Value], numbers: Mapping[str, Quantity], language: Language) -> Table:
    """What the case says besides its numbers; the terms of a rule as one sum with its sense and right-hand side."""
    table = _table(("path", "said"), language)
    for path, value in settings.items():
        if not (path.startswith("rules.") and path.endswith(".sense")):
            table.add_row(escape(path), escape(_said(path, value, settings, numbers, language)))
    return table


def _said(
    path: str, value: Value, settings: Mapping[str, Value], numbers: Mapping[str, Quantity], language: Language
) -> str:
    if isinstance(value, dict):
        return str(value["zh" if language == "zh-TW" else "en"])
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if path.startswith("rules."):
        rule = path.removesuffix(".terms")
        right = numbers.get(f"{rule}.value")
        shown = "" if right is None else f" {right.value:.10g} {right.unit}"
        terms = (dict(term) for term in value if isinstance(term, dict))
        return f"{_sum(terms, language)} {SIGNS[str(settings[f'{rule}.sense'])]}{shown}"
    return _names(value) or text("said.none", language)


def _sum(terms: Iterable[Mapping[str, object]], language: Language) -> str:
    """`money in (regions capital) - 2 × money in (regions east)`."""
    written = ""
    for term in terms:
        coefficient = float(str(term["coefficient"]))
        sign = "− " if coefficient < 0 else "+ " if written else ""
        factor = "" if abs(coefficient) == 1 else f"{abs(coefficient):.10g} × "
        written += f"{' ' if written else ''}{sign}{factor}{_money(term, language)}"
    return written


def _money(term: Mapping[str, object], language: Language) -> str:
    """The money that a term selects."""
    chosen = [
        text(f"said.{kind}", language, names=_names(names))
        for kind in SELECTORS
        if isinstance(names := term.get(kind), list)
    ]
    what = text("sentence.then", language).join(chosen)
    return text("said.money", language, what=what) if chosen else text("said.all_money", language)


def _names(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))  # ids: a line breaks between them, which it would not after 、


def changes_table(changes: Iterable[Mapping[str, object]], language: Language) -> Table:
    """What overrides changed, in the order they were applied: rows of `changes.change_rows`."""
    table = Table(header_style="bold")
    for key in ("path", "old", "new", "unit", "by"):
        table.add_column(text(f"run.{key}", language), justify="right" if key in ("old", "new") else "left")
    for change in changes:
        table.add_row(*(escape(_plain(change[key])) for key in ("path", "old", "new", "unit", "by")))
    return table


def _plain(value: object) -> str:
    return "–" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def _table(keys: tuple[str, ...], language: Language, right: tuple[str, ...] = ()) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for key in keys:
        table.add_column(text(f"run.{key}", language), justify="right" if key in right else "left", overflow="fold")
    return table

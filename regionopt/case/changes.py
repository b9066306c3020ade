"""What overrides and `--set` changed of a case, as tidy rows: the content of `changes.csv` and of `show --changed`.

One row a change, in the order they were applied; a number that was changed twice stands twice. A patch that sets
what was there already changed nothing and has no row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from regionopt.case.compute import Resolved
from regionopt.case.patches import Change
from regionopt.common.quantity import Quantity

Row = dict[str, Any]


def change_rows(resolved: Resolved) -> list[Row]:
    """`path, old, new, unit, source, by`: numbers as numbers, None where nothing was stated before, else text.

    `unit` is that of the number as it is now; `source` is told of the last change of a path, whose value counts.
    """
    last = {change.path: place for place, change in enumerate(resolved.changes)}
    return [
        _row(change, resolved, last[change.path] == place)
        for place, change in enumerate(resolved.changes)
        if not _equal(change.old, change.new)
    ]


def _row(change: Change, resolved: Resolved, last: bool) -> Row:
    quantity = resolved.numbers.get(change.path)
    return {
        "path": change.path,
        "old": _plain(change.old),
        "new": _plain(change.new),
        "unit": quantity.unit if quantity else "",
        "source": _source(quantity, change.by, resolved.context.file) if quantity and last else "",
        "by": change.by,
    }


def _source(quantity: Quantity, by: str, file: str) -> str:
    """A number set without a source of its own has it from whoever set it, not from the case file."""
    return by if quantity.source == file else quantity.source


def _equal(old: Any, new: Any) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=1e-15)
    return bool(type(old) is type(new) and old == new)


def _plain(value: Any) -> Any:
    """A number, None, or text: lists of names separated by commas, tables as the case file writes them."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, (float, str)):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_plain(item)) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    return str(value)

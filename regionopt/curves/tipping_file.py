"""`tipping.csv`, the same as plain values for `--json`, and as a table of a result that a report tells of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from regionopt.case.case import Case
from regionopt.curves.tipping import MOVED, PRECISION, tipping
from regionopt.curves.tips import Tipping
from regionopt.result.files import folder_name, write_file
from regionopt.result.outputs import to_csv
from regionopt.result.result import Row

COLUMNS = (
    "path", "metric", "region", "programme", "tranche", "value", "direction", "how", "change", "looked", "exact",
    "loses_region", "loses_programme", "loses", "gains_region", "gains_programme", "gains",
)  # fmt: skip
TIPS = "tips.csv"
# Relative changes are exact or known to a part of themselves: so many digits; money as in other files.
DIGITS, MONEY = 12, 6


def rows(found: Sequence[Tipping]) -> Iterator[Row]:
    """Rows of `tipping.csv`, one a return and direction, in the order of the margins.

    `change` is relative (empty: the plan stays as far as `looked`), `loses` and `gains` are the programmes that
    change most there, in the currency unit of the case; `tranche` 0 is all tranches, scaled together.
    """
    for tipped in found:
        one = tipped.coefficient
        for direction, tip in (("down", tipped.down), ("up", tipped.up)):
            values = {
                "path": one.path, "metric": one.metric, "region": one.region, "programme": one.programme,
                "tranche": one.tranche, "value": one.value, "direction": direction, "how": tip.how,
                "change": None if tip.change is None else _short(tip.change), "looked": _short(tip.looked),
                "exact": tip.exact,
            }  # fmt: skip
            for part, sign in (("loses", -1), ("gains", 1)):
                most = max(tip.moved.items(), key=lambda item: sign * item[1], default=None)
                who, amount = most if most and sign * most[1] > 0 else (("", ""), None)
                values |= {f"{part}_region": who[0], f"{part}_programme": who[1]}
                values[part] = None if amount is None else round(amount, MONEY)
            yield values


def plain_rows(found: Sequence[Tipping]) -> list[dict[str, Any]]:
    """The same with every programme that changes, as `{"region.programme": amount}`."""
    plain = []
    tips = (tip for tipped in found for tip in (tipped.down, tipped.up))
    for row, tip in zip(rows(found), tips, strict=True):
        own = {key: row[key] for key in COLUMNS if not key.startswith(("loses", "gains"))}
        plain.append({**own, "moved": {".".join(key): round(amount, MONEY) for key, amount in tip.moved.items()}})
    return plain


def write(case: Case, found: Sequence[Tipping], out: Path, name: str | None = None) -> Path:
    """Write `tipping.csv` into the folder of the case's result; returns the folder. Raises LimitError."""
    folder = out / folder_name(case.document.case.id) / folder_name(name or case.name)
    write_file(folder / "tipping.csv", to_csv(rows(found), COLUMNS))
    return folder


def tips(case: Case) -> Mapping[str, bytes]:
    """`tips.csv` of a case that has a plan: the rows of `tipping.csv`, with the part of the budget that has to
    move, and to which part of itself a change is known where it is not exact.

    Raises InputError for a case with whole numbers.
    """
    found = tipping(case)
    listed = [] if isinstance(found, str) else rows(found)
    told = [{**row, "moved": MOVED, "precision": None if row["exact"] else PRECISION} for row in listed]
    return {TIPS: to_csv(told, (*COLUMNS, "moved", "precision"))}


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")

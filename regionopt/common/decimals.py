"""Decimals of written results, by column: rounded from exact fractions, so that two machines write the same bytes."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

MONEY, RATIO, JOBS, HEAD = 6, 9, 3, 2
DECIMALS = {
    "budget": MONEY,
    "output": MONEY,
    "jobs": JOBS,
    "reached": MONEY,
    "absolute_shortfall": MONEY,
    "relative_shortfall": RATIO,
    "output_shortfall": RATIO,
    "jobs_shortfall": RATIO,
    "share": RATIO,
    "budget_per_head": HEAD,
    "minimum": MONEY,
    "maximum": MONEY,
    "plan": MONEY,
    "difference": MONEY,
    "value": RATIO,
    "given_up": RATIO,
    "amount": MONEY,
    "spent": MONEY,
    "unspent": MONEY,
    "worst_shortfall": RATIO,
    "total_shortfall": RATIO,
    "lost": RATIO,
}
# The units of stage values; the others are money.
STAGE_UNITS = {"worst_shortfall": "1", "leximin": "1", "total_shortfall": "1", "jobs": "jobs"}
_HALF_UP = Context(prec=400, rounding=ROUND_HALF_UP)
# A shortfall below what a stage may give away is none.
MET = Fraction(1, 10**8)


def rounded(value: Fraction, decimals: int) -> float:
    """Rounded from the exact value, half to even; never minus zero."""
    return float(round(value, decimals)) + 0.0


def shown(value: float, decimals: int, sign: str = "") -> str:
    """A number as it is read, a half away from zero as in a browser, a spreadsheet and at school; files hold more."""
    if not math.isfinite(value):
        return f"{value:{sign}}"
    return f"{_HALF_UP.quantize(Decimal(value), Decimal(1).scaleb(-decimals)):{sign},f}"


def digits(value: Fraction | None) -> float | None:
    """Twelve digits of a number that has no fixed decimals, rounded from the exact value."""
    return None if value is None else float(f"{float(value):.12g}") + 0.0


def stage_unit(stage: str, currency: str) -> str:
    """The unit of a stage's value, and of a metric's."""
    return {**STAGE_UNITS, "output": f"{currency} a year"}.get(stage.partition("[")[0], currency)

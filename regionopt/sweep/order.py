"""Which runs a command asks for: all combinations, or a list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from regionopt.case.case import Case
from regionopt.common.errors import InputError, Problem
from regionopt.sweep.grid import grid
from regionopt.sweep.listed import listed
from regionopt.sweep.runs import Order
from regionopt.sweep.slips import slips


def order_of(case: Case, vary: Sequence[str], file: Path | None) -> Order:
    """The runs of `--vary` or of `--csv`. Raises InputError where there is neither, or both, and with all that is
    wrong in a list."""
    if bool(vary) == (file is not None):
        raise InputError([Problem("vary_or_csv", "sweep")])
    return grid(vary) if file is None else listed(file, partial(slips, case))

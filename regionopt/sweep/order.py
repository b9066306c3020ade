"""Which runs a command asks for: all combinations, or a list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regionopt.common.errors import InputError, Problem
from regionopt.sweep.grid import grid
from regionopt.sweep.listed import listed
from regionopt.sweep.runs import Order


def order_of(vary: Sequence[str], file: Path | None) -> Order:
    """The runs of `--vary` or of `--csv`. Raises InputError where there is neither, or both."""
    if bool(vary) == (file is not None):
        raise InputError([Problem("vary_or_csv", "sweep")])
    return grid(vary) if file is None else listed(file)

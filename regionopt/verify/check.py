"""One thing that `verify` looked at: whether it holds, and what stood there instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

# Floating point sums of the program's own coefficients differ from exact ones by less than this part.
ROUNDING = Fraction(1, 10**11)
# More faults of one check are counted, not listed.
LISTED = 5


@dataclass(frozen=True)
class Fault:
    """Where something else stands than should."""

    place: str
    written: str
    expected: str


@dataclass(frozen=True)
class Check:
    """One line: `code` names its sentence, `subject` what it is about. `ok` is None where it could not be checked."""

    code: str
    subject: str
    ok: bool | None
    faults: tuple[Fault, ...] = ()


def check(code: str, subject: str, faults: Iterable[Fault | None]) -> Check:
    """A check that holds when nothing is wrong."""
    found = tuple(fault for fault in faults if fault is not None)
    return Check(code, subject, not found, found[:LISTED])


def same(place: str, written: object, expected: object) -> Fault | None:
    """What must be equal as it stands. Numbers are not booleans here."""
    if written == expected and isinstance(written, bool) == isinstance(expected, bool):
        return None
    return Fault(place, _short(written), _short(expected))


def near(place: str, written: float | Fraction | None, expected: float | Fraction | None) -> Fault | None:
    """Numbers of the program, equal but for the rounding of floating point sums."""
    if written is None or expected is None:
        return same(place, written, expected)
    exact = Fraction(expected)
    return None if abs(Fraction(written) - exact) <= ROUNDING * abs(exact) else same(place, written, expected)


def rounds(place: str, written: float | Fraction | None, expected: Fraction | None, decimals: int) -> Fault | None:
    """A number as it is written: the exact one, rounded to some decimals."""
    if written is None or expected is None:
        return same(place, written, expected)
    off = abs(Fraction(written) - expected)
    half = Fraction(1, 2 * 10**decimals)
    if off <= half + ROUNDING * abs(expected):
        return None
    return Fault(place, _short(written), _short(float(round(expected, decimals))))


def _short(value: object) -> str:
    shown = f"{float(value):.12g}" if isinstance(value, Fraction) else str(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"

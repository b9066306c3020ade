"""Many exact numbers as whole numbers over one denominator: what is done to all of them is done in whole numbers, and
fractions are made only of what is looked at."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar, overload

from regionopt.model.sums import ZERO, Ratio

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Common(Sequence[Fraction]):
    """Exact numbers as whole numbers over one positive denominator: signs are read without any division."""

    whole: Sequence[int]
    below: int

    def __len__(self) -> int:
        return len(self.whole)

    def __iter__(self) -> Iterator[Fraction]:
        return (Fraction(n, self.below) if n else ZERO for n in self.whole)

    @overload
    def __getitem__(self, place: int) -> Fraction: ...
    @overload
    def __getitem__(self, place: slice) -> Common: ...
    def __getitem__(self, place: int | slice) -> Fraction | Common:
        if isinstance(place, slice):
            return Common(self.whole[place], self.below)
        return Fraction(self.whole[place], self.below)

    def near(self, place: int) -> float:
        """The nearest float of one of them."""
        return self.whole[place] / self.below

    def after(self, times: Fraction, step: Vector[int]) -> Common:
        """These numbers after so many times a step."""
        own, more = _factors(self.below, times, step.below)
        whole = [x * own for x in self.whole]
        for place, m in step.whole.items():
            if place < len(whole):
                whole[place] += m * more
        return Common(whole, self.below * own)


@dataclass(frozen=True, eq=False)
class Vector(Mapping[Name, Fraction]):
    """Exact numbers by name as whole numbers over one positive denominator; a fraction is made of what is looked at.
    What is 0 may be left out."""

    whole: Mapping[Name, int]
    below: int = 1

    def __len__(self) -> int:
        return len(self.whole)

    def __iter__(self) -> Iterator[Name]:
        return iter(self.whole)

    def __contains__(self, name: object) -> bool:
        return name in self.whole

    def __getitem__(self, name: Name) -> Fraction:
        return Fraction(self.whole[name], self.below)

    def near(self, name: Name) -> float:
        """The nearest float of one of them; 0 for what is left out."""
        return self.whole.get(name, 0) / self.below

    def times(self, factor: Fraction) -> Vector[Name]:
        """So much of each."""
        n, below = factor.as_integer_ratio()
        return Vector({name: x * n for name, x in self.whole.items() if n}, self.below * below)

    def negated(self) -> Vector[Name]:
        """The same with the other sign."""
        return Vector({name: -n for name, n in self.whole.items()}, self.below)

    def after(self, times: Fraction, step: Vector[Name]) -> Vector[Name]:
        """These numbers after so many times a step."""
        own, more = _factors(self.below, times, step.below)
        whole = {name: x * own + step.whole.get(name, 0) * more for name, x in self.whole.items()}
        return Vector(whole, self.below * own)


def _factors(below: int, times: Fraction, beside: int) -> tuple[int, int]:
    """What to multiply whole numbers by, and a step of them over another denominator, so that both have one: that of
    the numbers times the first."""
    n, under = times.as_integer_ratio()
    shared = math.gcd(below, beside)
    return beside // shared * under, n * (below // shared)


def over_common(ratios: Mapping[Name, Ratio]) -> Vector[Name]:
    """Exact numbers over their least common denominator, without those that are 0."""
    below = math.lcm(*[own for _, own in ratios.values()])
    return Vector({name: n * (below // own) for name, (n, own) in ratios.items() if n}, below)


def lowest(whole: Mapping[Name, int], below: int) -> Vector[Name]:
    """Whole numbers over one denominator, both reduced."""
    shared = math.gcd(below, *whole.values())
    return Vector({name: n // shared for name, n in whole.items()}, below // shared)


def vector(values: Mapping[Name, float | Fraction]) -> Vector[Name]:
    """The same for numbers however they are given."""
    if isinstance(values, Vector):
        return values
    return over_common({name: value.as_integer_ratio() for name, value in values.items()})


def ratios(values: Mapping[Name, Fraction]) -> Iterator[tuple[Name, Ratio]]:
    """The numbers as they are, not reduced."""
    if isinstance(values, Vector):
        return ((name, (n, values.below)) for name, n in values.whole.items())
    return ((name, value.as_integer_ratio()) for name, value in values.items())

"""Draws as runs of a sweep: the k-th draw is computed when it is asked for, so that a million take no memory.

What is drawn is rounded to twelve digits and written so: a fresh `run` with the numbers of `draws.csv` is the draw.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from regionopt.case.patches import Patch, number_text
from regionopt.montecarlo.correlation import Together
from regionopt.montecarlo.factors import Factor
from regionopt.montecarlo.inverse import at
from regionopt.montecarlo.samples import uniform
from regionopt.sweep.flat import Array
from regionopt.sweep.runs import Run, Signature
from regionopt.sweep.slots import Slot, plain

Key = tuple[str, str]


class Drawn(Run):
    """A draw of plain numbers only: what it changes is the same for all draws, and made when it is asked for."""

    _numbers: tuple[float, ...]

    def __init__(self, name: str, inputs: tuple[str, ...], keys: Signature, numbers: tuple[float, ...]) -> None:
        self.__dict__.update(name=name, inputs=inputs, signature=keys, _numbers=numbers)

    @cached_property
    def patches(self) -> tuple[Patch, ...]:
        """The changes in order."""
        return _patches(self.signature, self._numbers)

    def values(self) -> tuple[float, ...]:
        """The numbers, in order."""
        return self._numbers


def _patches(keys: Signature, numbers: Sequence[float]) -> tuple[Patch, ...]:
    told = zip(keys, numbers, strict=True)
    return tuple(Patch(path, how, value, "--set") for (path, how, _), value in told)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Values(ABC):
    """Runs at values of factors: what draws, and the designs of a sensitivity analysis, have in common."""

    factors: tuple[Factor, ...]
    count: int
    slots: Mapping[Key, Slot] = field(repr=False)

    @abstractmethod
    def points(self, start: int, stop: int) -> Array:
        """Numbers in (0, 1), a row a run, a column a factor."""

    @abstractmethod
    def told(self) -> object:
        """The whole order as JSON can hold it, for `--resume`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    def values(self, start: int, stop: int) -> list[list[float]]:
        """What is drawn, a row a run, in twelve digits."""
        u = self.points(start, stop)
        drawn = [at(factor.input.distribution, u[:, k]) for k, factor in enumerate(self.factors)]
        return [[float(f"{value:.12g}") for value in row] for row in np.stack(drawn, axis=1).tolist()]

    def some(self, start: int, stop: int) -> list[Run]:
        """The runs from `start` to before `stop`."""
        return [self._run(k, row) for k, row in enumerate(self.values(start, stop), start + 1)]

    def _run(self, number: int, row: Sequence[float]) -> Run:
        inputs = tuple(map(number_text, row, self._hows))
        if self._plain and all(map(math.isfinite, row)):
            return Drawn(str(number), inputs, self._keys, tuple(row[k] for k in self._factor_of))
        return Run(str(number), _patches(self._keys, [row[k] for k in self._factor_of]), inputs)

    @cached_property
    def _keys(self) -> Signature:
        """What a draw changes: path and how, factor after factor."""
        return tuple((path, factor.input.how, None) for factor in self.factors for path in factor.paths)

    @cached_property
    def _factor_of(self) -> tuple[int, ...]:
        """The factor behind each change."""
        return tuple(k for k, factor in enumerate(self.factors) for _ in factor.paths)

    @cached_property
    def _plain(self) -> bool:
        """Whether all that is drawn are numbers that the fast way is for."""
        return all(plain(path, 1.0) for path, _, _ in self._keys)

    @cached_property
    def _hows(self) -> tuple[str, ...]:
        return tuple(factor.input.how for factor in self.factors)

    def alike(self, signature: Signature) -> int:
        """How many runs differ only in plain numbers from one of this signature."""
        return self.count if all(fixed is None for _, _, fixed in signature) else 1

    def examples(self) -> list[Patch]:
        """Every path that is changed, once."""
        return list(self.some(0, 1)[0].patches)


@dataclass(frozen=True)
class Draws(Values):
    """Independent draws, or Sobol points; inputs of one group move together."""

    seed: int = 0
    sampler: str = "philox"
    together: tuple[Together, ...] = ()

    def points(self, start: int, stop: int) -> Array:
        """The numbers in (0, 1) behind the draws."""
        u = uniform(self.sampler, self.seed, self.columns, start, stop)
        for group in self.together:
            u = group.moved(u)
        return u

    def told(self) -> object:
        """Seed, sampler, every factor with its distribution, the correlations."""
        return {
            "seed": self.seed,
            "sampler": self.sampler,
            "factors": told_of(self.factors),
            "together": [[t.group, t.places.tolist(), t.matrix.tolist()] for t in self.together],
        }


@dataclass(frozen=True)
class Design(Values):
    """Runs at given points, as a sensitivity analysis asks for them."""

    matrix: Array = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    method: str = ""
    seed: int = 0

    def points(self, start: int, stop: int) -> Array:
        """The design's own points in quantiles of the inputs."""
        return self.matrix[start:stop]

    def told(self) -> object:
        """Method, seed and factors: these make the design."""
        return {"method": self.method, "seed": self.seed, "runs": self.count, "factors": told_of(self.factors)}


def told_of(factors: Sequence[Factor]) -> list[Any]:
    """Factors as JSON can hold them."""
    return [[f.name, list(f.paths), f.input.how, f.input.told()] for f in factors]


# The parts of a distribution that the fast way is opened for, widest first: how far its ends lie out.
TAILS = (2.0**-53, 1e-9, 1e-6, 1e-4, 1e-3, 1e-2)


def slots_of(factors: Sequence[Factor], stray: Any) -> dict[Key, Slot]:
    """The plain numbers that draws change, as wide as the rules of the case allow: `stray(factor, value)` says
    whether a value is refused whatever the others are. Draws further out are read one by one."""
    found: dict[Key, Slot] = {}
    for factor in factors:
        ends = (_ends(factor, tail) for tail in TAILS)
        low, high = next(
            (pair for pair in ends if not any(stray(factor, value) for value in pair)), _ends(factor, 0.1)
        )
        for path in factor.paths:
            if plain(path, low):
                found[path, factor.input.how] = Slot(path, factor.input.how, low, high)
    return found


def _ends(factor: Factor, tail: float) -> tuple[float, float]:
    own = factor.input.distribution
    low, high = (min(own.values), max(own.values)) if own.values else at(own, np.array([tail, 1 - tail])).tolist()
    return float(f"{low:.12g}"), float(f"{high:.12g}")

"""What happens where money per resident is held together: whether the limit binds, and which regions it holds.

The rows of `model/equity` bind it only together: the ratio itself with a region at the top and one at the bottom, the
mean difference with the gap of every pair. A row of these alone says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from regionopt.curves.curve import Stretch
from regionopt.model.program import Program, Seat

ENDS = ("highest", "lowest")
PAIRS = ("above_pair", "below_pair", "gap")


@dataclass(frozen=True)
class Spread:
    """The things of these limits in a program: the place of each by its kind and by the regions in its name."""

    places: Mapping[str, Mapping[str, int]]

    @staticmethod
    def of(program: Program) -> Spread:
        """Where they stand; nothing where there are no such limits."""
        places: dict[str, dict[str, int]] = {kind: {} for kind in (*ENDS, *PAIRS, "ratio", "mean_difference")}
        for thing, name in enumerate((*program.columns, *(row.name for row in program.rows))):
            kind, _, regions = name.partition("[")
            if kind in places:
                places[kind][regions.rstrip("]")] = thing
        return Spread(places)

    def turns(self, one: Stretch, other: Stretch) -> Iterator[tuple[str, str]]:
        """Events and what they happen to, between two stretches."""
        for limit, kinds in (("ratio", ENDS), ("mean_difference", PAIRS)):
            before, after = self._binds(limit, one), self._binds(limit, other)
            if before != after:
                yield ("binds" if after else "loosens"), limit
            elif after:
                yield from self._joined(kinds, one, other)

    def _held(self, kind: str, stretch: Stretch) -> set[str]:
        """The regions, or pairs of them, whose thing of a kind is at its bound."""
        return {name for name, thing in self.places[kind].items() if stretch.seats[thing] is not Seat.BASIC}

    def _binds(self, limit: str, stretch: Stretch) -> bool:
        if not self._held(limit, stretch):
            return False
        if limit == "ratio":
            return all(self._held(kind, stretch) for kind in ENDS)
        return set().union(*(self._held(kind, stretch) for kind in PAIRS)) == set(self.places["gap"])

    def _joined(self, kinds: tuple[str, ...], one: Stretch, other: Stretch) -> Iterator[tuple[str, str]]:
        """Regions that join or leave the top or the bottom; pairs that change places, or come level."""
        for kind in kinds:
            before, after = self._held(kind, one), self._held(kind, other)
            for name in self.places[kind]:
                if (name in before) != (name in after):
                    yield "pair" if kind in PAIRS else f"{'joins' if name in after else 'leaves'}_{kind}", name

"""Which stages say how good a plan is: those that plans nearly as good must nearly reach."""

from __future__ import annotations

from collections.abc import Sequence

# These only choose between equals: a plan within 1 % of the shortfalls but far from the reference is nearly as good.
TIES = ("spend", "nearest_reference")


def held_stages(names: Sequence[str], tolerance: float) -> Sequence[str]:
    """The stages that a tolerance holds: all up to the last that is no tie, or the first where all are; without a
    tolerance all."""
    good = [k for k, name in enumerate(names) if name not in TIES]
    return names[: good[-1] + 1 if good else 1] if tolerance else names

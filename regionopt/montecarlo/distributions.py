"""Distributions by name: their parameters and the rules that these keep.

    uniform     low, high
    triangular  low, mode, high
    normal      mean, sd            [low, high]     cut off there and spread over what is left
    lognormal   median, sigma       [low, high]     sigma is the standard deviation of the logarithm
    discrete    values, weights

What is drawn from them stands in `inverse`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from regionopt.common.errors import Problem

Parameters: TypeAlias = Mapping[str, float]


@dataclass(frozen=True)
class Kind:
    """A family of distributions: the parameters it must and may have, and those that are no amounts."""

    needs: tuple[str, ...]
    may: tuple[str, ...]
    bare: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "uniform": Kind(("low", "high"), (), ()),
    "triangular": Kind(("low", "mode", "high"), (), ()),
    "normal": Kind(("mean", "sd"), ("low", "high"), ()),
    "lognormal": Kind(("median", "sigma"), ("low", "high"), ("sigma",)),
}
DISCRETE = "discrete"
NAMES = (*KINDS, DISCRETE)


@dataclass(frozen=True)
class Distribution:
    """One distribution. `parameters` for those of `KINDS`; `values` with `weights` (all alike where there are none)
    for a discrete one."""

    kind: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    def problems(self, place: str) -> Iterator[Problem]:
        """Rules that the parameters break."""
        yield from _discrete_rules(place, self) if self.kind == DISCRETE else _rules(place, self.parameters)

    def told(self, suffix: str = "", sign: str = "") -> str:
        """The distribution in one line, as after `--vary`; amounts with what says how they act."""
        if self.kind == DISCRETE:
            weights = self.weights or (1.0,) * len(self.values)
            listed = (f"{v:{sign}.12g}{suffix}@{w:.12g}" for v, w in zip(self.values, weights, strict=True))
            return f"discrete:{','.join(listed)}"
        bare = KINDS[self.kind].bare
        shown = (
            f"{value:.12g}" if name in bare else f"{value:{sign}.12g}{suffix}"
            for name, value in self.parameters.items()
        )
        return f"{self.kind}:{','.join(shown)}"


def _rules(place: str, p: Parameters) -> Iterator[Problem]:
    """Finite; in order from low to high with room between; spreads and medians above 0; something left of the cut."""
    wrong = [name for name, value in p.items() if not math.isfinite(value)]
    if wrong:
        yield Problem("distribution_not_finite", f"{place}.{wrong[0]}", p[wrong[0]])
        return
    for name in ("sd", "sigma", "median"):
        if name in p and p[name] <= 0:
            yield Problem("distribution_positive", f"{place}.{name}", p[name], {"name": name})
    if "low" in p and "high" in p and not p["low"] < p["high"]:
        yield Problem("distribution_order", f"{place}.low", p["low"], {"high": f"{p['high']:g}"})
    elif "mode" in p and not p["low"] <= p["mode"] <= p["high"]:
        facts = {"low": f"{p['low']:g}", "high": f"{p['high']:g}"}
        yield Problem("distribution_mode", f"{place}.mode", p["mode"], facts)


def _discrete_rules(place: str, one: Distribution) -> Iterator[Problem]:
    if not one.values:
        yield Problem("distribution_empty", f"{place}.values")
    for value in one.values:
        if not math.isfinite(value):
            yield Problem("distribution_not_finite", f"{place}.values", value)
    if one.weights and len(one.weights) != len(one.values):
        facts = {"values": len(one.values)}
        yield Problem("distribution_weights", f"{place}.weights", len(one.weights), facts)
    for weight in one.weights:
        if not (math.isfinite(weight) and weight > 0):
            yield Problem("distribution_positive", f"{place}.weights", weight, {"name": "weights"})

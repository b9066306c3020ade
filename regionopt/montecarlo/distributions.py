"""Distributions by name: their parameters, the rules these keep, and the inverse of the distribution function.

    uniform     low, high
    triangular  low, mode, high
    normal      mean, sd            [low, high]     cut off there and spread over what is left
    lognormal   median, sigma       [low, high]     sigma is the standard deviation of the logarithm
    discrete    values, weights

A draw is the inverse at a number in (0, 1): so every draw is known from that number alone, and correlation is a
matter of these numbers (`correlation`). Sources: Law, Simulation Modeling and Analysis (2015), 8.3 for the formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from regionopt.common.errors import Problem
from regionopt.sweep.flat import Array

_NORMAL = NormalDist()
Parameters = Mapping[str, float]


def from_normal(z: Array) -> Array:
    """The standard normal distribution function."""
    return np.fromiter(map(_NORMAL.cdf, z.ravel().tolist()), float, z.size).reshape(z.shape)


def to_normal(u: Array) -> Array:
    """Its inverse; `u` lies strictly between 0 and 1."""
    return np.fromiter(map(_NORMAL.inv_cdf, u.ravel().tolist()), float, u.size).reshape(u.shape)


def _uniform(p: Parameters, u: Array) -> Array:
    return p["low"] + u * (p["high"] - p["low"])


def _triangular(p: Parameters, u: Array) -> Array:
    low, mode, high = p["low"], p["mode"], p["high"]
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    return np.where(u * (high - low) < mode - low, rising, high - np.sqrt((1 - u) * (high - low) * (high - mode)))


def _normal(p: Parameters, u: Array) -> Array:
    return p["mean"] + p["sd"] * to_normal(_cut(u, *(_score(p, end, p["mean"], p["sd"]) for end in ("low", "high"))))


def _lognormal(p: Parameters, u: Array) -> Array:
    logs = {end: math.log(p[end]) if p[end] > 0 else -math.inf for end in ("low", "high") if end in p}
    middle = math.log(p["median"])
    return np.exp(
        middle + p["sigma"] * to_normal(_cut(u, *(_score(logs, e, middle, p["sigma"]) for e in ("low", "high"))))
    )


def _score(p: Parameters, end: str, mean: float, sd: float) -> float | None:
    """How much of the distribution lies below an end, None where nothing is cut off."""
    return _NORMAL.cdf((p[end] - mean) / sd) if end in p else None


def _cut(u: Array, below: float | None, upto: float | None) -> Array:
    """Numbers in (0, 1) brought into what is left between two ends."""
    low, high = below or 0.0, 1.0 if upto is None else upto
    tiny = 2.0**-54
    return np.clip(low + u * (high - low), tiny, 1 - 2.0**-53)


@dataclass(frozen=True)
class Kind:
    """A family of distributions: the parameters it must and may have, those that are no amounts, its inverse."""

    needs: tuple[str, ...]
    may: tuple[str, ...]
    bare: tuple[str, ...]
    inverse: Callable[[Parameters, Array], Array]


KINDS: Mapping[str, Kind] = {
    "uniform": Kind(("low", "high"), (), (), _uniform),
    "triangular": Kind(("low", "mode", "high"), (), (), _triangular),
    "normal": Kind(("mean", "sd"), ("low", "high"), (), _normal),
    "lognormal": Kind(("median", "sigma"), ("low", "high"), ("sigma",), _lognormal),
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

    def at(self, u: Array) -> Array:
        """The draws that belong to numbers in (0, 1)."""
        if self.kind != DISCRETE:
            return KINDS[self.kind].inverse(self.parameters, u)
        weights = np.array(self.weights or [1.0] * len(self.values))
        upto = np.cumsum(weights) / weights.sum()
        upto[-1] = 1.0
        drawn: Array = np.array(self.values)[np.searchsorted(upto, u, side="right").clip(max=len(self.values) - 1)]
        return drawn

    def problems(self, place: str) -> Iterator[Problem]:
        """Rules that the parameters break."""
        yield from _discrete_rules(place, self) if self.kind == DISCRETE else _rules(place, self.parameters)

    def told(self) -> str:
        """The distribution in one line, as after `--vary`."""
        if self.kind == DISCRETE:
            weights = self.weights or (1.0,) * len(self.values)
            return f"discrete:{','.join(f'{v:.12g}@{w:.12g}' for v, w in zip(self.values, weights, strict=True))}"
        return f"{self.kind}:{','.join(f'{value:.12g}' for value in self.parameters.values())}"


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

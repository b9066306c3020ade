"""The curve over the budget as the slider of a map follows it: numbers of the plan, what happens, why money is left.

From the first step of the slider to where nothing changes any more, but not above `MOST` times what the case and its
scenarios plan with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from regionopt.case.case import Case
from regionopt.common.decimals import digits
from regionopt.common.document import Bilingual
from regionopt.common.errors import InputError, Problem
from regionopt.common.instance import Instance
from regionopt.common.texts import Language, text
from regionopt.curves.breakpoints import Frontier, Part
from regionopt.curves.frontier import frontier
from regionopt.curves.frontier_told import left_out, subject
from regionopt.curves.presets import PATH, presets
from regionopt.curves.told import Key, tranche_name
from regionopt.curves.turns import Turn, turns
from regionopt.maps.classes import round_step
from regionopt.maps.companion import BudgetCurve, Preset, Turned
from regionopt.model.sums import ZERO
from regionopt.result.unspent import reason_of
from regionopt.solve.plan import Plan
from regionopt.telling.display import display_names

KINDS = ("regions", "output", "jobs")
"""What is told of regions (`told`), in the order of `companion.MEASURES`."""
STEPS = 1000
"""The slider has at most so many steps."""
MOST = 4
BEYOND = 1.02
"""The range goes a little past the last tranche, so that money is seen to be left."""
WORK = 60_000
"""Pieces on each side times tranches: what is followed within a few seconds. The built-in case needs 90 pieces."""
LEFT = 1e-7
"""What is less is not told: results have six decimals."""
CLOSE = Fraction(1, 10**6)
"""Breakpoints nearer than this part of a step are one: widths that are written in decimals end almost together."""


@dataclass(frozen=True)
class Joint:
    """A breakpoint: every number there, and what happens."""

    at: Fraction
    numbers: tuple[float, ...]
    unspent: bool
    turns: tuple[Turn, ...]


def budget_curve(case: Case, pieces: int | None = None) -> BudgetCurve:
    """The curve of a case over its budget; at most `pieces` on each side of the case's own.

    Raises InputError where no curve can be followed (whole numbers, a stage that gives something away).
    """
    known, elsewhere = presets(case)
    low, high, step = _range(case.instance, known)
    most = pieces or WORK // len(case.instance.tranches) + 10
    found = frontier(case, PATH, low, high, most)
    joints = _joints(found, Fraction(step) * CLOSE)
    if found.bent or len(joints) < 2:
        raise InputError([Problem("curve_no_slider", PATH)])
    happens, names = _happens(found, joints)
    at = [joint.at for joint in joints]
    return BudgetCurve(
        step=step,
        at=tuple(float(value) for value in at),
        steps=tuple(_steps(joints)),
        happens=happens,
        names=names,
        unspent_at=tuple(_unspent(found, joint.at) if joint.unspent else None for joint in joints),
        unspent_after=tuple(
            _unspent(found, (one.at + other.at) / 2) if one.unspent or other.unspent else None
            for one, other in pairwise(joints)
        ),
        presets=tuple(preset for preset in known if at[0] <= preset.at <= at[-1]),
        elsewhere=elsewhere,
        notes=tuple(_notes(found, most)),
    )


def _range(instance: Instance, known: Sequence[Preset]) -> tuple[float, float, float]:
    """From where to where the slider goes, and its step."""
    planned = max(preset.at for preset in known)
    full = BEYOND * sum(tranche.width for tranche in instance.tranches)
    end = max(min(full, MOST * planned), planned)
    step = round_step(end / STEPS)
    return step, step * math.ceil(end / step), step


def _joints(found: Frontier, close: Fraction) -> list[Joint]:
    joints: list[Joint] = []
    now: dict[Key, Fraction] = {}
    sums = list(_followed(found.case))
    counted = {key for keys in sums for key in keys}
    regions = len(found.case.instance.regions)
    for point, happens in zip(found.points, turns(found), strict=True):
        now |= {key: point.changes[key] for key in counted & point.changes.keys()}
        before: tuple[Turn, ...] = ()
        if joints and point.at - joints[-1].at < close:
            before = joints.pop().turns
        numbers = tuple(digits(sum((now[key] for key in keys), ZERO)) or 0.0 for keys in sums)
        unspent = float(point.at) - math.fsum(numbers[:regions]) > LEFT
        joints.append(Joint(point.at, numbers, unspent, tuple(dict.fromkeys((*before, *happens)))))
    return joints


def _followed(case: Case) -> Iterator[Sequence[Key]]:
    """The numbers of a breakpoint in the order of `companion.BudgetCurve`, each as what of `told` adds up to it."""
    instance = case.instance
    for kind in KINDS:
        yield from ([(kind, region)] for region in instance.regions)
    for group in instance.groups:
        if case.document.groups[group.id].empty is None:
            yield [("programmes", f"{region}.{programme}") for region, programme in group.programmes]
    for target in instance.targets:
        if target.kind or target.period:
            yield [("reached", ",".join(target.key))]


def _steps(joints: Sequence[Joint]) -> Iterator[tuple[float, ...]]:
    """Number and value in turn, of what differs from the breakpoint before."""
    before: Sequence[float | None] = [None] * len(joints[0].numbers)
    for joint in joints:
        pairs = enumerate(zip(before, joint.numbers, strict=True))
        yield tuple(part for number, (was, value) in pairs if was != value for part in (number, value))
        before = joint.numbers


def _happens(
    found: Frontier, joints: Sequence[Joint]
) -> tuple[tuple[tuple[Turned, ...], ...], tuple[Bilingual, ...]]:
    """What happens at each breakpoint, and the names that are spoken of, each once."""
    zh, en = display_names(found.case, "zh-TW"), display_names(found.case, "en")
    names: dict[Bilingual, int] = {}
    happens = []
    for joint in joints:
        told = []
        for turn in joint.turns:
            name = Bilingual(zh=subject(found, turn, zh, "zh-TW"), en=subject(found, turn, en, "en"))
            told.append(Turned(event=turn.event, name=names.setdefault(name, len(names)) if turn.name else None))
        happens.append(tuple(told))
    return tuple(happens), tuple(names)


def _unspent(found: Frontier, at: Fraction) -> str | None:
    """Why money is left at a budget, None where none is."""
    reading = found.at(at)
    instance = replace(found.case.instance, budget=float(at))
    spent = sum(reading.regions.values(), Fraction(0))
    if round(at - spent, 6) <= 0:
        return None
    plan = Plan(
        spend={t.key: reading.tranches[tranche_name(t)] for t in instance.tranches},
        allocated=reading.regions,
        gained={(metric, r): getattr(reading, metric)[r] for metric in ("output", "jobs") for r in instance.regions},
        reached={}, opened={}, count={}, raised={}, spent=spent,
    )  # fmt: skip
    return reason_of(instance, plan)


def _notes(found: Frontier, most: int) -> Iterator[Bilingual]:
    """What of the range the curve does not cover."""
    for part in found.parts:
        if part.status != "optimal":
            yield Bilingual(zh=_note(found, part, most, "zh-TW"), en=_note(found, part, most, "en"))


def _note(found: Frontier, part: Part, most: int, language: Language) -> str:
    if part.status != "unseen":
        return left_out(found, part, most, language)
    facts = {"low": f"{part.low:.10g}", "high": f"{part.high:.10g}", "unit": found.unit, "most": most}
    return text("frontier.unseen_map", language, **facts)

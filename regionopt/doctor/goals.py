"""The nearest plan when must-targets become goals: how much of them has to be given up.

First the worst shortfall among the former must-targets is as small as possible, then their sum, then the worst
shortfall of all targets: what was demanded comes as near as it can before anything else counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.common.instance import Instance, Target
from regionopt.model.model import build
from regionopt.model.program import Program, Row
from regionopt.model.translate import to_program
from regionopt.solve.optimum import optimal_face
from regionopt.solve.questions import Questions

# What a step leaves to the next, relative: a plan is looked for, not a certificate of its last digit.
GIVE_AWAY = 1e-9
MISSED = 1e-8


@dataclass(frozen=True)
class Nearest:
    """Worst relative shortfall of the former must-targets and of all targets, and what each misses of its target."""

    worst_must: Fraction
    worst: Fraction
    missed: tuple[tuple[Target, Fraction], ...]


def nearest(instance: Instance, ask: Questions) -> Nearest | None:
    """The nearest plan; None where the limits clash without any must-target. Raises LimitError."""
    musts = [target for target in instance.targets if target.must]
    goals = replace(instance, targets=tuple(replace(t, must=False) for t in instance.targets), stages=())
    program = _with_worst(to_program(build(goals).problem), musts)
    position = {name: j for j, name in enumerate(program.columns)}
    short = {target.key: position[target.column] for target in instance.targets}
    x: Sequence[Fraction] = ()
    stages = ([position["worst_must"]], [short[target.key] for target in musts], [position["worst"]])
    for k, columns in enumerate(stages, start=1):
        costs = [1.0 if j in columns else 0.0 for j in range(len(program.columns))]
        if (found := ask.least(program, "nearest", costs)) is None:
            return None
        x = found.corner.x
        if program.integers:
            most = float(found.value) + GIVE_AWAY * max(1.0, abs(float(found.value)))
            program = program.with_row(Row(f"hold[nearest,{k}]", tuple((j, 1.0) for j in columns), -math.inf, most))
        else:
            program = optimal_face(program, found)
    missed = tuple((t, x[short[t.key]]) for t in musts if x[short[t.key]] > MISSED)
    return Nearest(x[position["worst_must"]], x[position["worst"]], missed)


def _with_worst(program: Program, musts: list[Target]) -> Program:
    """Two more columns: the worst shortfall of some targets, and of all."""
    names = {target.column for target in musts}
    first = len(program.columns)
    rows = [
        Row(f"{worst}[{name}]", ((first + k, 1.0), (j, -1.0)), 0.0, math.inf)
        for k, worst in enumerate(("worst_must", "worst"))
        for j, name in enumerate(program.columns)
        if name in names or (k and name.startswith("shortfall["))
    ]
    return replace(
        program,
        columns=(*program.columns, "worst_must", "worst"),
        lower=(*program.lower, 0.0, 0.0),
        upper=(*program.upper, 1.0, 1.0),
        rows=(*program.rows, *rows),
    )

"""The returns of a case as numbers that may be wrong: each programme's return of a metric, all tranches together, or
each tranche on its own; and what a relative change of one does to the program.

A stage that counts a metric is written as a row, so that its coefficients can be followed like those of a target:

    total[m]   Σ e[m,r,p,k] · x[r,p,k] - total ≥ 0          and the stage maximises `total`
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from regionopt.common.instance import METRICS, Instance, Tranche
from regionopt.curves.posed import Posed
from regionopt.doctor.levers import effect_of
from regionopt.explain.shift import Shift
from regionopt.model.program import Program, Row
from regionopt.solve.vertex import Costs

# A power of two, so that hardly anything is rounded.
STEP = 2.0**-7
# Up to so many times as much is looked at.
MOST = 10.0
# A total is bounded only so that its size is known: far above any plan.
ROOM = 2.0**10


@dataclass(frozen=True)
class Coefficient:
    """The return of a metric of a programme: all tranches (`tranche` 0), or one. `value` is that of the first of
    them; relative changes between `lowest` and `highest` are looked at."""

    metric: str
    region: str
    programme: str
    tranche: int
    value: float
    lowest: float = -1.0
    highest: float = MOST - 1

    @property
    def path(self) -> str:
        """As `--set` names it; scaled, for all tranches."""
        return f"returns.{self.metric}.{self.region}.{self.programme}.{self.tranche or '*'}"

    def scaled(self, instance: Instance, change: float) -> Instance:
        """The case with the coefficient changed by this part of it."""
        return replace(instance, tranches=tuple(self._one(t, change) for t in instance.tranches))

    def _one(self, t: Tranche, change: float) -> Tranche:
        if (t.region, t.programme) != (self.region, self.programme) or self.tranche not in (0, t.tranche):
            return t
        return replace(t, returns={**t.returns, self.metric: t.returns[self.metric] * (1 + change)})


def coefficients(instance: Instance, detail: bool) -> Iterator[Coefficient]:
    """Every return that is not 0, in written order: of programmes, or of single tranches.

    A single tranche stays between its neighbours: returns of a case never rise from one to the next.
    """
    found: dict[tuple[str, str], dict[int, Tranche]] = {}
    for t in instance.tranches:
        found.setdefault((t.region, t.programme), {}).setdefault(t.tranche, t)
    for (region, programme), tranches in found.items():
        for metric in METRICS:
            returns = [tranches[k].returns[metric] for k in sorted(tranches)]
            if not detail and any(returns):
                yield Coefficient(metric, region, programme, 0, returns[0])
            for k, value in enumerate(returns, 1) if detail else ():
                if value:
                    after = returns[k] if k < len(returns) else 0.0
                    highest = returns[k - 2] / value - 1 if k > 1 else MOST - 1
                    yield Coefficient(metric, region, programme, k, value, after / value - 1, min(highest, MOST - 1))


def totalled(instance: Instance) -> tuple[Program, tuple[Costs, ...]]:
    """The program of all stages, with a row for each metric that is one, and the costs in order of rank."""
    posed = Posed(instance)
    program, costs = posed.program, list[Costs](posed.costs)
    counted = [(k, stage.name) for k, stage in enumerate(posed.model.stages) if stage.name in METRICS]
    first = len(program.columns)
    rows, most = list(program.rows), []
    for n, (k, name) in enumerate(counted):
        terms = tuple((j, -c) for j, c in enumerate(costs[k]) if c)
        rows.append(Row(f"total[{name}]", (*terms, (first + n, -1.0)), 0.0, math.inf))
        most.append(ROOM * sum(abs(a) * program.upper[j] for j, a in terms) or 1.0)
        costs[k] = [0.0] * first
    wider = [[*cost, *([0.0] * len(counted))] for cost in costs]
    for n, (k, _) in enumerate(counted):
        wider[k][first + n] = -1.0
    return replace(
        program,
        columns=(*program.columns, *(f"total[{name}]" for _, name in counted)),
        lower=(*program.lower, *([0.0] * len(counted))),
        upper=(*program.upper, *most),
        rows=tuple(rows),
    ), tuple(map(tuple, wider))


@dataclass(frozen=True)
class Several:
    """A coefficient that stands in several rows, or in costs: what it does is no single shift."""


def shift_of(
    instance: Instance, program: Program, costs: tuple[Costs, ...], one: Coefficient
) -> Shift | Several | None:
    """What a relative change of 1 does; None where it does nothing."""
    after, costs_after = totalled(one.scaled(instance, STEP))
    # The bound of a total only says how large it can be.
    after = replace(after, upper=program.upper)
    effect = effect_of(program, after, STEP)
    if effect is None or costs_after != costs or effect.rows or effect.columns or len(effect.terms) > 1:
        return Several()
    for row, terms in effect.terms.items():
        return Shift(row=row, terms={j: Fraction(a) for j, a in terms})
    return None

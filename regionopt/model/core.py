"""The linear program under construction: its columns by what they mean, and the sums that its rows are made of.

    X[r]          = Σ x[r,p,k] + fixed costs of the platforms opened in r       what a region receives
    returned[m,r] = Σ e[m,r,p,k] · survived · (x + raised)                      what its programmes bring
    gained[m,r]   = Σ_q σ[m,q,r] · returned[m,q]                                what arises in it (σ: spillovers)

Names use round brackets inside PuLP, which silently rewrites square ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from pulp import LpAffineExpression, LpConstraint, LpContinuous, LpProblem, LpVariable, lpSum

from regionopt.common.instance import Instance, Platform, SpendKey, Target, Tranche

Money: TypeAlias = "float | LpVariable | LpAffineExpression"


@dataclass(frozen=True)
class Stage:
    """One objective: `sense` is 1 to minimise, -1 to maximise. `reported` names the stage it is a step of."""

    name: str
    sense: int
    expression: LpAffineExpression


@dataclass(frozen=True)
class Model:
    """PuLP's problem, and its columns by what they mean. Components add rows and columns to it."""

    instance: Instance
    problem: LpProblem
    budget: Money
    spend: dict[SpendKey, LpVariable] = field(default_factory=dict)
    shortfall: dict[tuple[str, ...], LpVariable] = field(default_factory=dict)
    opened: dict[str, LpVariable] = field(default_factory=dict)
    raised: dict[tuple[str, SpendKey], LpVariable] = field(default_factory=dict)
    count: dict[str, LpVariable] = field(default_factory=dict)
    counted: dict[tuple[str, str, str], LpVariable] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    _known: dict[tuple[str | None, ...], LpAffineExpression] = field(default_factory=dict)

    def row(self, constraint: LpConstraint, *name: str) -> None:
        """Add a named row. It owns its terms: sums are written once and shared, and PuLP takes them as they are."""
        if any(constraint.expr is shared for shared in self._known.values()):
            constraint.expr = constraint.expr.copy()
        self.problem.add(constraint, label(*name))

    def column(
        self, *name: object, lower: float = 0, upper: float | None = None, kind: str = LpContinuous
    ) -> LpVariable:
        """Add a named column, at least 0."""
        return self.problem.add_variable(label(*name), lower, upper, kind)

    def money(self, tranches: Iterable[Tranche]) -> LpAffineExpression:
        """What is put into these tranches."""
        return LpAffineExpression([(self.spend[t.key], 1) for t in tranches])

    def opening(self, platforms: Iterable[Platform]) -> LpAffineExpression:
        """What opening these platforms costs."""
        return lpSum(platform.cost * self.opened[platform.id] for platform in platforms)

    def fixed_costs(self) -> LpAffineExpression:
        """What all platforms and measures cost."""
        measures = lpSum(measure.cost * self.count[measure.id] for measure in self.instance.measures)
        return self.opening(self.instance.platforms) + measures

    def allocation(self, region: str) -> LpAffineExpression:
        """X[r], the money a region receives."""
        if (region,) not in self._known:
            opening = self.opening(p for p in self.instance.platforms if p.region == region)
            self._known[region,] = self.money(self.instance.some(region)) + opening
        return self._known[region,]

    def spent(self) -> LpAffineExpression:
        """All money that leaves the budget: programmes, platforms, measures."""
        return LpAffineExpression([(column, 1) for column in self.spend.values()]) + self.fixed_costs()

    def gained(self, metric: str, region: str | None = None, period: str = "") -> LpAffineExpression:
        """What arises of a metric in a region, or in all, by the end of a period (empty: of the last)."""
        key = metric, region, period
        if key not in self._known:
            self._known[key] = self._gained(metric, region, period)
        return self._known[key]

    def _gained(self, metric: str, region: str | None, period: str) -> LpAffineExpression:
        shares = self.instance.spillovers.get(metric)
        if not shares:
            return self.returned(metric, region, period)
        return lpSum(
            share * self.returned(metric, origin, period)
            for (origin, target), share in shares.items()
            if region in (None, target)
        )

    def reached(self, target: Target) -> LpAffineExpression:
        """What a target is measured by: the gain of its region, or a weighted sum over regions."""
        if target.over is None:
            return self.gained(target.metric, target.region, target.period)
        gains = (w * self.gained(target.metric, region, target.period) for region, w in target.over.items())
        return lpSum(gains)

    def returned(self, metric: str, region: str | None = None, period: str = "") -> LpAffineExpression:
        """What the programmes of a region, or of all, bring of a metric, wherever it arises."""
        if not self.counted or self.instance.periods is None:
            return self.brought(metric, region, period)
        end = period or self.instance.periods.periods[-1].id
        columns = self.counted.items()
        return lpSum(c for (m, r, until), c in columns if m == metric and region in (None, r) and until == end)

    def brought(self, metric: str, region: str | None, period: str = "", year: str = "") -> LpAffineExpression:
        """The same sum from the money itself; of one year's money, as it is at first, where a `year` is given."""
        terms, left = [], survival(self.instance, period)
        for t in self.instance.some(region, year):
            gain = t.returns[metric] * (1.0 if year else left[t.period])
            terms.append((self.spend[t.key], gain))
            for platform in self.instance.platforms:
                if (platform.id, t.key) in self.raised:
                    raised = platform.raises[t.region, t.programme]
                    terms.append((self.raised[platform.id, t.key], gain * raised))
        return LpAffineExpression([(column, gain) for column, gain in terms if gain])


def survival(instance: Instance, until: str = "") -> dict[str, float]:
    """How much of a return counts at the end of a period, by the period of its money (empty without periods)."""
    if instance.periods is None:
        return {"": 1.0}
    return {year.id: survived(instance, year.id, until) for year in instance.periods.periods}


def survived(instance: Instance, spent_in: str, until: str = "") -> float:
    """How much of a return counts at the end of a period: nothing before the lag, then less each year."""
    periods = instance.periods
    if periods is None:
        return 1.0
    years = periods.order[until or periods.periods[-1].id] - periods.order[spent_in] - periods.lag
    return float(periods.survival**years) if years >= 0 else 0.0


def label(kind: object, *index: object) -> str:
    """`reach`, `jobs`, `east` → `reach(jobs,east)`."""
    return f"{kind}({','.join(map(str, index))})" if index else str(kind)

"""A plan read from an exact corner through the same sums that the rows of the program are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from regionopt.common.instance import METRICS, SpendKey
from regionopt.model.core import Model
from regionopt.model.translate import value


@dataclass(frozen=True)
class Plan:
    """Money by tranche and by region, what arises by metric and region, what each target is measured by.

    `opened` and `count` are the whole numbers of platforms and measures, `raised` is the money by platform and
    tranche whose return a platform raises; `spent` is all that leaves the budget.
    """

    spend: Mapping[SpendKey, Fraction]
    allocated: Mapping[str, Fraction]
    gained: Mapping[tuple[str, str], Fraction]
    reached: Mapping[tuple[str, ...], Fraction]
    opened: Mapping[str, int]
    count: Mapping[str, int]
    raised: Mapping[tuple[str, SpendKey], Fraction]
    spent: Fraction


def read(model: Model, x: Mapping[int, Fraction]) -> Plan:
    """The plan at exact column values, `x` by the `id` of PuLP's columns; a column that stands in no row is at its
    lower bound."""
    instance = model.instance
    whole = (*model.opened.values(), *model.count.values(), *model.raised.values())
    x = {id(column): Fraction(column.lowBound) for column in whole} | dict(x)
    spent = {column: amount for column, amount in x.items() if amount}
    gained = {(m, region): value(model.gained(m, region), spent) for m in METRICS for region in instance.regions}
    own = {t.key: gained[t.metric, t.region] for t in instance.targets if t.over is None and not t.period}
    return Plan(
        spend={key: x[id(column)] for key, column in model.spend.items()},
        allocated={region: value(model.allocation(region), spent) for region in instance.regions},
        gained=gained,
        reached={t.key: own[t.key] if t.key in own else value(model.reached(t), spent) for t in instance.targets},
        opened={platform: int(x[id(column)]) for platform, column in model.opened.items()},
        count={measure: int(x[id(column)]) for measure, column in model.count.items()},
        raised={key: x[id(column)] for key, column in model.raised.items()},
        spent=value(model.spent(), spent),
    )

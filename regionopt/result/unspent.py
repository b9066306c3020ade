"""Why money is left: the limit that keeps it, of the whole budget and of each year, as a code of `texts.toml`.

A tranche is open where it has room. Where a limit stops every open tranche, that limit is the reason; where some
tranche could still be funded, it is what that money would bring, or what the case does not want it for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from regionopt.common.decimals import MET
from regionopt.common.instance import Absorption, Instance, Tranche
from regionopt.model.core import survived
from regionopt.result.result import Result
from regionopt.solve.plan import Plan

# The reason that is told where several limits stop what is open.
ORDER = ("absorption", "own_budgets", "group_ceiling", "nothing_left_to_fund")
_SIGNS = {"<=": (1,), ">=": (-1,), "=": ()}


@dataclass(frozen=True)
class Year:
    """A year's money: its envelope, what it carried over, what it spent, what was left and why."""

    id: str
    budget: Fraction
    carried: Fraction
    spent: Fraction
    unspent: Fraction
    reason: str | None


def unspent_reason(result: Result) -> str | None:
    """Why money is left, None when none is left; over years, the reason of the year that loses most."""
    return None if result.plan is None else reason_of(result.case.instance, result.plan)


def reason_of(instance: Instance, plan: Plan) -> str | None:
    """The same of a plan for the numbers of a case."""
    left = Fraction(instance.budget) - plan.spent
    if round(left, 6) <= 0:
        return None
    if left <= _slack(instance):
        return "give_away"
    if instance.periods is None:
        return _reason(instance, plan, "")
    last, kept = instance.periods.periods[-1].id, Fraction(instance.periods.carry_over)
    return max(_years(instance, plan), key=lambda year: year.unspent * (1 if year.id == last else 1 - kept)).reason


def years(result: Result) -> Iterator[Year]:
    """What became of each year's money; nothing without years or without a plan."""
    if result.plan is not None:
        yield from _years(result.case.instance, result.plan)


def _years(instance: Instance, plan: Plan) -> Iterator[Year]:
    periods = instance.periods
    if periods is None:
        return
    rest = Fraction(instance.budget) - sum(Fraction(period.fixed) for period in periods.periods)
    steady = (plan.spent - sum(plan.spend.values())) / len(periods.periods)
    carried = Fraction(0)
    for period in periods.periods:
        budget = Fraction(period.fixed) + Fraction(period.share) * rest
        spent = steady + sum(plan.spend[t.key] for t in instance.tranches if t.period == period.id)
        unspent, reason = budget + carried - spent, None
        if unspent > _slack(instance):
            executed = periods.execution_rate < 1
            full = executed and spent >= Fraction(periods.execution_rate) * (budget + carried) - _slack(instance)
            reason = "execution_rate" if full else _reason(instance, plan, period.id)
        yield Year(period.id, budget, carried, spent, unspent, reason)
        carried = Fraction(periods.carry_over) * max(Fraction(0), unspent)


def _slack(instance: Instance) -> Fraction:
    return Fraction(instance.budget) * MET


def _reason(instance: Instance, plan: Plan, period: str) -> str:
    """What keeps money of a year (empty: of the whole budget)."""
    locked = {key for p in instance.platforms if not plan.opened[p.id] for key in p.unlocks}
    room = [
        t
        for t in instance.tranches
        if period in ("", t.period)
        and (t.region, t.programme) not in locked
        and Fraction(t.width) - plan.spend[t.key] > _slack(instance)
    ]
    stops = {t.key: _stop(instance, plan, t) for t in room}
    if None not in stops.values():
        return min((stop for stop in stops.values() if stop), key=ORDER.index, default="nothing_left_to_fund")
    return _unwanted(instance, plan, [t for t in room if stops[t.key] is None], period)


def _unwanted(instance: Instance, plan: Plan, free: list[Tranche], period: str) -> str:
    """Why what could be funded is not."""
    periods = instance.periods
    if periods is not None and not any(survived(instance, t.period) for t in free):
        return "too_late"
    if periods is not None and periods.carry_over and period not in ("", periods.periods[-1].id):
        return "carried_over"
    if _unequal(instance, plan):
        return "equity"
    if any(_tight(instance, plan, k) for k in range(len(instance.rules))):
        return "rule"
    return "spend_stage" if "spend" in instance.stages else "no_stage_gains"


def _stop(instance: Instance, plan: Plan, t: Tranche) -> str | None:
    """The limit that lets no more money into a tranche, None when there is none."""
    slack, pair = _slack(instance), (t.region, t.programme)
    for limit in instance.limits:
        ceiling = limit.ceiling(instance.budget)
        if limit.region == t.region and ceiling is not None and plan.allocated[t.region] >= Fraction(ceiling) - slack:
            return "nothing_left_to_fund"
    for group in instance.groups:
        ceiling = group.limit.ceiling(instance.budget)
        if (
            pair in group.programmes
            and ceiling is not None
            and group_money(plan, group.programmes) >= ceiling - slack
        ):
            return "group_ceiling"
    if _no_fund(instance, plan, pair):
        return "own_budgets"
    limits = instance.periods.absorption if instance.periods else ()
    return "absorption" if any(_absorbed(instance, plan, limit, t) for limit in limits) else None


def group_money(plan: Plan, programmes: frozenset[tuple[str, str]]) -> Fraction:
    """What a set of programmes receives."""
    return sum((x for key, x in plan.spend.items() if (key[0], key[1]) in programmes), Fraction(0))


def _no_fund(instance: Instance, plan: Plan, pair: tuple[str, str]) -> bool:
    """Whether neither the general budget nor an own one has money left for a programme."""
    funds = [(group, Fraction(group.own_budget)) for group in instance.groups if group.own_budget is not None]
    left = {group.id: max(Fraction(0), own - group_money(plan, group.programmes)) for group, own in funds}
    general = Fraction(instance.budget) - plan.spent - sum(left.values())
    own = sum(left[group.id] for group, _ in funds if pair in group.programmes)
    return bool(funds) and max(general, own) <= _slack(instance)


def _absorbed(instance: Instance, plan: Plan, limit: Absorption, t: Tranche) -> bool:
    """Whether a region or programme spends all it can in the year of a tranche."""
    if instance.periods is None or limit.region != t.region or limit.programme not in (None, t.programme):
        return False
    k = instance.periods.order[t.period]
    most = limit.start
    if k:
        before = instance.periods.periods[k - 1].id
        most = None if limit.growth is None else limit.growth * float(_absorbing(plan, limit, before))
    return most is not None and _absorbing(plan, limit, t.period) >= Fraction(most) - _slack(instance)


def _absorbing(plan: Plan, limit: Absorption, period: str) -> Fraction:
    """What the region or programme of a limit spends in a year."""
    money = Fraction(0)
    for (region, programme, *_, year), x in plan.spend.items():
        if year == period and region == limit.region and limit.programme in (None, programme):
            money += x
    return money


def _unequal(instance: Instance, plan: Plan) -> bool:
    """Whether a limit between regions is reached."""
    equity = instance.equity
    if equity is None:
        return False
    heads = [float(plan.allocated[region]) / equity.heads[region] for region in instance.regions]
    gaps = [abs(a - b) for k, a in enumerate(heads) for b in heads[:k]]
    near = 1 - 1e-6
    apart = equity.ratio is not None and max(heads) >= equity.ratio * min(heads) * near
    return apart or bool(
        equity.mean_difference is not None and gaps and sum(gaps) / len(gaps) >= equity.mean_difference * near
    )


def _tight(instance: Instance, plan: Plan, k: int) -> bool:
    """Whether a rule of the planner's own leaves no room."""
    rule = instance.rules[k]
    left = sum((Fraction(c) * plan.spend[key] for c, keys in rule.terms for key in keys), Fraction(0))
    return all(sign * (Fraction(rule.value) - left) <= _slack(instance) for sign in _SIGNS[rule.sense])

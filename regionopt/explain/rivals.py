"""Benchmark plans beside the plan: simple ways to divide the money, each then spent as well as it can be.

Pro rata by population, pro rata by employed residents, equal parts, the reference plan. Each fixes what the
programmes of a region may spend; inside that, the stages of the case choose the programmes:

    amount[r]     Σ x[r,p,k] ≤ A[r]          first as much of it is spent as can be, then the stages in order

Widths, envelopes of years and execution rates are kept: money that cannot be spent stays unspent. Every other limit
may be broken, and is told with the amount, which is the least that this division allows. Platforms and measures stay
as the plan has them; what they cost is taken off the budget (and off the reference plan, in proportion) before it
is divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from pulp import LpAffineExpression, lpSum

from regionopt.case.compute import shares
from regionopt.common.document import Status
from regionopt.common.errors import InputError, Problem, ToolError
from regionopt.common.instance import METRICS
from regionopt.explain.warm import Again, Loaded, load, solve_again
from regionopt.model.core import Model, Stage
from regionopt.model.program import Program
from regionopt.model.translate import plain
from regionopt.result.result import Result, Row
from regionopt.solve.optimum import optimal_face, optimise
from regionopt.solve.plan import Plan

PRO_RATA = ("population", "employed_residents", "equal")
RIVALS = (*PRO_RATA, "reference")
# Kinds of rows that a benchmark may break; a target that must be met is told as its `reach` row.
LIMITS = frozenset(
    {
        "floor", "floor_share", "ceiling", "ceiling_share", "group_floor", "group_floor_share", "group_ceiling",
        "group_ceiling_share", "general", "ratio", "mean_difference", "rule", "share", "absorption_start",
        "absorption_growth",
    }
)  # fmt: skip
# A limit broken by less than this part of the budget is kept.
BROKEN = Fraction(1, 10**9)


@dataclass(frozen=True)
class Rival:
    """A benchmark plan: the money each region's programmes were given, its plan, the limits it breaks (row: amount).

    Amounts are in the unit of the limit: money, money per head, the metric of a target or of a share.
    """

    name: str
    amounts: Mapping[str, Fraction]
    plan: Plan
    broken: Mapping[str, Fraction]


def rivals(result: Result) -> tuple[Rival, ...]:
    """The plan itself as the first, then every benchmark that the data of the case allow; none without a plan."""
    if result.plan is None:
        return ()
    own = Rival("plan", result.plan.allocated, result.plan, {})
    asked = {name: amounts for name in RIVALS if (amounts := _amounts(result, name))}
    made: dict[str, Rival] = {}
    for name, amounts in asked.items():
        same = next((other for other in made if asked[other] == amounts), None)
        made[name] = replace(made[same], name=name) if same else _rival(result, name, amounts)
    return (own, *made.values())


def missing(result: Result) -> tuple[str, ...]:
    """The benchmarks that cannot be made, since the case has no such data."""
    return tuple(name for name in RIVALS if not _amounts(result, name))


def _amounts(result: Result, name: str) -> dict[str, float]:
    """What the programmes of each region get; empty where the data are missing."""
    instance, computed, plan = result.case.instance, result.case.resolved.computed, result.plan
    assert plan is not None
    money = instance.budget - sum(p.cost * plan.opened[p.id] for p in instance.platforms)
    money -= sum(measure.cost * plan.count[measure.id] for measure in instance.measures)
    if name == "reference":
        if any(f"reference.{region}" not in computed for region in instance.regions):
            return {}
        scale = 1.0 if money == instance.budget else money / instance.budget
        return {region: instance.reference[region] * scale for region in instance.regions}
    parts = _parts(result, name)
    whole = sum(parts.values())
    return {region: money * part / whole for region, part in parts.items()} if whole else {}


def _parts(result: Result, name: str) -> dict[str, float]:
    """What the money is divided in proportion to; empty where a region has no such number."""
    regions, computed = result.case.instance.regions, result.case.resolved.computed
    if name == "population":
        known = {r: computed[f"population.{r}"].value for r in regions if f"population.{r}" in computed}
        return known if len(known) == len(regions) else {}
    try:
        return {r: share.value for r, share in shares(result.case.resolved.context, name, name).items()}
    except InputError:
        return {}


def _rival(result: Result, name: str, amounts: Mapping[str, float]) -> Rival:
    loaded = load(result, partial(_divided, amounts=amounts))
    program = _may_miss(loaded)
    program = _all_spent(loaded, program)
    over = [c for c in loaded.model.problem.variables() if c.name.startswith(("over(", "under("))]
    least = (Stage("broken", 1, lpSum(over)),) if over else ()
    found = solve_again(loaded, program, least)
    if isinstance(found, Status):
        raise ToolError([Problem("solver_failed", loaded.engine.name, found.value)])
    told = _broken(loaded, found)
    return Rival(name, {region: Fraction(amount) for region, amount in amounts.items()}, found.plan, told)


def _broken(loaded: Loaded, found: Again) -> dict[str, Fraction]:
    """By how much each limit is broken, in the order of the program; an equality from either side."""
    x, broken = found.optima[-1].corner.x, dict.fromkeys((row.name for row in loaded.program.rows), Fraction(0))
    for column, j in loaded.position.items():
        kind, _, row = column.partition("[")
        if kind in ("over", "under"):
            broken[row[:-1]] += x[j]
    for target in loaded.instance.targets:
        if target.must:
            short = max(Fraction(0), 1 - found.plan.reached[target.key] / Fraction(target.target))
            broken[target.row] = short * Fraction(target.target)
    least = BROKEN * Fraction(loaded.instance.budget)
    return {row: amount for row, amount in broken.items() if amount > least}


def _divided(model: Model, amounts: Mapping[str, float]) -> None:
    """The amounts as rows, and a column for each limit that says by how much it is broken."""
    for constraint in model.problem.constraints():
        short = constraint.name == "budget" and sum(amounts.values()) > model.instance.budget * (1 + float(BROKEN))
        if short or constraint.name.partition("(")[0] in LIMITS:
            if constraint.sense <= 0:
                constraint.addInPlace(-1 * model.column("over", constraint.name))
            if constraint.sense >= 0:
                constraint.addInPlace(1 * model.column("under", constraint.name))
    for region, amount in amounts.items():
        money = _programmes(model, region)
        if money:
            model.row(money <= amount, "amount", region)


def _programmes(model: Model, region: str) -> LpAffineExpression:
    return model.money(t for t in model.instance.tranches if t.region == region)


def _may_miss(loaded: Loaded) -> Program:
    """The program in which every target may be missed."""
    upper = list(loaded.program.upper)
    for column in loaded.model.shortfall.values():
        upper[loaded.position[plain(column.name)]] = 1.0
    return replace(loaded.program, upper=tuple(upper))


def _all_spent(loaded: Loaded, program: Program) -> Program:
    """The plans that spend as much of the amounts as can be, exactly."""
    costs = loaded.costs(lpSum(loaded.model.spend.values()), -1)
    found = optimise(loaded.engine, program, "amounts", costs)
    if isinstance(found, Status):
        raise ToolError([Problem("solver_failed", loaded.engine.name, found.value)])
    return optimal_face(program, found)


def rival_rows(result: Result, found: tuple[Rival, ...]) -> Iterator[Row]:
    """Rows of `benchmarks.csv`: each benchmark as a whole (`region` empty), then by region.

    `benchmark, region, amount, spent, unspent, output, jobs, worst_shortfall, total_shortfall, limits_broken`
    """
    for rival in found:
        for region in ("", *result.case.instance.regions):
            yield _row(result, rival, region)


def _row(result: Result, rival: Rival, region: str) -> Row:
    regions, budget = result.case.instance.regions, Fraction(result.case.instance.budget)
    among = (region,) if region else regions
    amount = sum((rival.amounts[r] for r in among), Fraction(0))
    spent = rival.plan.allocated[region] if region else rival.plan.spent
    worst, total = shortfalls(result, rival.plan, region)
    gained = {m: sum((rival.plan.gained[m, r] for r in among), Fraction(0)) for m in METRICS}
    return {
        "benchmark": rival.name,
        "region": region,
        "amount": amount,
        "spent": spent,
        "unspent": None if region else budget - spent,
        **gained,
        "worst_shortfall": worst,
        "total_shortfall": total,
        "limits_broken": None if region else "; ".join(f"{row} {float(n):.6f}" for row, n in rival.broken.items()),
    }


def shortfalls(result: Result, plan: Plan, region: str = "") -> tuple[Fraction | None, Fraction | None]:
    """The largest relative shortfall and their weighted sum, of one region or of all; None without a target."""
    weights = result.case.instance.weights
    short = [
        (max(Fraction(0), 1 - plan.reached[t.key] / Fraction(t.target)), Fraction(weights[t.metric]))
        for t in result.case.instance.targets
        if region in ("", t.region)
    ]
    if not short:
        return None, None
    return max(s for s, _ in short), sum((weight * s for s, weight in short), Fraction(0))

"""Random cases with all linear components at once: years, groups, equity, rules, growth, shares, spillovers, limits.

The other formulation is written from the formulas with scipy alone: coefficients by name, every year and every pair
of regions by itself, no column for what the program calls `high`, `low`, `arising` or `counted`. Values of all stages
must agree; every kind of row that is left out or turned round must be noticed by some of the cases.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from cases import aim, bound, case, fund, group, yearly
from independent import OPTIONS
from scipy.optimize import linprog

from regionopt.common.document import Status
from regionopt.common.errors import ToolError
from regionopt.common.instance import Absorption, Equity, Instance, Rule, Share, Target
from regionopt.model.core import Model
from regionopt.model.model import build
from regionopt.solve.solve import solve

REGIONS, YEARS = ("north", "south", "east"), ("2030", "2031", "2032")
METRICS = ("output", "jobs")
STAGES = ("worst_shortfall", "total_shortfall", "jobs")
SEEDS = range(16)
# The kinds of rows that such a case has, by the names that the product gives them.
KINDS = (
    "reach", "worst", "balance", "execution", "absorption_start", "absorption_growth", "arising", "counted",
    "group_floor", "group_ceiling_share", "own", "general", "highest", "lowest", "ratio", "above_pair", "below_pair",
    "mean_difference", "rule", "share", "floor_share", "ceiling",
)  # fmt: skip
Terms = Counter[object]


def everything(seed: int) -> Instance:
    """A case with every linear component, its numbers tight enough that most of them hold it."""
    chance = random.Random(seed)
    parts = [
        fund(r, p, chance.randint(4, 9), output=chance.randint(2, 9) / k, jobs=chance.randint(2, 9) / k, k=k)
        for r in REGIONS
        for p in ("labs", "port")
        for k in (1, 2)
    ]
    aims = [aim(m, r, chance.randint(25, 70)) for m in METRICS for r in REGIONS]
    limits = [bound("north", floor_share=chance.choice((0.2, 0.3))), bound("south", ceiling=chance.randint(11, 14))]
    budget = chance.randint(24, 34)
    dated = yearly(
        case(budget, *parts, *aims, *limits, regions=REGIONS, stages=STAGES, weights={"jobs": 2.0}),
        *YEARS,
        envelopes={"2031": chance.randint(5, 8)},
        carry_over=0.5,
        lag=chance.randint(0, 1),
        survival=0.9,
        execution_rate=0.95,
        absorption=(
            Absorption("north", "north", None, 3, 1.2),
            Absorption("port", "east", "port", 1.5, 1.5),
        ),
    )
    growth = {r: 1 / (len(REGIONS) * chance.randint(8, 20)) for r in REGIONS}
    more = (
        Target("jobs", "all", 1.5, kind="growth", over=growth),
        Target("output", "east", chance.randint(10, 25), kind="per_head"),
        Target("jobs", "north", chance.randint(5, 15), period="2031"),
    )
    labs = tuple(t.key for t in dated.tranches if t.programme == "labs")
    first = tuple(t.key for t in dated.tranches if t.period == "2030" and t.region == "east")
    return replace(
        dated,
        targets=(*dated.targets, *more),
        groups=(
            group("ports", *(f"{r}.port" for r in REGIONS), own_budget=chance.choice((0.5, 0.66)) * budget),
            group("east", "east.labs", floor=chance.randint(3, 5), own_budget=1),
            group("labs", "north.labs", "south.labs", ceiling_share=chance.choice((0.26, 0.4))),
        ),
        equity=Equity(
            {"north": 2.0, "south": 3.0, "east": 1.0},
            ratio=chance.choice((1.3, 2.5)),
            mean_difference=chance.choice((0.6, 2.0)),
        ),
        rules=(
            Rule("labs", ((1.0, labs), (-0.5, tuple(t.key for t in dated.tranches))), "<=", 1.5),
            Rule("first", ((1.0, first),), ">=", 1.0),
        ),
        shares=(Share("jobs", "east", chance.choice((0.2, 0.34))),),
        spillovers={"jobs": {(q, r): (0.7 if q == r else 0.1) for q in REGIONS for r in REGIONS}},
    )


class Other:
    """Σ terms ≤ most for every pair of `rows`; terms by a name that says what is meant."""

    def __init__(self, instance: Instance) -> None:
        self.i, self.periods = instance, instance.periods
        self.rows = [row for part in (self.years, self.reach, self.limits, self.equity) for row in part()]

    def money(self, **wanted: str) -> Terms:
        return Counter(
            {("x", t.key): 1.0 for t in self.i.tranches if all(getattr(t, k) == v for k, v in wanted.items())}
        )

    def left(self, spent: str, until: str) -> float:
        age = YEARS.index(until) - YEARS.index(spent) - self.periods.lag
        return self.periods.survival**age if age >= 0 else 0.0

    def gained(self, metric: str, region: str, until: str = YEARS[-1]) -> Terms:
        shares = self.i.spillovers.get(metric, {(r, r): 1.0 for r in REGIONS})
        return Counter(
            {
                ("x", t.key): t.returns[metric] * self.left(t.period, until) * shares.get((t.region, region), 0.0)
                for t in self.i.tranches
            }
        )

    def years(self) -> Iterator[tuple[Terms, float]]:
        fixed = sum(p.fixed for p in self.periods.periods)
        for before, p in zip((None, *YEARS), self.periods.periods, strict=False):
            envelope = p.fixed + p.share * (self.i.budget - fixed)
            carried = Counter({("u", before): self.periods.carry_over}) if before else Counter()
            spent = self.money(period=p.id)
            both = add(spent, Counter({("u", p.id): 1.0}), times(carried, -1))
            yield both, envelope
            yield times(both, -1), -envelope
            rate = self.periods.execution_rate
            yield add(spent, times(carried, -rate)), rate * envelope
        for a in self.periods.absorption:
            wanted = {"region": a.region} | ({"programme": a.programme} if a.programme else {})
            yield self.money(period=YEARS[0], **wanted), a.start
            for before, now in itertools.pairwise(YEARS):
                yield (
                    add(self.money(period=now, **wanted), times(self.money(period=before, **wanted), -a.growth)),
                    0.0,
                )

    def reach(self) -> Iterator[tuple[Terms, float]]:
        for t in self.i.targets:
            until, over = t.period or YEARS[-1], t.over or {t.region: 1.0}
            reached = add(*(times(self.gained(t.metric, r, until), w / t.target) for r, w in over.items()))
            short = Counter({("s", t.key): 1.0})
            yield times(add(reached, short), -1), -1.0
            yield add(short, Counter({"z": -1.0})), 0.0
        for share in self.i.shares:
            whole = add(*(self.gained(share.metric, r) for r in REGIONS))
            yield add(times(whole, share.share), times(self.gained(share.metric, share.region), -1)), 0.0

    def limits(self) -> Iterator[tuple[Terms, float]]:
        for of, limit in [
            *((self.money(region=one.region), one) for one in self.i.limits),
            *((self.members(g.programmes), g.limit) for g in self.i.groups),
        ]:
            if (least := limit.floor(self.i.budget)) is not None:
                yield times(of, -1), -least
            if (most := limit.ceiling(self.i.budget)) is not None:
                yield of, most
        # What funded groups get beyond their own money, and what all others get, must fit into what is left of B.
        funded = [g for g in self.i.groups if g.own_budget is not None]
        inside = frozenset[tuple[str, str]]().union(*(g.programmes for g in funded))
        everyone = {(t.region, t.programme) for t in self.i.tranches}
        for g in funded:
            yield add(self.members(g.programmes), Counter({("h", g.id): -1.0})), g.own_budget
        taken = Counter({("h", g.id): 1.0 for g in funded})
        general = self.i.budget - sum(g.own_budget for g in funded)
        yield add(self.members(everyone - inside), taken), general
        for rule in self.i.rules:
            terms = add(*(Counter({("x", key): c for key in keys}) for c, keys in rule.terms))
            yield (terms, rule.value) if rule.sense == "<=" else (times(terms, -1), -rule.value)

    def members(self, programmes: object) -> Terms:
        return Counter({("x", t.key): 1.0 for t in self.i.tranches if (t.region, t.programme) in programmes})

    def equity(self) -> Iterator[tuple[Terms, float]]:
        e = self.i.equity
        head = {r: times(self.money(region=r), 1 / e.heads[r]) for r in REGIONS}
        for q, r in itertools.permutations(REGIONS, 2):
            yield add(head[q], times(head[r], -e.ratio)), 0.0
            yield add(head[q], times(head[r], -1), Counter({("g", *sorted((q, r))): -1.0})), 0.0
        pairs = [("g", *sorted(pair)) for pair in itertools.combinations(REGIONS, 2)]
        yield Counter(dict.fromkeys(pairs, 1.0)), e.mean_difference * len(pairs)

    def costs(self, stage: str) -> Terms:
        if stage == "worst_shortfall":
            return Counter({"z": 1.0})
        if stage == "total_shortfall":
            return Counter({("s", t.key): self.i.weights[t.metric] for t in self.i.targets})
        return times(add(*(self.gained(stage, r) for r in REGIONS)), -1)

    def values(self) -> list[float] | None:
        """The value of each stage, to be minimised, one held while the next is optimised; None without a plan."""
        rows, found = list(self.rows), []
        names = list(dict.fromkeys(name for terms, _ in rows for name in terms))
        width = {("x", t.key): t.width for t in self.i.tranches}
        bounds = [(0, 1 if name[0] == "s" else width.get(name)) for name in names]
        for stage in self.i.stages:
            costs = self.costs(stage)
            a = np.array([[terms[name] for name in names] for terms, _ in rows])
            c = np.array([costs[name] for name in names])
            answer = linprog(c, A_ub=a, b_ub=[most for _, most in rows], bounds=bounds, options=OPTIONS)
            if answer.x is None:
                return None
            found.append(float(answer.fun))
            rows.append((costs, found[-1] + 1e-10 * (1 + abs(found[-1]))))
        return found


def add(*parts: Terms) -> Terms:
    total: Terms = Counter()
    for part in parts:
        for name, a in part.items():
            total[name] += a
    return total


def times(terms: Terms, factor: float) -> Terms:
    return Counter({name: a * factor for name, a in terms.items()})


def ours(instance: Instance, solver: str = "highs") -> list[float] | None:
    """The values of the stages by the product, to be minimised."""
    solution = solve(instance, solver)
    if solution.status is Status.INFEASIBLE:
        return None
    return [float(-s.value if s.name in METRICS else s.value) for s in solution.stages]


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("seed", SEEDS)
def test_another_formulation_with_everything_on_agrees(seed, solver):
    instance = everything(seed)
    found, other = ours(instance, solver), Other(instance).values()
    assert (found is None) == (other is None)
    assert found is None or found == pytest.approx(other, rel=1e-5, abs=1e-5)


def test_most_of_the_random_cases_have_a_plan():
    assert len(sound()) >= len(SEEDS) * 2 // 3


def test_every_kind_of_row_is_written():
    names = {constraint.name.partition("(")[0] for constraint in build(everything(0)).problem.constraints()}
    assert names == set(KINDS)


@cache
def sound() -> dict[int, list[float]]:
    """The values of the cases that have a plan."""
    return {seed: found for seed in SEEDS if (found := ours(everything(seed))) is not None}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["left out", "turned round"])
def test_every_mutant_of_a_row_dies(monkeypatch, kind, how):
    plain, write = sound(), Model.row

    def mutated(model, constraint, *name):
        if name[0] == kind and how == "left out":
            return
        if name[0] == kind:
            constraint.sense = -constraint.sense or 1
        write(model, constraint, *name)

    monkeypatch.setattr(Model, "row", mutated)
    assert any(noticed(everything(seed), values) for seed, values in plain.items()), f"survived: {kind}"


def noticed(instance: Instance, values: list[float]) -> bool:
    """Whether the stages come out otherwise, or a column is missing altogether."""
    try:
        return ours(instance) != pytest.approx(values, rel=1e-6)
    except (KeyError, ToolError):
        return True


TIGHTER = {
    "budget": lambda i: replace(i, budget=i.budget - 1),
    "carry-over": lambda i: replace(i, periods=replace(i.periods, carry_over=0.25)),
    "execution rate": lambda i: replace(i, periods=replace(i.periods, execution_rate=0.9)),
    "absorption": lambda i: replace(
        i, periods=replace(i.periods, absorption=tuple(replace(a, start=a.start * 0.9) for a in i.periods.absorption))
    ),
    "floor of a group": lambda i: replace(
        i, groups=(replace(i.groups[0], limit=replace(i.groups[0].limit, floor_fixed=12)), *i.groups[1:])
    ),
    "ratio": lambda i: replace(i, equity=replace(i.equity, ratio=1.2)),
    "mean difference": lambda i: replace(i, equity=replace(i.equity, mean_difference=0.5)),
    "rule": lambda i: replace(i, rules=(replace(i.rules[0], value=1.0), *i.rules[1:])),
    "share": lambda i: replace(i, shares=(replace(i.shares[0], share=0.35),)),
    "floor": lambda i: replace(i, limits=(replace(i.limits[0], floor_share=0.31), *i.limits[1:])),
}


@pytest.mark.parametrize("what", TIGHTER)
def test_tightening_any_limit_never_improves_the_stages(what):
    for seed, before in sound().items():
        after = ours(TIGHTER[what](everything(seed)))
        assert after is None or tuple(after) >= tuple(value - 1e-7 for value in before)

"""Platforms and measures over years: hand-solved cases, properties, another formulation, full enumeration."""

from __future__ import annotations

import csv
import io
import itertools
import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from cases import aim, allocation, bound, plan, solved, values, yearly
from test_model import columns, rows
from test_platforms import LAB, PIER, built
from test_whole_model import Matrices, part, stage_costs

from regionopt.case.case import load
from regionopt.common.document import Status, WholeCertificate
from regionopt.common.instance import Absorption, Instance, Measure, Platform, Target
from regionopt.model.model import build
from regionopt.model.translate import to_costs, to_program
from regionopt.result.outputs import document, files
from regionopt.result.result import solve_case
from regionopt.solve.highs import Highs
from regionopt.solve.optimum import optimise
from regionopt.solve.solve import least_budget, solve
from regionopt.solve.whole import with_numbers

INF = float("inf")

# Budget 8 over two years of 4 each; labs (north, 2 jobs a unit) and port (south, 1 job) take 5 a year each.


def two_years(*choices: Platform | Measure, parts=(), **told) -> Instance:
    return yearly(built(*choices, parts=parts), "1", "2", **told)


# --- the rows ------------------------------------------------------------------------------------------------


def test_fixed_costs_fall_in_equal_parts_on_all_years():
    found = rows(build(two_years(Platform("hub", "north", 3), Measure("roads", 0.5))))
    for year in ("1", "2"):
        spent = {f"spend[north,labs,1,{year}]": 1, f"spend[south,port,1,{year}]": 1}
        assert found[f"budget[{year}]"] == ({**spent, "open[hub]": 1.5, "count[roads]": 0.25}, -INF, 4)
    assert "budget" not in found


def test_a_platform_unlocks_and_raises_every_year():
    model = build(two_years(Platform("hub", "north", 3, unlocks=frozenset({PIER}), raises={LAB: 0.5})))
    for year in ("1", "2"):
        money, raised = f"spend[south,port,1,{year}]", f"raised[hub,north,labs,1,{year}]"
        assert rows(model)[f"unlock[hub,south,port,1,{year}]"] == ({money: 1, "open[hub]": -5}, -INF, 0)
        assert rows(model)[f"raise[hub,north,labs,1,{year}]"] == ({raised: 1, "open[hub]": -5}, -INF, 0)
        assert columns(model)[raised] == (0, 5)
    assert sum(name.startswith("open") for name in columns(model)) == 1  # opened once, not once a year


# --- solved by hand ------------------------------------------------------------------------------------------


def test_a_required_platform_is_paid_in_every_year():
    # 1.5 a year for the hub leave 2.5 a year for the labs: 2 · 5 jobs.
    found = solved(two_years(Platform("hub", "north", 3, required=True)))
    assert plan(found) == {
        "north.labs.1.1": Fraction(5, 2), "north.labs.1.2": Fraction(5, 2), "south.port.1.1": 0, "south.port.1.2": 0,
    }  # fmt: skip
    assert values(found) == {"jobs": 10}
    assert (found.plan.allocated, found.plan.spent) == ({"north": 8, "south": 0}, 8)


def test_the_execution_rate_counts_fixed_costs():
    # Half of 4 may be spent a year: 1.5 for the hub, 0.5 for the labs.
    found = solved(two_years(Platform("hub", "north", 3, required=True), execution_rate=0.5))
    assert values(found) == {"jobs": 2}
    assert found.plan.spent == 4


def test_a_poor_year_cannot_pay_its_part():
    # 1 in the first year does not pay half of 3, though 7 in the second would pay it all.
    hub, poor = Platform("hub", "north", 3, raises={LAB: 9.0}), {"1": 1.0}
    assert solved(two_years(hub, envelopes=poor)).plan.opened == {"hub": 0}
    assert solve(two_years(replace(hub, required=True), envelopes=poor)).status is Status.INFEASIBLE


def test_what_is_carried_over_pays_for_the_platform():
    # 7 and 1: the second year lacks 0.5 of its 1.5. The first spends 1.5 + 5 (its labs are full) and keeps that 0.5.
    hub, poor = Platform("hub", "north", 3, required=True), {"2": 1.0}
    assert solve(two_years(hub, envelopes=poor)).status is Status.INFEASIBLE
    found = solved(two_years(hub, envelopes=poor, carry_over=1.0))
    assert (values(found), found.plan.spent) == ({"jobs": 10}, 8)
    assert plan(found)["north.labs.1.1"] == 5
    # Where half of it is kept, 1 must be left for 0.5: 4.5 in the labs.
    assert values(solved(two_years(hub, envelopes=poor, carry_over=0.5))) == {"jobs": 9}


def test_a_key_opens_a_programme_for_every_year():
    # 0.5 a year for the key and 3.5 in the labs: 14 jobs; without it 8 in the port.
    found = solved(two_years(Platform("key", "north", 1, unlocks=frozenset({LAB}))))
    assert (found.plan.opened, values(found)) == ({"key": 1}, {"jobs": 14})
    dear = solved(two_years(Platform("key", "north", 5, unlocks=frozenset({LAB}))))
    assert (dear.plan.opened, values(dear)) == ({"key": 0}, {"jobs": 8})


@pytest.mark.parametrize(("raised", "opened", "jobs"), [(0.5, 1, 10.5), (0.1, 0, 8.0)])
def test_a_raise_counts_after_the_lag(raised, opened, jobs):
    # With a lag of one year only the first year's money counts: 4 · 2, or 3.5 · 2 · (1 + raise) with the hub.
    found = solved(two_years(Platform("hub", "north", 1, raises={LAB: raised}), lag=1))
    assert found.plan.opened == {"hub": opened}
    assert float(values(found)["jobs"]) == pytest.approx(jobs)


@pytest.mark.parametrize(("raised", "opened", "jobs"), [(0.5, 1, 15.75), (0.1, 0, 12.0)])
def test_a_raise_shrinks_with_the_return(raised, opened, jobs):
    # Half of the first year's return is left: 4 · 2 · 1.5, or 3.5 · 2 · 1.5 · (1 + raise) with the hub.
    found = solved(two_years(Platform("hub", "north", 1, raises={LAB: raised}), survival=0.5))
    assert found.plan.opened == {"hub": opened}
    assert float(values(found)["jobs"]) == pytest.approx(jobs)


@pytest.mark.parametrize(("survival", "total"), [(1.0, 3.0), (0.5, 2.5)])
def test_a_milestone_is_reached_with_the_raise(survival, total):
    # 6 jobs by year 1: 2 in the labs, raised by a half, bring them; not raised, it were 3. Both years: twice as much.
    hub = Platform("hub", "north", 0.0, raises={LAB: 0.5})
    told = {"survival": survival} if survival < 1 else {}
    instance = replace(two_years(hub, **told), stages=("total_shortfall", "spend"))
    milestone = Target("jobs", "north", 6.0, must=True, period="1")
    found = solved(replace(instance, targets=(milestone,)))
    assert found.plan.opened == {"hub": 1}
    assert float(found.plan.spent) == pytest.approx(2)
    late = Target("jobs", "north", 6.0 * total, must=True)
    more = solved(replace(instance, targets=(milestone, late)))  # the rest is cheapest in year 2, unshrunk
    assert float(more.plan.spent) == pytest.approx(2 + (6 * total - 6 * survival) / 3)


def test_absorption_is_of_programmes_not_of_fixed_costs():
    # The north takes 1 in the first year and twice that in the next, beside the 1.5 a year of its hub.
    slow = (Absorption("slow", "north", start=1, growth=2),)
    found = solved(two_years(Platform("hub", "north", 3, required=True), absorption=slow))
    assert (plan(found)["north.labs.1.1"], plan(found)["north.labs.1.2"]) == (1, 2)
    assert found.plan.allocated["north"] == 6
    assert values(found) == {"jobs": 2 * 3 + 1 * (1.5 + 0.5)}  # the port takes what is left of 4 a year


def test_measures_are_paid_in_every_year_and_counted_once():
    found = solved(two_years(Measure("roads", 0.5, 4)))
    assert (found.plan.count, values(found), found.plan.spent) == ({"roads": 4}, {"jobs": 12}, 8)


def test_a_ceiling_of_the_region_holds_over_all_years():
    found = solved(two_years(Platform("hub", "north", 3, required=True), parts=[bound("north", ceiling=4)]))
    assert allocation(found) == {"north": 1, "south": 4}  # 3 + 1 in the north; 8 - 4 in the port


def test_the_smallest_budget_pays_every_years_part():
    # 8 jobs in the labs are 4 and the hub 3: 7 in two equal years.
    assert least_budget(two_years(Platform("hub", "north", 3, required=True), parts=[aim("jobs", "north", 8)])) == 7


def test_the_certificate_is_that_of_whole_numbers():
    found = solved(two_years(Platform("hub", "north", 1, raises={LAB: 0.5}), survival=0.5))
    first = found.certificate.stages[0]
    assert isinstance(first, WholeCertificate)
    assert (first.primal_violation, first.exact) == (0, True)
    assert first.bound == pytest.approx(15.75)


# --- random cases ----------------------------------------------------------------------------------------------


def over_years(seed: int, years: int = 3) -> Instance:
    """A case of every linear part and of platforms and measures, over years with something between them."""
    chance = random.Random(1000 + seed)
    told = {
        "carry_over": chance.choice([0.0, 0.5, 1.0]),
        "lag": chance.choice([0, 1]),
        "survival": chance.choice([1.0, 0.9]),
        "execution_rate": chance.choice([1.0, 0.9]),
        "absorption": (Absorption("slow", "south", start=chance.randint(2, 4), growth=1.5),),
    }
    names = [str(k) for k in range(1, years + 1)]
    return yearly(without_keys(seed), *names, envelopes={"1": chance.randint(5, 8)}, **told)


def without_keys(seed: int) -> Instance:
    """Rules name tranches, which have other keys over years."""
    return replace(part(seed, whole=True), rules=())


class Years(Matrices):
    """The same in matrices, with what happens between years put in; unspent money has no column of its own here.

    u[t] = a[t] - s[t] ≥ 0 with a[t] = envelope[t] + c · u[t-1]; s[t] has its part of the fixed costs.
    """

    def factor(self, t) -> float:
        periods = self.i.periods
        age = len(periods.periods) - 1 - [p.id for p in periods.periods].index(t.period) - periods.lag
        return periods.survival**age if age >= 0 else 0.0

    def brought(self, metric: str, region: str) -> np.ndarray:
        v = np.zeros(len(self.at))
        for t in self.i.tranches:
            if t.region == region:
                gain = self.factor(t) * t.returns[metric]
                v[self.at["x", t.key]] += gain
                for p in self.i.platforms:
                    if (t.region, t.programme) in p.raises:
                        v[self.at["q", p.id, t.key]] += gain * p.raises[t.region, t.programme]
        return v

    def constraints(self) -> None:
        super().constraints()
        periods, i = self.i.periods, self.i
        fixed = {("o", p.id): p.cost for p in i.platforms} | {("n", m.id): m.cost for m in i.measures}
        steady = self.vector(fixed) / len(periods.periods)
        rest = i.budget - sum(p.fixed for p in periods.periods)
        kept, had = np.zeros(len(self.at)), 0.0  # u[t-1] = had - kept · columns
        for p in periods.periods:
            spent = steady + self.vector({("x", t.key): 1 for t in i.tranches if t.period == p.id})
            left, most = spent + periods.carry_over * kept, p.fixed + p.share * rest + periods.carry_over * had
            self.less.append((left, most))
            executed = spent + periods.execution_rate * periods.carry_over * kept
            self.less.append((executed, periods.execution_rate * most))
            kept, had = left, most
        for limit in periods.absorption:
            series = [
                self.vector({("x", t.key): 1 for t in i.tranches if (t.region, t.period) == (limit.region, p.id)})
                for p in periods.periods
            ]
            self.less.append((series[0], limit.start))
            for before, now in itertools.pairwise(series):
                self.less.append((now - limit.growth * before, 0))


@pytest.mark.parametrize("seed", range(20))
def test_another_formulation_in_another_solver_agrees(seed):
    instance = over_years(seed)
    found, other = stage_costs(instance), Years(instance).solve()
    assert found == (None if other is None else pytest.approx(other, rel=1e-4, abs=1e-4))


def test_the_random_cases_are_not_empty():
    """Most can be solved, some open a platform, some do not."""
    found = [solve(over_years(seed)) for seed in range(20)]
    opened = [tuple(one.plan.opened.values()) for one in found if one.plan]
    assert len(opened) > 12
    assert len(set(opened)) > 1


@pytest.mark.parametrize("seed", range(8))
def test_no_choice_of_whole_numbers_is_better(seed):
    """Every combination of open platforms and counts, each as a linear program."""
    instance = replace(over_years(seed), stages=("worst_shortfall",))
    model = build(instance)
    program = to_program(model.problem)
    costs, best = to_costs(model.problem, model.stages[0]), None
    numbers = sorted(program.integers)
    spans = [range(int(program.lower[j]), int(program.upper[j]) + 1) for j in numbers]
    for choice in itertools.product(*spans):
        fixed = with_numbers(program, dict(zip(numbers, map(float, choice), strict=True)))
        found = optimise(Highs(), fixed, "choice", costs)
        if not isinstance(found, Status) and (best is None or found.value < best):
            best = found.value
    solution = solve(instance)
    assert (solution.stages[0].value if solution.plan else None) == best


@pytest.mark.parametrize("seed", range(8))
def test_equal_years_with_nothing_between_them_are_one_period(seed):
    one = without_keys(seed)
    years = yearly(one, "1", "2", "3", "4")
    single, several = solve(one), solve(years)
    assert single.status is several.status
    if single.plan and several.plan:
        assert [float(s.value) for s in several.stages] == pytest.approx([float(s.value) for s in single.stages])
        assert several.plan.opened == single.plan.opened


@pytest.mark.parametrize("seed", range(6))
def test_tightening_never_improves_the_first_stage(seed):
    # Without the share of the total: to bring less elsewhere would loosen it.
    instance = replace(over_years(seed), shares=())
    first = stage_costs(instance)
    periods = instance.periods
    tighter = [
        replace(instance, periods=replace(periods, lag=periods.lag + 1)),
        replace(instance, periods=replace(periods, survival=0.7 * periods.survival)),
        replace(instance, periods=replace(periods, execution_rate=0.8)),
        replace(instance, periods=replace(periods, carry_over=0.0)),
        replace(instance, platforms=tuple(replace(p, cost=p.cost + 1) for p in instance.platforms)),
        replace(instance, platforms=tuple(replace(p, required=True) for p in instance.platforms)),
    ]
    for other in map(stage_costs, tighter):
        assert other is None or (first is not None and other[0] >= first[0] - 1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_both_solvers_give_the_same_plan(seed):
    instance = over_years(seed, years=2)
    assert solve(instance).plan == solve(instance, "cbc").plan


# --- the built-in case -------------------------------------------------------------------------------------------


def test_the_built_in_platforms_over_years_give_the_same_totals():
    once, dated = (solve_case(load(scenario=name)) for name in ("platforms", "platforms,yearly"))
    one, other = document(once), document(dated)
    for region, same in zip(one.regions, other.regions, strict=True):
        assert (same.budget, same.jobs) == pytest.approx((region.budget, region.jobs), rel=1e-6)
    assert [p.opened for p in other.platforms] == [True] * 5
    assert [m.count for m in other.measures] == [30]
    assert one.facts.smallest_budget == other.facts.smallest_budget
    # 47.5 a year, of which 55 ÷ 15 are for platforms and measures.
    assert {year.spent for year in other.periods} == {47.5}
    table = list(csv.DictReader(io.StringIO(files(dated)["allocation.csv"].decode("utf-8-sig"))))
    for year in (str(y) for y in range(2026, 2041)):
        own = sum(float(row["budget"]) for row in table if row["period"] == year)
        assert own == pytest.approx(47.5 - 55 / 15, abs=1e-4)
    assert sum(float(row["budget"]) for row in table if row["period"] == "") == pytest.approx(55)

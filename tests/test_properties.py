"""What must hold for every case, on random ones: another formulation, another solver, other units, other orders."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from cases import aim, allocation, bound, case, fund, plan, unique, values
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from independent import Formulation, smallest_budget, stage_values
from strategies import random_case, tenths

from regionopt.common.document import Status
from regionopt.common.instance import METRICS, STAGES, Instance
from regionopt.solve.solve import least_budget, solve

# Leximin is many steps under one name; test_equity.py holds it against its own definition.
ONE_STEP = tuple(stage for stage in STAGES if stage != "leximin")

LISTS = (
    ("worst_shortfall", "total_shortfall", "nearest_reference"),
    ("worst_shortfall", "output", "jobs"),
    ("total_shortfall", "spend"),
    ("jobs", "spend", "nearest_reference"),
    ("output", "worst_shortfall", "total_shortfall"),
    ("nearest_reference", "jobs"),
    ("spend", "worst_shortfall"),
    ONE_STEP,
)


def checked(examples: int):
    return settings(deadline=None, derandomize=True, max_examples=examples, database=None)


def close(found, wanted) -> bool:
    return math.isclose(float(found), float(wanted), rel_tol=1e-6, abs_tol=1e-6)


def optimal(instance: Instance, solver: str = "highs"):
    """The solution of a case that has one; other cases are of no interest to the property."""
    found = solve(instance, solver)
    assume(found.status is Status.OPTIMAL)
    return found


def same_values(one, other, factor=None) -> None:
    """Stage by stage; `factor` says by which the second's is multiplied."""
    for stage, value in values(one).items():
        assert close((factor or {}).get(stage, 1) * value, values(other)[stage]), stage


# Another formulation in another interface


@pytest.mark.parametrize("stages", LISTS, ids=lambda stages: "+".join(stages))
def test_every_stage_agrees_with_a_dense_formulation_in_scipy(stages):
    @checked(25)
    @given(random_case(stages=st.just(stages)))
    def agrees(instance):
        found, wanted = solve(instance), stage_values(instance)
        if wanted is None:
            assert found.status is Status.INFEASIBLE
            return
        assert found.status is Status.OPTIMAL
        assert [stage.name for stage in found.stages] == list(stages)
        for stage, value in zip(found.stages, wanted, strict=True):
            assert close(stage.value, value), (stage.name, float(stage.value), value)

    agrees()


@checked(60)
@given(random_case(must=False))
def test_the_plan_is_feasible_and_reaches_its_values_in_the_dense_formulation(instance):
    found = optimal(instance)
    formulation = Formulation(instance)
    x = [float(money) for money in found.spend.values()]
    for column, money in enumerate(x):
        formulation.bounds[column] = (money, money)
    for stage in found.stages:
        cost, sense = formulation.cost(stage.name)
        answer = formulation.minimise(cost)
        assert answer.status == 0
        # Later stages may use what earlier ones give away: never more.
        allowed = instance.give_away * abs(float(stage.value)) * (1 + 1e-6) + 1e-6
        assert answer.fun <= sense * float(stage.value) + allowed


@checked(80)
@given(random_case())
def test_the_smallest_budget_agrees_with_scipy(instance):
    found, wanted = least_budget(instance), smallest_budget(instance)
    assert (found is None) == (wanted is None)
    if found is not None:
        assert close(found, wanted)


@checked(40)
@given(random_case(stages=st.just(("worst_shortfall",)), shares=False, must=False))
def test_the_smallest_budget_meets_all_and_a_hundredth_less_does_not(instance):
    least = least_budget(instance)
    assume(least is not None and least > 0)
    # Just above, as B is rounded to a float and the plan at B is exact.
    enough = solve(replace(instance, budget=math.nextafter(float(least), math.inf) * (1 + 1e-12)))
    assert values(enough)["worst_shortfall"] == 0
    short = solve(replace(instance, budget=float(least) * 0.99))
    assert short.status is Status.INFEASIBLE or values(short)["worst_shortfall"] > 0


# Another solver


@checked(40)
@given(random_case())
def test_highs_and_cbc_agree_in_every_stage_and_in_the_plan(instance):
    highs, cbc = solve(instance), solve(instance, "cbc")
    assert highs.status is cbc.status
    if highs.status is Status.OPTIMAL:
        for one, other in zip(highs.stages, cbc.stages, strict=True):
            assert math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-12), one.name
            assert one.unique is other.unique, one.name
        assert all(abs(money - plan(cbc)[key]) <= Fraction(1, 10**6) for key, money in plan(highs).items())


@checked(60)
@given(random_case())
def test_two_runs_give_the_same_fractions(instance):
    assert solve(instance) == solve(instance)


# More money, looser limits


@checked(80)
@given(random_case(stages=st.just(("worst_shortfall", "total_shortfall"))), tenths(1, 200))
def test_more_budget_never_worsens_the_worst_shortfall(instance, more):
    # A floor as a share grows with the budget: more money can then be too much. All other limits stay or loosen.
    limits = tuple(replace(limit, floor_share=None) for limit in instance.limits)
    less = replace(instance, limits=limits)
    before = optimal(less)
    after = solve(replace(less, budget=less.budget + more))
    assert after.status is Status.OPTIMAL
    assert values(after)["worst_shortfall"] <= values(before)["worst_shortfall"]


@checked(60)
@given(random_case(stages=st.sampled_from([(stage,) for stage in ONE_STEP])))
def test_without_limits_no_stage_is_worse(instance):
    free, tied = optimal(replace(instance, limits=())), optimal(instance)
    sense = -1 if instance.stages[0] in METRICS else 1
    assert sense * free.stages[0].value <= sense * tied.stages[0].value


@checked(60)
@given(random_case(stages=st.sampled_from([(stage,) for stage in ONE_STEP])))
def test_a_must_never_improves_a_stage(instance):
    eager = replace(instance, targets=tuple(replace(t, must=True) for t in instance.targets))
    found, forced = optimal(instance), optimal(eager)
    sense = -1 if instance.stages[0] in METRICS else 1
    assert sense * found.stages[0].value <= sense * forced.stages[0].value


# Other units


def in_units(instance: Instance, money: float, jobs: float) -> Instance:
    """The same case with money and output counted in units of 1/`money`, jobs in units of 1/`jobs`."""
    gain = {"output": 1.0, "jobs": jobs / money}
    size = {"output": money, "jobs": jobs}

    def amount(value: float | None) -> float | None:
        return None if value is None else value * money

    return replace(
        instance,
        budget=instance.budget * money,
        tranches=tuple(
            replace(t, width=t.width * money, returns={m: e * gain[m] for m, e in t.returns.items()})
            for t in instance.tranches
        ),
        targets=tuple(replace(t, target=t.target * size[t.metric]) for t in instance.targets),
        limits=tuple(
            replace(limit, floor_fixed=amount(limit.floor_fixed), ceiling_fixed=amount(limit.ceiling_fixed))
            for limit in instance.limits
        ),
        reference={region: money * reference for region, reference in instance.reference.items()},
    )


@pytest.mark.parametrize("money", [1e-3, 1e3, 1e9])
@pytest.mark.parametrize("jobs", [1.0, 1e-3])
def test_units_change_no_shortfall_and_scale_all_else(money, jobs):
    @checked(15)
    @given(random_case(stages=st.sampled_from(LISTS), give_away=st.just(1e-6)))
    def agrees(instance):
        before, after = solve(instance), solve(in_units(instance, money, jobs))
        assert before.status is after.status
        if before.status is Status.OPTIMAL:
            factor = {"output": money, "jobs": jobs, "spend": money, "nearest_reference": money}
            same_values(before, after, factor)
            scale = 1e-6 * max(1.0, instance.budget)
            for region, x in allocation(before).items():
                assert abs(float(allocation(after)[region]) / money - float(x)) <= scale

    agrees()


@checked(40)
@given(random_case(stages=st.sampled_from(LISTS)))
def test_weights_count_relative_to_each_other(instance):
    # Only total_shortfall knows weights: seven times the weights are seven times its value.
    heavier = replace(instance, weights={metric: 7 * weight for metric, weight in instance.weights.items()})
    same_values(optimal(instance), optimal(heavier), {"total_shortfall": 7})


# Other orders


@checked(60)
@given(random_case(), st.randoms(use_true_random=False))
def test_the_order_of_regions_and_programmes_changes_no_stage(instance, rng):
    def mixed(things):
        return tuple(rng.sample(things, len(things)))

    other = replace(
        instance,
        regions=mixed(instance.regions),
        tranches=mixed(instance.tranches),
        targets=mixed(instance.targets),
        limits=mixed(instance.limits),
    )
    before, after = optimal(instance), optimal(other)
    same_values(before, after)
    if before.stages[-1].unique:
        assert after.stages[-1].unique
        for key, money in plan(before).items():
            assert abs(money - plan(after)[key]) < Fraction(1, 10**6)


@checked(40)
@given(random_case())
def test_a_tranche_cut_in_two_halves_changes_no_stage(instance):
    halves = tuple(
        replace(t, programme=f"{t.programme}_{half}", width=t.width / 2)
        for t in instance.tranches
        for half in ("left", "right")
    )
    before, after = optimal(instance), optimal(replace(instance, tranches=halves))
    same_values(before, after)
    for region, money in allocation(before).items() if before.stages[-1].unique else ():
        assert abs(money - allocation(after)[region]) < Fraction(1, 10**6)


@checked(40)
@given(random_case())
def test_a_limit_said_twice_changes_no_stage(instance):
    # Every limit as an amount and as the same share of the budget: rows that coincide, up to rounding.
    def twice(limit):
        floor, ceiling = limit.floor(instance.budget), limit.ceiling(instance.budget)
        return replace(
            limit,
            floor_fixed=floor,
            floor_share=None if floor is None else floor / instance.budget,
            ceiling_fixed=ceiling,
            ceiling_share=None if ceiling is None else ceiling / instance.budget,
        )

    same_values(optimal(instance), optimal(replace(instance, limits=tuple(map(twice, instance.limits)))))


@checked(40)
@given(random_case())
def test_what_cannot_be_used_changes_nothing(instance):
    # A tranche without width, and one of an unknown programme without returns behind a ceiling of nothing.
    idle = (fund("west", "none", 0, output=99, jobs=99), fund("west", "nil", 5))
    more = replace(
        instance,
        regions=(*instance.regions, "west"),
        tranches=(*instance.tranches, *idle),
        limits=(*instance.limits, bound("west", ceiling=0)),
        reference={**instance.reference, "west": 0.0},
    )
    before, after = optimal(instance), optimal(more)
    assert values(before) == values(after)
    assert allocation(before) == {r: x for r, x in allocation(after).items() if r != "west"}


# Ties


@checked(40)
@given(random_case(must=False, give_away=st.just(1e-9), stages=st.sampled_from(LISTS)))
def test_a_plan_that_is_called_unique_has_no_room_in_the_dense_formulation(instance):
    found = optimal(instance)
    formulation = Formulation(instance)
    for stage in found.stages:
        cost, sense = formulation.cost(stage.name)
        formulation.at_most(cost, sense * float(stage.value) + 1e-9 * abs(float(stage.value)))
    room = 0.0
    for j in range(formulation.n_x):
        low, high = formulation.minimise(formulation.unit(j)), formulation.minimise(-formulation.unit(j))
        assume(low.status == high.status == 0)
        room = max(room, -high.fun - low.fun)
    if unique(found)[instance.stages[-1]]:
        assert room < 1e-3  # what a billionth given away can move
    else:
        assert room > 1e-6


@checked(60)
@given(random_case(give_away=st.sampled_from([0.0, 1e-9])))
def test_once_unique_always_unique(instance):
    # A stage that gives something away can open what was closed; by a billionth it cannot move what is still.
    flags = [stage.unique for stage in optimal(instance).stages]
    assert flags == sorted(flags)


@checked(60)
@given(random_case())
def test_returns_that_fall_fill_the_better_tranche_first(instance):
    # Within a programme both returns fall by the same factor: no plan is better for skipping the first.
    found = optimal(replace(instance, limits=(), stages=("worst_shortfall", "jobs", "output", "spend")))
    money = plan(found)
    for t in instance.tranches:
        after = money.get(f"{t.region}.{t.programme}.{t.tranche + 1}", 0)
        gains = t.returns["output"] > 0 and t.returns["jobs"] > 0
        if gains and after > Fraction(1, 10**4):
            assert money[f"{t.region}.{t.programme}.{t.tranche}"] > Fraction(t.width) - Fraction(1, 10**4)


# Numbers of awkward size: a proven plan, always


AWKWARD = {
    "near-equal returns": ([9.7, 9.7 + 1e-9, 9.7 + 2e-9, 9.7 + 1e-12], [1.0, 2.5, 1 / 3]),
    "nine orders of magnitude": ([1e-6, 1e-3, 1.0, 1e3], [1e-3, 1.0, 1e5]),
    "nothing here and there": ([0.0, 0.0, 1.0, 2.0], [0.0, 0.0, 1.0, 3.0]),
    "money in a billionth": ([9.7e9, 5.8e9, 2.9e9], [1e-9, 3e-9, 1 / 3 * 1e-9]),
    "money in billions of billions": ([9.7e-9, 5.8e-9, 2.9e-9], [1e9, 3e9, 1 / 3 * 1e9]),
}


@pytest.mark.parametrize("kind", AWKWARD)
def test_awkward_numbers_are_proven_all_the_same(kind):
    returns, widths = AWKWARD[kind]
    money = st.sampled_from(widths)
    gain = st.sampled_from(returns)

    @checked(30)
    @given(st.data())
    def proven(data):
        tranches = [
            fund(region, programme, data.draw(money), output=data.draw(gain), jobs=data.draw(gain))
            for region in ("north", "south")
            for programme in ("labs", "mall", "port")
        ]
        reachable = {
            (metric, region): sum(t.returns[metric] * t.width for t in tranches if t.region == region)
            for metric in METRICS
            for region in ("north", "south")
        }
        aims = [
            aim(metric, region, most * data.draw(st.sampled_from([0.5, 1.0, 2.0])) or 1.0)
            for (metric, region), most in reachable.items()
        ]
        budget = sum(t.width for t in tranches) * data.draw(st.sampled_from([1e-9, 0.1, 0.5, 1.0, 1e9])) or 1.0
        found = solve(
            case(
                budget,
                *tranches,
                *aims,
                stages=data.draw(st.sampled_from(LISTS)),
                reference={"north": budget / 3, "south": budget / 3},
                give_away=data.draw(st.sampled_from([0.0, 1e-9, 0.01])),
            )
        )
        assert found.status is Status.OPTIMAL
        assert all(proof.exact for proof in found.certificate.stages)

    proven()

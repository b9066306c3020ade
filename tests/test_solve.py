"""Cases solved by hand: every constraint, every stage, the order of stages, ties, and what has no plan.

One unit of money, jobs and output are plain numbers here; the arithmetic stands beside each fact.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from cases import aim, allocation, bound, case, fund, plan, solved, staged, unique, values

from regionopt.common.document import Status
from regionopt.common.instance import STAGES
from regionopt.solve.engine import Answer
from regionopt.solve.highs import Highs
from regionopt.solve.solve import least_budget, solve
from regionopt.solve.solvers import ENGINES

NORTH = fund("north", "labs", 10, jobs=1)
SOUTH = fund("south", "port", 10, jobs=1)
TWO = (NORTH, SOUTH)


# Stage worst_shortfall


def test_worst_shortfall_is_made_equal_where_money_is_short():
    # One job a unit: 4(1 - z) + 16(1 - z) = 5, so 1 - z = 1/4, and 4/4 = 1, 16/4 = 4.
    found = solved(case(5, *TWO, aim("jobs", "north", 4), aim("jobs", "south", 16)))
    assert values(found) == {"worst_shortfall": Fraction(3, 4)}
    assert allocation(found) == {"north": 1, "south": 4}
    assert unique(found) == {"worst_shortfall": True}


def test_worst_shortfall_is_that_of_the_worse_metric():
    # 4 of money give 8 of 16 output (short 1/2) and 16 of 64 jobs (short 3/4).
    labs = fund("north", "labs", 9, output=2, jobs=4)
    found = solved(case(4, labs, aim("output", "north", 16), aim("jobs", "north", 64)))
    assert values(found) == {"worst_shortfall": Fraction(3, 4)}


def test_worst_shortfall_is_nothing_where_every_target_is_in_reach():
    found = solved(case(8, *TWO, aim("jobs", "north", 4), aim("jobs", "south", 4)))
    assert values(found) == {"worst_shortfall": 0}
    assert allocation(found) == {"north": 4, "south": 4}


def test_worst_shortfall_is_everything_where_nothing_can_be_gained():
    found = solved(case(8, fund("north", "labs", 4, output=3), aim("jobs", "north", 4)))
    assert values(found) == {"worst_shortfall": 1}


def test_worst_shortfall_leaves_the_better_off_to_later_stages():
    # The north can gain 1 of 4 (short 3/4) whatever the south does: a choice is left.
    found = solved(case(6, fund("north", "labs", 1, jobs=1), SOUTH, aim("jobs", "north", 4), aim("jobs", "south", 4)))
    assert values(found) == {"worst_shortfall": Fraction(3, 4)}
    assert unique(found) == {"worst_shortfall": False}


# Stage total_shortfall

SHORT = (
    fund("north", "labs", 10, jobs=1),
    fund("south", "port", 10, output=1),
    aim("jobs", "north", 8),
    aim("output", "south", 4),
)


def test_total_shortfall_first_serves_the_target_that_a_unit_moves_most():
    # A unit closes 1/4 in the south and 1/8 in the north: 4 to the south, 2 to the north; 0 + 6/8 are left.
    found = solved(case(6, *SHORT, stages=["total_shortfall"]))
    assert values(found) == {"total_shortfall": Fraction(3, 4)}
    assert allocation(found) == {"north": 2, "south": 4}


def test_total_shortfall_follows_the_weights():
    # Jobs count three times: 3/8 a unit in the north beats 1/4. All 6 go north: 3 · 2/8 + 1 = 7/4.
    found = solved(case(6, *SHORT, stages=["total_shortfall"], weights={"jobs": 3}))
    assert values(found) == {"total_shortfall": Fraction(7, 4)}
    assert allocation(found) == {"north": 6, "south": 0}


def test_a_metric_without_weight_is_left_where_it_is():
    # Output counts nothing: 4 close half of the jobs target, and none is left for the south.
    found = solved(case(4, *SHORT, stages=["total_shortfall"], weights={"output": 0}))
    assert values(found) == {"total_shortfall": Fraction(1, 2)}
    assert allocation(found) == {"north": 4, "south": 0}


def test_a_shortfall_does_not_fall_below_nothing():
    # 10 jobs reached of 4 are no shortfall of -1.5 that could make up for the north's.
    parts = (fund("north", "labs", 10), SOUTH, aim("jobs", "north", 4), aim("jobs", "south", 4))
    assert values(solved(case(10, *parts, stages=["total_shortfall"]))) == {"total_shortfall": 1}


# Stages output, jobs and spend; tranches


def test_output_takes_the_best_tranches_first():
    # 2 at 10, then 2 at 5 of the labs against 3 at 7 of the port: 2·10 + 3·7 + 1·5 = 46.
    labs = (fund("north", "labs", 2, output=10), fund("north", "labs", 2, output=5, k=2))
    found = solved(case(6, *labs, fund("south", "port", 3, output=7), stages=["output"]))
    assert values(found) == {"output": 46}
    assert plan(found) == {"north.labs.1": 2, "north.labs.2": 1, "south.port.1": 3}


def test_jobs_are_counted_over_all_regions():
    # 3 at 6 in the south, 2 at 4 in the north: 26.
    parts = (fund("north", "labs", 9, jobs=4, output=100), fund("south", "port", 3, jobs=6))
    found = solved(case(5, *parts, stages=["jobs"]))
    assert values(found) == {"jobs": 26}
    assert allocation(found) == {"north": 2, "south": 3}


def test_a_tranche_holds_no_more_than_its_width():
    # 2 at 10 and 2 at 5 take 4 of the 9: 30 jobs, and 5 are left.
    labs = (fund("north", "labs", 2, jobs=10), fund("north", "labs", 2, jobs=5, k=2))
    found = solved(case(9, *labs, stages=["jobs"]))
    assert values(found) == {"jobs": 30}
    assert plan(found) == {"north.labs.1": 2, "north.labs.2": 2}


def test_a_tranche_of_no_width_takes_nothing():
    found = solved(case(9, fund("north", "labs", 0, jobs=10), fund("north", "mall", 3, jobs=1), stages=["jobs"]))
    assert plan(found) == {"north.labs.1": 0, "north.mall.1": 3}


def test_spend_is_least_that_keeps_every_floor():
    # 3 in the north; a quarter of 8 in the south.
    found = solved(case(8, *TWO, bound("north", floor=3), bound("south", floor_share=0.25), stages=["spend"]))
    assert values(found) == {"spend": 5}
    assert allocation(found) == {"north": 3, "south": 2}


def test_the_budget_is_not_exceeded():
    found = solved(case(6, *TWO, stages=["jobs"]))
    assert values(found) == {"jobs": 6}
    assert sum(allocation(found).values()) == 6


# Stage nearest_reference


def test_nearest_reference_stays_at_the_reference_where_it_can():
    found = solved(case(6, *TWO, stages=["nearest_reference"], reference={"north": 2, "south": 4}))
    assert values(found) == {"nearest_reference": 0}
    assert allocation(found) == {"north": 2, "south": 4}


def test_nearest_reference_counts_too_much_and_too_little():
    # The floor forces 5 to the north (2 too much), 3 of 8 are left for the south (1 too little): 3.
    parts = (*TWO, bound("north", floor=5))
    found = solved(case(8, *parts, stages=["nearest_reference"], reference={"north": 3, "south": 4}))
    assert values(found) == {"nearest_reference": 3}
    assert allocation(found) == {"north": 5, "south": 3}


def test_nearest_reference_does_not_spend_beyond_the_reference():
    found = solved(case(9, *TWO, stages=["nearest_reference"], reference={"north": 3, "south": 4}))
    assert sum(allocation(found).values()) == 7


# Constraints


def test_a_must_target_goes_first():
    # 8 of 9 to the south; 1 of the north's 4 jobs is left: short 3/4.
    parts = (*TWO, aim("jobs", "north", 4), aim("jobs", "south", 8, must=True))
    found = solved(case(9, *parts))
    assert values(found) == {"worst_shortfall": Fraction(3, 4)}
    assert allocation(found) == {"north": 1, "south": 8}


# Every job is twice as dear in the south: left alone, all 8 go north.
DEAR = (fund("north", "labs", 10, jobs=2), fund("south", "port", 10, jobs=1))


@pytest.mark.parametrize(
    ("limits", "north", "south"),
    [
        ([], 8, 0),
        ([bound("south", floor=3)], 5, 3),
        ([bound("south", floor_share=0.25)], 6, 2),  # 0.25 · 8
        ([bound("south", floor=3, floor_share=0.25)], 5, 3),  # the stricter: 3
        ([bound("south", floor=1, floor_share=0.25)], 6, 2),  # the stricter: 2
        ([bound("north", ceiling=6)], 6, 2),
        ([bound("north", ceiling_share=0.5)], 4, 4),  # 0.5 · 8
        ([bound("north", ceiling=6, ceiling_share=0.5)], 4, 4),  # the stricter: 4
        ([bound("north", ceiling=3, ceiling_share=0.5)], 3, 5),  # the stricter: 3
        ([bound("north", ceiling=5), bound("south", ceiling=2)], 5, 2),  # 1 is left
        ([bound("north", floor=4, ceiling=4)], 4, 4),
    ],
)
def test_floors_and_ceilings_bend_the_allocation(limits, north, south):
    found = solved(case(8, *DEAR, *limits, stages=["jobs"]))
    assert allocation(found) == {"north": north, "south": south}
    assert values(found) == {"jobs": 2 * north + south}


def test_floors_hold_for_the_region_and_not_for_each_tranche():
    parts = (fund("south", "port", 2, jobs=1), fund("south", "dock", 2, jobs=1), bound("south", floor=3))
    assert allocation(solved(case(8, *parts, stages=["spend"]))) == {"south": 3}


def test_a_floor_as_a_share_can_make_more_budget_too_much():
    # Half of 8 fits into the width of 4, half of 10 does not.
    parts = (fund("north", "labs", 4, jobs=1), bound("north", floor_share=0.5))
    assert solve(case(8, *parts)).status is Status.OPTIMAL
    assert solve(case(10, *parts)).status is Status.INFEASIBLE


# Stages in order

CHOICE = (fund("north", "labs", 4, jobs=5, output=1), fund("south", "port", 4, jobs=4, output=9))


def test_a_later_stage_keeps_what_an_earlier_one_reached():
    # Jobs alone take 4 at 5 and 1 at 4: 24. Output may not take the port's 9 from there: 4 · 1 + 1 · 9 = 13.
    found = solved(case(5, *CHOICE, stages=["jobs", "output"]))
    assert values(found) == {"jobs": 24, "output": 13}


def test_the_order_of_stages_decides():
    # Output alone takes 4 at 9 and 1 at 1: 37; jobs are then 4 · 4 + 1 · 5 = 21.
    found = solved(case(5, *CHOICE, stages=["output", "jobs"]))
    assert values(found) == {"output": 37, "jobs": 21}


def test_spend_keeps_back_what_no_earlier_stage_needs():
    # 4 of 10 reach the target; without the stage the tie rule would spend all.
    parts = (NORTH, aim("jobs", "north", 4))
    assert allocation(solved(case(10, *parts, stages=["worst_shortfall", "spend"]))) == {"north": 4}
    assert allocation(solved(case(10, *parts, stages=["worst_shortfall"]))) == {"north": 10}


def test_what_is_given_away_of_a_maximum():
    # 20 jobs need 10; 10 % given away, 18 jobs need 9.
    labs = fund("north", "labs", 10, jobs=2)
    found = solved(case(10, labs, stages=["jobs", "spend"], give_away=0.125))
    assert values(found) == {"jobs": 20, "spend": Fraction(35, 4)}  # 20 · 7/8 / 2


def test_what_is_given_away_of_a_minimum():
    # The worst shortfall of 1/2 may rise by half of itself to 3/4: 1 of 4 jobs needs 1 of the 2.
    parts = (NORTH, aim("jobs", "north", 4))
    found = solved(case(2, *parts, stages=["worst_shortfall", "spend"], give_away=0.5))
    assert values(found) == {"worst_shortfall": Fraction(1, 2), "spend": 1}


def test_nothing_is_given_away_of_nothing():
    # All targets met is a worst shortfall of 0, and half of 0 is 0: 4 jobs are kept.
    parts = (NORTH, aim("jobs", "north", 4))
    found = solved(case(9, *parts, stages=["worst_shortfall", "spend"], give_away=0.5))
    assert values(found) == {"worst_shortfall": 0, "spend": 4}


def test_each_stage_is_held_at_its_own_optimum():
    # Jobs: 8 · 2 = 16 held at 8 · 2 · 3/4 = 12, that is 6 of money; spend is then 6, held at 6 · 5/4 = 7.5.
    # Output is worth 1 a unit, so it takes what spend gives away: 7.5.
    labs = fund("north", "labs", 8, jobs=2, output=1)
    found = solved(case(9, labs, stages=["jobs", "spend", "output"], give_away=0.25))
    assert values(found) == {"jobs": 16, "spend": 6, "output": Fraction(15, 2)}


def test_all_seven_stages_together():
    # Worst: 2 of the north's 4 jobs (short 1/2) need 2, 4 of the south's 8 need 4. Nothing is left to choose.
    parts = (*TWO, aim("jobs", "north", 4), aim("jobs", "south", 8))
    found = solved(case(6, *parts, stages=STAGES, reference={"north": 3, "south": 3}))
    assert values(found) == {
        "worst_shortfall": Fraction(1, 2),
        "leximin[1]": Fraction(1, 2),  # the larger of two shortfalls of 1/2, then both
        "leximin[2]": 1,
        "total_shortfall": 1,
        "output": 0,
        "jobs": 6,
        "spend": 6,
        "nearest_reference": 2,
    }


# Ties and uniqueness

EQUAL = (fund("north", "labs", 4, jobs=3), fund("north", "mall", 4, jobs=3), fund("south", "port", 4, jobs=3))


def test_ties_go_to_what_is_written_first():
    found = solved(case(6, *EQUAL, stages=["jobs"]))
    assert plan(found) == {"north.labs.1": 4, "north.mall.1": 2, "south.port.1": 0}
    assert unique(found) == {"jobs": False}


def test_ties_follow_the_written_order_whatever_it_is():
    found = solved(case(6, *reversed(EQUAL), stages=["jobs"]))
    assert plan(found) == {"south.port.1": 4, "north.mall.1": 2, "north.labs.1": 0}


def test_the_order_fills_one_after_the_other():
    # 4 and 4 are full, 2 of the 10 are left for the last.
    found = solved(case(10, *EQUAL, stages=["jobs"]))
    assert plan(found) == {"north.labs.1": 4, "north.mall.1": 4, "south.port.1": 2}


def test_the_order_decides_nothing_that_a_stage_decides():
    # The labs come first, but give less.
    found = solved(case(4, fund("north", "labs", 4, jobs=2), fund("south", "port", 4, jobs=3), stages=["jobs"]))
    assert plan(found) == {"north.labs.1": 0, "south.port.1": 4}
    assert unique(found) == {"jobs": True}


def test_the_order_decides_nothing_that_a_stage_decides_although_it_is_degenerate():
    # Output cannot tell the south's two programmes apart, but keeps the north, which is written first, at nothing.
    parts = (fund("north", "labs", 4), fund("south", "port", 4, output=3), fund("south", "dock", 4, output=3))
    found = solved(case(6, *parts, stages=["output"]))
    assert plan(found) == {"north.labs.1": 0, "south.port.1": 4, "south.dock.1": 2}


def test_money_that_no_stage_asks_for_goes_to_what_is_written_first():
    parts = (fund("north", "labs", 4), fund("south", "port", 4))
    assert plan(solved(case(6, *parts, stages=["jobs"]))) == {"north.labs.1": 4, "south.port.1": 2}


def test_a_choice_is_reported_until_a_stage_closes_it():
    # Jobs do not care which of the three gets money; the reference fixes regions, not the two in the north.
    tied = case(6, *EQUAL, stages=["jobs", "nearest_reference"], reference={"north": 2, "south": 4})
    assert unique(solved(tied)) == {"jobs": False, "nearest_reference": False}
    closed = case(6, *EQUAL[1:], stages=["jobs", "nearest_reference"], reference={"north": 2, "south": 4})
    assert unique(solved(closed)) == {"jobs": False, "nearest_reference": True}


def test_a_degenerate_optimum_can_still_be_unique():
    # Floor, ceiling and budget all say 4: more rows bind than there is money to move.
    parts = (fund("north", "labs", 4, jobs=3), bound("north", floor=4, ceiling=4, floor_share=1, ceiling_share=1))
    assert unique(solved(case(4, *parts, stages=["jobs"]))) == {"jobs": True}


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("unit", [1e-5, 1e-3, 1, 1234.56789012, 1e6, 98765432.10123])
def test_whether_a_plan_is_unique_does_not_hang_on_the_unit_of_money(unit, solver):
    tied = case(
        6 * unit,
        *(replace(part, width=part.width * unit, returns={"output": 0, "jobs": 3 / unit}) for part in EQUAL),
        stages=["jobs", "nearest_reference"],
        reference={"north": 2 * unit, "south": 4 * unit},
    )
    assert unique(solved(tied, solver)) == {"jobs": False, "nearest_reference": False}
    closed = replace(tied, tranches=tied.tranches[1:])
    assert unique(solved(closed, solver)) == {"jobs": False, "nearest_reference": True}


def test_a_doubled_target_changes_nothing():
    # The same row twice is degenerate: its price can be divided between the two in any way.
    parts = (*TWO, aim("jobs", "north", 4), aim("jobs", "south", 12))
    twice = (*parts, aim("output", "north", 4), aim("output", "south", 12))
    same = [replace(p, returns={"jobs": 1, "output": 1}) if p in TWO else p for p in twice]
    once, doubled = solved(case(6, *parts)), solved(case(6, *same))
    assert values(once) == values(doubled)
    assert plan(once) == plan(doubled)


# No plan


@pytest.mark.parametrize(
    "parts",
    [
        (*TWO, aim("jobs", "south", 11, must=True)),  # the width is 10
        (*TWO, aim("jobs", "south", 9, must=True)),  # the budget is 8
        (*TWO, bound("north", floor=5), bound("south", floor=4)),  # 9 > 8
        (*TWO, bound("north", floor=5, ceiling=4)),
        (*TWO, bound("north", floor_share=0.75), bound("south", floor=3)),  # 6 + 3 > 8
        (fund("north", "labs", 2, jobs=1), bound("north", floor=3)),  # the width is 2
        (*TWO, bound("east", floor=1)),  # nothing is planned in the east
        (*TWO, aim("output", "north", 1, must=True)),  # nothing gives output
    ],
)
@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_infeasible_is_a_result_without_numbers(parts, solver):
    found = solve(case(8, *parts, stages=STAGES), solver)
    assert found.status is Status.INFEASIBLE
    assert (found.stages, found.spend, found.certificate) == ((), None, None)


class Scripted:
    """An engine that answers with the next status of a list, and solves where the list says optimal."""

    name = "scripted"

    def __init__(self, *script):
        self.script, self.highs = list(script), Highs()

    def minimise(self, program, costs):
        status = self.script.pop(0) if self.script else Status.OPTIMAL
        return self.highs.minimise(program, costs) if status is Status.OPTIMAL else Answer(status)


def test_unbounded_is_a_result_without_numbers(monkeypatch):
    # No case is unbounded, as every tranche has a width: only an engine can say so.
    monkeypatch.setitem(ENGINES, "scripted", lambda: Scripted(Status.UNBOUNDED))
    found = solve(case(6, *TWO, stages=["jobs"]), "scripted")
    assert found.status is Status.UNBOUNDED
    assert (found.stages, found.spend, found.certificate) == ((), None, None)


def test_a_stage_that_a_solver_loses_is_solved_in_fractions(monkeypatch):
    # The plan of the first stage keeps every row of the second: "infeasible" is the solver's failure there,
    # and the simplex method goes on in fractions from the first stage's basis.
    one = case(6, fund("north", "labs", 10, jobs=1), fund("south", "labs", 10, jobs=1), stages=["jobs", "spend"])
    monkeypatch.setitem(ENGINES, "scripted", lambda: Scripted(Status.OPTIMAL, Status.INFEASIBLE))
    found = solve(one, "scripted")
    assert found.status is Status.OPTIMAL
    assert found.certificate.passed
    assert values(found) == values(solved(one))


# The smallest budget


def test_the_smallest_budget_buys_every_target():
    # 16 jobs: 2 at 6, then 4 more at 4: 3; and 4 of output at 2: 2. Together 5.
    labs = (fund("north", "labs", 2, jobs=6), fund("north", "labs", 2, jobs=4, k=2))
    parts = (*labs, fund("south", "port", 9, output=2), aim("jobs", "north", 16), aim("output", "south", 4))
    assert least_budget(case(1, *parts)) == 5


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_there_is_no_smallest_budget_where_the_tranches_do_not_suffice(solver):
    # 2 at 10 and 2 at 6 give 32 jobs, not 33.
    labs = (fund("north", "labs", 2, jobs=10), fund("north", "labs", 2, jobs=6, k=2))
    assert least_budget(case(99, *labs, aim("jobs", "north", 32)), solver) == 4
    assert least_budget(case(99, *labs, aim("jobs", "north", 33)), solver) is None


def test_a_floor_as_a_share_is_part_of_the_smallest_budget():
    # The north needs 2; the south takes half of B: 2 + B/2 = B, so B = 4.
    parts = (*TWO, aim("jobs", "north", 2), bound("south", floor_share=0.5))
    assert least_budget(case(9, *parts)) == 4


def test_a_ceiling_as_a_share_is_part_of_the_smallest_budget():
    # The north needs 2 and may have half of B: B = 4, although 2 are spent.
    parts = (*TWO, aim("jobs", "north", 2), bound("north", ceiling_share=0.5))
    assert least_budget(case(9, *parts)) == 4


def test_fixed_limits_are_part_of_the_smallest_budget():
    # 2 for the target, 4 for the floor; where the north may have 1 only, nothing reaches its target.
    parts = (*TWO, aim("jobs", "north", 2), bound("south", floor=4))
    assert least_budget(case(9, *parts)) == 6
    assert least_budget(case(9, *parts, bound("north", ceiling=1))) is None


def test_the_smallest_budget_does_not_hang_on_the_budget_of_the_case():
    parts = (*TWO, aim("jobs", "north", 2), aim("jobs", "south", 4))
    assert [least_budget(case(budget, *parts)) for budget in (0.001, 6, 1e6)] == [6, 6, 6]


def test_at_the_smallest_budget_all_is_met_and_just_below_it_is_not():
    parts = (*TWO, aim("jobs", "north", 4), aim("jobs", "south", 8))
    assert values(solved(case(12, *parts))) == {"worst_shortfall": 0}
    # An eighth of 12 less: an eighth of every target is missing.
    assert values(solved(case(10.5, *parts))) == {"worst_shortfall": Fraction(1, 8)}


# Numbers of awkward size


@pytest.mark.parametrize("budget", [1e-9, 1e-6, 1e-3])
def test_a_very_small_budget_is_divided_all_the_same(budget):
    # 1 - z = B/20, as in the first case of this file: a fifth of B for the north.
    found = solved(case(budget, *TWO, aim("jobs", "north", 4), aim("jobs", "south", 16)))
    assert values(found)["worst_shortfall"] == 1 - Fraction(budget) / 20
    assert allocation(found) == {"north": Fraction(budget) / 5, "south": Fraction(budget) * 4 / 5}


def test_returns_that_differ_in_the_ninth_digit_are_told_apart():
    # Six to the one that gives more, although it is written second.
    parts = (fund("north", "labs", 6, jobs=1), fund("south", "port", 6, jobs=1 + 1e-9))
    assert plan(solved(case(6, *parts, stages=["jobs"]))) == {"north.labs.1": 0, "south.port.1": 6}


def test_returns_nine_orders_apart_are_still_exact():
    # 1 job and 1e9 of output a unit; half of each target is in reach with half the money that both need.
    parts = (fund("north", "labs", 1e3, jobs=1e-3), fund("south", "port", 1e3, output=1e6))
    found = solved(case(500, *parts, aim("jobs", "north", 0.5), aim("output", "south", 5e8)))
    assert float(values(found)["worst_shortfall"]) == pytest.approx(0.5, rel=1e-12)
    assert found.certificate.passed


def test_a_budget_beyond_all_widths_fills_them():
    found = solved(case(1e12, *TWO, stages=["jobs"]))
    assert allocation(found) == {"north": 10, "south": 10}


def test_no_tranche_at_all_leaves_every_target_open():
    found = solved(case(5, aim("jobs", "north", 4), stages=STAGES, regions=["north"]))
    assert values(found)["worst_shortfall"] == 1
    assert plan(found) == {}


def test_the_same_plan_whatever_the_solver_in_exact_fractions():
    parts = (*EQUAL, aim("jobs", "north", 7), aim("jobs", "south", 11), bound("south", floor_share=0.25))
    instance = case(6, *parts, stages=STAGES, reference={"north": 1, "south": 2})
    highs, cbc = solved(instance), solved(instance, "cbc")
    assert values(highs) == values(cbc)
    assert plan(highs) == plan(cbc)
    assert unique(highs) == unique(cbc)


def test_every_stage_carries_its_own_proof():
    found = solved(staged(case(6, *TWO, aim("jobs", "north", 4)), "worst_shortfall", "spend"))
    assert [proof.stage for proof in found.certificate.stages][:2] == ["worst_shortfall", "spend"]
    assert all(proof.exact for proof in found.certificate.stages)

"""The best vertex along one number: pieces by hand, and against fresh solves of random cases."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from cases import aim, bound, case, fund
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import random_case

from regionopt.case.case import load
from regionopt.common.document import Status
from regionopt.common.instance import Instance
from regionopt.explain.quantities import quantities
from regionopt.explain.shift import Shift, shifted
from regionopt.explain.walk import Piece, walk
from regionopt.model.model import build
from regionopt.model.program import Program
from regionopt.model.translate import to_program
from regionopt.proof.factor import factorise
from regionopt.solve import ordered
from regionopt.solve.ordered import in_units, ranks, vertex
from regionopt.solve.solve import solve
from regionopt.solve.solvers import ENGINES
from regionopt.solve.vertex import Vertex


def program_of(instance: Instance) -> Program:
    return in_units(to_program(build(instance).problem), instance)


def start(instance: Instance) -> Vertex | Status:
    model, program = build(instance), program_of(instance)
    return vertex(ENGINES["highs"](), program, ranks(model, program, model.stages))


def between(before: Program, after: Program, units: float) -> Shift:
    """What one unit changes, where so many units lead from one program to the other; only bounds may change."""
    lower, upper, width = {}, {}, len(before.columns)
    things = [*zip(before.lower, before.upper, after.lower, after.upper, strict=True)]
    things += [(a.lower, a.upper, b.lower, b.upper) for a, b in zip(before.rows, after.rows, strict=True)]
    assert [row.terms for row in before.rows] == [row.terms for row in after.rows]
    assert width == len(after.columns)
    for thing, (low, high, low_after, high_after) in enumerate(things):
        if low != low_after:
            lower[thing] = (Fraction(low_after) - Fraction(low)) / Fraction(units)
        if high != high_after:
            upper[thing] = (Fraction(high_after) - Fraction(high)) / Fraction(units)
    return Shift(lower, upper)


def target(program: Program, metric: str, region: str) -> Shift:
    """One more unit of a target: of the bound of its row and of the coefficient of its shortfall."""
    row = next(i for i, row in enumerate(program.rows) if row.name == f"reach[{metric},{region}]")
    column = program.columns.index(f"shortfall[{metric},{region}]")
    return Shift(lower={len(program.columns) + row: Fraction(1)}, row=row, terms={column: Fraction(1)})


def worst(piece: Piece, instance: Instance) -> Fraction:
    """The change of the first stage with a unit."""
    first = quantities(build(instance))[0]
    return first.sense * piece.slope(first.costs)


# 4 of money bring 2 jobs each, 20 more bring 1 each; the target is 20 jobs.
LABS = (fund("north", "labs", 4, jobs=2), fund("north", "labs", 20, jobs=1, k=2), aim("jobs", "north", 20))


def test_pieces_of_a_budget_by_hand():
    # At a budget of 10: 8 + 6 = 14 jobs, shortfall 0.3. One more of money: one more job, 1/20 less shortfall, until
    # 16 (20 jobs); then nothing, although it is spent (the written order asks for it) until all 24 are full.
    # Below 4 one of money is two jobs, 1/10.
    instance = case(10, *LABS)
    before = start(instance)
    shift = between(before.program, program_of(replace(instance, budget=20)), 10)
    up = list(walk(before, shift))
    assert [(p.start, p.end, worst(p, instance)) for p in up] == [
        (0, 6, Fraction(-1, 20)),
        (6, 14, 0),
        (14, None, 0),
    ]
    down = list(walk(before, shift.times(Fraction(-1))))
    assert [(p.start, p.end, worst(p, instance), p.last) for p in down] == [
        (0, 6, Fraction(1, 20), False),
        (6, 10, Fraction(1, 10), True),
    ]


def test_a_piece_of_a_target_bends():
    # 14 jobs of a target T: shortfall 1 - 14/T, at T = 20 it rises by 14/400 a job; at T = 28 it is a half.
    instance = case(10, *LABS)
    before = start(instance)
    shift = target(before.program, "jobs", "north")
    (up,) = walk(before, shift)
    assert worst(up, instance) == Fraction(14, 400)
    x = dict(zip(before.program.columns, up.at(Fraction(8)), strict=True))
    assert x["shortfall[jobs,north]"] == Fraction(1, 2)
    down = list(walk(before, shift.times(Fraction(-1))))
    # At 14 it is reached.
    assert down[0].end == 6
    x = dict(zip(before.program.columns, down[0].at(Fraction(6)), strict=True))
    assert x["shortfall[jobs,north]"] == 0


def test_a_limit_that_does_not_bind_changes_nothing_until_it_does():
    # The north would receive 10 of 10; a ceiling of 12 binds from 10 down.
    instance = case(10, *LABS, bound("north", ceiling=12))
    before = start(instance)
    shift = between(before.program, program_of(case(10, *LABS, bound("north", ceiling=13))), 1)
    idle, held, *_ = walk(before, shift.times(Fraction(-1)))
    assert (idle.end, worst(idle, instance)) == (2, 0)
    assert worst(held, instance) == Fraction(1, 20)


def test_a_walk_ends_where_nothing_is_feasible():
    # A floor of 3 in the north and 5 in the south: below 8 there is no plan.
    parts = (*LABS, fund("south", "labs", 9, jobs=1), bound("north", floor=3), bound("south", floor=5))
    instance = case(10, *parts)
    before = start(instance)
    shift = between(before.program, program_of(replace(instance, budget=20)), 10)
    *_, last = walk(before, shift.times(Fraction(-1)))
    assert (last.end, last.last) == (2, True)


def test_two_plans_that_are_equally_good_follow_the_written_order_on_both_sides():
    # Two programmes with equal returns: at a kink (budget 4, the first is full) the second follows.
    parts = (fund("north", "a", 4, jobs=1), fund("north", "b", 4, jobs=1), aim("jobs", "north", 20))
    instance = case(4, *parts)
    before = start(instance)
    shift = between(before.program, program_of(replace(instance, budget=8)), 4)
    (up, *_), (down, *_) = walk(before, shift), walk(before, shift.times(Fraction(-1)))
    a, b = (before.program.columns.index(f"spend[north,{p},1]") for p in "ab")
    assert (up.move.get(a, 0), up.move.get(b, 0)) == (0, 1)
    assert (down.move.get(a, 0), down.move.get(b, 0)) == (-1, 0)
    # The price of the budget is the same on both sides, although two dual solutions exist.
    assert worst(up, instance) == -worst(down, instance) == Fraction(-1, 20)


def spend(program: Program, x) -> dict[str, float]:
    return {name: float(v) for name, v in zip(program.columns, x, strict=True) if name.startswith("spend[")}


def agrees(instance: Instance, piece: Piece, units: Fraction) -> bool:
    """Whether a fresh solve at a point of the piece finds the same plan."""
    fresh = solve(instance)
    mine = spend(piece.vertex.program, piece.at(units))
    theirs = {f"spend[{','.join(map(str, key))}]": float(money) for key, money in fresh.spend.items()}
    return mine == pytest.approx(theirs, rel=1e-6, abs=1e-6)


PROPERTY = settings(
    deadline=None, derandomize=True, max_examples=40, database=None, suppress_health_check=list(HealthCheck)
)


@PROPERTY
@given(random_case(give_away=st.just(0.0)), st.integers(0, 10**6))
def test_every_point_of_a_budget_is_a_fresh_solve(instance, seed):
    before = start(instance)
    assume(isinstance(before, Vertex))
    shift = between(before.program, program_of(replace(instance, budget=2 * instance.budget)), instance.budget)
    dice = random.Random(seed)
    for sign in (1, -1):
        pieces = list(walk(before, shift.times(Fraction(sign))))
        for piece in dice.sample(pieces, min(3, len(pieces))):
            end = piece.start + instance.budget if piece.end is None else piece.end
            units = piece.start + (end - piece.start) * Fraction(dice.random())
            budget = float(Fraction(instance.budget) + sign * units)
            if budget > 0:
                assert agrees(replace(instance, budget=budget), piece, units)


@PROPERTY
@given(random_case(give_away=st.just(0.0)), st.integers(0, 10**6))
def test_every_point_of_a_target_is_a_fresh_solve(instance, seed):
    before = start(instance)
    assume(isinstance(before, Vertex) and instance.targets)
    dice = random.Random(seed)
    chosen = dice.choice(instance.targets)
    shift = target(before.program, chosen.metric, chosen.region)
    for sign in (1, -1):
        for piece in walk(before, shift.times(Fraction(sign))):
            end = piece.start + Fraction(chosen.target) / 2 if piece.end is None else piece.end
            units = piece.start + (end - piece.start) * Fraction(dice.random())
            now = float(Fraction(chosen.target) + sign * units)
            if now <= chosen.target / 8 or now > 4 * chosen.target:
                break
            moved = tuple(replace(t, target=now) if t == chosen else t for t in instance.targets)
            assert agrees(replace(instance, targets=moved), piece, units)


@PROPERTY
@given(random_case(give_away=st.just(0.0)))
def test_all_ranks_at_once_or_one_after_another_end_at_the_same_plan(instance):
    together = start(instance)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ordered, "_at_once", lambda *_: None)
        apart = start(instance)
    if isinstance(together, Vertex) and isinstance(apart, Vertex):
        width = len(together.program.columns)
        assert together.values[:width] == apart.values[:width]
    else:
        assert together == apart


def test_all_ranks_at_once_are_mostly_enough(monkeypatch):
    """The built-in case takes one solve, not one for each rank."""
    monkeypatch.setattr(ordered, "_rank_by_rank", lambda *_: pytest.fail("a solve for each rank"))
    assert isinstance(start(load().instance), Vertex)


def test_a_program_moved_along_is_moved_exactly():
    instance = case(10, *LABS)
    program = program_of(instance)
    third, column = Fraction(1, 3), program.columns.index("spend[north,labs,1]")
    moved = shifted(program, Shift(upper={column: third}, row=0, terms={column: third}), Fraction(1))
    assert moved.upper[column] == 4 + third
    assert dict(moved.rows[0].terms)[column] == 1 + third


def test_a_singular_system_is_refused():
    with pytest.raises(ArithmeticError):
        factorise({0: {0: 1}, 1: {0: 2}})

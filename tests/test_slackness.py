"""A plan and prices prove each other best exactly where every violation and the gap are zero in fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from cases import program
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_case

from regionopt.common.document import Status
from regionopt.model.matrix import Matrix
from regionopt.model.model import build
from regionopt.model.points import Point, activity_at, activity_near
from regionopt.model.program import Basis, Program, Seat
from regionopt.model.sums import activities, product
from regionopt.model.translate import to_costs, to_program
from regionopt.proof.certificate import check_stage, dual_bound, primal_violation
from regionopt.proof.exact import corner
from regionopt.proof.faces import face, settled
from regionopt.proof.forms import Form
from regionopt.proof.slackness import proves
from regionopt.solve.optimum import optimise
from regionopt.solve.solvers import ENGINES

INF = float("inf")
TINY = Fraction(1, 10**30)
# The most of 2a + b + c: a is 4, its bound. b and c share 3b + 9c ≤ 1; b takes it all, so a unit of it is worth 1/3.
PROGRAM = program(
    {"a": (0, 4), "b": (0, INF), "c": (0, INF)},
    {"row": ({"b": 3, "c": 9}, -INF, 1), "other": ({"a": 1, "b": 1, "c": 1}, -INF, 9)},
)
COSTS = (-2.0, -1.0, -1.0)
X, Y = (Fraction(4), Fraction(1, 3), Fraction(0)), (Fraction(-1, 3), Fraction(0))


def best(x=X, y=Y, given_program: Program = PROGRAM, costs=COSTS) -> bool:
    """Whether they prove each other best, by slackness."""
    prices = {i: price for i, price in enumerate(y) if price}
    return proves(given_program, Point.of(x), Form.of(given_program, costs, prices))


def nothing_is_wrong(given_program: Program, costs, x, y) -> bool:
    """The same by adding up every violation and both values in fractions."""
    dual, bound = dual_bound(given_program, costs, y)
    return not (primal_violation(given_program, x) or dual or product(x, costs) != bound)


def test_the_best_is_proven():
    assert best()
    assert nothing_is_wrong(PROGRAM, COSTS, X, Y)


def test_a_column_with_a_price_is_at_its_bound():
    for a in (Fraction(3), Fraction(5), 4 - TINY, 4 + TINY):
        assert not best((a, *X[1:]))


def test_what_is_no_float_is_compared():
    for change in (TINY, -TINY, Fraction(1), Fraction(-1, 4)):
        assert not best((X[0], X[1] + change, X[2]))
    # Without a price of its own it may move between its bounds, but not beyond them.
    free = program({"a": (0, 4)}, {"row": ({"a": 3}, -INF, 12)})
    assert best((Fraction(4, 3),), (0,), free, (0.0,))
    assert not best((4 + TINY,), (0,), free, (0.0,))
    assert not best((Fraction(4, 3),), (0,), free, (-1.0,))


@pytest.mark.parametrize("y", [(Fraction(1, 3), 0), (0, Fraction(-1)), (Fraction(-1, 2), 0)])
def test_a_row_is_at_the_bound_that_its_price_is_paid_for(y):
    assert not best(y=y)


def test_a_row_is_kept():
    assert not best(given_program=replace(PROGRAM, rows=(PROGRAM.rows[0], PROGRAM.rows[1].within(-INF, 4.0))))
    assert not best((Fraction(4), Fraction(1, 3), Fraction(10)))


def test_what_is_taken_of_a_row_counts():
    rows = (replace(PROGRAM.rows[0], upper=3.0, taken=Fraction(2)), PROGRAM.rows[1])
    assert best(given_program=replace(PROGRAM, rows=rows))
    assert not best(given_program=replace(PROGRAM, rows=(replace(rows[0], taken=2 + TINY), rows[1])))


def test_what_floats_cannot_tell_is_told_by_fractions():
    # 0.1 · 3 is exactly above 0.3 by 2.8e-17, which floats call 0.30000000000000004 and another order 0.3.
    rows = {"row": ({"a": 0.1, "b": 0.1, "c": 0.1}, -INF, 0.3)}
    nearly = program(dict.fromkeys("abc", (0, 1)), rows)
    assert not best((Fraction(1),) * 3, (0,), nearly, (0.0,) * 3)
    assert best((Fraction(1), Fraction(1), 1 - Fraction(1, 2**50)), (0,), nearly, (0.0,) * 3)


@settings(deadline=None, derandomize=True, max_examples=60, database=None)
@given(random_case(), st.integers(0, 50), st.sampled_from([Fraction(0), TINY, -TINY, Fraction(1, 8), Fraction(-3)]))
def test_slackness_says_what_adding_up_says(instance, place, change):
    model = build(instance)
    given_program, costs = to_program(model.problem), to_costs(model.problem, model.stages[0])
    found = optimise(ENGINES["highs"](), given_program, "stage", costs)
    if isinstance(found, Status):
        return
    x, y = list(found.corner.x), list(found.corner.y)
    assert nothing_is_wrong(given_program, costs, x, y) == best(x, y, given_program, costs) == found.proof.exact
    vector = (x, y)[place % 2]
    if vector:
        vector[place % len(vector)] += change
    assert nothing_is_wrong(given_program, costs, x, y) == best(x, y, given_program, costs)
    assert check_stage("stage", given_program, costs, x, y).exact == nothing_is_wrong(given_program, costs, x, y)


@settings(deadline=None, derandomize=True, max_examples=60, database=None)
@given(random_case(), st.lists(st.fractions(-9, 9), min_size=40, max_size=40), st.booleans())
def test_rows_are_as_far_off_as_is_said_and_exact_where_asked(instance, numbers, fractions):
    given_program = to_program(build(instance).problem)
    x = [numbers[j % 40] for j in range(len(given_program.columns))]
    if fractions:  # some coefficients are none that a float says
        rows = (replace(r, terms=tuple((j, a + j * TINY) for j, a in r.terms)) for r in given_program.rows)
        given_program = replace(given_program, rows=tuple(rows))
    exact = activities(given_program.rows, x)
    near, error = activity_near(given_program, Point.of(x))
    assert all(abs(Fraction(n) - a) <= Fraction(e) for n, a, e in zip(near, exact, error, strict=True))
    for written in (False, True):
        assert not written or given_program.matrix.whole
        assert given_program.matrix.is_whole is written
        found = activity_at(given_program, Point.of(x), range(len(exact)))
        assert [Fraction(*ratio) for ratio in found] == exact


def test_fractions_in_a_program_are_taken_as_they_are():
    third, most = Fraction(1, 3), 4 + TINY
    rows = (replace(PROGRAM.rows[0], terms=((1, 3 + TINY), (2, 9.0)), upper=third), PROGRAM.rows[1])
    given_program = replace(PROGRAM, upper=(most, INF, INF), rows=rows)
    basis = Basis((Seat.UPPER, Seat.BASIC, Seat.LOWER), (Seat.UPPER, Seat.BASIC))
    found = corner(given_program, COSTS, basis)
    assert (found.x, found.y) == ((most, third / (3 + TINY), Fraction(0)), (-1 / (3 + TINY), 0))
    assert check_stage("stage", given_program, COSTS, found.x, found.y).exact
    best_plans = face(given_program, found.d, product(found.x, COSTS))
    assert (best_plans.lower[0], best_plans.upper[0], best_plans.rows[0].lower) == (most, most, third)
    assert not best_plans.movable[0]
    assert settled(best_plans, basis) is best_plans


def test_a_point_is_the_sequence_of_its_values():
    values = (Fraction(1, 3), Fraction(0), Fraction(5, 4))
    point = Point.of(values)
    assert point == values
    assert (list(point), point[0], point[1:], len(point)) == (list(values), values[0], values[1:], 3)
    assert list(point.other) == [0]
    assert Point.of(point) is point


def test_rows_that_begin_alike_are_counted():
    one = Matrix.of([((0, 1.0), (1, 2.0)), (), ((1, 3.0),)], 2)
    for rows, alike in (
        ([((0, 1.0), (1, 2.0)), (), ((1, 3.0),)], 3),
        ([((0, 1.0), (1, 2.0)), (), ((1, 4.0),)], 2),
        ([((0, 1.0), (1, 2.0)), (), ((1, 3.0),), ((0, 1.0),)], 3),
        ([((0, 1.0), (1, 2.0)), ()], 2),
        ([((0, 1.0), (1, 2.0)), ((1, 3.0),)], 1),
        ([((0, 1.0),), ((1, 2.0),)], 0),
        ([], 0),
    ):
        assert one.like(Matrix.of(rows, 2)) == alike
        assert Matrix.of(rows, 2).like(one) == alike

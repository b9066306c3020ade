"""Columns that cannot move are taken out of a program, exactly, and what is left proves the whole."""

from dataclasses import replace
from fractions import Fraction

from regionopt.model.program import Basis, Program, Row, Seat
from regionopt.model.standing import standing
from regionopt.model.sums import activities
from regionopt.proof.certificate import check_stage, dual_bound
from regionopt.proof.faces import settled
from regionopt.solve.optimum import optimise
from regionopt.solve.simplex import Vertex
from regionopt.solve.solvers import ENGINES

INF = float("inf")
# a is kept at 0.1, so that 3a + b ≤ 9 leaves 9 - 3·0.1 to b, which no float says exactly; c stands in `other` alone.
PROGRAM = Program(
    ("a", "b", "c"),
    (0.1, 0.0, 0.0),
    (0.1, 50.0, 4.0),
    (Row("row", ((0, 3.0), (1, 1.0)), -INF, 9.0), Row("other", ((0, 1.0), (2, 2.0)), -INF, 6.0)),
)
COSTS = (7.0, -2.0, -1.0)
AT_BOUNDS = Basis((Seat.LOWER,) * 3, (Seat.BASIC,) * 2)
TENTH = Fraction(0.1)


def test_what_cannot_move_is_taken_exactly():
    given = settled(PROGRAM, AT_BOUNDS)
    assert [row.terms for row in given.rows] == [((1, 1.0),), ((2, 2.0),)]
    assert [row.taken for row in given.rows] == [3 * TENTH, TENTH]
    assert [row.room[1] for row in given.rows] == [9 - float(3 * TENTH), 6 - 0.1]
    x = (TENTH, Fraction(2), Fraction(1, 3))
    assert activities(given.rows, x) == activities(PROGRAM.rows, x) == [3 * TENTH + 2, TENTH + Fraction(2, 3)]


def test_what_was_taken_stays_taken():
    once = settled(PROGRAM, AT_BOUNDS)
    twice = settled(replace(once, lower=(0.1, 2.0, 0.0), upper=(0.1, 2.0, 4.0)), AT_BOUNDS)
    assert [(row.terms, row.taken) for row in twice.rows] == [((), 3 * TENTH + 2), (((2, 2.0),), TENTH)]


def test_a_basic_column_stays_although_it_cannot_move():
    assert settled(PROGRAM, Basis((Seat.BASIC, Seat.LOWER, Seat.LOWER), AT_BOUNDS.rows)).rows == PROGRAM.rows


def test_only_what_can_move_is_left():
    left = standing(settled(PROGRAM, AT_BOUNDS))
    assert left is not None
    assert left.program.columns == ("b", "c")


def test_what_is_left_proves_the_whole():
    for engine in ENGINES.values():
        proves_the_whole(engine)


def proves_the_whole(engine):
    given = settled(PROGRAM, AT_BOUNDS)
    whole, found = (optimise(engine(), p, "stage", COSTS) for p in (PROGRAM, given))
    # b takes what a leaves of 9, c what a leaves of 6, halved.
    assert found.corner.x == whole.corner.x == (TENTH, 9 - 3 * TENTH, (6 - TENTH) / 2)
    assert found.value == whole.value == 7 * TENTH - 2 * (9 - 3 * TENTH) - (6 - TENTH) / 2
    assert found.proof == whole.proof
    for program in (PROGRAM, given):
        assert check_stage("stage", program, COSTS, found.corner.x, found.corner.y).exact
        assert dual_bound(program, COSTS, found.corner.y) == (0, found.value)


def test_a_step_does_not_move_what_is_taken():
    given = Vertex(settled(PROGRAM, AT_BOUNDS), (COSTS,), AT_BOUNDS)
    # b rises by 1, so does its row (thing 3, after three columns); the other row stays.
    assert given.moved({1: Fraction(1)}) == {1: 1, 3: 1}


def test_a_program_that_was_not_settled_is_solved_as_it_is():
    assert standing(PROGRAM) is None

"""The certificate proves what it should, refuses what was tampered with, and rests on no solver.

The program of the first tests: max x + 2y with x + y ≤ 4, x ≤ 3, y ≤ 2. Its optimum is (2, 2) with value 6, its
only prices are 1 for the row (a unit more of the sum is a unit more of x) and 1 for the bound of y (2 - 1).
As a minimum: costs (-1, -2), value -6, price y = -1 of the row, reduced costs d = (0, -1).
"""

from __future__ import annotations

import math
import random
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from cases import program
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_case

from regionopt.common.document import Status
from regionopt.common.errors import ToolError
from regionopt.model.model import build
from regionopt.model.program import Basis, Program, Row, Seat
from regionopt.model.scaling import Scaling, scaled_costs, units
from regionopt.model.translate import to_costs, to_program
from regionopt.model.vectors import vector
from regionopt.proof.certificate import TOLERANCE, certificate, check_stage, dual_bound, primal_violation
from regionopt.proof.exact import corner
from regionopt.proof.factor import factorise
from regionopt.solve.improve import improved
from regionopt.solve.repair import repaired
from regionopt.solve.solve import proven, solve

INF = math.inf
PROGRAM = program({"x": (0, 3), "y": (0, 2)}, {"sum": ({"x": 1, "y": 1}, -INF, 4)})
COSTS = (-1.0, -2.0)
X = (Fraction(2), Fraction(2))
Y = (Fraction(-1),)


def passes(given_program=PROGRAM, costs=COSTS, x=X, y=Y) -> bool:
    """Whether the certificate of this single stage passes."""
    return certificate([check_stage("stage", given_program, costs, x, y)]).passed


# What is proven


def test_the_optimum_with_its_prices_is_proven_exactly():
    proof = check_stage("stage", PROGRAM, COSTS, X, Y)
    assert (proof.primal_violation, proof.dual_violation, proof.gap, proof.exact) == (0, 0, 0, True)
    assert passes()


def test_the_bound_is_the_value_of_what_is_scarce():
    # -1 · 4 of the row, -1 · 2 of the bound of y
    assert dual_bound(PROGRAM, COSTS, Y) == (0, -6)


def test_other_prices_prove_a_weaker_bound():
    # Without a price: -1 · 3 - 2 · 2 = -7. With -2: -2 · 4 = -8, and x has a reduced cost of 1 at 0.
    assert dual_bound(PROGRAM, COSTS, (Fraction(0),)) == (0, -7)
    assert dual_bound(PROGRAM, COSTS, (Fraction(-2),)) == (0, -8)


def test_the_gap_is_relative_to_one_plus_the_value():
    # (1, 2) is worth -5, the bound is -6: 1/(1 + 5)
    assert check_stage("stage", PROGRAM, COSTS, (Fraction(1), Fraction(2)), Y).gap == pytest.approx(1 / 6)


def test_a_price_needs_a_bound_to_rest_on():
    # The row has no lower bound, so a price of +3 rests on nothing.
    assert dual_bound(PROGRAM, COSTS, (Fraction(3),))[0] == 3


def test_every_row_and_bound_is_checked():
    assert primal_violation(PROGRAM, X) == 0
    assert primal_violation(PROGRAM, (Fraction(7, 2), Fraction(0))) == Fraction(1, 2)  # x ≤ 3
    assert primal_violation(PROGRAM, (Fraction(0), Fraction(-1))) == 1  # y ≥ 0
    assert primal_violation(PROGRAM, (Fraction(3), Fraction(2))) == 1  # x + y ≤ 4
    least = replace(PROGRAM, rows=(Row("sum", ((0, 1.0), (1, 1.0)), 5.0, INF),))
    assert primal_violation(least, X) == 1  # x + y ≥ 5


def test_no_violation_is_too_small_to_be_exact():
    tiny = Fraction(1, 10**300)
    assert not check_stage("stage", PROGRAM, COSTS, (X[0] + tiny, X[1]), Y).exact


def test_numbers_are_those_the_solver_was_given():
    # 0.1 is not a tenth in binary: what is exact for a tenth is not exact for 0.1.
    tenth = program({"x": (0, 99)}, {"row": ({"x": 0.1}, 1, INF)})
    assert check_stage("stage", tenth, (1.0,), (1 / Fraction(0.1),), (1 / Fraction(0.1),)).exact
    assert not check_stage("stage", tenth, (1.0,), (Fraction(10),), (Fraction(10),)).exact


def test_all_stages_must_pass():
    good = check_stage("good", PROGRAM, COSTS, X, Y)
    bad = check_stage("bad", PROGRAM, COSTS, (Fraction(1), Fraction(2)), Y)
    assert certificate([good, good]).passed
    together = certificate([good, bad, good])
    assert not together.passed
    assert together.largest_violation == bad.gap
    assert [stage.stage for stage in together.stages] == ["good", "bad", "good"]


def test_no_stage_at_all_proves_nothing():
    assert not certificate([]).passed


@pytest.mark.parametrize("fault", ["primal_violation", "dual_violation", "gap"])
def test_each_fault_alone_fails_beyond_the_tolerance(fault):
    good = check_stage("stage", PROGRAM, COSTS, X, Y)
    assert certificate([good.model_copy(update={fault: TOLERANCE})]).passed
    assert not certificate([good.model_copy(update={fault: 1.01 * TOLERANCE})]).passed


def test_a_result_without_proof_is_no_result():
    with pytest.raises(ToolError):
        proven([check_stage("bad", PROGRAM, COSTS, (Fraction(1), Fraction(2)), Y)])


# Tampering: the optimum and its prices are unique, so any change of either is one for the worse

changes = st.fractions(min_value=-5, max_value=5).filter(lambda change: abs(change) > Fraction(1, 10**6))
numbers = st.floats(min_value=-5, max_value=5, allow_nan=False).filter(lambda change: abs(change) > 1e-6)
QUICK = settings(deadline=None, derandomize=True, max_examples=100, database=None)


@QUICK
@given(st.integers(0, 1), changes)
def test_a_changed_plan_fails(j, change):
    assert not passes(x=tuple(v + change * (i == j) for i, v in enumerate(X)))


@QUICK
@given(changes)
def test_changed_prices_fail(change):
    assert not passes(y=(Y[0] + change,))


@QUICK
@given(numbers)
def test_a_changed_cost_of_what_is_between_its_bounds_fails(change):
    assert not passes(costs=(COSTS[0] + change, COSTS[1]))


@QUICK
@given(numbers)
def test_a_changed_cost_of_what_is_at_a_bound_fails_where_it_would_leave(change):
    # y is worth 2 and takes the place of x, which is worth 1: it stays full until it is worth less than x.
    assert passes(costs=(COSTS[0], COSTS[1] + change)) == (change <= 1)


@QUICK
@given(st.integers(0, 1), numbers)
def test_a_changed_coefficient_fails(j, change):
    row = Row("sum", tuple((i, 1.0 + change * (i == j)) for i in range(2)), -INF, 4.0)
    assert not passes(replace(PROGRAM, rows=(row,)))


@QUICK
@given(numbers)
def test_a_changed_row_bound_fails(change):
    assert not passes(replace(PROGRAM, rows=(replace(PROGRAM.rows[0], upper=4.0 + change),)))


@QUICK
@given(numbers)
def test_a_changed_bound_that_binds_fails(change):
    assert not passes(replace(PROGRAM, upper=(3.0, 2.0 + change)))


def test_a_bound_that_does_not_bind_may_change_until_it_does():
    assert passes(replace(PROGRAM, upper=(2.5, 2.0)))
    assert not passes(replace(PROGRAM, upper=(1.5, 2.0)))


def test_a_missing_row_fails():
    assert not passes(replace(PROGRAM, rows=()), y=())


def test_an_added_row_fails_where_the_plan_breaks_it():
    tighter = PROGRAM.with_row(Row("more", ((0, 1.0),), -INF, 1.0))
    assert not passes(tighter, y=(*Y, Fraction(0)))


def test_a_thousand_tampered_proofs_fail():
    rng = random.Random(1)
    for _ in range(1000):
        factor = 1 + Fraction(rng.choice([-1, 1])) * Fraction(rng.randint(1, 10**6), 10**6)
        which = rng.randrange(3)
        x = tuple(v * factor if i == which else v for i, v in enumerate(X))
        y = (Y[0] * factor,) if which == 2 else Y
        assert not passes(x=x, y=y)


# Exactness


@settings(deadline=None, derandomize=True, max_examples=200, database=None)
@given(random_case())
def test_every_stage_of_a_random_case_is_proven_without_any_rounding(instance):
    found = solve(instance)
    if found.status is Status.OPTIMAL:
        assert all(proof.exact for proof in found.certificate.stages)
        assert found.certificate.largest_violation == 0
        assert {proof.stage for proof in found.certificate.stages} >= set(instance.stages)


def test_the_random_cases_are_not_all_infeasible():
    statuses = []

    @settings(deadline=None, derandomize=True, max_examples=50, database=None)
    @given(random_case())
    def gather(instance):
        statuses.append(solve(replace(instance, stages=("spend",))).status)

    gather()
    assert statuses.count(Status.OPTIMAL) > len(statuses) / 2


def test_the_corner_of_a_basis_is_exact():
    # x basic in 3x = 1: a third, which no float is.
    third = program({"x": (0, 9)}, {"row": ({"x": 3}, 1, 1)})
    found = corner(third, (5.0,), Basis((Seat.BASIC,), (Seat.LOWER,)))
    assert (found.x, found.y, found.d.exact(0)) == ((Fraction(1, 3),), (Fraction(5, 3),), 0)


def test_a_singular_basis_has_no_corner():
    twice = program({"x": (0, 9), "y": (0, 9)}, {"a": ({"x": 1, "y": 1}, 1, 1), "b": ({"x": 2, "y": 2}, 2, 2)})
    with pytest.raises(ArithmeticError):
        corner(twice, (1.0, 1.0), Basis((Seat.BASIC, Seat.BASIC), (Seat.LOWER, Seat.LOWER)))


@QUICK
@given(st.lists(st.lists(st.integers(-4, 4), min_size=4, max_size=4), min_size=4, max_size=4))
def test_elimination_solves_every_system_that_has_one_solution(matrix):
    wanted = [Fraction(1, 3), Fraction(-2), Fraction(0), Fraction(7, 5)]
    equations = {i: {j: a for j, a in enumerate(row) if a} for i, row in enumerate(matrix)}
    right = {i: sum(a * v for a, v in zip(row, wanted, strict=True)) for i, row in enumerate(matrix)}
    other_way = {j: sum(row[j] * v for row, v in zip(matrix, wanted, strict=True)) for j in range(4)}
    if determinant(matrix):
        factor = factorise(equations)
        found, prices = factor.solve(vector(right)), factor.solve_transposed(vector(other_way))
        assert [found.get(j, 0) for j in range(4)] == [prices.get(j, 0) for j in range(4)] == wanted
    else:
        with pytest.raises(ArithmeticError):
            factorise(equations)


def determinant(matrix) -> int:
    """By expansion along the first row."""
    if not matrix:
        return 1
    minors = ([[*row[:j], *row[j + 1 :]] for row in matrix[1:]] for j in range(len(matrix)))
    return sum((-1) ** j * matrix[0][j] * determinant(minor) for j, minor in enumerate(minors) if matrix[0][j])


# Exact steps from a basis that is not optimal

B, L, U = Seat.BASIC, Seat.LOWER, Seat.UPPER
OPTIMAL = Basis((B, U), (U,))


def test_a_basis_outside_its_bounds_is_led_back():
    # x = 3 and y = 2 make a sum of 5 > 4: the row goes to its bound, and x (worth less) gives way.
    assert repaired(PROGRAM, COSTS, Basis((U, U), (B,))) == OPTIMAL


def test_the_way_back_takes_what_costs_least():
    # Worth 3 and 2 now: y gives way.
    assert repaired(PROGRAM, (-3.0, -2.0), Basis((U, U), (B,))) == Basis((U, B), (U,))


def test_a_column_below_its_bound_is_led_back():
    # y basic in x + y = 4 with x at an upper bound of 6 is y = -2: it goes to 0, and x becomes 4.
    wide = replace(PROGRAM, upper=(6.0, 2.0))
    assert repaired(wide, (-2.0, -1.0), Basis((U, B), (U,))) == Basis((B, L), (U,))


def test_a_basis_inside_its_bounds_is_left_as_it_is():
    for basis in (OPTIMAL, Basis((L, L), (B,))):
        assert repaired(PROGRAM, COSTS, basis) == basis


def test_a_program_without_a_plan_is_led_nowhere():
    # x + y ≥ 9 with x ≤ 3, y ≤ 2
    none = replace(PROGRAM, rows=(Row("sum", ((0, 1.0), (1, 1.0)), 9.0, INF),))
    basis = repaired(none, COSTS, Basis((U, U), (B,)))
    assert primal_violation(none, corner(none, COSTS, basis).x) > 0


@pytest.mark.parametrize(
    "start", [Basis((L, L), (B,)), Basis((U, L), (B,)), Basis((L, U), (B,)), Basis((U, B), (U,))]
)
def test_a_feasible_basis_is_led_to_the_optimum(start):
    assert improved(PROGRAM, COSTS, start) == OPTIMAL


def test_a_column_may_go_from_bound_to_bound():
    # Nothing stops x before its own upper bound.
    free = program({"x": (0, 3)}, {"most": ({"x": 1}, -INF, 9)})
    assert improved(free, (-1.0,), Basis((L,), (B,))) == Basis((U,), (B,))
    assert improved(free, (1.0,), Basis((U,), (B,))) == Basis((L,), (B,))


def test_a_row_may_leave_its_bound():
    # At x + y = 4 although nothing is worth anything negative: x falls to 0.
    assert improved(PROGRAM, (1.0, 2.0), Basis((B, L), (U,))) == Basis((L, L), (B,))


def test_an_endless_gain_is_led_nowhere():
    endless = program({"x": (0, INF)}, {"least": ({"x": 1}, 1, INF)})
    start = Basis((B,), (L,))
    assert improved(endless, (-1.0,), start) == start


@settings(deadline=None, derandomize=True, max_examples=100, database=None)
@given(random_case(stages=st.just(["jobs"])))
def test_from_nothing_spent_exact_steps_reach_what_a_solver_finds(instance):
    # Without floors and musts nothing spent is a plan: each shortfall is 1, and stands in its reach row.
    easy = replace(instance, limits=(), targets=tuple(replace(t, must=False) for t in instance.targets))
    model = build(easy)
    given_program, costs = to_program(model.problem), to_costs(model.problem, model.stages[0])
    columns = tuple(U if name.startswith("shortfall") else L for name in given_program.columns)
    basis = improved(given_program, costs, Basis(columns, tuple(B for _ in given_program.rows)))
    found = corner(given_program, costs, basis)
    assert check_stage("jobs", given_program, costs, found.x, found.y).exact
    jobs = -sum(Fraction(c) * x for c, x in zip(costs, found.x, strict=True))
    assert jobs == solve(easy).stages[0].value


# Units in which a solver is given a program


@settings(deadline=None, derandomize=True, max_examples=100, database=None)
@given(random_case(), st.sampled_from([1e-9, 1e-3, 1.0, 1e6, 1e12]))
def test_units_are_powers_of_two_and_keep_every_corner(instance, money):
    model = build(replace(instance, budget=instance.budget * money))
    given_program, costs = to_program(model.problem), to_costs(model.problem, model.stages[0])
    unit = units(given_program)
    assert all(math.frexp(u)[0] == 0.5 for u in unit)
    counted = Scaling(unit).program(given_program)
    largest = max((abs(a) for row in counted.rows for _, a in row.terms), default=0.5)
    assert largest <= 1
    slack = Basis(tuple(L for _ in unit), tuple(B for _ in given_program.rows))
    one = improved(given_program, costs, slack)
    at, there = corner(given_program, costs, one), corner(counted, scaled_costs(costs, unit), one)
    assert [Fraction(u) * x for u, x in zip(unit, there.x, strict=True)] == list(at.x)


@pytest.mark.parametrize("times", [1, 2, 40])
def test_a_column_without_a_bound_keeps_its_unit_however_many_rows_it_stands_in(times):
    """It balances 8 units of the other column with a coefficient of 2: 4 of it, and the power of two above is 8."""
    rows = tuple(Row(f"r{k}", ((0, 1.0), (1, -2.0)), 0.0, math.inf) for k in range(times))
    assert units(Program(("x", "z"), (0.0, 0.0), (7.0, math.inf), rows)) == (8.0, 8.0)


# No solver behind it


def test_the_certificate_imports_no_solver():
    code = (
        "import sys, regionopt.proof.certificate, regionopt.proof.exact;"
        "solving = {'pulp', 'highspy', 'scipy', 'regionopt.solve.solvers', 'regionopt.model.model'};"
        "print(sorted(solving & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

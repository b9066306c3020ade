"""One contract for every engine: what differs between HiGHS and CBC ends behind their doors.

An engine minimises costs over a program and gives a status and a basis. The exact corner of that basis is what
the product uses, so that is what is compared.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from cases import program

from regionopt.common.document import Status
from regionopt.common.errors import ToolError
from regionopt.model.program import Program, Row, Seat
from regionopt.proof.certificate import check_stage
from regionopt.proof.exact import corner
from regionopt.solve.cbc import Cbc
from regionopt.solve.engine import Answer
from regionopt.solve.solvers import ENGINES

INF = math.inf


@pytest.fixture(params=sorted(ENGINES))
def engine(request):
    return ENGINES[request.param]()


def best(engine, given: Program, costs) -> Fraction:
    """The exact value at the corner of the engine's basis, proven, and as good as the engine's own numbers."""
    answer = engine.minimise(given, costs)
    assert answer.status is Status.OPTIMAL
    found = corner(given, costs, answer.basis)
    assert check_stage("best", given, costs, found.x, found.y).exact
    value = sum(Fraction(c) * v for c, v in zip(costs, found.x, strict=True))
    assert float(value) == pytest.approx(sum(c * v for c, v in zip(costs, answer.x, strict=True)), rel=1e-6, abs=1e-6)
    return value


# max x + 2y with x + y ≤ 4, x ≤ 3, y ≤ 2: y = 2, then x = 2.
PLAIN = program({"x": (0, 3), "y": (0, 2)}, {"sum": ({"x": 1, "y": 1}, -INF, 4)})


def test_an_optimum_comes_with_numbers_and_a_basis(engine):
    answer = engine.minimise(PLAIN, (-1, -2))
    assert answer.status is Status.OPTIMAL
    assert answer.x == pytest.approx((2, 2))
    assert answer.basis.columns == (Seat.BASIC, Seat.UPPER)
    assert answer.basis.rows == (Seat.UPPER,)


def test_the_corner_of_the_basis_is_the_optimum(engine):
    assert best(engine, PLAIN, (-1, -2)) == -6  # -2 - 2·2


def test_infeasible_comes_without_numbers(engine):
    # 3 ≤ x by the row, x ≤ 2 by the bound
    clash = program({"x": (0, 2)}, {"least": ({"x": 1}, 3, INF)})
    assert engine.minimise(clash, (1,)) == Answer(Status.INFEASIBLE)


def test_two_rows_that_clash_are_infeasible(engine):
    rows = {"least": ({"x": 1, "y": 1}, 5, INF), "most": ({"x": 1, "y": 1}, -INF, 4)}
    assert engine.minimise(program({"x": (0, 9), "y": (0, 9)}, rows), (0, 0)).status is Status.INFEASIBLE


def test_unbounded_comes_without_numbers(engine):
    endless = program({"x": (0, INF), "y": (0, 2)}, {"least": ({"x": 1, "y": 1}, 1, INF)})
    assert engine.minimise(endless, (-1, 0)) == Answer(Status.UNBOUNDED)


def test_infeasible_is_said_where_the_costs_have_no_bound_either(engine):
    both = program({"x": (0, INF), "y": (0, 2)}, {"least": ({"y": 1}, 3, INF)})
    assert engine.minimise(both, (-1, 0)).status is Status.INFEASIBLE


def test_an_equality_holds_on_both_sides(engine):
    equal = program({"x": (0, 9), "y": (0, 9)}, {"sum": ({"x": 1, "y": 1}, 4, 4)})
    assert best(engine, equal, (1, 2)) == 4  # all in x
    assert best(engine, equal, (-1, -2)) == -8  # all in y


def test_an_equality_alone_can_fix_a_column(engine):
    fixed = program({"x": (0, 9)}, {"twice": ({"x": 2}, 3, 3)})
    assert best(engine, fixed, (5,)) == Fraction(15, 2)
    assert best(engine, fixed, (-5,)) == Fraction(-15, 2)


def test_a_row_may_have_two_bounds(engine):
    between = program({"x": (0, 9), "y": (0, 9)}, {"sum": ({"x": 1, "y": 1}, 3, 5)})
    assert best(engine, between, (1, 1)) == 3
    assert best(engine, between, (-1, -1)) == -5


def test_a_row_without_bounds_forbids_nothing(engine):
    loose = program({"x": (0, 9)}, {"none": ({"x": 1}, -INF, INF), "least": ({"x": 1}, 2, INF)})
    assert best(engine, loose, (1,)) == 2
    assert best(engine, loose, (-1,)) == -9


def test_a_row_without_terms_is_kept_or_broken_as_a_whole(engine):
    kept = program({"x": (0, 9)}, {"empty": ({}, -INF, 1), "least": ({"x": 1}, 2, INF)})
    assert best(engine, kept, (1,)) == 2
    broken = program({"x": (0, 9)}, {"empty": ({}, 1, INF), "least": ({"x": 1}, 2, INF)})
    assert engine.minimise(broken, (1,)).status is Status.INFEASIBLE


def test_a_column_may_sit_at_its_upper_bound(engine):
    boxed = program({"x": (0, 3), "y": (1, 2)}, {"sum": ({"x": 1, "y": 1}, -INF, 99)})
    answer = engine.minimise(boxed, (-1, -1))
    assert answer.basis.columns == (Seat.UPPER, Seat.UPPER)
    assert best(engine, boxed, (-1, -1)) == -5


def test_a_column_may_be_fixed(engine):
    fixed = program({"x": (2, 2), "y": (0, 9)}, {"sum": ({"x": 1, "y": 1}, 5, INF)})
    assert best(engine, fixed, (1, 1)) == 5
    assert best(engine, fixed, (1, -1)) == 2 - 9


def test_a_column_without_bounds_may_be_negative(engine):
    free = program({"x": (-INF, INF), "y": (0, 9)}, {"sum": ({"x": 1, "y": 1}, -3, INF)})
    assert best(engine, free, (1, 0)) == -12  # x = -3 - 9


def test_a_column_without_bounds_that_nothing_asks_for_stays_at_nothing(engine):
    idle = program({"x": (-INF, INF), "y": (0, 9)}, {"least": ({"y": 1}, 2, INF)})
    assert best(engine, idle, (0, 1)) == 2


def test_a_column_with_an_upper_bound_only_may_sit_there(engine):
    capped = program({"x": (-INF, 3), "y": (0, 9)}, {"sum": ({"x": 1, "y": 1}, 1, INF)})
    assert best(engine, capped, (-1, 0)) == -3
    assert best(engine, capped, (1, 0)) == -8  # x = 1 - 9


def test_columns_keep_their_own_order(engine):
    # Max z + 2a with both at most 3 and 4 together: not the order of their names, in which libraries may sort.
    turned = program({"z": (0, 3), "a": (0, 3)}, {"sum": ({"z": 1, "a": 1}, -INF, 4)})
    assert engine.minimise(turned, (-1, -2)).x == pytest.approx((1, 3))
    assert best(engine, turned, (-1, -2)) == -7


def test_a_negative_lower_bound_is_kept(engine):
    assert best(engine, program({"x": (-5, 5), "y": (0, 1)}, {"s": ({"x": 1, "y": 1}, -INF, 9)}), (1, 0)) == -5


def test_without_costs_any_feasible_corner_will_do(engine):
    # A column that a library adds for its own use must not shift the others.
    given = program({"x": (0, 9), "y": (1, 9)}, {"sum": ({"x": 1, "y": 2}, 8, 8), "x": ({"x": 1}, 3, INF)})
    answer = engine.minimise(given, (0, 0))
    x, y = corner(given, (0, 0), answer.basis).x
    assert x + 2 * y == 8
    assert x >= 3
    assert y >= 1


def test_a_degenerate_corner_has_a_usable_basis(engine):
    # Three rows meet at (2, 2), where two would do.
    rows = {
        "sum": ({"x": 1, "y": 1}, -INF, 4),
        "sum again": ({"x": 2, "y": 2}, -INF, 8),
        "x": ({"x": 1}, -INF, 2),
    }
    given = program({"x": (0, 9), "y": (0, 2)}, rows)
    assert best(engine, given, (-1, -1)) == -4
    assert best(engine, given, (-2, -1)) == -6


def test_a_program_without_rows_is_solved_by_its_bounds(engine):
    assert best(engine, program({"x": (1, 3), "y": (2, 5)}, {"none": ({}, -INF, INF)}), (1, -1)) == 1 - 5


def test_a_give_away_of_a_billionth_can_be_seen(engine):
    # x ≤ 1 + 1e-9: the second stage may use what the first gave away.
    given = program({"x": (0, 9)}, {"hold": ({"x": 1}, -INF, 1 + 1e-9)})
    assert best(engine, given, (-1,)) == -Fraction(1 + 1e-9)


# Warm: an engine sends the difference only


def sequence(seed: int) -> list[tuple[Program, tuple[float, ...]]]:
    """A walk of programs: bounds, row bounds, rows at the end and in the middle, costs, all feasible at 0 … 9."""
    rng = random.Random(seed)
    names = [f"x{j}" for j in range(5)]
    # Every row is satisfied by x = 1, so that the walk never leaves the feasible.
    rows: list[Row] = []

    def row(i: int) -> Row:
        terms = tuple((j, float(rng.randint(1, 9))) for j in sorted(rng.sample(range(5), 3)))
        total = sum(a for _, a in terms)
        bounds = rng.choice([(-INF, total + rng.randint(0, 9)), (total - rng.randint(0, 9), INF), (total, total)])
        return Row(f"row{i}", terms, *bounds)

    for i in range(4):
        rows.append(row(i))
    lower, upper, costs = [0.0] * 5, [9.0] * 5, [float(rng.randint(-9, 9)) for _ in names]
    walk = []
    for i in range(12):
        change = rng.choice(["bounds", "row bounds", "add", "drop", "replace", "costs", "nothing"])
        if change == "bounds":
            j = rng.randrange(5)
            lower[j], upper[j] = rng.choice([(0.0, 9.0), (1.0, 1.0), (0.5, 3.0), (0.0, INF)])
        elif change == "row bounds":
            k = rng.randrange(len(rows))
            total = sum(a for _, a in rows[k].terms)
            rows[k] = replace(rows[k], lower=-INF, upper=total + rng.randint(0, 9))
        elif change == "add":
            rows.append(row(10 + i))
        elif change == "drop" and len(rows) > 2:
            rows.pop()
        elif change == "replace":
            rows[rng.randrange(len(rows))] = row(30 + i)
        elif change == "costs":
            costs = [float(rng.randint(-9, 9)) for _ in names]
        # One more row keeps everything bounded.
        cap = Row("cap", tuple((j, 1.0) for j in range(5)), -INF, 30.0)
        walk.append((Program(tuple(names), tuple(lower), tuple(upper), (cap, *rows)), tuple(costs)))
    return walk


@pytest.mark.parametrize("seed", range(8))
def test_a_warm_engine_finds_what_a_fresh_one_finds(engine, seed):
    for given, costs in sequence(seed):
        assert best(engine, given, costs) == best(ENGINES[engine.name](), given, costs)


def test_a_warm_engine_recovers_from_infeasible_and_unbounded(engine):
    clash = replace(PLAIN, rows=(replace(PLAIN.rows[0], lower=9.0, upper=INF),))
    endless = replace(PLAIN, upper=(INF, 2.0), rows=(replace(PLAIN.rows[0], lower=0.0, upper=INF),))
    for _ in range(2):
        assert best(engine, PLAIN, (-1, -2)) == -6
        assert engine.minimise(clash, (-1, -2)).status is Status.INFEASIBLE
        assert engine.minimise(endless, (-1, -2)).status is Status.UNBOUNDED


def test_another_program_may_follow(engine):
    assert best(engine, PLAIN, (-1, -2)) == -6
    longer = program({"x": (0, 3), "y": (0, 2), "z": (0, 1)}, {"sum": ({"x": 1, "y": 1, "z": 1}, -INF, 4)})
    assert best(engine, longer, (-1, -2, -3)) == -8  # z = 1, y = 2, x = 1
    assert best(engine, PLAIN, (-1, -2)) == -6


def test_a_coefficient_that_changes_is_sent(engine):
    assert best(engine, PLAIN, (-1, -2)) == -6
    dearer = replace(PLAIN, rows=(Row("sum", ((0, 1.0), (1, 2.0)), -INF, 4.0),))
    assert best(engine, dearer, (-1, -2)) == -4  # both are worth 1 a unit of the row


def test_nothing_is_printed(engine, capfd):
    best(engine, PLAIN, (-1, -2))
    engine.minimise(program({"x": (0, 2)}, {"least": ({"x": 1}, 3, INF)}), (1,))
    engine.minimise(program({"x": (0, INF)}, {"least": ({"x": 1}, 3, INF)}), (-1,))
    ENGINES[engine.name]()
    assert capfd.readouterr() == ("", "")


def test_a_missing_cbc_is_said(monkeypatch):
    monkeypatch.setattr("regionopt.solve.cbc.pulp_cbc_path", "/nowhere/cbc")
    monkeypatch.setattr("regionopt.solve.cbc.shutil.which", lambda _: None)
    with pytest.raises(ToolError, match="cbc"):
        Cbc()


def test_a_cbc_that_breaks_is_said(monkeypatch, tmp_path):
    broken = tmp_path / "cbc"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("regionopt.solve.cbc.pulp_cbc_path", str(broken))
    with pytest.raises(ToolError, match="CBC"):
        Cbc().minimise(PLAIN, (-1, -2))

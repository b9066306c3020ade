"""That there is no plan is proven by prices of the rows, in exact fractions.

The first program: x ≤ 3, y ≤ 2 and x + y ≥ 6. With price 1 the row asks for 6; the columns give 3 + 2: 1 is missing.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from cases import aim, bound, case, fund, program
from hypothesis import given, settings
from hypothesis import strategies as st

from regionopt.common.document import Status
from regionopt.model.model import build
from regionopt.model.translate import to_program
from regionopt.proof.contradiction import excess
from regionopt.solve.farkas import holds, proof
from regionopt.solve.solvers import ENGINES

INF = math.inf
SUM = program({"x": (0, 3), "y": (0, 2)}, {"sum": ({"x": 1, "y": 1}, 6, INF)})
ONE = (Fraction(1),)


def test_prices_prove_what_is_missing():
    assert excess(SUM, ONE) == 1
    assert holds(SUM, ONE)


@pytest.mark.parametrize("price", [Fraction(0), Fraction(-1)])
def test_other_prices_prove_nothing(price):
    assert not holds(SUM, (price,))


def test_prices_of_a_feasible_program_prove_nothing():
    enough = replace(SUM, rows=(replace(SUM.rows[0], lower=5.0),))
    assert not holds(enough, ONE)
    assert proof(ENGINES["highs"](), enough) is None


def test_a_price_needs_a_bound_to_rest_on():
    unbounded = replace(SUM, upper=(INF, 2.0))
    assert not holds(unbounded, ONE)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_the_proof_is_found(solver):
    found = proof(ENGINES[solver](), SUM)
    assert found is not None
    assert holds(SUM, found.y)
    assert found.excess == excess(SUM, found.y) > 0


def test_rows_against_each_other():
    """x ≥ 4 and 2x ≤ 7 (x free): prices 2 and -1 give 8 - 7 = 1 for no x at all."""
    both = program({"x": (-INF, INF)}, {"least": ({"x": 1}, 4, INF), "most": ({"x": 2}, -INF, 7)})
    found = proof(ENGINES["highs"](), both)
    assert found is not None
    assert found.y[0] / found.y[1] == -2


def test_a_case_without_a_plan():
    """The floor of north is 5, its only tranche takes 4."""
    instance = case(10, fund("north", "labs", 4, jobs=2), aim("jobs", "north", 8), bound("north", floor=5))
    written = to_program(build(instance).problem)
    found = proof(ENGINES["highs"](), written)
    assert found is not None
    assert [row.name for row, y in zip(written.rows, found.y, strict=True) if y] == ["floor[north]"]


def test_numbers_of_very_different_size():
    """A lack of 1e-6 in rows of 1e9: certified, as it is one in exact fractions."""
    large = program({"x": (0, 1e9)}, {"row": ({"x": 1}, 1e9 + 1e-6, INF)})
    found = proof(ENGINES["highs"](), large)
    assert found is None or holds(large, found.y)


numbers = st.integers(-9, 9).map(float)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(numbers, numbers, numbers, st.booleans()), min_size=1, max_size=5))
def test_a_program_has_a_plan_or_a_proof(rows):
    """Random rows a·x + b·y ≥ c or ≤ c in a box: proven infeasible exactly where the solver finds no plan."""
    written = program(
        {"x": (-3, 5), "y": (0, 4)},
        {str(i): ({"x": a, "y": b}, *((c, INF) if least else (-INF, c))) for i, (a, b, c, least) in enumerate(rows)},
    )
    engine = ENGINES["highs"]()
    answer = engine.minimise(written, (0.0, 0.0))
    found = proof(engine, written)
    assert (found is None) == (answer.status is Status.OPTIMAL)
    assert found is None or holds(written, found.y)

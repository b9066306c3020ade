"""Sums that floats decide, and those that only fractions can: the same signs and the same least as in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from regionopt.model.points import sums_in_whole
from regionopt.model.program import Row
from regionopt.proof.forms import Amounts, Form, Terms, least_ratio

INF = float("inf")
# 0.1 · 3 in floats is 0.30000000000000004, and exactly above 0.3 by 2.8e-17.
NEARLY = Form(Terms.of([Row("r", ((0, 0.1), (1, 0.5)), 0, INF)], 2), Amounts((0.3, 1.5)), {0: Fraction(3)})

numbers = st.sampled_from([0.0, 0.1, 0.2, 0.3, -0.3, 0.7, 1.0, -1.0, 1e-9, 3.0])
forms = st.tuples(st.lists(numbers, min_size=6, max_size=6), st.lists(numbers, min_size=2, max_size=2))


def form(costs: list[float], prices: list[float]) -> Form:
    rows = [
        Row("a", tuple(enumerate((0.1, 0.2, 0.3, 1.0, 0.7, 0.0))), 0, INF),
        Row("b", ((0, 0.3), (4, 0.1)), 0, INF),
    ]
    return Form(Terms.of(rows, 6), Amounts(costs), {i: Fraction(p) for i, p in enumerate(prices) if p})


def test_what_floats_cannot_tell_is_told_by_fractions() -> None:
    exact = Fraction(0.3) - 3 * Fraction(0.1)
    assert exact < 0
    assert NEARLY.exact(0) == exact
    assert NEARLY.signs(np.array([0, 1, 2])).tolist() == [-1, 0, 1]
    # Where so little does not count, it is 0.
    assert NEARLY.signs(np.array([0, 1, 2]), np.full(3, 1e-15)).tolist() == [0, 0, 1]


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(forms)
def test_a_sum_is_no_further_off_than_is_said(made: tuple[list[float], list[float]]) -> None:
    found = form(*made)
    near, error = found.told
    for thing in range(8):
        exact = found.exact(thing)
        assert abs(Fraction(near[thing]) - exact) <= Fraction(error[thing])
        assert found.signs(np.array([thing])).item() == (exact > 0) - (exact < 0)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(forms, forms, st.sampled_from([-1, 0, 1]))
def test_the_least_ratio_is_that_of_fractions(one, other, sign) -> None:
    over, under = form(*one), form(*other)
    things = np.flatnonzero(under.signs(np.arange(8)))
    if len(things):
        ratios = {int(t): over.exact(int(t)) / under.exact(int(t)) for t in things}
        ratios = {t: sign * ratio if sign else abs(ratio) for t, ratio in ratios.items()}
        best = [t for t, ratio in ratios.items() if ratio == min(ratios.values())]
        assert least_ratio(over, under, things, over.signs(things), sign).tolist() == best


def test_rows_add_up_in_whole_numbers() -> None:
    matrix = Terms.of([Row("a", ((0, 0.5), (1, 3.0)), 0, INF), Row("b", ((1, 1.0),), 0, INF)], 2).matrix
    assert (list(sums_in_whole(matrix, (2, -1), (0, 1))), matrix.scale) == ([-4, -2], 2)
    assert list(sums_in_whole(matrix, (1, 7), (1,))) == [14]

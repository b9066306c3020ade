"""Many numbers over one denominator are the fractions that they stand for."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from regionopt.model.vectors import Common, lowest, ratios, vector

numbers = st.fractions(-9, 9, max_denominator=60)
vectors = st.dictionaries(st.integers(0, 5), numbers, max_size=6)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(vectors, vectors, numbers)
def test_a_step_is_that_of_fractions(start, step, times) -> None:
    found = vector(start).after(times, vector(step))
    assert found == {k: v + times * step.get(k, 0) for k, v in start.items() if v}
    dense = Common([36 * k for k in range(6)], 7).after(times, vector(step))
    assert list(dense) == [Fraction(36 * k, 7) + times * step.get(k, 0) for k in range(6)]


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(vectors, numbers)
def test_a_vector_is_its_fractions_however_it_is_written(given_numbers, times) -> None:
    found, nonzero = vector(given_numbers), {k: v for k, v in given_numbers.items() if v}
    assert found == nonzero == lowest({k: 6 * n for k, n in found.whole.items()}, 6 * found.below)
    assert found.times(times) == {k: times * v for k, v in nonzero.items() if times}
    assert found.negated() == {k: -v for k, v in nonzero.items()}
    assert {k: Fraction(*ratio) for k, ratio in ratios(found)} == nonzero
    assert all(found.near(k) == float(nonzero.get(k, 0)) for k in range(6))

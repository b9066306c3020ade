"""Distributions, samples and correlations against theory, by hand and by scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regionopt.montecarlo.correlation import Together, nearest, problems, smallest_eigenvalue
from regionopt.montecarlo.distributions import Distribution
from regionopt.montecarlo.inverse import at, from_normal, to_normal
from regionopt.montecarlo.samples import uniform
from regionopt.montecarlo.statistics import Share, cvar, share, spread

U = np.linspace(0.0005, 0.9995, 1000)


def one(kind: str, **parameters: float) -> Distribution:
    return Distribution(kind, parameters)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (one("uniform", low=2, high=5), stats.uniform(2, 3)),
        (one("triangular", low=90, mode=285, high=296), stats.triang((285 - 90) / (296 - 90), 90, 296 - 90)),
        (one("triangular", low=1, mode=1, high=3), stats.triang(0, 1, 2)),
        (one("triangular", low=1, mode=3, high=3), stats.triang(1, 1, 2)),
        (one("normal", mean=-1, sd=2), stats.norm(-1, 2)),
        (one("normal", mean=1, sd=0.5, low=0.2, high=2.5), stats.truncnorm(-1.6, 3, 1, 0.5)),
        (one("normal", mean=1, sd=0.5, low=0.2), stats.truncnorm(-1.6, np.inf, 1, 0.5)),
        (one("lognormal", median=3, sigma=0.4), stats.lognorm(0.4, scale=3)),
    ],
)
def test_a_draw_is_the_inverse_of_the_distribution_function(ours, theirs):
    assert not list(ours.problems("here"))
    np.testing.assert_allclose(at(ours, U), theirs.ppf(U), rtol=1e-9, atol=1e-9)


def test_moments_are_those_of_theory():
    """A million midpoints of (0, 1): the mean of a triangular is (a + b + c) / 3, its variance
    (a² + b² + c² - ab - ac - bc) / 18; of a lognormal m·exp(σ²/2)."""
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    a, c, b = 4.8, 9.7, 18.3
    drawn = at(one("triangular", low=a, mode=c, high=b), u)
    assert drawn.mean() == pytest.approx((a + b + c) / 3, rel=1e-6)
    assert drawn.var() == pytest.approx((a * a + b * b + c * c - a * b - a * c - b * c) / 18, rel=1e-5)
    assert at(one("lognormal", median=2, sigma=0.5), u).mean() == pytest.approx(2 * math.exp(0.125), rel=1e-4)


def test_a_lognormal_is_cut_where_it_is_said():
    drawn = at(one("lognormal", median=1, sigma=1, low=0.5, high=2), U)
    assert 0.5 < drawn.min() < 0.51
    assert 1.98 < drawn.max() < 2
    assert drawn[499:501].mean() == pytest.approx(1, abs=0.01)  # as likely above as below its median


def test_a_discrete_draw_has_its_values_in_the_parts_of_its_weights():
    drawn = at(Distribution("discrete", values=(30.0, 10.0, 20.0), weights=(1.0, 1.0, 2.0)), U)
    assert [int((drawn == value).sum()) for value in (30, 10, 20)] == [250, 250, 500]
    assert set(at(Distribution("discrete", values=(7.0,)), np.array([1e-16, 1 - 2.0**-53])).tolist()) == {7.0}


@given(st.integers(0, 2**64 - 1), st.integers(0, 10**9), st.integers(1, 9), st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_a_draw_is_a_function_of_seed_name_and_number_alone(seed, start, count, before):
    """Wherever a batch begins, and whatever other inputs there are."""
    whole = uniform("philox", seed, ["a", "b"], max(0, start - before), start + count)
    part = uniform("philox", seed, ["b"], start, start + count)
    assert (whole[start - max(0, start - before) :, 1] == part[:, 0]).all()
    assert ((part > 0) & (part < 1)).all()


def test_samples_are_even_and_independent():
    """Kolmogorov and Smirnov find nothing at one in a thousand; nor is one input like another."""
    u = uniform("philox", 7, ["a", "b"], 0, 20_000)
    assert all(stats.kstest(u[:, k], "uniform").pvalue > 0.001 for k in (0, 1))
    assert abs(np.corrcoef(u.T)[0, 1]) < 4 / math.sqrt(20_000)
    assert (uniform("philox", 8, ["a"], 0, 10) != u[:10, :1]).all()


def test_sobol_points_are_the_same_in_any_batches_and_evener():
    whole = uniform("sobol", 3, ["a", "b"], 0, 256)
    parts = [uniform("sobol", 3, ["a", "b"], start, start + 64) for start in range(0, 256, 64)]
    assert (np.concatenate(parts) == whole).all()
    cells = np.bincount((whole[:, 0] * 256).astype(int), minlength=256)
    assert (cells == 1).all()  # one point in each 256th


# --- what moves together -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [-0.6, 0.3, 0.9])
def test_rank_correlation_is_that_of_a_gaussian_copula(rho):
    """Spearman's is 6/π · asin(ρ/2) (Kruskal 1958), whatever the distributions are."""
    u = uniform("philox", 11, ["a", "b"], 0, 40_000)
    moved = Together("g", np.array([0, 1]), np.array([[1, rho], [rho, 1]])).moved(u)
    x, y = (
        at(one("triangular", low=0, mode=1, high=9), moved[:, 0]),
        at(one("lognormal", median=1, sigma=1), moved[:, 1]),
    )
    assert stats.spearmanr(x, y).statistic == pytest.approx(6 / math.pi * math.asin(rho / 2), abs=0.02)
    assert all(stats.kstest(moved[:, k], "uniform").pvalue > 0.001 for k in (0, 1))


def test_one_correlation_of_one_moves_all_alike():
    u = uniform("philox", 1, ["a", "b", "c"], 0, 50)
    moved = Together("g", np.array([0, 2]), np.ones((2, 2))).moved(u)
    np.testing.assert_allclose(moved[:, 0], moved[:, 2], atol=1e-9)
    assert (moved[:, 1] == u[:, 1]).all()


def test_normal_scores_come_back():
    np.testing.assert_allclose(from_normal(to_normal(U)), U, atol=1e-14)


def test_the_nearest_correlation_matrix_is_highams():
    """The example of Higham (2002), section 1, in four decimals."""
    found = nearest(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    np.testing.assert_allclose(found[0], [1, 0.7607, 0.1573], atol=5e-4)
    assert smallest_eigenvalue(found) >= -1e-9
    assert not list(problems("here", found, 3))


def test_impossible_correlations_are_told_with_eigenvalue_and_remedy():
    """Two that move against each other cannot both move with a third."""
    matrix = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    (problem,) = problems("case.toml: correlation.g", matrix, 3)
    assert problem.code == "correlation_impossible"
    assert float(str(problem.facts["least"])) == pytest.approx(np.linalg.eigvalsh(matrix)[0], rel=1e-3)
    assert str(problem.facts["nearest"]).startswith("[[1, ")


@pytest.mark.parametrize(
    ("matrix", "code"),
    [
        ([[1, 0.5]], "correlation_shape"),
        ([[1, 2], [2, 1]], "correlation_range"),
        ([[1, 0.5], [0.4, 1]], "correlation_symmetric"),
        ([[1, 0.5], [0.5, 0.9]], "correlation_symmetric"),
    ],
)
def test_matrices_that_are_none_of_correlations(matrix, code):
    assert [problem.code for problem in problems("here", np.array(matrix, dtype=float), 2)] == [code]


@pytest.mark.parametrize(
    ("distribution", "code"),
    [
        (one("uniform", low=2, high=2), "distribution_order"),
        (one("triangular", low=1, mode=4, high=3), "distribution_mode"),
        (one("normal", mean=1, sd=0), "distribution_positive"),
        (one("lognormal", median=-1, sigma=1), "distribution_positive"),
        (one("normal", mean=math.nan, sd=1), "distribution_not_finite"),
        (one("normal", mean=1, sd=1, low=3, high=2), "distribution_order"),
        (Distribution("discrete"), "distribution_empty"),
        (Distribution("discrete", values=(1.0, 2.0), weights=(1.0,)), "distribution_weights"),
        (Distribution("discrete", values=(1.0,), weights=(0.0,)), "distribution_positive"),
    ],
)
def test_impossible_parameters_break_a_rule(distribution, code):
    assert [problem.code for problem in distribution.problems("here")] == [code]


# --- what many draws say -------------------------------------------------------------------------------------------


def test_quantiles_are_the_least_value_that_enough_draws_do_not_exceed():
    """Of 10, 10, 20, 30, 90: two fifths are at most 10, half at most 20, more than four fifths only 90."""
    found = spread(np.array([30.0, 10, np.nan, 90, 10, 20]), (0.2, 0.4, 0.5, 0.6, 0.61, 0.8, 0.81, 0.95))
    assert list(found.quantiles.values()) == [10, 10, 20, 20, 30, 30, 90, 90]
    assert (found.draws, found.minimum, found.maximum, found.mean) == (5, 10, 90, 32)
    assert found.sd == pytest.approx(np.std([30, 10, 90, 10, 20], ddof=1))


def test_no_draws_say_nothing():
    found = spread(np.array([np.nan]), (0.5,))
    assert (found.draws, found.mean, found.quantiles) == (0, None, {0.5: None})
    assert Share(0, 0).share is Share(0, 0).standard_error is None


def test_a_share_and_its_standard_error():
    found = share(np.array([True, True, False, True]), np.array([True, True, True, False]))
    assert (found.hits, found.draws) == (2, 3)
    assert found.standard_error == pytest.approx(math.sqrt(2 / 3 * 1 / 3 / 3))


def test_cvar_counts_a_value_in_part():
    """The worst quarter of ten is two and a half of them: (9 + 8 + 7/2) / 2.5."""
    assert cvar([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0.75) == pytest.approx((9 + 8 + 3.5) / 2.5)
    assert cvar([1, 5], 0.01) == pytest.approx((5 + 0.98) / 1.98)

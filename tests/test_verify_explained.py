"""Explanations of every kind of case hold when verified: limits that benchmarks break, whole numbers, years."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from inputs import CASE, small

from regionopt.case.case import load
from regionopt.explain.rivals import rivals
from regionopt.result.result import solve_case
from regionopt.run.run import Order
from regionopt.run.write_explanation import run_explain
from regionopt.verify.verify import verify

WHOLE = CASE + (
    '[platforms.hub]\nregion = "north"\ncost = 10\nraises = { labs = 0.5 }\n'
    "[measures.course]\ncost = 2\nminimum = 1\n"
)
CASES = {
    "floor": CASE + "[regions.north]\nfloor = 70\n",
    "ceiling": CASE + "[regions.south]\nceiling_share = 0.2\n",
    "ratio": CASE + "[regions.north]\nfloor_share = 0.6\n",
    "whole": WHOLE,
    "years": CASE + "[periods]\nfirst = 2026\nlast = 2027\ncarry_over = 0.5\nsurvival = 0.9\n",
}


@pytest.mark.parametrize("name", CASES)
def test_every_table_of_an_explanation_holds(tmp_path: Path, name: str) -> None:
    case = load(small(tmp_path, {"case.toml": CASES[name]}))
    _, found, folder = run_explain(case, Order(out=tmp_path / "maps"))
    assert found is not None
    assert folder is not None
    assert [check for check in verify(folder) if check.ok is False] == []


def test_a_benchmark_that_breaks_a_floor_spends_what_it_is_given(tmp_path: Path) -> None:
    """Equal parts of 100 are 50 and 50; a floor of 70 in the north is broken by 20, and 50 are spent there."""
    result = solve_case(load(small(tmp_path, {"case.toml": CASES["floor"]})))
    equal = next(rival for rival in rivals(result) if rival.name == "equal")
    assert equal.broken == {"floor[north]": Fraction(20)}
    assert equal.plan.allocated == {"north": Fraction(50), "south": Fraction(50)}
    assert equal.plan.spent == sum(equal.plan.spend.values()) == 100

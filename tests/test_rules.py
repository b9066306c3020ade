"""Rules of the planner's own: what a term selects, the row it becomes, cases solved by hand, what is refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cases import aim, case, fund, plan, solved, values
from inputs import CASE, loaded
from test_model import rows

from regionopt.case.parts import TermSection
from regionopt.case.read_rules import select
from regionopt.common.document import Status
from regionopt.common.errors import InputError
from regionopt.common.instance import Group, Instance, Limit, Period, Periods, Rule, Tranche
from regionopt.model.model import build
from regionopt.run.validate import every_problem
from regionopt.solve.solve import least_budget, solve

LABS = (fund("north", "labs", 10, jobs=3), fund("north", "labs", 10, jobs=2, k=2))
FARMS = (fund("north", "farms", 10, jobs=1),)
PORT = (fund("south", "labs", 10, jobs=1),)
ALL = (*LABS, *FARMS, *PORT)
L1, L2, F1, P1 = (tranche.key for tranche in ALL)


def ruled(*rules: Rule, stages: tuple[str, ...] = ("jobs",), budget: float = 10) -> Instance:
    """A budget for most jobs under some rules."""
    return replace(case(budget, *ALL, stages=stages), rules=rules)


# --- the row -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sense", "lower", "upper"), [("<=", -float("inf"), 6), (">=", 6, float("inf")), ("=", 6, 6)]
)
def test_a_rule_is_one_row_with_its_sense(sense, lower, upper):
    model = build(ruled(Rule("mine", ((1.0, (L1, L2)), (-2.0, (P1,))), sense, 6)))
    terms = {"spend[north,labs,1]": 1, "spend[north,labs,2]": 1, "spend[south,labs,1]": -2}
    assert rows(model)["rule[mine]"] == (terms, lower, upper)
    assert set(rows(model)) == {"budget", "rule[mine]"}


def test_terms_that_meet_in_a_tranche_add_up():
    # 1 on all of the north, 2 more on its farms: 3.
    model = build(ruled(Rule("mine", ((1.0, (L1, L2, F1)), (2.0, (F1,))), "<=", 6)))
    assert rows(model)["rule[mine]"][0]["spend[north,farms,1]"] == 3


# --- solved by hand ------------------------------------------------------------------------------------------


def test_a_ceiling_on_a_programme_sends_money_to_the_next_best():
    # 4 to the labs at 3, the other 6 anywhere at 1: 12 + 6 = 18 instead of 30.
    found = solved(ruled(Rule("mine", ((1.0, (L1, L2)),), "<=", 4)))
    assert values(found) == {"jobs": 18}
    assert plan(found)["north.labs.1"] == 4


def test_a_floor_on_a_programme_costs_what_it_displaces():
    # 6 of the 10 go to the farms at 1: 4·3 + 6 = 18.
    assert values(solved(ruled(Rule("mine", ((1.0, (F1,)),), ">=", 6)))) == {"jobs": 18}


def test_a_relation_between_two_selections():
    # The south gets at least half of what the north gets: x ≥ (10 - x)/2, x = 10/3; 3·20/3 + 10/3 = 70/3.
    rule = Rule("mine", ((1.0, (P1,)), (-0.5, (L1, L2, F1))), ">=", 0)
    found = solved(ruled(rule))
    assert values(found) == {"jobs": Fraction(70, 3)}
    assert plan(found)["south.labs.1"] == Fraction(10, 3)


def test_an_exact_amount():
    found = solved(ruled(Rule("mine", ((1.0, (F1, P1)),), "=", 7)))
    assert values(found) == {"jobs": 16}  # 3·3 + 7


def test_rules_that_clash_are_infeasible():
    both = (Rule("a", ((1.0, (F1,)),), ">=", 6), Rule("b", ((1.0, (F1,)),), "<=", 5))
    assert solve(ruled(*both)).status is Status.INFEASIBLE


def test_a_rule_counts_in_the_smallest_budget_too():
    # 32 jobs: the rule wants 5 in the farms, which bring 5 of them; 27 more are 9 in the labs.
    instance = replace(ruled(Rule("mine", ((1.0, (F1,)),), ">=", 5)), targets=(aim("jobs", "north", 32),))
    assert least_budget(instance) == 14


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_both_solvers_agree(solver):
    assert values(solved(ruled(Rule("m", ((1.0, (P1,)), (-0.5, (L1, L2, F1))), ">=", 0)), solver)) == {
        "jobs": Fraction(70, 3)
    }


def test_tightening_a_rule_never_improves_a_stage():
    best = [values(solved(ruled(Rule("m", ((1.0, (L1, L2)),), "<=", most))))["jobs"] for most in (10, 7, 4, 1, 0)]
    assert best == sorted(best, reverse=True)
    assert best[0] == values(solved(ruled()))["jobs"]


# --- what a term selects -------------------------------------------------------------------------------------


def term(**named: tuple[str, ...]) -> TermSection:
    return TermSection(**named)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({}, (L1, L2, F1, P1)),
        ({"regions": ("north",)}, (L1, L2, F1)),
        ({"programmes": ("labs",)}, (L1, L2, P1)),
        ({"programmes": ("south.labs", "farms")}, (F1, P1)),
        ({"regions": ("north",), "programmes": ("labs",)}, (L1, L2)),
        ({"groups": ("rural",)}, (F1, P1)),
        ({"groups": ("rural",), "regions": ("south",)}, (P1,)),
        ({"groups": ("rural", "urban")}, (L1, L2, F1, P1)),
        ({"regions": ("south",), "programmes": ("farms",)}, ()),
    ],
)
def test_a_term_selects_what_has_all_that_it_names(named, expected):
    groups = (
        Group("rural", frozenset({("north", "farms"), ("south", "labs")}), Limit("rural")),
        Group("urban", frozenset({("north", "labs")}), Limit("urban")),
    )
    assert select(term(**named), ALL, groups) == expected


def test_a_term_selects_all_years_or_those_named():
    years = [Tranche("north", "labs", 1, 5, {"output": 0, "jobs": 1}, period=year) for year in ("2026", "2027")]
    assert select(term(), years, ()) == tuple(year.key for year in years)
    assert select(term(periods=("2027",)), years, ()) == (years[1].key,)


def test_a_rule_on_one_year():
    years = tuple(Tranche("north", "labs", 1, 8, {"output": 0, "jobs": 1}, period=year) for year in ("2026", "2027"))
    periods = Periods((Period("2026", 0, 0.5), Period("2027", 0, 0.5)))
    instance = replace(case(10, *years, stages=("jobs",)), periods=periods)
    assert values(solved(instance)) == {"jobs": 10}
    least = Rule("mine", ((1.0, (years[0].key,)),), "<=", 2)
    assert values(solved(replace(instance, rules=(least,)))) == {"jobs": 7}  # 2 + 5


# --- the case file -------------------------------------------------------------------------------------------

RULE = """[[rules]]
id = "mine"
terms = [{ regions = ["north"] }, { programmes = ["farms"], coefficient = -2 }]
sense = ">="
value = 3
reason = "why not"
"""


def test_a_rule_of_the_case_file(tmp_path: Path):
    instance = loaded(tmp_path, {"case.toml": CASE + RULE}).instance
    (rule,) = instance.rules
    keys = tuple(t.key for t in instance.tranches)
    assert rule == Rule("mine", ((1.0, keys[:2]), (-2.0, keys[2:])), ">=", 3.0)


def test_the_numbers_of_a_rule_can_be_set_and_have_a_unit(tmp_path: Path):
    case_ = loaded(tmp_path, {"case.toml": CASE + RULE}, "rules.1.value=8", "rules.1.terms.2.coefficient=0.5x")
    assert case_.instance.rules[0].value == 8
    assert case_.instance.rules[0].terms[1][0] == -1
    assert case_.resolved.numbers["rules.1.value"].unit == "NT$ billion"


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "value"),
    [
        ('"north"', '"nroth"', "unknown_region", "rules.1.terms.1.regions", "nroth"),
        ('"farms"', '"frams"', "unknown_programme", "rules.1.terms.2.programmes", "frams"),
        ('"farms"', '"south.labs"', "unknown_programme", "rules.1.terms.2.programmes", "south.labs"),
        ('programmes = ["farms"]', 'groups = ["g"]', "unknown_group", "rules.1.terms.2.groups", "g"),
        ('programmes = ["farms"]', 'periods = ["2030"]', "unknown_period", "rules.1.terms.2.periods", "2030"),
        ('regions = ["north"]', 'regions = ["north"], programmes = ["farms"]', "rule_selects_nothing",
         "terms.1", None),
        ("value = ", 'unit = "NT$ million"\nvalue = ', "rule_unit", "rules.1.unit", "NT$ million"),
        ('[{ regions = ["north"] }, { programmes = ["farms"], coefficient = -2 }]', "[]", "rule_without_terms",
         "rules.1.terms", None),
        ("value = 3\n", "", "number_missing", "rules.1.value", None),
        ("value = 3", "value = inf", "not_finite", "rules.1.value", float("inf")),
        ("coefficient = -2", "coefficient = 1e9", "too_large", "rules.1.terms.2.coefficient", 1e9),
        ('sense = ">="', 'sense = ">"', "wrong_kind", "rules.1.sense", ">"),
        ('id = "mine"', 'id = "My rule"', "bad_name", "rules.1.id", "My rule"),
        ('reason = "why not"\n', "", "missing_key", "rules.1.reason", None),
    ],
)  # fmt: skip
def test_bad_rules_are_refused(tmp_path: Path, old, new, code, place, value):
    assert old in RULE
    with pytest.raises(InputError) as caught:
        every_problem(loaded(tmp_path, {"case.toml": CASE + RULE.replace(old, new)}))
    (problem,) = caught.value.problems
    assert (problem.code, problem.value) == (code, value)
    assert place in problem.place
    assert all(problem.sentence(language) for language in ("en", "zh-TW"))


def test_two_rules_of_one_name_are_refused(tmp_path: Path):
    with pytest.raises(InputError) as caught:
        every_problem(loaded(tmp_path, {"case.toml": CASE + RULE + RULE}))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place, problem.value) == ("duplicate_id", "case.toml: rules.2.id", "mine")

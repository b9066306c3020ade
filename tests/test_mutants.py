"""Mutants: the model with one thing wrong, each of which a test of this folder must find.

A mutant is a module's source with one text replaced. It is loaded in place of the module, with fresh copies of
everything that rests on it and of the tests; then the test that should kill it is called. A text that is no longer
in the source fails as well: the mutant must move with the code.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import pytest

from regionopt.common.errors import RegionoptError

# What is loaded anew around a mutant, lowest first, and the tests with the helpers that hold on to it.
CORE = (
    "model.sums",
    "model.vectors",
    "model.points",
    "proof.factor",
    "proof.forms",
    "proof.slackness",
    "proof.certificate",
    "proof.exact",
    "proof.faces",
    "solve.simplex",
    "solve.repair",
    "solve.improve",
    "model.core",
    "model.translate",
    "model.stages",
    "model.periods",
    "model.groups",
    "model.equity",
    "model.relative",
    "model.rules",
    "model.platforms",
    "model.model",
    "model.scaling",
    "model.standing",
    "solve.solvers",
    "solve.highs",
    "solve.cbc",
    "solve.optimum",
    "solve.ties",
    "solve.whole",
    "solve.plan",
    "solve.steps",
    "solve.solve",
    "model.lpfile",
    "result.result",
    "result.unspent",
    "result.extras",
    "result.rows",
    "doctor.clash",
    "solve.questions",
    "doctor.levers",
    "doctor.elastic",
    "doctor.factors",
    "doctor.remedies",
    "doctor.joint",
    "doctor.goals",
    "telling.limits",
    "doctor.entries",
    "doctor.clash_told",
    "doctor.remedies_told",
    "doctor.goals_told",
    "doctor.diagnosis",
)
PACKAGE = tuple(f"regionopt.{name}" for name in CORE)
TESTS = (
    "cases",
    "strategies",
    "test_model",
    "test_solve",
    "test_solvers",
    "test_certificate",
    "test_diagnosis",
    "test_standing",
    "test_slackness",
)


@dataclass(frozen=True)
class Mutant:
    """What is wrong, where, the text and its replacement, and the test that must fail."""

    wrong: str
    module: str
    old: str
    new: str
    killer: str


MUTANTS = [
    # Constraints
    Mutant(
        "targets need not be reached",
        "model.model",
        "model.row(reached >= 1",
        "model.row(reached <= 1",
        "test_solve.test_a_must_target_goes_first",
    ),
    Mutant(
        "the budget row is missing",
        "model.model",
        "(_budget, _reach, _limits)",
        "(_reach, _limits)",
        "test_model.test_budget_is_the_sum_of_all_spending",
    ),
    Mutant(
        "the reach rows are missing",
        "model.model",
        "(_budget, _reach, _limits)",
        "(_budget, _limits)",
        "test_solve.test_worst_shortfall_is_made_equal_where_money_is_short",
    ),
    Mutant(
        "the limits are missing",
        "model.model",
        "(_budget, _reach, _limits)",
        "(_budget, _reach)",
        "test_solve.test_spend_is_least_that_keeps_every_floor",
    ),
    Mutant(
        "a floor is a ceiling",
        "model.model",
        "allocation >= limit.floor_fixed",
        "allocation <= limit.floor_fixed",
        "test_solve.test_spend_is_least_that_keeps_every_floor",
    ),
    Mutant(
        "a floor as a share is a ceiling",
        "model.model",
        "allocation >= limit.floor_share * model.budget",
        "allocation <= limit.floor_share * model.budget",
        "test_solve.test_spend_is_least_that_keeps_every_floor",
    ),
    Mutant(
        "a share is an amount",
        "model.model",
        "allocation >= limit.floor_share * model.budget",
        "allocation >= limit.floor_share",
        "test_solve.test_spend_is_least_that_keeps_every_floor",
    ),
    Mutant(
        "the share of a ceiling is an amount",
        "model.model",
        "allocation <= limit.ceiling_share * model.budget",
        "allocation <= limit.ceiling_share",
        "test_model.test_shares_follow_the_smallest_budget",
    ),
    Mutant(
        "a floor of 0 is forgotten",
        "model.model",
        "if limit.floor_fixed is not None:",
        "if limit.floor_fixed:",
        "test_model.test_a_floor_of_zero_is_still_a_row",
    ),
    Mutant(
        "tranches have no width",
        "model.model",
        "*t.key, upper=t.width)",
        "*t.key, upper=1e6)",
        "test_solve.test_a_tranche_holds_no_more_than_its_width",
    ),
    Mutant(
        "returns are not divided by the target",
        "model.model",
        "model.reached(t) / t.target",
        "model.reached(t)",
        "test_solve.test_worst_shortfall_is_made_equal_where_money_is_short",
    ),
    Mutant(
        "a target counts what other regions gain",
        "model.core",
        "self.gained(target.metric, target.region, target.period)",
        "self.gained(target.metric, None, target.period)",
        "test_solve.test_worst_shortfall_is_made_equal_where_money_is_short",
    ),
    Mutant(
        "must is ignored",
        "model.model",
        "upper=0 if target.must else 1)",
        "upper=1)",
        "test_solve.test_a_must_target_goes_first",
    ),
    Mutant(
        "every target is a must",
        "model.model",
        "upper=0 if target.must else 1)",
        "upper=0)",
        "test_solve.test_worst_shortfall_is_made_equal_where_money_is_short",
    ),
    Mutant(
        "a shortfall may be negative",
        "model.model",
        '"shortfall", *target.key, upper=',
        '"shortfall", *target.key, lower=-9, upper=',
        "test_solve.test_a_shortfall_does_not_fall_below_nothing",
    ),
    Mutant(
        "a limit holds for every region together",
        "model.core",
        "self.money(self.instance.some(region)) + opening",
        "self.money(self.instance.some()) + opening",
        "test_solve.test_spend_is_least_that_keeps_every_floor",
    ),
    # Stages
    Mutant(
        "worst is not above every shortfall",
        "model.stages",
        "model.row(worst >= shortfall",
        "model.row(worst <= shortfall",
        "test_solve.test_worst_shortfall_is_made_equal_where_money_is_short",
    ),
    Mutant(
        "weights are ignored",
        "model.stages",
        "weights[key[0]] * s for key, s",
        "s for key, s",
        "test_solve.test_total_shortfall_follows_the_weights",
    ),
    Mutant(
        "metrics are minimised",
        "model.stages",
        "Stage(metric, -1,",
        "Stage(metric, 1,",
        "test_solve.test_output_takes_the_best_tranches_first",
    ),
    Mutant(
        "spending is maximised",
        "model.stages",
        'Stage("spend", 1,',
        'Stage("spend", -1,',
        "test_solve.test_spend_is_least_that_keeps_every_floor",
    ),
    Mutant(
        "the worst shortfall is maximised",
        "model.stages",
        'Stage("worst_shortfall", 1,',
        'Stage("worst_shortfall", -1,',
        "test_solve.test_worst_shortfall_is_nothing_where_every_target_is_in_reach",
    ),
    Mutant(
        "too little does not count as a distance",
        "model.stages",
        'model.row(distance + allocation >= reference, "below", region)',
        "pass",
        "test_solve.test_nearest_reference_counts_too_much_and_too_little",
    ),
    Mutant(
        "too much does not count as a distance",
        "model.stages",
        'model.row(distance + reference >= allocation, "above", region)',
        "pass",
        "test_solve.test_nearest_reference_counts_too_much_and_too_little",
    ),
    Mutant(
        "the sense of a stage is lost on the way to the solver",
        "model.translate",
        "stage.sense * a",
        "a",
        "test_solve.test_output_takes_the_best_tranches_first",
    ),
    # The smallest budget
    Mutant(
        "the smallest budget meets must-targets only",
        "model.model",
        "replace(t, must=True) for t in instance.targets",
        "t for t in instance.targets",
        "test_solve.test_the_smallest_budget_buys_every_target",
    ),
    Mutant(
        "shares of the smallest budget are shares of the case's budget",
        "model.model",
        '_write(every, problem, problem.add_variable("budget", 0), ())',
        "_write(every, problem, instance.budget, ())",
        "test_model.test_the_smallest_budget_is_a_column",
    ),
    # Stages in order
    Mutant(
        "nothing holds a stage",
        "solve.solve",
        "settled(held(program, stage, solved.optimum, instance.give_away), solved.optimum.basis)",
        "program",
        "test_solve.test_a_later_stage_keeps_what_an_earlier_one_reached",
    ),
    Mutant(
        "what is given away is taken",
        "solve.solve",
        "optimum.value + Fraction(give_away) * abs(optimum.value)",
        "optimum.value - Fraction(give_away) * abs(optimum.value)",
        "test_solve.test_what_is_given_away_of_a_minimum",
    ),
    Mutant(
        "what is given away follows the sign of the value",
        "solve.solve",
        "optimum.value + Fraction(give_away) * abs(optimum.value)",
        "optimum.value + Fraction(give_away) * optimum.value",
        "test_solve.test_what_is_given_away_of_a_maximum",
    ),
    Mutant(
        "nothing is given away",
        "solve.solve",
        "optimum.value + Fraction(give_away) * abs(optimum.value)",
        "optimum.value",
        "test_solve.test_what_is_given_away_of_a_minimum",
    ),
    Mutant(
        "a held optimum is rounded down",
        "solve.solve",
        "return nearest if Fraction(nearest) >= value else math.nextafter(nearest, math.inf)",
        "return nearest if Fraction(nearest) <= value else math.nextafter(nearest, -math.inf)",
        "test_model.test_a_held_optimum_is_never_rounded_down",
    ),
    Mutant(
        "a maximum is told as a negative number",
        "solve.steps",
        "stage.sense * found.value, None",
        "found.value, None",
        "test_solve.test_output_takes_the_best_tranches_first",
    ),
    Mutant(
        "a result without proof passes",
        "solve.solve",
        "if not proof.passed:",
        "if False:",
        "test_certificate.test_a_result_without_proof_is_no_result",
    ),
    # Ties
    Mutant(
        "the written order is reversed",
        "solve.ties",
        "for k, j in enumerate(spend)}",
        "for k, j in enumerate(reversed(spend))}",
        "test_solve.test_ties_go_to_what_is_written_first",
    ),
    Mutant(
        "the last is written first",
        "solve.ties",
        "math.sqrt(k / len(spend)) - 2",
        "2 - math.sqrt(k / len(spend))",
        "test_solve.test_ties_go_to_what_is_written_first",
    ),
    Mutant(
        "a tie leaves the optimum",
        "solve.ties",
        "        program = settled(optimal_face(program, optimum), optimum.basis)\n        if all",
        "        if all",
        "test_solve.test_the_order_decides_nothing_that_a_stage_decides_although_it_is_degenerate",
    ),
    Mutant(
        "every plan is called unique",
        "solve.ties",
        "one = not other and leaves_one_plan(engine, program, optimum, spend)",
        "one = True",
        "test_solve.test_a_choice_is_reported_until_a_stage_closes_it",
    ),
    # The proof
    Mutant(
        "rows are not checked",
        "proof.certificate",
        "    sides += ((a, row.lower, row.upper)",
        "    _ = ((a, row.lower, row.upper)",
        "test_certificate.test_every_row_and_bound_is_checked",
    ),
    Mutant(
        "the gap is forgotten",
        "proof.certificate",
        "return max(stage.primal_violation, stage.dual_violation, stage.gap)",
        "return max(stage.primal_violation, stage.dual_violation)",
        "test_certificate.test_all_stages_must_pass",
    ),
    Mutant(
        "a price may rest on nothing",
        "proof.certificate",
        "max(nothing, default=ZERO)",
        "ZERO",
        "test_certificate.test_a_price_needs_a_bound_to_rest_on",
    ),
    *(
        Mutant(wrong, "proof.slackness", old, new, f"test_slackness.test_{killer}")
        for wrong, old, new, killer in (
            (
                "columns rest anywhere",
                "_columns(program, x, signs) and ",
                "",
                "a_column_with_a_price_is_at_its_bound",
            ),
            ("rows rest anywhere", " and _rows(program, x, signs[len(program.columns) :])", "", "a_row_is_kept"),
            (
                "a price is paid elsewhere",
                "low if sign > 0 else high",
                "high if sign > 0 else low",
                "the_best_is_proven",
            ),
            (
                "what is no float rests anywhere",
                "(paid == 0) & (low < at)",
                "(low < at)",
                "what_is_no_float_is_compared",
            ),
        )
    ),
    Mutant(
        "floats decide all rows",
        "model.points",
        "error + (np",
        "0 * error - 1 + 0 * (np",
        "test_slackness.test_what_floats_cannot_tell_is_told_by_fractions",
    ),
    Mutant(
        "what is taken is forgotten by the check",
        "model.points",
        "if not any(taken):",
        "if True:",
        "test_slackness.test_what_is_taken_of_a_row_counts",
    ),
    # Exact steps
    Mutant(
        "what leaves goes to the wrong bound",
        "solve.simplex",
        "low) < 0:\n                return thing, Seat.LOWER",
        "low) < 0:\n                return thing, Seat.UPPER",
        "test_certificate.test_a_column_below_its_bound_is_led_back",
    ),
    Mutant(
        "what comes first gives way, whatever it costs",
        "solve.simplex",
        "        if len(able) < 2:\n            break",
        "        break",
        "test_certificate.test_the_way_back_takes_what_costs_least",
    ),
    Mutant(
        "a step goes beyond the first bound",
        "solve.simplex",
        "return min(((stop.far(), stop.thing, stop.seat) for stop in found if stop.least <= most), default=None)",
        "return max(((stop.far(), stop.thing, stop.seat) for stop in found), default=None)",
        "test_certificate.test_from_nothing_spent_exact_steps_reach_what_a_solver_finds",
    ),
    Mutant(
        "a column does not stop at its own other bound",
        "solve.simplex",
        "vertex.seats[thing] is Seat.BASIC or thing == entering",
        "vertex.seats[thing] is Seat.BASIC",
        "test_certificate.test_a_column_may_go_from_bound_to_bound",
    ),
    Mutant(
        "rows are not counted in their unit",
        "model.scaling",
        "(side / largest for side in table.room)",
        "table.room",
        "test_certificate.test_units_are_powers_of_two_and_keep_every_corner",
    ),
    # What columns that cannot move add to a row
    *(
        Mutant(f"what is taken of a row is forgotten {where}", module, old, new, f"test_standing.test_{killer}")
        for where, module, old, new, killer in (
            ("in its value", "model.sums", "own + row.taken if", "own if", "what_cannot_move_is_taken_exactly"),
            (
                "in the bound of a proof",
                "proof.certificate",
                "Fraction(bound) - taken if",
                "Fraction(bound) if",
                "what_is_left_proves_the_whole",
            ),
            ("when a second column stops", "proof.faces", "taken[i] +=", "taken[i] =", "what_was_taken_stays_taken"),
        )
    ),
    # Clashes
    Mutant(
        "what can be left out is kept",
        "doctor.clash",
        "is Status.INFEASIBLE:\n            kept.remove(name)",
        "is Status.OPTIMAL:\n            kept.remove(name)",
        "test_diagnosis.test_one_clash_is_told_where_there_are_two",
    ),
]


@contextmanager
def fresh(mutant: Mutant | None) -> Iterator[None]:
    """Fresh copies of the package's core (one of them mutated) and of the tests; the old ones come back."""
    kept = {name: sys.modules.get(name) for name in (*PACKAGE, *TESTS)}
    for name in kept:
        _place(name, None)
    try:
        if mutant is not None:
            _load(mutant)
        yield
    finally:
        for name, module in kept.items():
            _place(name, module)


def _place(name: str, module: ModuleType | None) -> None:
    """Put a module where imports find it, in the room that holds it as well; None takes it away."""
    room, _, last = name.rpartition(".")
    holder = vars(sys.modules[room]) if room in sys.modules else {}
    sys.modules.pop(name, None)
    holder.pop(last, None)
    if module is not None:
        sys.modules[name] = holder[last] = module


def _load(mutant: Mutant) -> None:
    """The mutated module, in the place of the sound one."""
    name = f"regionopt.{mutant.module}"
    spec = importlib.util.find_spec(name)
    source = spec.loader.get_source(name)
    assert source.count(mutant.old) == 1, f"{mutant.wrong}: {mutant.old!r} stands {source.count(mutant.old)} times"
    module = importlib.util.module_from_spec(spec)
    _place(name, module)
    exec(compile(source.replace(mutant.old, mutant.new), f"<{mutant.wrong}>", "exec"), module.__dict__)


def passes(killer: str) -> bool:
    """Whether a test of this folder passes with the modules as they are now."""
    file, _, name = killer.partition(".")
    test = getattr(importlib.import_module(file), name)
    try:
        test()
    except (AssertionError, LookupError, RegionoptError, pytest.fail.Exception):
        return False
    return True


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.wrong.replace(" ", "-"))
def test_the_mutant_is_killed(mutant):
    with fresh(mutant):
        assert not passes(mutant.killer), f"survived: {mutant.wrong} ({mutant.killer} passes)"


@pytest.mark.parametrize("killer", sorted({mutant.killer for mutant in MUTANTS}))
def test_the_killer_passes_without_a_mutant(killer):
    with fresh(None):
        assert passes(killer)


def test_every_mutant_is_another():
    assert len({(mutant.module, mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)


def test_the_sound_modules_are_back():
    def loaded():
        rooms = [dict(vars(sys.modules[name.rpartition(".")[0]])) for name in PACKAGE if name in sys.modules]
        return {name: sys.modules.get(name) for name in (*PACKAGE, *TESTS)}, rooms

    before = loaded()
    with fresh(MUTANTS[0]):
        assert importlib.import_module("regionopt.model.model") is not before[0]["regionopt.model.model"]
        assert importlib.import_module("regionopt.solve.solve") is not before[0]["regionopt.solve.solve"]
    assert loaded() == before

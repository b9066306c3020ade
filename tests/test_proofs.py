"""The written proof: it reads back exactly, holds for random cases, and fails when a number in it is another.

Nothing is written to a disk here: `test_verify.py` does that.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from cases import aim, bound, case, fund, yearly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inputs import CASE, small
from strategies import random_case

from regionopt.case.case import load
from regionopt.common.document import Status
from regionopt.common.errors import ToolError
from regionopt.proof.claims import claims
from regionopt.proof.proofs import LONGEST, ProofDocument, read_program, seal_holds, sealed, write_program
from regionopt.proof.reading import reading
from regionopt.result.certify import certificate_file
from regionopt.result.outputs import files
from regionopt.result.result import solve_case
from regionopt.run.run import Order, run
from regionopt.solve.evidence import evidence, no_plan
from regionopt.solve.farkas import proof
from regionopt.solve.solve import solve
from regionopt.solve.solvers import ENGINES
from regionopt.verify.stages import proof_checks
from regionopt.verify.verify import verify

LABS = (fund("north", "labs", 40, output=2, jobs=3), fund("south", "farms", 80, output=1, jobs=4))
AIMS = (aim("jobs", "north", 300), aim("jobs", "south", 400))
TWO = case(100, *LABS, *AIMS, stages=["worst_shortfall", "output"], give_away=1e-9)


def written(instance, most=None):
    """The proof of a case as it is written, without a folder."""
    solution = solve(instance)
    if solution.status is Status.INFEASIBLE:
        plan = no_plan(solution.trail.program, proof(ENGINES["highs"](), solution.trail.program))
    else:
        plan = evidence(solution.trail, instance.give_away, **({} if most is None else {"most": most}))
    document = ProofDocument(
        case="c", scenario="base", status=Status.STOPPED if solution.status.has_plan else solution.status,
        claims=claims(Status.STOPPED if solution.status.has_plan else solution.status, plan, None),
        reading=reading(instance), plan=plan, smallest_budget=None, inputs={}, files={}, digest="",
    )  # fmt: skip
    return document, solution.certificate


def wrong(document, told):
    """Codes of what does not hold, but for the status: a plan without a smallest budget is called stopped here."""
    checks = proof_checks(document, told)
    return {check.code for check in checks if check.ok is False and check.code != "proof_status"}


def again(document):
    """The document after it was a file."""
    return ProofDocument.model_validate_json(sealed(document))


def test_a_program_reads_back_exactly():
    program = solve(TWO).trail.program
    assert read_program(write_program(program)) == program


def test_a_stage_is_held_for_the_next_and_its_sense_is_told():
    steps = written(TWO)[0].plan.steps
    assert [(s.name, s.kind, s.sense) for s in steps[:2]] == [
        ("worst_shortfall", "stage", "minimise"),
        ("output", "stage", "maximise"),
    ]
    assert steps[0].held_at >= Fraction(steps[0].value)
    assert steps[1].held_at is None
    assert all(s.gap == "0" for s in steps)


def test_the_order_names_what_it_keeps():
    """Two equal programmes in one region: which is funded the stages leave open, the order takes the first."""
    same = [fund("north", name, 10, jobs=1) for name in ("labs", "port")]
    document, told = written(case(10, *same, aim("jobs", "north", 20)))
    order = document.plan.steps[-1]
    assert order.kind == "order"
    assert order.primal["spend[north,labs,1]"] == "10"
    assert "spend[north,port,1]" not in order.primal
    assert "budget" in order.fixed_rows
    assert wrong(again(document), told) == set()


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(random_case(), st.integers(0, 10**6))
def test_random_cases_hold_and_tampered_ones_do_not(instance, seed):
    """Each case's certificate passes; the same with one number changed fails, and so does its digest."""
    document, told = written(instance)
    text = sealed(document)
    read = ProofDocument.model_validate_json(text)
    assert seal_holds(text, read.digest)
    assert wrong(read, told) == set()
    changed = ProofDocument.model_validate(tampered(document.model_dump(by_alias=True), random.Random(seed)))
    assert wrong(changed, told)
    places = [k for k, c in enumerate(text) if chr(c).isdigit()]
    at = random.Random(seed).choice(places)
    assert not seal_holds(text[:at] + b"%d" % ((text[at] - 47) % 10) + text[at + 1 :], read.digest)


def tampered(document, chance):
    """One number that must not be another: a value, a gap, a held value, a plan outside its bounds, an excess."""
    plan = document["plan"]
    if plan["infeasible"]:
        plan["infeasible"]["excess"] = moved(plan["infeasible"]["excess"], chance)
        return document
    step = chance.choice(plan["steps"])
    kind = chance.choice(["value", "gap", "held_at", "primal", "costly"])
    costly = [name for name in step["primal"] if step["costs"].get(name)]
    if kind == "held_at" and step["held_at"] is not None:
        step["held_at"] = math.nextafter(step["held_at"], chance.choice([-math.inf, math.inf]))
    elif kind == "primal":
        column = chance.choice(plan["program"]["columns"])
        step["primal"][column["name"]] = str(Fraction(column["lower"]) - Fraction(1, 10 ** chance.randint(0, 8)))
    elif kind == "costly" and costly:
        name = chance.choice(costly)
        step["primal"][name] = moved(step["primal"][name], chance)
    else:
        name = "gap" if kind == "gap" else "value"
        step[name] = moved(step[name], chance)
    return document


def moved(ratio, chance):
    """Another fraction, a little or a lot away."""
    return str(Fraction(ratio) + Fraction(chance.choice([-1, 1]), 10 ** chance.randint(0, 30)))


# Years, whole numbers


def test_years_hold():
    document, told = written(yearly(TWO, "2026", "2027", carry_over=0.5, survival=0.9))
    assert wrong(again(document), told) == set()


def test_a_whole_number_outside_its_bounds_fails(tmp_path):
    text = CASE + "[measures.course]\ncost = 2\nminimum = 1\nmaximum = 3\n"
    result = solve_case(load(small(tmp_path, {"case.toml": text})))
    document = ProofDocument.model_validate_json(certificate_file(result, files(result)))
    assert wrong(document, result.solution.certificate) == set()
    told = document.model_dump(by_alias=True)
    step = told["plan"]["steps"][0]
    step["numbers"]["count[course]"] = 0
    step["primal"]["count[course]"] = "0"
    assert "proof_whole" in wrong(ProofDocument.model_validate(told), result.solution.certificate)


def test_whole_numbers_without_a_plan(tmp_path):
    """Hubs of 45 and 50 are required, south wants 20 of the 100: also with parts of hubs there is no plan."""
    text = CASE + "".join(
        f'[platforms.{name}]\nregion = "north"\ncost = {cost}\nrequired = true\n'
        for name, cost in (("a", 45), ("b", 50))
    )
    result = solve_case(load(small(tmp_path, {"case.toml": text + "[regions.south]\nfloor = 20\n"})))
    assert result.status is Status.INFEASIBLE
    document = ProofDocument.model_validate_json(certificate_file(result, files(result)))
    assert document.plan.proven
    assert wrong(document, None) == set()


def test_what_only_branching_says_is_said(tmp_path):
    """A hub at 90 unlocks labs; north wants 60 to 80. Two thirds of a hub would do, none and a whole one do not."""
    hub = '[platforms.hub]\nregion = "north"\ncost = 90\nunlocks = ["north.labs"]\n'
    text = f"{CASE}{hub}[regions.north]\nfloor = 60\nceiling = 80\n"
    result = solve_case(load(small(tmp_path, {"case.toml": text})))
    assert result.status is Status.INFEASIBLE
    document = ProofDocument.model_validate_json(certificate_file(result, files(result)))
    assert not document.plan.proven
    assert document.plan.infeasible is None
    assert any("branch and bound" in said for said in document.claims.en)
    codes = {check.code: check.ok for check in proof_checks(document, None)}
    assert codes["proof_none"] is None


# What is too long to write


def test_a_long_proof_is_rounded_and_proves_a_bound():
    document, told = written(TWO, most=10)
    assert document.plan.form == "rounded"
    assert abs(Fraction(document.plan.steps[0].gap)) < Fraction(1, 10**9)
    assert any("too long" in said for said in document.claims.en)
    checks = {check.code: check.ok for check in proof_checks(again(document), told)}
    assert checks["proof_rounded"] is True
    assert wrong(again(document), told) == set()


@pytest.mark.parametrize("field", ["value", "gap"])
def test_a_rounded_proof_is_checked_too(field):
    document, told = written(TWO, most=10)
    changed = document.model_dump(by_alias=True)
    changed["plan"]["steps"][0][field] = str(Fraction(changed["plan"]["steps"][0][field]) + Fraction(1, 1000))
    assert "proof_rounded" in wrong(ProofDocument.model_validate(changed), told)


def test_the_steps_of_the_order_are_not_proven_by_rounded_numbers():
    same = [fund("north", name, 10, jobs=1 / 3) for name in ("labs", "port")]
    document, told = written(case(10, *same, aim("jobs", "north", 20)), most=10)
    assert document.plan.steps[-1].kind == "order"
    assert document.plan.steps[-1].gap is None
    found = {(c.code, c.subject): c.ok for c in proof_checks(again(document), told)}
    assert found["proof_step", "order"] is None


def test_a_number_of_too_many_digits_is_rounded():
    document, _ = written(TWO)
    solution = solve(TWO)
    last = solution.trail.solved[-1]
    corner = replace(last.optimum.corner, x=(Fraction(1, 3 ** (3 * LONGEST)), *last.optimum.corner.x[1:]))
    odd = replace(last, optimum=replace(last.optimum, corner=corner))
    trail = replace(solution.trail, solved=(*solution.trail.solved[:-1], odd), order=())
    assert document.plan.form == "exact"
    assert evidence(trail).form == "rounded"


def test_a_rounded_folder_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("regionopt.solve.evidence.MOST", 10)
    monkeypatch.setattr("regionopt.solve.evidence.evidence.__defaults__", (0.0, 10))
    _, folder = run(load(small(tmp_path)), Order(out=tmp_path / "maps"))
    assert [check for check in verify(folder) if check.ok is False] == []
    assert json.loads((folder / "certificate.json").read_bytes())["plan"]["form"] == "rounded"


# Numerically awkward


@pytest.mark.parametrize("size", [1e-6, 1e9, 1e12])
def test_numbers_of_very_different_size_are_certified(size):
    """Returns of 1e-6 to 1e12 beside returns of 1."""
    parts = (
        fund("north", "labs", 40, jobs=size),
        fund("south", "farms", 80, jobs=1),
        aim("jobs", "north", 300 * size),
    )
    document, told = written(case(100, *parts, aim("jobs", "south", 400), stages=["worst_shortfall", "jobs"]))
    assert told.passed
    assert wrong(again(document), told) == set()


@pytest.mark.parametrize("apart", [1e-9, 1e-13, 2.0**-52])
def test_nearly_equal_returns_are_certified(apart):
    """The better programme is better by less than a solver sees: exact prices see it."""
    parts = (fund("north", "labs", 10, jobs=1), fund("north", "port", 10, jobs=1 + apart), aim("jobs", "north", 30))
    document, told = written(case(10, *parts, stages=["worst_shortfall"]))
    assert told.passed
    assert told.largest_violation <= told.tolerance
    assert wrong(again(document), told) == set()


def test_an_infeasible_case_without_a_proof_is_not_written(tmp_path, monkeypatch):
    """An "infeasible" that rests on the solver's word alone is refused."""
    result = solve_case(load(small(tmp_path, {"case.toml": CASE + "[regions.north]\nfloor = 90\n"})))
    monkeypatch.setattr("regionopt.result.certify.proof", lambda *_: None)
    with pytest.raises(ToolError):
        certificate_file(result, files(result))


def test_limits_hold_and_are_read_back():
    limited = case(100, *LABS, *AIMS, bound("south", floor_share=0.5, ceiling=70), give_away=1e-9)
    document, told = written(limited)
    assert wrong(again(document), told) == set()


def test_unbounded_claims_nothing(tmp_path):
    """No case is unbounded today; if a solver said so, the file would say that nothing is proven."""
    result = solve_case(load(small(tmp_path)))
    said = replace(result, solution=replace(result.solution, status=Status.UNBOUNDED), smallest=None)
    document = ProofDocument.model_validate_json(certificate_file(said, {}))
    assert not document.plan.proven
    assert any("nothing is proven" in sentence for sentence in document.claims.en)
    assert {check.ok for check in proof_checks(document, None)} == {True, None}

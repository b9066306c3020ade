"""Proves every stage again, in exact fractions, from `certificate.json` alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from regionopt.common.document import Certificate, StageCertificate, Status, WholeCertificate
from regionopt.model.sums import product
from regionopt.proof.certificate import TOLERANCE, certificate, check_stage, dual_bound, primal_violation
from regionopt.proof.claims import claims
from regionopt.proof.contradiction import excess
from regionopt.proof.faces import fixed
from regionopt.proof.proofs import Evidence, ProofDocument, read_program, read_vector, sign
from regionopt.proof.replay import Replayed, bounded, held_at, replay
from regionopt.verify.check import Check, Fault, check, same

# A rounded proof may leave this part of a value open.
ROUNDED = 1e-6


def proof_checks(proof: ProofDocument, told: Certificate | None) -> Iterator[Check]:
    """Every stage and step, the smallest budget, that there is no plan; and what the file and the result say of it.

    `told` is the certificate of `result.json`. Raises KeyError where a proof names what its program does not have.
    """
    steps = list(replay(proof.plan))
    for k, step in enumerate(steps):
        given_away = 0.0 if proof.reading.within is not None else proof.reading.give_away
        yield _step(step, proof.plan, given_away, last=k + 1 == len(steps))
    if steps:
        exact = proof.plan.form == "exact"
        yield check("proof_result", "result.json", _told(steps, told) if exact else _passed(steps, told))
    else:
        yield _no_plan("proof_none", proof.plan)
        yield check("proof_result", "result.json", [same("certificate", told, None)])
    yield check("proof_status", "certificate.json", _status(proof))
    if proof.smallest_budget is not None:
        yield from _smallest(proof.smallest_budget)
    sentences = claims(proof.status, proof.plan, proof.smallest_budget)
    yield check("proof_claims", "certificate.json", [same("claims", proof.claims, sentences)])


def _step(replayed: Replayed, evidence: Evidence, give_away: float, last: bool) -> Check:
    """One stage or step of the order."""
    step = replayed.step
    if evidence.form == "rounded":
        if step.kind == "order":
            return Check("proof_step", step.name, None)
        return check("proof_rounded", step.name, _rounded(replayed, evidence.ceiling or 0.0))
    faults = [*_exact(replayed), *_written(replayed, evidence)]
    if step.kind == "stage" and step.held_at is not None:
        faults.append(same("held_at", step.held_at, held_at(sign(step) * Fraction(step.value), give_away)))
    elif step.kind == "stage" and not _ends(replayed, evidence, last) and (give_away or step.numbers):
        faults.append(Fault("held_at", "–", step.name))
    return check("proof_whole" if step.numbers else "proof_step", step.name, faults)


def _ends(replayed: Replayed, evidence: Evidence, last: bool) -> bool:
    """Whether no stage follows: what follows needs this one held."""
    stages = [step.name for step in evidence.steps if step.kind == "stage"]
    return last or replayed.step.name == stages[-1]


def _exact(replayed: Replayed) -> Iterator[Fault | None]:
    """The plan keeps every row and bound, the prices prove that no plan is better: within the stated tolerance."""
    step = replayed.step
    found = check_stage(step.name, replayed.program, replayed.costs, replayed.x, replayed.y)
    judged = ("primal_violation",) if step.numbers else ("primal_violation", "dual_violation", "gap")
    for name in judged:
        value = getattr(found, name)
        if value > TOLERANCE:
            yield Fault(name, f"{value:g}", f"≤ {TOLERANCE:g}")
    value, bound = product(replayed.x, replayed.costs), dual_bound(replayed.program, replayed.costs, replayed.y)[1]
    yield same("value", Fraction(step.value), sign(step) * value)
    yield same("gap", None if step.gap is None else Fraction(step.gap), value - bound)


def _written(replayed: Replayed, evidence: Evidence) -> Iterator[Fault | None]:
    """What stands beside the proof: the whole numbers, the solver's own word, what is fixed."""
    step = replayed.step
    whole = {column.name for column in evidence.program.columns if column.whole}
    if step.kind == "stage":
        yield same("numbers", set(step.numbers), whole)
        yield from _within(replayed, evidence)
        if step.solver_bound is not None:
            value = Fraction(step.value) * sign(step)
            gap = max(Fraction(0), value - Fraction(sign(step) * step.solver_bound)) / (1 + abs(value))
            yield same("solver_gap", step.solver_gap, float(gap))
        if step.solver_bound is None or not whole:
            yield same("solver_gap", step.solver_gap, None)
    decided = fixed(replayed.program) if replayed.on_face else ((), ())
    yield same("fixed_columns", step.fixed_columns, decided[0])
    yield same("fixed_rows", step.fixed_rows, decided[1])


def _within(replayed: Replayed, evidence: Evidence) -> Iterator[Fault | None]:
    """Whole numbers are inside their bounds: the program of the stage has them in place of the bounds."""
    for column in evidence.program.columns:
        number = replayed.step.numbers.get(column.name)
        if number is not None and not (column.lower or 0.0) <= number <= (
            math.inf if column.upper is None else column.upper
        ):
            yield Fault(column.name, str(number), f"{column.lower} … {column.upper}")


def _rounded(replayed: Replayed, ceiling: float) -> Iterator[Fault | None]:
    """What rounded prices prove: the distance that is written, and that it is small."""
    step, program = replayed.step, replayed.program
    violation, bound = dual_bound(bounded(program, ceiling), replayed.costs, replayed.y)
    value = sign(step) * Fraction(step.value)
    size = max([1.0, *(abs(b) for b in (*program.lower, *program.upper) if math.isfinite(b))])
    if violation:
        yield Fault("dual_violation", f"{float(violation):g}", "0")
    if (off := primal_violation(program, replayed.x)) > TOLERANCE * size:
        yield Fault("primal_violation", f"{float(off):g}", f"≤ {TOLERANCE * size:g}")
    if abs(product(replayed.x, replayed.costs) - value) > TOLERANCE * (1 + abs(value)):
        yield Fault("value", step.value, str(float(product(replayed.x, replayed.costs))))
    yield same("gap", None if step.gap is None else Fraction(step.gap), Fraction(float(value - bound)))
    if abs(value - bound) > ROUNDED * (1 + abs(value)):
        yield Fault("gap", f"{float(value - bound):g}", f"≤ {ROUNDED:g}")


def _told(steps: list[Replayed], told: Certificate | None) -> Iterator[Fault | None]:
    """The certificate in `result.json` says what comes out here."""
    found: list[StageCertificate | WholeCertificate] = []
    for replayed in steps:
        step = replayed.step
        one = check_stage(step.name, replayed.program, replayed.costs, replayed.x, replayed.y)
        if step.numbers:
            found.append(
                WholeCertificate(
                    stage=step.name, primal_violation=one.primal_violation, bound=step.solver_bound,
                    gap=step.solver_gap, exact=one.exact,
                )
            )  # fmt: skip
        else:
            found.append(one)
    expected = certificate(found)
    for name in ("passed", "tolerance", "largest_violation"):
        yield same(name, getattr(told, name, None), getattr(expected, name))
    yield same("stages", told.stages if told else None, expected.stages)


def _passed(steps: list[Replayed], told: Certificate | None) -> Iterator[Fault | None]:
    """Of a rounded proof: the same stages, and that they passed."""
    yield same("stages", [s.stage for s in told.stages] if told else None, [s.step.name for s in steps])
    yield same("passed", told.passed if told else None, True)


def _no_plan(code: str, evidence: Evidence) -> Check:
    """That there is no plan: proven by prices, or only said."""
    clash = evidence.infeasible
    yes = [same("proven", evidence.proven, clash is not None)]
    if clash is None:
        return Check(code, "", None) if yes == [None] else check(code, "", yes)
    program = read_program(evidence.program)
    found = excess(program, read_vector([row.name for row in program.rows], clash.prices))
    return check(code, "", [*yes, same("excess", Fraction(clash.excess), found or "> 0")])


def _status(proof: ProofDocument) -> Iterator[Fault | None]:
    """A plan is told where one is proven, and none where there is none; only whole numbers can be stopped."""
    yield same("status", proof.status.has_plan, bool(proof.plan.steps))
    yield same(
        "infeasible", proof.plan.infeasible is not None, proof.status is Status.INFEASIBLE and proof.plan.proven
    )
    whole = any(column.whole for column in proof.plan.program.columns)
    said = proof.status is Status.STOPPED or (proof.status is Status.INFEASIBLE and not proof.plan.proven)
    if said and not whole:
        yield Fault("status", proof.status, "optimal")
    stopped = proof.smallest_budget is None
    yield same("smallest_budget", stopped, proof.status is not Status.OPTIMAL)


def _smallest(evidence: Evidence) -> Iterator[Check]:
    """The smallest budget, or that no budget meets every target."""
    steps = list(replay(evidence))
    for k, step in enumerate(steps):
        yield _step(step, evidence, 0.0, last=k + 1 == len(steps))
    yield check("proof_only", "smallest_budget", [same("steps", len(steps), 1) if steps else None])
    if not steps:
        yield _no_plan("proof_no_budget", evidence)

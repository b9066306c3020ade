"""What a written proof claims, in words: the sentences at the head of `certificate.json`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from regionopt.common.document import Status
from regionopt.common.texts import Language, text
from regionopt.proof.proofs import Evidence, Sentences, Step


def claims(status: Status, plan: Evidence, smallest: Evidence | None) -> Sentences:
    """The claims in both languages; they follow from the rest of the file."""
    return Sentences(
        en=tuple(_sentences(status, plan, smallest, "en")), zh=tuple(_sentences(status, plan, smallest, "zh-TW"))
    )


def _sentences(status: Status, plan: Evidence, smallest: Evidence | None, language: Language) -> Iterator[str]:
    yield text("claim.head", language)
    if status is Status.ALTERNATIVE:
        yield text("claim.alternative", language)
    if plan.form == "rounded":
        yield text("claim.rounded", language, ceiling=f"{plan.ceiling:g}")
    for step in plan.steps:
        yield _of_step(step, plan.form == "rounded", language)
    if status.has_plan:
        yield text("claim.unproven", language)
    elif status is Status.INFEASIBLE:
        yield _clash(plan, "claim.infeasible", "claim.infeasible_unproven", language)
    else:
        yield text("claim.unbounded", language)
    if smallest is not None:
        yield from (_smallest(step, language) for step in smallest.steps)
        if not smallest.steps:
            yield _clash(smallest, "claim.no_budget", "claim.no_budget_unproven", language)


def _of_step(step: Step, rounded: bool, language: Language) -> str:
    name, value = step.name, f"{float(Fraction(step.value)):.12g}"
    if step.kind == "order":
        return text("claim.order_rounded" if rounded else "claim.order", language, name=name)
    distance = "" if not (gap := Fraction(step.gap or 0)) else text("claim.gap", language, gap=f"{float(gap):.3g}")
    if not step.numbers:
        return text(f"claim.{step.sense}", language, name=name, value=value) + distance
    said = text("claim.bound", language, bound=f"{step.solver_bound:.12g}") if step.solver_bound is not None else ""
    return text(f"claim.whole_{step.sense}", language, name=name, value=value) + distance + said


def _smallest(step: Step, language: Language) -> str:
    value = f"{float(Fraction(step.value)):.12g}"
    return text("claim.smallest_whole" if step.numbers else "claim.smallest", language, value=value)


def _clash(evidence: Evidence, proven: str, unproven: str, language: Language) -> str:
    if evidence.infeasible is None:
        return text(unproven, language)
    return text(proven, language, excess=f"{float(Fraction(evidence.infeasible.excess)):.3g}")

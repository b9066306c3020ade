"""What is different in the proof of an alternative: columns and rows that keep it apart from the plans before it.

An alternative is proven feasible, and the best of its stages among the plans that are as far away; that it loses no
more than its tolerance is read against the proof of the plan itself, whose folder holds that of the alternatives.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from regionopt.common.errors import InputError
from regionopt.common.goodness import held_stages
from regionopt.proof.proofs import ProofDocument, Step, sign
from regionopt.verify.check import Check, Fault, check, same
from regionopt.verify.read import Folder, read

FURTHER = "further"
COLUMNS = frozenset({FURTHER, "more", "less", "side"})
ROWS = frozenset({"hold", "from", "up", "down", "apart"})
# Of values that were held by a row whose bound is a floating point number.
ROUNDED = Fraction(1, 10**12)


def is_alternative(folder: Folder) -> bool:
    """Whether a folder is that of an alternative."""
    return folder.proof.reading.within is not None


def scenario_of(folder: Folder) -> str:
    """The scenario of a result; of an alternative, that of the plan it stands beside."""
    name = folder.result.scenario
    return name.rpartition("~")[0] if is_alternative(folder) else name


def alternative_check(folder: Folder) -> Check:
    """Every held stage loses no more than the tolerance against the plan's own folder, where that is there."""
    try:
        plan = read(folder.path.parent.parent).proof
    except InputError:
        return Check("within", folder.proof.scenario, None)
    return check("within", folder.proof.scenario, _faults(folder.proof, plan))


def _faults(proof: ProofDocument, plan: ProofDocument) -> Iterator[Fault | None]:
    yield same("inputs", proof.inputs, plan.inputs)
    yield same("scenario", proof.scenario.rpartition("~")[0], plan.scenario)
    best = {step.name: step for step in plan.plan.steps if step.kind == "stage"}
    own = {step.name: step for step in proof.plan.steps if step.kind == "stage" and step.name != FURTHER}
    yield same("stages", list(own), list(best))
    tolerance = Fraction(proof.reading.within or 0)
    slack = max(tolerance, Fraction(proof.reading.give_away)) + ROUNDED
    for name in held_stages(list(best), float(tolerance)):
        if name in own:
            optimum = minimised(best[name])
            lost = minimised(own[name]) - optimum
            yield same(f"{name} ≤ {float(slack):g}", lost <= slack * abs(optimum), True)


def minimised(step: Step) -> Fraction:
    """The value of a stage in the sense in which less is better."""
    return sign(step) * Fraction(step.value)

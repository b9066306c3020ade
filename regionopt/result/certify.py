"""Makes `certificate.json` of a result: what was proven, the program it was proven of, the hashes of the folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from regionopt.common.document import Status
from regionopt.common.errors import Problem, ToolError
from regionopt.proof.claims import claims
from regionopt.proof.proofs import Evidence, ProofDocument, sealed
from regionopt.proof.reading import reading
from regionopt.result.result import Result
from regionopt.solve.evidence import evidence, no_plan
from regionopt.solve.farkas import proof
from regionopt.solve.solve import Solution
from regionopt.solve.solvers import ENGINES

NAME = "certificate.json"
# The only file of a folder that may differ between two runs.
UNHASHED = "run.json"


def certificate_file(
    result: Result, files: Mapping[str, bytes], solver: str = "highs", within: float | None = None
) -> bytes:
    """The file for a folder with these files; `within` is the tolerance of an alternative.

    Raises ToolError when an infeasible result cannot be proven so.
    """
    # What an alternative may lose against the plan stands in its program; from stage to stage it gives nothing away.
    given_away = result.case.instance.give_away if within is None else 0.0
    plan = _evidence(result.solution, given_away, solver)
    smallest = None if result.smallest is None else _evidence(result.smallest, 0.0, solver)
    return sealed(
        ProofDocument(
            case=result.case.document.case.id,
            scenario=result.case.name,
            status=result.status,
            claims=claims(result.status, plan, smallest),
            reading=reading(result.case.instance).model_copy(update={"within": within}),
            plan=plan,
            smallest_budget=smallest,
            inputs=result.case.inputs,
            files={name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files) if name != UNHASHED},
            digest="",
        )
    )


def _evidence(solution: Solution, give_away: float, solver: str) -> Evidence:
    """The proof of a solution: of its stages, or that there is none."""
    trail = solution.trail
    assert trail is not None  # every solution that a solver was asked for has one
    if solution.status is Status.UNBOUNDED:
        return no_plan(trail.program, None)  # nothing is claimed, so nothing is proven
    if solution.status is not Status.INFEASIBLE:
        return evidence(trail, give_away)
    farkas = proof(ENGINES[solver](), trail.program)
    if farkas is None and not trail.program.integers:
        raise ToolError([Problem("not_proven", "certificate", Status.INFEASIBLE.value)])
    return no_plan(trail.program, farkas)

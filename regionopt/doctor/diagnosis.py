"""The doctor: why a case has no plan, and what would give it one. The content of `diagnosis.json`.

Remedies first: every single number that makes a plan possible alone, the smallest joint change, the nearest plan
without must-targets. Then the clash itself, a smallest set of limits; it can name limits none of which helps alone.
Tranche widths are told beside it where the clash hangs on them: money cannot go where nothing is planned.
"""

from __future__ import annotations

from collections.abc import Sequence

from regionopt.case.case import Case
from regionopt.case.limits import of_row
from regionopt.common.document import Status
from regionopt.common.instance import Instance
from regionopt.doctor.clash import engine_for, independent_sets, limits_only, status
from regionopt.doctor.clash_told import clashing
from regionopt.doctor.entries import Entry
from regionopt.doctor.goals_told import nearest_plan
from regionopt.doctor.levers import Lever, levers
from regionopt.doctor.remedies import alone, amounts
from regionopt.doctor.remedies_told import as_it_stands, dropped, joint_change, repairs
from regionopt.model.program import Program
from regionopt.solve.questions import questions

SCHEMA = "regionopt.diagnosis/2"


def has_plan(case: Case, solver: str = "highs") -> bool:
    """Whether every limit of the case can be kept at once."""
    program = limits_only(case.instance)
    return status(engine_for(program, solver), program) is Status.OPTIMAL


def healthy(case: Case) -> Entry:
    """What is told of a case that has a plan: its status, and nothing else."""
    return {"schema": SCHEMA, "case": case.document.case.id, "scenario": case.name, "status": "feasible"}


def diagnose(case: Case, solver: str = "highs") -> Entry:
    """The content of `diagnosis.json`, schema `regionopt.diagnosis/2`, of an infeasible case.

    repairs       numbers that make a plan possible alone: path, old, value, exact, unit, change, set, sentence
    helpless      numbers of the clash that do not, whatever they are set to
    not_examined  numbers of the clash that could not be settled
    together      the smallest joint change: largest (relative), changes as in `repairs`, none where none helps
    nearest       the nearest plan when must-targets become goals; null where the case has no must-target
    clashing      a smallest set of limits that clash: row, path, value, unit, sentence
    further       sets that clash too and share no limit with it

    `value` is in `unit`, `change` is relative to `old`, `set` follows `--set`, sentences are by language.
    """
    program, ask = limits_only(case.instance), questions(solver)
    sets = independent_sets(case.instance, solver) or [[]]
    all_levers = levers(case, program)
    elastic = amounts(program, all_levers)
    near = [lever for lever in all_levers if _in_clash(case.instance, lever, program, sets[0])]
    single = alone(case, ask, elastic, program, near)
    return {
        "schema": SCHEMA,
        "case": case.document.case.id,
        "scenario": case.name,
        "status": Status.INFEASIBLE.value,
        "repairs": [*repairs(case, single.remedies), *dropped(case, ask, program)],
        "helpless": [as_it_stands(case, lever) for lever in single.helpless],
        "not_examined": [as_it_stands(case, lever) for lever in single.unknown],
        "together": joint_change(case, ask, elastic),
        "nearest": nearest_plan(case, ask),
        "clashing": clashing(case, sets[0], solver),
        "further": [clashing(case, rows, solver) for rows in sets[1:]],
    }


def _in_clash(instance: Instance, lever: Lever, program: Program, rows: Sequence[str]) -> bool:
    """Whether a number stands in a clash: only then it can mend it."""
    if lever.effect is None:
        paths = {limit.path for row in rows if (limit := of_row(instance, row)) is not None}
        return lever.path in paths
    return not lever.touched(program).isdisjoint(rows)

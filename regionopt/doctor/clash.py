"""What clashes: the limits of a case as a program without any objective, and irreducible infeasible sets of it.

A set is found by leaving out one limit after another. What is left when nothing more can be left out is
irreducible: without any one of its limits the rest could be kept.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

from regionopt.common.document import Status
from regionopt.common.instance import Instance
from regionopt.model.model import build
from regionopt.model.program import Program, Row
from regionopt.model.translate import to_program
from regionopt.solve.engine import Engine
from regionopt.solve.highs import Highs
from regionopt.solve.solvers import ENGINES

# Seconds for one question about whole numbers: a set that is not known to clash in that time is told whole.
SECONDS = 10.0


def limits_only(instance: Instance) -> Program:
    """The rows that every plan must keep, without any objective. Targets stand in their own units: gained ≥ T.

    What is no must-target can be missed wholly, so that it clashes with nothing: it is left out.
    """
    musts = tuple(target for target in instance.targets if target.must)
    program = to_program(build(replace(instance, targets=musts, stages=())).problem)
    amounts = {target.row: target.target for target in musts}
    short = {j for j, name in enumerate(program.columns) if name.startswith("shortfall[")}
    rows = (_in_units(row, amounts[row.name], short) if row.name in amounts else row for row in program.rows)
    return replace(program, rows=tuple(map(_forgetful, rows)))


def _in_units(row: Row, amount: float, short: Collection[int]) -> Row:
    """The row of a target in the unit of its metric."""
    terms = tuple((j, a * amount) for j, a in row.terms if j not in short)
    return Row(row.name, terms, amount, math.inf)


def _forgetful(row: Row) -> Row:
    """Unspent money may be forgotten: no plan becomes possible by it, and more of a year's money never harms."""
    return replace(row, lower=-math.inf) if row.name.startswith("balance[") else row


def engine_for(program: Program, solver: str) -> Engine:
    """What says whether a program can be kept: whole numbers are HiGHS's, in their own units."""
    return Highs(SECONDS) if program.integers else ENGINES[solver]()


def clashing_rows(instance: Instance, solver: str = "highs") -> list[str]:
    """Names of the rows of an irreducible infeasible set, in the order of the program."""
    program = limits_only(instance)
    return smallest_set(engine_for(program, solver), program, [row.name for row in program.rows])


def independent_sets(instance: Instance, solver: str = "highs") -> list[list[str]]:
    """Irreducible sets that share no row: the first, then one of what is left without it, and so on."""
    program = limits_only(instance)
    engine = engine_for(program, solver)
    left = [row.name for row in program.rows]
    found: list[list[str]] = []
    while status(engine, _only(program, left)) is Status.INFEASIBLE:
        found.append(smallest_set(engine, program, left))
        if not found[-1]:
            break
        left = [name for name in left if name not in found[-1]]
    return found


def smallest_set(engine: Engine, program: Program, rows: Collection[str]) -> list[str]:
    """Of rows that clash, those of an irreducible set."""
    kept = list(rows)
    for name in rows:
        if status(engine, _only(program, {*kept} - {name})) is Status.INFEASIBLE:
            kept.remove(name)
    return kept


def hangs_on_widths(instance: Instance, rows: Collection[str], solver: str = "highs") -> bool:
    """Whether the clashing rows could be kept if the tranches had room without end."""
    program = limits_only(instance)
    upper = tuple(
        math.inf if name.startswith("spend[") else high
        for name, high in zip(program.columns, program.upper, strict=True)
    )
    roomy = _only(replace(program, upper=upper), rows)
    return status(engine_for(program, solver), roomy) is Status.OPTIMAL


def status(engine: Engine, program: Program) -> Status:
    """Whether every row can be kept at once."""
    return engine.minimise(program, [0.0] * len(program.columns)).status


def _only(program: Program, names: Collection[str]) -> Program:
    rows = tuple(row if row.name in names else replace(row, lower=-math.inf, upper=math.inf) for row in program.rows)
    return replace(program, rows=rows)

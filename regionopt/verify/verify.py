"""`regionopt verify`: whether a result's folder still says what was proven. No solver is loaded.

What protects against what:

    hashes, digest       any change after writing, of a single digit or of the map; a forger can compute them anew
    exact proof          a plan, a price, a value, a whole number, an infeasibility that is not so
    program and tables   a program that is not that of coefficients, targets, limits and budget; a stage that
                         optimises something else than its name says
    arithmetic           a number in a table or in `result.json` that does not follow from the proven plan
    hashes of inputs     input files that are not those that were read
    case                 numbers that the case does not give, where its files are found: another case under this name

Not caught when someone computes every hash anew: what follows from no other number (names, populations together
with the money per head, whether a stage left a choice, how branch and bound ended, the diagnosis), what the case
says of limits between regions and of absorption, and other plans that the tables of explanations tell of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from regionopt.common.errors import InputError, Problem
from regionopt.proof.replay import final_plan
from regionopt.verify.alternative import alternative_check, is_alternative
from regionopt.verify.alternatives import folder_of, plans_of, table_check
from regionopt.verify.case import case_check
from regionopt.verify.check import Check
from regionopt.verify.explained import explained_checks
from regionopt.verify.files import case_file, file_checks, input_checks
from regionopt.verify.program import program_checks
from regionopt.verify.read import CERTIFICATE, Folder, read
from regionopt.verify.stages import proof_checks
from regionopt.verify.sums import Sums
from regionopt.verify.tables import table_checks


def verify(path: Path, case: Path | None = None, may_lack: frozenset[str] = frozenset()) -> Iterator[Check]:
    """Every check of a folder, the quick ones first. Raises InputError when it is no complete result.

    `case` is the case file or its folder, where that is not near the result; `may_lack` names files that need not be
    there. Alternatives in the folder (or a folder of them) are checked as results of their own, with their table.
    """
    others = folder_of(path)
    if others is not path:
        yield from _result(path, case, may_lack)
    if others is not None:
        for alternative in plans_of(others):
            for found in _result(alternative, case, frozenset()):
                yield replace(found, subject=f"{alternative.name}/{found.subject}")
        yield table_check(others)


def _result(path: Path, case: Path | None, may_lack: frozenset[str]) -> Iterator[Check]:
    """Every check of one result's folder."""
    folder = read(path, may_lack)
    yield from file_checks(folder)
    yield from input_checks(folder, case)
    try:
        yield from _content(folder, case)
    except KeyError as error:
        raise InputError([Problem("bad_result", str(path / CERTIFICATE), error.args[0])]) from None


def _content(folder: Folder, case: Path | None) -> Iterator[Check]:
    """What the folder says, whatever its hashes."""
    sums = Sums(folder, frozenset(column.name for column in folder.proof.plan.program.columns))
    yield from proof_checks(folder.proof, folder.result.certificate)
    yield from program_checks(folder, sums)
    if is_alternative(folder):
        yield alternative_check(folder)
    x = final_plan(folder.proof.plan)
    yield from table_checks(folder, sums, x)
    if x is not None:
        yield from explained_checks(folder, sums, x)
    yield case_check(folder, sums, case_file(folder, case))

"""What the files of a bundle say, read once: the result, its tables, its proof, its diagnosis, its case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regionopt.case.case import Case
from regionopt.common.document import ResultDocument
from regionopt.maps.companion import BudgetCurve, Companion
from regionopt.proof.proofs import ProofDocument
from regionopt.report.bundle import INPUTS, LEFT_OUT, RESULT
from regionopt.verify.case import case_again
from regionopt.verify.read import Folder, Table, read

TABLES = (
    "allocation", "coefficients", "targets", "limits", "changes", "prices", "binding", "bands", "benchmarks",
    "importance", "fairness", "next", "tips",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """The files of a result as values; a table that is not there has no rows, `case` is None without its inputs, and
    `curve` without the slider of its page."""

    result: ResultDocument
    proof: ProofDocument
    tables: Mapping[str, Table]
    diagnosis: Mapping[str, Any] | None
    case: Case | None
    curve: BudgetCurve | None


def written(folder: Path) -> Written:
    """Reads an unpacked bundle. Raises InputError where the result is not complete."""
    found = read(folder / RESULT, LEFT_OUT)
    diagnosis = found.content.get("diagnosis.json")
    return Written(
        found.result,
        found.proof,
        {name: found.table(f"{name}.csv") if f"{name}.csv" in found.content else [] for name in TABLES},
        None if diagnosis is None else json.loads(diagnosis),
        _case(found, folder / INPUTS),
        _curve(found),
    )


def _curve(found: Folder) -> BudgetCurve | None:
    """The curve over the budget that the page of the map carries."""
    companion = found.content.get("map.json")
    return None if companion is None else Companion.model_validate_json(companion).curve


def _case(found: Folder, inputs: Path) -> Case | None:
    """The case the result was solved from; None where one of its files is missing."""
    name = next(iter(found.proof.inputs), "")
    path = inputs / name
    return case_again(found, path) if name and path.is_file() else None

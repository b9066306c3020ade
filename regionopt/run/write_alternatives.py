"""`regionopt alternatives`: solve a case, find other plans nearly as good, write each as a result of its own.

All stand in `<out>/<case>/<scenario>/alternatives/`: `alternatives.csv`, and a folder a plan with the same files as
the plan's. The folder is written as a whole; the next `regionopt run` takes it away, since it may then be outdated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from regionopt.case.case import Case
from regionopt.common.jsontext import to_json
from regionopt.explain.alternatives import (
    COUNT,
    TOLERANCE,
    Alternative,
    alternative_rows,
    alternatives,
    as_result,
    check,
)
from regionopt.result.certify import NAME as CERTIFICATE
from regionopt.result.certify import certificate_file
from regionopt.result.files import ALTERNATIVES, folder_name, write_folder
from regionopt.result.outputs import document, files, to_csv
from regionopt.result.result import Result
from regionopt.run.run import Order, draw, record, solve_within


@dataclass(frozen=True)
class Asked:
    """Which alternatives: within what tolerance (0 to 1), how many at most."""

    tolerance: float = TOLERANCE
    count: int = COUNT


def run_alternatives(
    case: Case, asked: Asked, order: Order, tell: Callable[[str], None] = lambda _: None
) -> tuple[Result, Sequence[Alternative], Path | None]:
    """Solve and write. Returns the result, its alternatives, and their folder: None where there is no plan at all."""
    started = time.perf_counter()
    check(asked.tolerance, asked.count)
    tell("progress.solve")
    result = solve_within(case, order.limit, order.solver)
    if result.plan is None:
        return result, (), None
    tell("progress.alternatives")
    found = alternatives(result, asked.tolerance, asked.count)
    written = {"alternatives.csv": to_csv(alternative_rows(result, found))}
    for alternative in found:
        tell("progress.map")
        own = _files(as_result(result, alternative), asked, order)
        written |= {f"{alternative.name}/{name}": content for name, content in own.items()}
    written["run.json"] = to_json(record(order, time.perf_counter() - started))
    tell("progress.write")
    parent = order.out / folder_name(case.document.case.id) / folder_name(order.name or case.name)
    write_folder(parent / ALTERNATIVES, written)
    return result, found, parent / ALTERNATIVES


def _files(result: Result, asked: Asked, order: Order) -> dict[str, bytes]:
    """What `regionopt run` writes for a plan: the tables, the document, the map, the proof."""
    written = files(result)
    if any(region.counties for region in result.case.regions):
        written["map.html"] = draw(document(result), result.case, order.language)
    return {**written, CERTIFICATE: certificate_file(result, written, within=asked.tolerance)}

"""Solves a case, explains its plan and writes both into the folder of the result. Effects are here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from regionopt.case.case import Case
from regionopt.common.jsontext import to_json
from regionopt.explain.explanation import TOLERANCES, Explanation, explain, tables
from regionopt.explain.near import check_tolerance
from regionopt.result.certify import NAME as CERTIFICATE
from regionopt.result.certify import certificate_file
from regionopt.result.files import folder_name, write_folder
from regionopt.result.outputs import files
from regionopt.result.result import Result
from regionopt.run.companion import NAME as MAPPED
from regionopt.run.run import Order, record, solve_within

MAPS = ("map.html", MAPPED)


def run_explain(
    case: Case,
    order: Order,
    tolerances: Sequence[float] = TOLERANCES,
    tell: Callable[[str], None] = lambda _: None,
    more: Callable[[Case], Mapping[str, bytes]] = lambda _: {},
) -> tuple[Result, Explanation | None, Path | None]:
    """Solve, explain, write `<out>/<case>/<name>/`. Without a plan nothing is explained and nothing written.

    The map of the folder is kept where it shows the same result; `regionopt run` draws it. `more` makes further files
    of a case that has a plan.
    """
    started = time.perf_counter()
    for tolerance in tolerances:
        check_tolerance(tolerance)
    tell("progress.solve")
    result = solve_within(case, order.limit, order.solver)
    if result.plan is None:
        return result, None, None
    tell("progress.explain")
    explained = explain(result, tolerances)
    folder = order.out / folder_name(case.document.case.id) / folder_name(order.name or case.name)
    solved = files(result)
    written = {**solved, **tables(explained), **more(case), **_map(folder, solved["result.json"])}
    written[CERTIFICATE] = certificate_file(result, written, order.solver)
    written["run.json"] = to_json(record(order, time.perf_counter() - started))
    tell("progress.write")
    write_folder(folder, written)
    return result, explained, folder


def _map(folder: Path, result: bytes) -> dict[str, bytes]:
    """The map that is there and what stands beside it, when it was drawn of the same result."""
    old = folder / "result.json"
    if not old.is_file() or old.read_bytes() != result:
        return {}
    return {name: (folder / name).read_bytes() for name in MAPS if (folder / name).is_file()}

"""The main job: solve a case, draw its map, write its folder. Effects are here; everything it calls is pure."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from regionopt.case.case import Case
from regionopt.case.schema import GeometrySection
from regionopt.common.document import ResultDocument, Status
from regionopt.common.errors import refuse
from regionopt.common.jsontext import to_json
from regionopt.common.quantity import check_seconds
from regionopt.common.texts import Language
from regionopt.maps.companion import Companion
from regionopt.result.certify import NAME as CERTIFICATE
from regionopt.result.certify import certificate_file
from regionopt.result.files import folder_name, write_folder
from regionopt.result.outputs import document, files
from regionopt.result.result import Result, solve_case
from regionopt.run.companion import NAME as MAPPED
from regionopt.run.companion import companion
from regionopt.run.companion import written as as_json

PACKAGES = (
    "regionopt", "pulp", "highspy", "geopandas", "shapely", "folium", "XStatic-Leaflet", "pydantic", "typer", "rich"
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """How a run is to be done: solver, folder, name, language of the map, extra files, a time limit in seconds."""

    solver: str = "highs"
    out: Path = Path("maps")
    name: str | None = None
    language: Language = "zh-TW"
    save_lp: bool = False
    command: Sequence[str] = ()
    limit: float | None = None


def run(case: Case, order: Order, tell: Callable[[str], None] = lambda _: None) -> tuple[Result, Path]:
    """Solve and write `<out>/<case>/<name>/`; `tell` hears each step. Returns the result and its folder."""
    started = time.perf_counter()
    folder = order.out / folder_name(case.document.case.id) / folder_name(order.name or case.name)
    tell("progress.solve")
    result = solve_within(case, order.limit, order.solver)
    written = files(result)
    if result.status.has_plan and any(region.counties for region in case.regions):
        tell("progress.map")
        told = companion(case) if result.status is Status.OPTIMAL else Companion()
        written[MAPPED] = as_json(told)
        written["map.html"] = draw(document(result), case, order.language, told)
    elif result.status is Status.INFEASIBLE:
        tell("progress.diagnose")
        written["diagnosis.json"] = to_json(diagnosed(case, order.solver))
    if order.save_lp:
        written["model.lp"] = model_lp(result)
    written[CERTIFICATE] = certificate_file(result, written, order.solver)
    written["run.json"] = to_json(record(order, time.perf_counter() - started))
    tell("progress.write")
    write_folder(folder, written)
    return result, folder


def diagnosed(case: Case, solver: str) -> Mapping[str, Any]:
    """Why there is no plan. The doctor is imported here: a case that has a plan does not pay for it."""
    from regionopt.doctor.diagnosis import diagnose

    return diagnose(case, solver)


def solve_within(case: Case, limit: float | None, solver: str = "highs") -> Result:
    """Solve within `limit` seconds, where whole numbers are chosen. Raises InputError for what is no such time."""
    check_seconds(limit)
    return solve_case(case, solver, limit)


def draw(shown: ResultDocument, case: Case, language: Language, told: Companion | None = None) -> bytes:
    """The map of a result. Drawing is imported here: commands that draw nothing do not pay for it."""
    from regionopt.maps.boundaries import boundaries_of
    from regionopt.maps.maps import page

    boundaries = boundaries_of(case.document.geometry, case.path.parent)
    refuse(case.misplaced(frozenset(boundaries.codes)))
    return page(shown, boundaries, language, told).encode()


def draw_with(
    shown: ResultDocument, geometry: GeometrySection, folder: Path, language: Language, told: Companion
) -> bytes:
    """The map of a result document on the boundaries that `geometry` names, or on the built-in ones."""
    from regionopt.maps.boundaries import boundaries_of
    from regionopt.maps.maps import page

    return page(shown, boundaries_of(geometry, folder), language, told).encode()


def model_lp(result: Result) -> bytes:
    """The first stage's program in LP format, names in round brackets, for any other solver."""
    from regionopt.model.lpfile import lp_text

    return lp_text(result.case.instance).encode()


def record(order: Order, seconds: float) -> dict[str, object]:
    """`run.json`: what may differ between two runs."""
    return {
        "schema": "regionopt.run/1",
        "command": list(order.command),
        "solver": order.solver,
        "seconds": round(seconds, 3),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
    }

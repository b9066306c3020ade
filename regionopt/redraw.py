"""`regionopt map`: the map of a result that was written before, or of a case that is solved now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from regionopt.case import load
from regionopt.document import ResultDocument
from regionopt.errors import InputError, Problem
from regionopt.files import write_file
from regionopt.outputs import document
from regionopt.result import solve_case
from regionopt.run import draw, draw_with
from regionopt.schema import GeometrySection
from regionopt.tables import read_bytes
from regionopt.texts import Language


def map_of(
    source: str,
    scenario: str,
    sets: tuple[str, ...],
    output: Path,
    geometry: Path | None,
    language: Language,
    tell: Callable[[str], None],
) -> Path:
    """Draw into one file and return its path."""
    folder = Path(source)
    if (folder / "result.json").exists() or folder.name == "result.json":
        tell("progress.map")
        html = _redrawn(folder if folder.is_file() else folder / "result.json", geometry, language)
    else:
        case = load(source, scenario, sets)
        tell("progress.solve")
        solved = document(solve_case(case))
        tell("progress.map")
        html = draw(solved, case, language)
    write_file(output, html)
    return output


def _redrawn(path: Path, geometry: Path | None, language: Language) -> bytes:
    try:
        written = ResultDocument.model_validate_json(read_bytes(path))
    except ValidationError as error:
        raise InputError([Problem("bad_result", str(path), error.errors()[0]["msg"])]) from None
    if geometry is None and written.provenance.geometry != "built-in":
        raise InputError([Problem("geometry_needed", str(path), written.provenance.geometry)])
    section = GeometrySection(file=None if geometry is None else str(geometry.resolve()))
    return draw_with(written, section, Path(), language)

"""`regionopt map`: the map of a result that was written before, or of a case that is solved now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from regionopt.case.case import load
from regionopt.case.schema import GeometrySection
from regionopt.case.tables import read_bytes
from regionopt.common.document import ResultDocument, Status
from regionopt.common.errors import InputError, Problem
from regionopt.common.texts import Language
from regionopt.result.files import write_file
from regionopt.result.outputs import document
from regionopt.run.companion import companion, read
from regionopt.run.run import draw, draw_with, solve_within


def map_of(
    source: str,
    scenario: str,
    sets: tuple[str, ...],
    output: Path,
    geometry: Path | None,
    pieces: int | None,
    limit: float | None,
    language: Language,
    tell: Callable[[str], None],
) -> Status:
    """Draw into one file; the status of what was solved now, `optimal` where nothing was.

    `limit` is a time limit in seconds for the platforms and measures of a case; `pieces` is how far its slider goes.
    """
    if pieces is not None and pieces < 1:
        raise InputError([Problem("curve_pieces", "--pieces", pieces)])
    folder, status = Path(source), Status.OPTIMAL
    if (folder / "result.json").exists() or folder.name == "result.json":
        tell("progress.map")
        html = _redrawn(folder if folder.is_file() else folder / "result.json", geometry, language)
    else:
        case = load(source, scenario, sets)
        tell("progress.solve")
        solved = solve_within(case, limit)
        tell("progress.map")
        told = companion(case, pieces) if solved.status is Status.OPTIMAL else None
        html, status = draw(document(solved), case, language, told), solved.status
    write_file(output, html)
    return status


def _unreadable(path: Path, error: ValidationError) -> Problem:
    """Why a result cannot be drawn: it is of another version, or it is none."""
    first = error.errors()[0]
    if first["loc"] == ("schema",) and first["type"] == "literal_error":
        return Problem("other_version", str(path), first["input"], {"known": first["ctx"]["expected"].strip("'")})
    return Problem("bad_result", str(path), first["msg"])


def _redrawn(path: Path, geometry: Path | None, language: Language) -> bytes:
    try:
        written = ResultDocument.model_validate_json(read_bytes(path))
    except ValidationError as error:
        raise InputError([_unreadable(path, error)]) from None
    if geometry is None and written.provenance.geometry != "built-in":
        raise InputError([Problem("geometry_needed", str(path), written.provenance.geometry)])
    section = GeometrySection(file=None if geometry is None else str(geometry.resolve()))
    return draw_with(written, section, Path(), language, read(path.parent))

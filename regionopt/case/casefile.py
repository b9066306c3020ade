"""A case file: where it is found, and its TOML as it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from regionopt.case.sources import data_folder
from regionopt.case.tables import read_text
from regionopt.common.errors import InputError, Problem

# Far deeper than any path of a case file, and than any path of an override.
DEEPEST = 20


def find(case: str | Path) -> Path:
    """The case file: a file, a folder that holds one, or a built-in name where no such file exists."""
    try:
        return _case_file(case)
    except (OSError, ValueError) as error:  # a name that no file can have, a folder that may not be entered
        raise InputError([Problem("file_unreadable", str(case), error)]) from None


def _case_file(case: str | Path) -> Path:
    built_in = data_folder() / f"{case}.toml"
    if not Path(case).exists() and "/" not in str(case) and built_in.is_file():
        return built_in
    path = Path(case) / "case.toml" if Path(case).is_dir() else Path(case)
    if not path.exists() and path.suffix != ".toml":
        known = {"known": ", ".join(sorted(file.stem for file in data_folder().glob("*.toml")))}
        raise InputError([Problem("case_missing", str(case), None, known)])
    return path


def read(path: Path) -> dict[str, Any]:
    """What the file says, as plain values. Raises InputError where it is no TOML."""
    try:
        raw = tomllib.loads(read_text(path).replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # no TOML, or more digits or brackets than Python reads
        raise InputError([Problem("broken_toml", path.name, error)]) from None
    if _deeper(raw, DEEPEST):
        raise InputError([Problem("too_deep", path.name, None, {"most": DEEPEST})])
    return raw


def _deeper(raw: Any, most: int) -> bool:
    """Whether tables and lists are nested deeper than that; without recursion, which has its own limit."""
    level = [raw]
    while level and most >= 0:
        nested = [item.values() if isinstance(item, Mapping) else item for item in level]
        level = [inner for items in nested for inner in items if isinstance(inner, (Mapping, list))]
        most -= 1
    return bool(level)

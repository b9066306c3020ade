"""What the names given to `regionopt compare` mean.

Each is the name of a scenario (or override) of the case, or `base`; else a result's folder; else a case file or the
name of a built-in case. `./base` is a folder even where there is a scenario of this name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from regionopt.case.case import Case, load
from regionopt.case.sources import data_folder
from regionopt.common.errors import InputError, Problem, found_by, nearest, refuse
from regionopt.compare.sides import Kind


@dataclass(frozen=True)
class Asked:
    """What is to be compared: names of scenarios, folders or case files; the case of the scenarios; every `--set`;
    whether the difference maps are wanted as SVG as well."""

    what: tuple[str, ...]
    case: str
    sets: tuple[str, ...] = ()
    svg: bool = False


@dataclass(frozen=True)
class Found:
    """What a name means: a folder, or a case that is still to be solved."""

    name: str
    kind: Kind
    place: str
    case: Case | None = None


def all_found(asked: Asked) -> list[Found]:
    """What every name means. Raises InputError with all that mean nothing."""
    if len(asked.what) < 2:
        raise InputError([Problem("compare_one", "compare", " ".join(asked.what) or None)])
    twice = [name for name in dict.fromkeys(asked.what) if asked.what.count(name) > 1]
    refuse(Problem("compare_twice", "compare", name) for name in twice)
    case = _case_of(asked)
    found: list[Found] = []
    refuse(found_by(*(partial(_add, found, name, asked, case) for name in asked.what)))
    return found


def _add(found: list[Found], name: str, asked: Asked, case: Case | None) -> None:
    found.append(_found(name, asked, case))


def _case_of(asked: Asked) -> Case | None:
    """The case of the scenarios. Where nothing asked for needs it, a case that cannot be read matters nothing."""
    try:
        return load(asked.case)
    except InputError:
        if all(_is_result(name) for name in asked.what):
            return None
        raise


def _found(name: str, asked: Asked, case: Case | None) -> Found:
    scenarios = {"base", *case.document.scenarios, *case.document.overrides} if case else set[str]()
    if {part.strip() for part in name.split(",")} <= scenarios:
        return Found(name, "scenario", name, load(asked.case, name, asked.sets))
    if _is_result(name):
        if asked.sets:
            raise InputError([Problem("compare_set_folder", name)])
        return Found(folder_of(name).resolve().name, "folder", name)
    if Path(name).is_dir() and not (Path(name) / "case.toml").is_file():
        raise InputError([Problem("no_result", name)])
    if Path(name).exists() or _built_in(name):
        loaded = load(name, "base", asked.sets)
        return Found(loaded.document.case.id, "file", name, loaded)
    facts = {"case": asked.case, "nearest": nearest(name, scenarios)}
    raise InputError([Problem("compare_unknown", "compare", name, facts)])


def _is_result(name: str) -> bool:
    folder = folder_of(name)
    return any((folder / file).is_file() for file in ("result.json", "certificate.json"))


def folder_of(name: str) -> Path:
    """The folder of a result, which may be named by its `result.json`."""
    return Path(name).parent if Path(name).name == "result.json" else Path(name)


def _built_in(name: str) -> bool:
    return "/" not in name and (data_folder() / f"{name}.toml").is_file()


def labelled(found: Sequence[Found]) -> list[Found]:
    """Each under a name of its own: what has the same name as another is called as it was asked for."""
    names = [one.name for one in found]
    return [one if names.count(one.name) == 1 else replace(one, name=one.place) for one in found]


def case_files(asked: Asked) -> list[Path]:
    """The case file of the scenarios, which folders may have been made from."""
    return [path for path in (Path(asked.case), Path(asked.case) / "case.toml") if path.is_file()]

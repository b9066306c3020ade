"""A case: a frozen value made from a case file, its tables and the overrides asked for.

case = load("taiwan-2040", scenario="east-floor", sets=["budget.total=800"])
case.instance        # the numbers of the linear program
case.resolved.numbers    # every number with unit, source and standing
case.but(budget__total=190)
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from regionopt import checks
from regionopt.assemble import assemble
from regionopt.compute import Resolved, computed_numbers
from regionopt.document import Standing
from regionopt.errors import InputError, Problem, nearest, refuse
from regionopt.instance import Instance
from regionopt.overrides import Patch, parse, patch, patch_document, patch_numbers, patches_of
from regionopt.regions import Region, county_problems
from regionopt.schema import CaseDocument
from regionopt.sources import Sources, data_folder
from regionopt.stated import Context, settable_paths, stated_numbers
from regionopt.tables import digest, read_text
from regionopt.validation import problems_of

BUILT_IN_CASE = "taiwan-2040"


@dataclass(frozen=True)
class Case:
    """A case file with patches. Everything else follows from these and is computed when asked for."""

    path: Path
    raw: Mapping[str, Any]
    scenario: str
    patches: tuple[Patch, ...]

    def but(self, **sets: Any) -> Case:
        """The same case with some numbers changed: `case.but(budget__total=800)`; `__` stands for a dot."""
        more = [patch(path.replace("__", "."), value, "--set") for path, value in sets.items()]
        return Case(self.path, self.raw, self.scenario, (*self.patches, *more))

    @cached_property
    def resolved(self) -> Resolved:
        """The patched case file, its tables, and every number of the case."""
        return _resolve(self)

    @property
    def document(self) -> CaseDocument:
        """The patched case file."""
        return self.resolved.context.document

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions in their written order."""
        return self.resolved.context.sources.regions

    @cached_property
    def instance(self) -> Instance:
        """The numbers of the linear program. Raises InputError with every broken rule of the case."""
        instance = assemble(self.resolved)
        refuse(checks.find(self.resolved, instance))
        return instance

    @property
    def name(self) -> str:
        """Folder of the result: the scenario, then every `--set`."""
        sets = [item for item in self.patches if item.by == "--set"]
        return "~".join([self.scenario, *(_set_text(item) for item in sets)])

    @property
    def inputs(self) -> dict[str, str]:
        """File name to sha256 of everything that was read."""
        return {self.path.name: digest(self.path), **self.resolved.context.sources.digests()}

    def standings(self) -> dict[Standing, int]:
        """How many numbers have each standing."""
        count = Counter(quantity.status for quantity in self.resolved.numbers.values())
        return {standing: count[standing] for standing in Standing if count[standing]}


def load(case: str | Path = BUILT_IN_CASE, scenario: str = "base", sets: Iterable[str] = ()) -> Case:
    """A case from a file or by the name of a built-in one, with scenarios (or overrides) and `--set`s."""
    path = _path(case)
    raw = _read(path)
    document = _validated(raw, path.name)
    patches = [*_scenario_patches(document, scenario, path.name), *map(parse, sets)]
    return Case(path, raw, scenario.replace(",", "+"), tuple(patches))


def _path(case: str | Path) -> Path:
    """A built-in name where no such file exists."""
    built_in = data_folder() / f"{case}.toml"
    if not Path(case).exists() and "/" not in str(case) and built_in.is_file():
        return built_in
    path = Path(case) / "case.toml" if Path(case).is_dir() else Path(case)
    if not path.exists() and path.suffix != ".toml":
        known = {"known": ", ".join(sorted(file.stem for file in data_folder().glob("*.toml")))}
        raise InputError([Problem("case_missing", str(case), None, known)])
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem("broken_toml", path.name, error)]) from None


def _validated(raw: Mapping[str, Any], file: str) -> CaseDocument:
    try:
        return CaseDocument.model_validate(raw)
    except ValidationError as error:
        raise InputError(problems_of(error, file)) from None


def _scenario_patches(document: CaseDocument, scenario: str, file: str) -> Iterable[Patch]:
    """Patches of the scenarios and overrides named; `base` is the case as it is written."""
    for name in scenario.split(","):
        if name not in ("base", *document.scenarios, *document.overrides):
            known = nearest(name, ("base", *document.scenarios, *document.overrides))
            raise InputError([Problem("unknown_scenario", file, name, {"nearest": known})])
        for override in document.scenarios.get(name, () if name == "base" else (name,)):
            if override not in document.overrides:
                known = nearest(override, document.overrides)
                place = f"{file}: scenarios.{name}"
                raise InputError([Problem("unknown_override", place, override, {"nearest": known})])
            yield from patches_of(override, document.overrides[override])


def _resolve(case: Case) -> Resolved:
    """Patch the case file, read the tables, compute every number, patch what was computed."""
    file, folder = case.path.name, case.path.parent
    first = Sources(folder, _validated(case.raw, file).tables)
    known = settable_paths(case.raw, first.regions)
    raw, rest, changed = patch_document(case.raw, case.patches, known, first.facts)
    document = _validated(raw, file)
    sources = first if document.tables == first.tables else Sources(folder, document.tables)
    context = Context(document, sources, file)
    refuse([*checks.stages(context), *checks.names(context), *_counties(context)])
    stated = stated_numbers(context)
    if "budget.total" not in stated:
        raise InputError([Problem("number_missing", f"{file}: budget.total")])
    computed, recomputed = patch_numbers(computed_numbers(context, stated), rest, known)
    return Resolved(context, stated, computed, (*changed, *recomputed))


def _counties(context: Context) -> list[Problem]:
    """Counties are checked against the statistics; with the user's own boundaries, when these are joined."""
    if context.document.geometry.file is not None:
        return []
    outside = context.document.geometry.outside
    where = f"{context.file}: geometry.outside"
    known = context.sources.statistics.counties
    return list(county_problems(context.sources.regions, known, outside, where))


def _set_text(item: Patch) -> str:
    if item.how == "set":
        return f"{item.path}={_plain(item.value)}"
    return f"{item.path}={item.value:+g}" if item.how == "add" else f"{item.path}={item.value:g}x"


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ",".join(map(_plain, value))
    return str(value)

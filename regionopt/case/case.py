"""A case: a frozen value made from a case file, its tables and the overrides asked for.

case = load("taiwan-2040", scenario="east-floor", sets=["budget.total=800"])
case.instance        # the numbers of the linear program
case.resolved.numbers    # every number with unit, source and standing
case.but(budget__total=190)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

from regionopt.case import checks
from regionopt.case.assemble import assemble
from regionopt.case.blame import blamed
from regionopt.case.casefile import find, read
from regionopt.case.compute import Resolved
from regionopt.case.patches import Patch, parse, patch, patches_of, written_as
from regionopt.case.regions import Region
from regionopt.case.resolve import Original, misplaced, resolve, without_followers
from regionopt.case.schema import CaseDocument
from regionopt.case.tables import digest
from regionopt.common.document import Standing
from regionopt.common.errors import InputError, Problem, found_by, nearest, refuse
from regionopt.common.instance import Instance

BUILT_IN_CASE = "taiwan-2040"


@dataclass(frozen=True)
class Case:
    """A case file with patches. Everything else follows from these and is computed when asked for."""

    original: Original
    scenario: str
    patches: tuple[Patch, ...]

    @property
    def path(self) -> Path:
        """The case file."""
        return self.original.path

    @property
    def raw(self) -> Mapping[str, Any]:
        """What is written in it."""
        return self.original.raw

    def but(self, **sets: Any) -> Self:
        """The same case with some numbers changed: `case.but(budget__total=800)`; `__` stands for a dot."""
        return self.patched(*(_written(name, value) for name, value in sets.items()))

    def patched(self, *more: Patch) -> Self:
        """The same case with more patches, applied after its own."""
        return replace(self, patches=(*self.patches, *more))

    @cached_property
    def resolved(self) -> Resolved:
        """The patched case file, its tables, and every number of the case. Raises InputError with every problem."""
        if self._draft.problems:
            raise InputError(
                self._blamed(without_followers([*self._draft.problems, *self._clashes(assemble(self._draft))]))
            )
        return self._draft

    @cached_property
    def _draft(self) -> Resolved:
        """The case with every number, and what is wrong with single numbers."""
        return resolve(self.original, self.patches)

    def _clashes(self, instance: Instance) -> Iterable[Problem]:
        return checks.find(self._draft, instance)

    def _blamed(self, problems: Iterable[Problem]) -> list[Problem]:
        return blamed(problems, self.patches, self.path.name, self.original.written.problems)

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
        refuse(self._blamed(self._clashes(instance)))
        return instance

    def misplaced(self, counties: frozenset[str]) -> Iterable[Problem]:
        """Counties of the boundaries in no region, and counties of regions that the boundaries do not have."""
        return misplaced(self.resolved.context, counties)

    @property
    def name(self) -> str:
        """Folder of the result: the scenario, then every `--set`."""
        sets = [item for item in self.patches if item.by == "--set"]
        return "~".join([self.scenario, *(written_as(item) for item in sets)])

    @property
    def inputs(self) -> dict[str, str]:
        """File name to sha256 of everything that was read."""
        geometry = self.document.geometry.file
        own = [] if geometry is None else [self.path.parent / geometry]
        drawn = {path.name: digest(path) for path in own if path.is_file()}
        return {self.path.name: digest(self.path), **self.resolved.context.sources.digests(), **drawn}

    def standings(self) -> dict[Standing, int]:
        """How many numbers have each standing."""
        count = Counter(quantity.status for quantity in self.resolved.numbers.values())
        return {standing: count[standing] for standing in Standing if count[standing]}


def load(case: str | Path = BUILT_IN_CASE, scenario: str = "base", sets: Iterable[str] = ()) -> Case:
    """A case from a file or by the name of a built-in one, with scenarios (or overrides) and `--set`s."""
    path = find(case)
    original = Original(path, read(path))
    written = original.written
    names = [name.strip() for name in scenario.split(",")]
    patches: list[Patch] = []
    refused = found_by(
        lambda: patches.extend(scenario_patches(written.document, names, path.name)),
        *(partial(_parse, text, patches) for text in sets),
    )
    loaded = Case(original, "+".join(names), tuple(patches))
    if written.problems or refused:
        raise InputError([*refused, *found_by(lambda: loaded.resolved)])
    return loaded


def _written(name: str, value: Any) -> Patch:
    """A change from Python: it acts and is named as after `--set`, and is told as it was written."""
    return patch(name.replace("__", "."), value, "--set", f"but({name}={value!r})")


def _parse(text: str, patches: list[Patch]) -> None:
    patches.append(parse(text))


def scenario_patches(document: CaseDocument, names: Iterable[str], file: str) -> Iterable[Patch]:
    """Patches of the scenarios and overrides named; `base` is the case as it is written. Raises InputError."""
    for name in names:
        if name not in ("base", *document.scenarios, *document.overrides):
            known = nearest(name, ("base", *document.scenarios, *document.overrides))
            raise InputError([Problem("unknown_scenario", file, name, {"nearest": known})])
        for override in document.scenarios.get(name, () if name == "base" else (name,)):
            if override not in document.overrides:
                known = nearest(override, document.overrides)
                place = f"{file}: scenarios.{name}"
                raise InputError([Problem("unknown_override", place, override, {"nearest": known})])
            yield from patches_of(override, document.overrides[override])

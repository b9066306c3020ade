"""`alternatives.csv`: every number of the table again, from the proven plans of the folders that it tells of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from regionopt.case.tables import read_bytes
from regionopt.common.decimals import MONEY, RATIO
from regionopt.common.errors import InputError
from regionopt.proof.proofs import Step
from regionopt.proof.replay import final_plan
from regionopt.verify.alternative import FURTHER, minimised
from regionopt.verify.check import Check, Fault, check, rounds, same
from regionopt.verify.explained import received
from regionopt.verify.read import RESULT, Folder, number, read, table_rows
from regionopt.verify.sums import Sums

TABLE, PLAN = "alternatives.csv", "plan"


@dataclass(frozen=True)
class Told:
    """What the table tells of one plan, from the proof in its folder."""

    folder: Folder

    @cached_property
    def _sums(self) -> Sums:
        return Sums(self.folder, frozenset(column.name for column in self.folder.proof.plan.program.columns))

    @cached_property
    def _plan(self) -> Mapping[str, Fraction]:
        return final_plan(self.folder.proof.plan) or {}

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The stages of the case, by name."""
        steps = self.folder.proof.plan.steps
        return {step.name: step for step in steps if step.kind == "stage" and step.name != FURTHER}

    @property
    def places(self) -> list[tuple[str, str]]:
        """Regions, then programmes, in their written order."""
        regions = [(region.id, "") for region in self.folder.result.regions]
        return [*regions, *dict.fromkeys((t.region, t.programme) for t in self._sums.tranches)]

    def budget(self, region: str, programme: str) -> Fraction:
        """What the proven plan gives a region, or a programme of it."""
        return received(self._sums, self._plan, region, programme)


def folder_of(path: Path) -> Path | None:
    """The folder of alternatives: this one, or that in a result's folder; None where there is none."""
    nested = path / "alternatives"
    if (path / TABLE).is_file() and not (path / RESULT).is_file():
        return path
    return nested if (nested / TABLE).is_file() else None


def plans_of(path: Path) -> list[Path]:
    """The folders of the alternatives, by number."""
    return sorted(path.glob("alternative-*"), key=lambda folder: (len(folder.name), folder.name))


def table_check(path: Path) -> Check:
    """The table of a folder of alternatives; not checked where the plan's own folder is not there."""
    try:
        plan = Told(read(path.parent))
    except InputError:
        return Check("alternatives", TABLE, None)
    told = {PLAN: plan, **{folder.name: Told(read(folder)) for folder in plans_of(path)}}
    return check("alternatives", TABLE, _faults(path, told))


def _faults(path: Path, told: Mapping[str, Told]) -> Iterator[Fault | None]:
    rows = table_rows(read_bytes(path / TABLE), str(path / TABLE))
    plan, written = told[PLAN], [(row["plan"], row["kind"], *_subject(row)) for row in rows]
    yield same("rows", written, [line for name, one in told.items() for line in _lines(name, one)])
    for row in rows:
        one = told.get(row["plan"])
        if one is not None and (row["region"], row["programme"]) in one.places:
            yield from _place(row, one, plan)
        elif one is not None and row["stage"] in one.steps:
            yield from _stage(row, one, plan)


def _lines(name: str, told: Told) -> Iterator[tuple[str, ...]]:
    for region, programme in told.places:
        yield name, "programme" if programme else "region", region, programme, ""
    for stage in told.steps:
        yield name, "stage", "", "", stage


def _subject(row: Mapping[str, str]) -> tuple[str, ...]:
    return row["region"], row["programme"], row["stage"]


def _place(row: Mapping[str, str], one: Told, plan: Told) -> Iterator[Fault | None]:
    place = (row["region"], row["programme"])
    name, own = ",".join(filter(None, (row["plan"], *place))), one.budget(*place)
    yield rounds(f"{name}, budget", number(row["budget"], name), own, MONEY)
    yield rounds(f"{name}, difference", number(row["difference"], name), own - plan.budget(*place), MONEY)
    yield same(name, (row["value"], row["given_up"]), ("", ""))


def _stage(row: Mapping[str, str], one: Told, plan: Told) -> Iterator[Fault | None]:
    stage = row["stage"]
    name, own = f"{row['plan']},{stage}", one.steps[stage]
    lost = minimised(own) - minimised(plan.steps[stage]) if stage in plan.steps else None
    yield rounds(f"{name}, value", number(row["value"], name), Fraction(own.value), RATIO)
    yield rounds(f"{name}, given_up", number(row["given_up"], name), lost, RATIO)
    yield same(name, (row["budget"], row["difference"]), ("", ""))

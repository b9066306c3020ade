"""`regionopt compare`: find what is to be compared, solve what is not solved, write the folder of the comparison."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from regionopt.case.schema import GeometrySection
from regionopt.common.errors import InputError, Problem, refuse
from regionopt.common.jsontext import to_json
from regionopt.compare.budget_price import Held, held
from regionopt.compare.comparison import Row, problems, rows
from regionopt.compare.document import CompareDocument, documented
from regionopt.compare.names import Asked, Found, all_found, case_files, folder_of, labelled
from regionopt.compare.sides import Side, folder_side, solved_side
from regionopt.result.files import folder_name, write_folder
from regionopt.result.outputs import to_csv
from regionopt.run.run import Order, record, solve_within

if TYPE_CHECKING:
    from regionopt.maps.counties import Boundaries

DIFFERENCE = "difference.html"
BESIDE = "side-by-side.html"


@dataclass(frozen=True)
class Compared:
    """The sides in the order asked for, their prices and tight limits, the document, and why there is no difference
    map."""

    sides: tuple[Side, ...]
    held: tuple[Held | None, ...]
    document: CompareDocument
    no_map: str | None

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that can be drawn: all plans side by side where there is one, and what differs where there are
        two."""
        if not any(side.has_plan for side in self.sides) or _unmapped(self.sides):
            return ()
        return (BESIDE,) if self.no_map else (DIFFERENCE, BESIDE)


def run_compare(asked: Asked, order: Order, tell: Callable[[str], None] = lambda _: None) -> tuple[Compared, Path]:
    """Compare and write `<out>/<case>/<name>/`, the case being that of the first.

    Raises InputError for names that mean nothing, fewer than two things, other regions or units, folders that are no
    results or not as they were written.
    """
    started = time.perf_counter()
    found = labelled(all_found(asked))
    tell("progress.solve")
    known = [one.case.path for one in found if one.case is not None] + case_files(asked)
    compared = compare([_side(one, order, known) for one in found], [one.place for one in found], tell)
    written = files(compared)
    folder = order.out / _parent(compared.sides[0]) / folder_name(order.name or _name(compared.sides, asked.sets))
    if (folder / "result.json").exists():
        raise InputError([Problem("folder_exists", str(folder))])
    if compared.pages:
        tell("progress.map")
        written |= draw(compared, order, asked.svg)
    written["run.json"] = to_json(record(order, time.perf_counter() - started))
    tell("progress.write")
    write_folder(folder, written)
    return compared, folder


def compare(sides: Sequence[Side], places: Sequence[str], tell: Callable[[str], None] = lambda _: None) -> Compared:
    """Sides against the first. Raises InputError where they cannot be compared."""
    refuse(problems(sides, places))
    tell("progress.compare")
    prices = tuple(held(side.case) if side.case and side.has_plan else None for side in sides)
    return Compared(tuple(sides), prices, documented(sides, prices), _no_map(sides))


def files(compared: Compared) -> dict[str, bytes]:
    """`compare.json` and `compare.csv`."""
    return {
        "compare.json": to_json(compared.document.model_dump(mode="json", by_alias=True)),
        "compare.csv": to_csv(plain_rows(compared)),
    }


def draw(compared: Compared, order: Order, svg: bool = False) -> dict[str, bytes]:
    """The pages by name, and pictures of them where asked for. Drawing is imported here: who compares without it does
    not pay for it."""
    from regionopt.compare.beside import beside_page
    from regionopt.compare.difference import difference_page, page_data

    told = {
        pair.scenario: [{"zh-TW": sentence.zh, "en": sentence.en} for sentence in pair.sentences]
        for pair in compared.document.pairs
    }
    boundaries = _boundaries(compared.sides)
    drawn = {
        DIFFERENCE: lambda: difference_page(compared.sides, told, boundaries, order.language),
        BESIDE: lambda: beside_page(compared.sides, boundaries, order.language),
    }
    pages = {name: drawn[name]().encode() for name in compared.pages}
    if not svg or DIFFERENCE not in pages:
        return pages
    from regionopt.compare.pictures import difference_pictures

    data = page_data(compared.sides, told, order.language)
    return pages | difference_pictures(compared.sides, data, boundaries, order.language)


def _side(found: Found, order: Order, known: Sequence[Path]) -> Side:
    if found.case is None:
        return folder_side(found.name, folder_of(found.place), known)
    try:
        return solved_side(found.name, found.kind, solve_within(found.case, order.limit, order.solver))
    except InputError as error:  # of several cases it must say which
        raise InputError([replace(p, place=f"{found.name}: {p.place}") for p in error.problems]) from error


def _parent(base: Side) -> str:
    return folder_name(base.document.case)


def _name(sides: Sequence[Side], sets: Sequence[str]) -> str:
    return "~".join(["compare", *(side.name for side in sides), *sets])


def _no_map(sides: Sequence[Side]) -> str | None:
    """The key of the reason why there is no difference map; None where there is one."""
    if not sides[0].has_plan or not any(side.has_plan for side in sides[1:]):
        return "no_map_plan"
    return _unmapped(sides)


def _unmapped(sides: Sequence[Side]) -> str | None:
    """The key of the reason why nothing can be drawn of these regions; None where all can."""
    if not any(region.counties for region in sides[0].document.regions):
        return "no_map_counties"
    drawn = sides[0].document.provenance.geometry
    if drawn != "built-in" and not any(side.case for side in sides):
        return "no_map_boundaries"
    return None


def _boundaries(sides: Sequence[Side]) -> Boundaries:
    """The boundaries of the first side that has its case at hand, or the built-in ones."""
    from regionopt.maps.boundaries import boundaries_of

    for side in sides:
        if side.case is not None:
            return boundaries_of(side.case.document.geometry, side.case.path.parent)
    return boundaries_of(GeometrySection(), Path())


def _plain(row: Row) -> Row:
    """Fractions as the shortest decimals that say them: twelve digits are more than anything is written with."""
    return {k: float(f"{float(v):.12g}") + 0.0 if isinstance(v, Fraction) else v for k, v in row.items()}


def plain_rows(compared: Compared) -> Iterator[Row]:
    """The rows of `compare.csv` as numbers and texts."""
    return map(_plain, rows(compared.sides, compared.held))

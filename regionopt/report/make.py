"""From a bundle to a report and its pictures: the one way a report is made, to be written or to be checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from regionopt.common.texts import Language
from regionopt.report.bundle import INPUTS, Bundle, unpacked
from regionopt.report.contents import contents
from regionopt.report.formats import Material
from regionopt.report.pictures import drawable, pictures
from regionopt.report.written import written


@contextmanager
def material(files: Bundle, languages: Sequence[Language], fragment: bool = False) -> Iterator[Material]:
    """What every writer gets, as long as it writes. Raises InputError where the files are no complete result."""
    with unpacked(files) as folder:
        yield material_in(folder, files, languages, fragment)


def material_in(folder: Path, files: Bundle, languages: Sequence[Language], fragment: bool = False) -> Material:
    """The same from a bundle that is unpacked already."""
    found = written(folder)
    draw = pictures(found, folder / INPUTS)

    def made(languages: Sequence[Language]) -> Material:
        return Material(contents(found, languages, drawable(found)), files, draw, made, fragment)

    return made(languages)

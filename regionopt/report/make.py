"""From a bundle to a report and its pictures: the one way a report is made, to be written or to be checked."""

from __future__ import annotations

from collections.abc import Sequence

from regionopt.common.texts import Language
from regionopt.report.bundle import Bundle, unpacked
from regionopt.report.contents import contents
from regionopt.report.formats import Material
from regionopt.report.written import written


def material(files: Bundle, languages: Sequence[Language], fragment: bool = False) -> Material:
    """What every writer gets. Raises InputError where the files are no complete result."""
    with unpacked(files) as folder:
        found = written(folder)
    return Material(contents(found, languages, drawn=False), files, lambda _figure, _part: None, fragment)

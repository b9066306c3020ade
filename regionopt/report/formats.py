"""The formats of a report: which module writes each, and which extra it needs. A writer is loaded when asked for.

A writer is a module with

    def write(material: Material) -> dict[str, bytes]

that returns its files by name: `report.<format>`, or `report.<id>.<format>` where there is one a block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from regionopt.common.errors import InputError, Problem, ToolError
from regionopt.common.texts import Language
from regionopt.report.bundle import Bundle
from regionopt.report.model import Figure, Part, Report

NAME = "report"


@dataclass(frozen=True)
class Material:
    """What a writer gets: the report, the files it was made from, and the pictures as SVG (None: it cannot be drawn).

    `again` makes the same in other languages. `fragment`: HTML without a page frame.
    """

    report: Report
    files: Bundle
    draw: Callable[[Figure, Part], str | None]
    again: Callable[[Sequence[Language]], Material]
    fragment: bool = False


class Writer(Protocol):
    """A module that writes one format."""

    def write(self, material: Material) -> dict[str, bytes]:
        """The files of the format by name."""
        ...


@dataclass(frozen=True)
class Format:
    """A format: the module that writes it, and the packages of the extra `report` that the module imports.

    `is_set`: it is set in fonts of this machine, or has pictures that are; others leave that to the reader's.
    """

    name: str
    module: str
    packages: tuple[str, ...] = ()
    is_set: bool = False


FORMATS: Mapping[str, Format] = {
    found.name: found
    for found in (
        Format("html", "regionopt.report.html"),
        Format("md", "regionopt.report.markdown"),
        Format("csv", "regionopt.report.csvs"),
        Format("xlsx", "regionopt.report.workbook", ("xlsxwriter",)),
        Format("docx", "regionopt.report.word", ("docx", "typst"), is_set=True),
        Format("pdf", "regionopt.report.pdf", ("typst",), is_set=True),
        Format("svg", "regionopt.report.svgs"),
        Format("embed", "regionopt.report.kit"),
        Format("png", "regionopt.report.pngs", ("typst",), is_set=True),
    )
}


def picture_name(figure: Figure, kind: str) -> str:
    """The file of a picture, the same for every format that shows or is it."""
    return f"{NAME}.{figure.id}.{kind}"


def asked(formats: str) -> tuple[Format, ...]:
    """The formats of a list such as `html,xlsx`. Raises InputError for an unknown one."""
    names = [name.strip() for name in formats.split(",") if name.strip()]
    known = ", ".join(FORMATS)
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise InputError([Problem("unknown_format", "--format", name, {"known": known}) for name in unknown or [""]])
    return tuple(FORMATS[name] for name in dict.fromkeys(names))


def writers(formats: Sequence[Format]) -> list[Writer]:
    """The modules that write. Raises ToolError where a package is not installed, before anything is made."""
    missing = [
        Problem("format_extra_missing", f"--format {one.name}", package, {"extra": NAME})
        for one in formats
        for package in one.packages
        if find_spec(package) is None
    ]
    if missing:
        raise ToolError(missing)
    return [cast(Writer, import_module(one.module)) for one in formats]

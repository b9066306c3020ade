"""`regionopt report`: a result, or a case that is solved first, as HTML, Markdown, tables and more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from regionopt.cli.shell import (
    LANGUAGE,
    Debug,
    Name,
    Out,
    Quiet,
    Scenario,
    Sets,
    Solver,
    TimeLimit,
    Version,
    load,
    progress,
    told,
)
from regionopt.common.texts import Language, text

commands = typer.Typer()

# More files than this are told by their folder.
MOST = 8
BOTH: tuple[Language, ...] = ("zh-TW", "en")


@commands.command(epilog="Example: regionopt report maps/taiwan-2040/base --format html,xlsx --lang both")
def report(
    source: Annotated[
        str, typer.Argument(metavar="RESULT|CASE", help="A result's folder, or a case that is solved first.")
    ] = "taiwan-2040",
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT[,FORMAT]",
            help="Any of html, md, csv, xlsx, docx, pdf, svg, png, embed.",
        ),
    ] = "html",
    lang: Annotated[Literal["zh-TW", "en", "both"], typer.Option(help="Language of the report.")] = LANGUAGE,
    fragment: Annotated[bool, typer.Option("--fragment", help="HTML without a page frame, to be pasted.")] = False,
    tipping: Annotated[
        bool, typer.Option("--tipping", help="Also how far each return may be off; takes longer.")
    ] = False,
    scenario: Scenario = "base",
    sets: Sets = None,
    case: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The case file, where it is not near the result.")
    ] = None,
    out: Out = Path("maps"),
    name: Name = None,
    solver: Solver = "highs",
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Write a report beside a result: plan, targets, map, reasons, a page a region, sources, certificate."""
    language: Language = LANGUAGE if lang == "both" else lang
    with told(language, debug):
        from regionopt.report.formats import asked, writers
        from regionopt.report.write import Asked, report_of, result_folder, solved, unset, with_tips

        wanted = Asked(asked(formats), BOTH if lang == "both" else (lang,), fragment, case)

        writers(wanted.formats)  # a missing package is told before anything is solved
        if unset(wanted):
            typer.echo(text("run.no_chinese_font", language), err=True)
        with progress(language, quiet) as tell:
            folder = result_folder(Path(source))
            if folder is not None:
                folder = unchanged(folder, scenario, sets)
                status, files = report_of(with_tips(folder) if tipping else folder, wanted, tell)
            else:
                from regionopt.run.run import Order

                order = Order(solver, out, name, language, False, tuple(sys.argv[1:]), time_limit)
                status, files = report_of(
                    solved(load(source, scenario, sets), order, tell, tipping), wanted, tell, fresh=True
                )
        if not quiet:
            for file in files if len(files) <= MOST else dict.fromkeys(file.parent for file in files):
                typer.echo(text("run.folder", language, folder=file), err=True)
    raise typer.Exit({"optimal": 0, "stopped": 4, "alternative": 0}.get(status, 1))


def unchanged(folder: Path, scenario: str, sets: list[str] | None) -> Path:
    """A result's folder. Raises InputError where a change is asked for that was not solved."""
    if sets or scenario != "base":
        from regionopt.common.errors import InputError, Problem

        asked = " ".join([*([] if scenario == "base" else [f"--scenario {scenario}"]), *(sets or ())])
        raise InputError([Problem("solved_before", str(folder), asked)])
    return folder

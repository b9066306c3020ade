"""`regionopt frontier`: exact curves over one number, or of two quantities against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regionopt.cli.shell import (
    LANGUAGE,
    CaseArgument,
    Debug,
    Json,
    Lang,
    Name,
    Out,
    Quiet,
    Scenario,
    Sets,
    Version,
    console,
    load,
    print_json,
    progress,
    told,
)
from regionopt.common.texts import text

if TYPE_CHECKING:
    from regionopt.case.case import Case
    from regionopt.curves.breakpoints import Frontier

commands = typer.Typer()


@commands.command(epilog="Example: regionopt frontier --over budget.total --from 100 --to 1500")
def frontier(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    over: Annotated[str | None, typer.Option(metavar="PATH", help="The limit or target that moves.")] = None,
    start: Annotated[float | None, typer.Option("--from", metavar="A", help="From here, in its unit.")] = None,
    end: Annotated[float | None, typer.Option("--to", metavar="B", help="Up to here.")] = None,
    trade: Annotated[
        str | None,
        typer.Option(metavar="FIRST,OTHER", help="Two quantities against each other, such as output,jobs."),
    ] = None,
    pieces: Annotated[int, typer.Option(help="At most so many pieces on each side of the case's own value.")] = 2000,
    out: Out = Path("maps"),
    name: Name = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Follow optimum and plan exactly, breakpoint by breakpoint; exit code 1 where no value has a plan."""
    with told(lang, debug, json):
        from regionopt.curves.frontier_file import document, write
        from regionopt.curves.frontier_table import tables
        from regionopt.curves.frontier_told import sentences
        from regionopt.curves.pictures import write_pictures

        asked = load(case, scenario, sets)
        with progress(lang, quiet or json) as tell:
            tell("progress.frontier")
            found = _curve(asked, over, (start, end), trade, pieces)
            folder = write(found, out, name)
            write_pictures(found, folder)
        if json:
            print_json(document(found))
        elif not quiet:
            if found.points:
                screen = console()
                for table in tables(found, lang, screen):
                    screen.print(table)
            for sentence in sentences(found, pieces, lang):
                typer.echo(sentence)
            typer.echo(text("run.folder", lang, folder=folder), err=True)
    raise typer.Exit(0 if found.points else 1)


def _curve(
    case: Case, over: str | None, span: tuple[float | None, float | None], trade: str | None, pieces: int
) -> Frontier:
    """The curve that was asked for. Raises InputError where neither question, or both, are asked."""
    from regionopt.common.errors import InputError, Problem
    from regionopt.curves.frontier import frontier as over_number
    from regionopt.curves.trade import trade as against

    if pieces < 1:
        raise InputError([Problem("curve_pieces", "--pieces", pieces)])
    start, end = span
    if over is not None and trade is None and start is not None and end is not None:
        return over_number(case, over, start, end, pieces)
    if trade is not None and (over, start, end) == (None, None, None):
        first, _, other = (part.strip() for part in trade.partition(","))
        return against(case, first, other, pieces)
    raise InputError([Problem("curve_question", "frontier")])

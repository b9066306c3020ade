"""`regionopt map`: draw a result again, or a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regionopt.cli.shell import LANGUAGE, Debug, Lang, Quiet, Scenario, Sets, TimeLimit, Version, progress, told
from regionopt.common.texts import text

commands = typer.Typer()


@commands.command("map", epilog="Example: regionopt map maps/taiwan-2040/base --lang en")
def draw(
    source: Annotated[
        str, typer.Argument(metavar="RESULT|CASE", help="A result's folder, or a case.")
    ] = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("map.html"),
    geometry: Annotated[
        Path | None, typer.Option(help="Boundaries, where the result was not drawn on the built-in.")
    ] = None,
    pieces: Annotated[
        int | None, typer.Option(help="Pieces that the slider of a case follows on each side of its own budget.")
    ] = None,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Draw the map of a result, or of a case that is solved first."""
    with told(lang, debug):
        from regionopt.run.redraw import map_of

        with progress(lang, quiet) as tell:
            status = map_of(source, scenario, tuple(sets or ()), output, geometry, pieces, time_limit, lang, tell)
        if not quiet:
            typer.echo(text("run.folder", lang, folder=output), err=True)
        if status == "stopped":
            typer.echo(text("aside.stopped", lang), err=True)
            raise typer.Exit(4)

"""`regionopt tipping`: how far each return may be off before the plan changes, and to what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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

commands = typer.Typer()


@commands.command(epilog="Example: regionopt tipping --detail")
def tipping(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    moved: Annotated[float, typer.Option(help="The plan has changed when this part of the budget moves.")] = 0.01,
    detail: Annotated[bool, typer.Option("--detail", help="Every tranche on its own.")] = False,
    out: Out = Path("maps"),
    name: Name = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Find how far each return may be off before the plan changes, the smallest margin first."""
    with told(lang, debug, json):
        from regionopt.common.document import Status
        from regionopt.curves.tipping import tipping as find
        from regionopt.curves.tipping_file import plain_rows, write
        from regionopt.curves.tipping_told import sentences, table

        asked = load(case, scenario, sets)
        with progress(lang, quiet or json) as tell:
            tell("progress.tipping")
            found = find(asked, moved, detail)
        if isinstance(found, Status):
            typer.echo(text(f"run.{found}", lang), err=True)
            raise typer.Exit(1)
        folder = write(asked, found, out, name)
        if json:
            print_json(plain_rows(found))
        elif not quiet:
            console().print(table(asked, found, lang))
            for sentence in sentences(asked, found, moved, lang):
                typer.echo(sentence)
            typer.echo(text("run.folder", lang, folder=folder), err=True)

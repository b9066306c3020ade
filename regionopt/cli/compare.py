"""`regionopt compare`: parse, call the library, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from regionopt.cli.shell import (
    LANGUAGE,
    Debug,
    Json,
    Lang,
    Quiet,
    Sets,
    Solver,
    TimeLimit,
    Version,
    console,
    progress,
    told,
)
from regionopt.common.texts import text

commands = typer.Typer()


@commands.command(epilog="Example: regionopt compare base announced east-floor")
def compare(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="A B…", help="Scenarios of the case, result folders or case files; the first is the base."
        ),
    ] = None,
    case: Annotated[str, typer.Option(metavar="CASE", help="The case of the scenarios.")] = "taiwan-2040",
    lang: Lang = LANGUAGE,
    sets: Sets = None,
    out: Annotated[Path, typer.Option(help="Folder that comparisons are written into.")] = Path("maps"),
    name: Annotated[str | None, typer.Option(help="Name of the comparison's own folder: else compare~A~B….")] = None,
    svg: Annotated[bool, typer.Option("--svg", help="The difference maps as SVG as well.")] = False,
    solver: Solver = "highs",
    time_limit: TimeLimit = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Compare plans: what moves between regions and programmes, and why; with a map of the differences."""
    with told(lang, debug):
        from regionopt.compare.names import Asked
        from regionopt.compare.write import run_compare
        from regionopt.run.run import Order

        order = Order(solver, out, name, lang, False, tuple(sys.argv[1:]), time_limit)
        asked = Asked(tuple(what or ()), case, tuple(sets or ()), svg)
        with progress(lang, quiet or json) as tell:
            compared, folder = run_compare(asked, order, tell)
        if json:
            sys.stdout.buffer.write((folder / "compare.json").read_bytes())
        elif not quiet:
            from regionopt.compare.table import comparison_table
            from regionopt.compare.told import sentences

            console().print(comparison_table(compared.sides, lang))
            for side, held in zip(compared.sides[1:], compared.held[1:], strict=True):
                typer.echo(f"\n{text('compare.page_against', lang, name=side.name, base=compared.sides[0].name)}")
                for sentence in sentences(compared.sides[0], side, lang, (compared.held[0], held)):
                    typer.echo(f"  {sentence}")
            if compared.no_map is not None:
                reason = text(f"compare.{compared.no_map}", lang)
                typer.echo(text("compare.no_map", lang, reason=reason), err=True)
            typer.echo(text("run.folder", lang, folder=folder), err=True)
    stopped = any(side.document.status == "stopped" for side in compared.sides)
    raise typer.Exit(4 if stopped else 1 if compared.no_map == "no_map_plan" else 0)

"""`regionopt alternatives`: parse, call the library, print."""

from __future__ import annotations

import sys
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
    Solver,
    TimeLimit,
    Version,
    console,
    load,
    print_json,
    progress,
    told,
)
from regionopt.common.texts import text

commands = typer.Typer()


@commands.command(epilog="Example: regionopt alternatives --tolerance 0.01 --count 2")
def alternatives(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    tolerance: Annotated[float, typer.Option(help="How much worse a stage may be, relative: 0.02 is 2 %.")] = 0.02,
    count: Annotated[int, typer.Option(help="At most so many.")] = 3,
    out: Out = Path("maps"),
    name: Name = None,
    solver: Solver = "highs",
    time_limit: TimeLimit = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Find plans nearly as good that differ as much as possible, each with its table and map."""
    with told(lang, debug):
        from regionopt.result.outputs import document
        from regionopt.run.run import Order
        from regionopt.run.write_alternatives import Asked, run_alternatives

        order = Order(solver, out, name, lang, False, tuple(sys.argv[1:]), time_limit)
        with progress(lang, quiet or json) as tell:
            result, found, folder = run_alternatives(load(case, scenario, sets), Asked(tolerance, count), order, tell)
        if folder is None:
            typer.echo(text(f"alternatives.{result.status}", lang), err=True)
        elif json:
            from regionopt.explain.alternatives import plain_rows

            print_json(plain_rows(result, found))
        elif not quiet:
            from regionopt.explain.alternatives_told import alternatives_table, sentences

            shown = document(result)
            if found:
                console().print(alternatives_table(result, shown, found, lang))
            for sentence in sentences(result, shown, found, tolerance, lang):
                typer.echo(sentence)
            typer.echo(text("run.folder", lang, folder=folder), err=True)
    raise typer.Exit({"optimal": 0, "stopped": 4}.get(result.status, 1))

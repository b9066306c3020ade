"""`regionopt run`: the main job."""

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
    progress,
    told,
)
from regionopt.common.texts import Language, text

commands = typer.Typer()


@commands.command(epilog="Example: regionopt run --set budget.total=190")
def run(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    out: Out = Path("maps"),
    name: Name = None,
    solver: Solver = "highs",
    save_lp: Annotated[bool, typer.Option("--save-lp", help="Also write the program as model.lp.")] = False,
    time_limit: TimeLimit = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Solve a case and write its folder: map, result, tables."""
    with told(lang, debug):
        from regionopt.common.jsontext import to_json
        from regionopt.result.outputs import document
        from regionopt.run.run import Order
        from regionopt.run.run import run as do

        order = Order(solver, out, name, lang, save_lp, tuple(sys.argv[1:]), time_limit)
        with progress(lang, quiet or json) as tell:
            result, folder = do(load(case, scenario, sets), order, tell)
        if json:
            sys.stdout.buffer.write(to_json(document(result).model_dump(mode="json", by_alias=True)))
        elif not quiet:
            _say_result(folder, lang)
    raise typer.Exit({"optimal": 0, "stopped": 4}.get(result.status, 1))


def _say_result(folder: Path, lang: Language) -> None:
    """The summary on the terminal, read back from what was written: what is said is what is in the file."""
    import json

    from regionopt.common.document import ResultDocument
    from regionopt.telling.terminal import choices_table, groups_table, plan_tables, years_table
    from regionopt.telling.wording import findings

    document = ResultDocument.model_validate_json((folder / "result.json").read_bytes())
    if document.status.has_plan:
        screen = console()
        for table in plan_tables(document, lang, screen):
            screen.print(table)
        if document.groups:
            screen.print(groups_table(document, lang))
        if document.periods:
            screen.print(years_table(document, lang))
        if document.platforms or document.measures:
            screen.print(choices_table(document, lang))
        for sentence in findings(document, lang):
            typer.echo(sentence)
        if not (folder / "map.html").exists():
            typer.echo(text("run.no_map", lang), err=True)
    else:
        typer.echo(text(f"run.{document.status}", lang), err=True)
        diagnosis = folder / "diagnosis.json"
        if diagnosis.exists():
            from regionopt.doctor.diagnosis_told import sentences

            for sentence in sentences(json.loads(diagnosis.read_bytes()), lang):
                typer.echo(sentence, err=True)
    typer.echo(text("run.folder", lang, folder=folder), err=True)

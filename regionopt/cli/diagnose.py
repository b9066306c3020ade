"""`regionopt diagnose`: why a case has no plan, and what would give it one."""

from __future__ import annotations

import typer

from regionopt.cli.shell import (
    LANGUAGE,
    CaseArgument,
    Debug,
    Json,
    Lang,
    Quiet,
    Scenario,
    Sets,
    Solver,
    Version,
    load,
    print_json,
    progress,
    told,
)
from regionopt.common.texts import text

commands = typer.Typer()


@commands.command(epilog="Example: regionopt diagnose --set regions.east.floor=400")
def diagnose(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    solver: Solver = "highs",
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Say why a case has no plan, and which changes would give it one. Exit code 1 where it has none."""
    with told(lang, debug, json):
        from regionopt.doctor import diagnosis
        from regionopt.doctor.diagnosis_told import sentences

        asked = load(case, scenario, sets)
        with progress(lang, quiet or json) as tell:
            tell("progress.diagnose")
            found = None if diagnosis.has_plan(asked, solver) else diagnosis.diagnose(asked, solver)
        if json:
            print_json(found or diagnosis.healthy(asked))
        elif not quiet and found is None:
            typer.echo(text("doctor.feasible", lang))
        elif not quiet and found is not None:
            typer.echo(text("doctor.infeasible", lang, case=f"{found['case']}/{found['scenario']}"))
            for sentence in sentences(found, lang):
                typer.echo(sentence)
    raise typer.Exit(0 if found is None else 1)

"""The command line. It parses, calls the library, and prints: data to stdout, messages to stderr.

Exit codes: 0 optimal, 1 infeasible or unbounded, 2 bad input, 3 solver or environment missing, 4 a limit was hit.
Heavy modules are imported inside the commands that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regionopt.cli import alternatives as cli_alternatives
from regionopt.cli import compare as cli_compare
from regionopt.cli import diagnose as cli_diagnose
from regionopt.cli import explain as cli_explain
from regionopt.cli import frontier as cli_frontier
from regionopt.cli import sweep as cli_sweep
from regionopt.cli import tipping as cli_tipping
from regionopt.cli import verify as cli_verify
from regionopt.cli.shell import (
    LANGUAGE,
    CaseArgument,
    Debug,
    Json,
    Lang,
    Quiet,
    Scenario,
    Sets,
    TimeLimit,
    Version,
    console,
    load,
    print_json,
    progress,
    told,
)
from regionopt.common.texts import Language, text

if TYPE_CHECKING:
    from regionopt.case.compute import Resolved

app = typer.Typer(
    name="regionopt",
    help="Divide a public budget among regions, certify the plan, draw it as an offline map.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _main(version: Version = False) -> None:
    """Divide a public budget among regions, certify the plan, draw it as an offline map."""


@app.command(epilog="Example: regionopt run --set budget.total=190")
def run(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    out: Annotated[Path, typer.Option(help="Folder that results are written into.")] = Path("maps"),
    name: Annotated[str | None, typer.Option(help="Name of the result's own folder.")] = None,
    solver: Annotated[Literal["highs", "cbc"], typer.Option(help="Solver; the answer is the same.")] = "highs",
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


@app.command(epilog="Example: regionopt validate my-case/case.toml")
def validate(
    case: CaseArgument,
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Find every problem of a case at once, with place, value, rule and remedy."""
    with told(lang, debug, json):
        from regionopt.run.validate import every_problem

        found = every_problem(load(case, scenario, sets))
        if json:
            print_json({"case": case, "problems": [], "numbers": len(found.numbers)})
        elif not quiet:
            from regionopt.common.document import weakest

            standing = text(f"map.standing_{weakest({q.status for q in found.numbers.values()})}", lang)
            typer.echo(text("run.valid", lang, case=case, count=len(found.numbers), standing=standing), err=True)


@app.command(epilog="Example: regionopt show --scenario announced --changed")
def show(
    case: CaseArgument = "taiwan-2040",
    lang: Lang = LANGUAGE,
    scenario: Scenario = "base",
    sets: Sets = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what overrides changed, old and new.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Print every number of a case with unit, source and standing, and what else the case says."""
    with told(lang, debug):
        from dataclasses import asdict

        from regionopt.case.changes import change_rows
        from regionopt.case.settings import settings

        resolved = load(case, scenario, sets).resolved
        if json and changed:
            print_json(change_rows(resolved))
        elif json:
            numbers = {path: asdict(quantity) for path, quantity in resolved.numbers.items()}
            print_json({**numbers, **{path: {"value": value} for path, value in settings(resolved).items()}})
        elif changed and not change_rows(resolved):
            typer.echo(text("run.unchanged", lang), err=True)
        else:
            _list(resolved, changed, lang)


@app.command(epilog="Example: regionopt new my-case")
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    lang: Lang = LANGUAGE,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Write a commented starter case to edit."""
    with told(lang, debug):
        from regionopt.run.starter import make

        file = make(folder)
        if not quiet:
            typer.echo(text("run.started", lang, folder=folder, file=file), err=True)


app.command("tutorial", hidden=True, epilog="Example: regionopt tutorial my-case")(new)


@app.command("map", epilog="Example: regionopt map maps/taiwan-2040/base --lang en")
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
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Draw the map of a result, or of a case that is solved first."""
    with told(lang, debug):
        from regionopt.run.redraw import map_of

        with progress(lang, quiet) as tell:
            status = map_of(source, scenario, tuple(sets or ()), output, geometry, time_limit, lang, tell)
        if not quiet:
            typer.echo(text("run.folder", lang, folder=output), err=True)
        if status == "stopped":
            typer.echo(text("aside.stopped", lang), err=True)
            raise typer.Exit(4)


@app.command(epilog="Example: regionopt schema > case.schema.json")
def schema(
    of: Annotated[Literal["case", "result", "compare"], typer.Option(help="Which document.")] = "case",
    lang: Lang = LANGUAGE,
    quiet: Quiet = False,
    debug: Debug = False,
    version: Version = False,
) -> None:
    """Print the JSON Schema of the case file, with the unit of every number."""
    with told(lang, debug):
        if of == "case":
            from regionopt.case.schema import json_schema

            print_json(json_schema())
        elif of == "compare":
            from regionopt.compare.document import CompareDocument

            print_json(CompareDocument.model_json_schema(by_alias=True))
        else:
            from regionopt.common.document import ResultDocument

            print_json(ResultDocument.model_json_schema(by_alias=True))


@app.command(epilog="Example: regionopt cite --lang zh-TW")
def cite(lang: Lang = LANGUAGE, quiet: Quiet = False, debug: Debug = False, version: Version = False) -> None:
    """Print how to cite the program, and the licences of its data."""
    with told(lang, debug):
        from importlib.metadata import version as number

        from regionopt.case.sources import data_folder
        from regionopt.case.tables import read_text

        typer.echo(text("run.cite", lang, version=number("regionopt")))
        typer.echo(read_text(data_folder() / "NOTICE.md"))


for more in (
    cli_alternatives,
    cli_compare,
    cli_diagnose,
    cli_explain,
    cli_frontier,
    cli_sweep,
    cli_tipping,
    cli_verify,
):
    app.add_typer(more.commands)


def main() -> None:
    """Entry point."""
    # Imports make many objects and no garbage: looking for it less often saves a tenth of a run.
    gc.set_threshold(100_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to stop
    app()


def _list(resolved: Resolved, changed: bool, lang: Language) -> None:
    """The tables of `show`."""
    from regionopt.case.changes import change_rows
    from regionopt.case.listing import changes_table, numbers_table, settings_table, sources_table
    from regionopt.case.settings import settings

    screen, numbers = console(), resolved.numbers
    if changed:
        screen.print(changes_table(change_rows(resolved), lang))
        return
    screen.print(numbers_table(numbers, lang))
    screen.print(settings_table(settings(resolved), numbers, lang))
    screen.print(sources_table(numbers, lang))


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
            from regionopt.doctor.diagnosis import sentences

            for sentence in sentences(json.loads(diagnosis.read_bytes()), lang):
                typer.echo(sentence, err=True)
    typer.echo(text("run.folder", lang, folder=folder), err=True)

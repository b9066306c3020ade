"""What goes in: `regionopt validate`, `show`, `new`."""

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
    Quiet,
    Scenario,
    Sets,
    Version,
    console,
    load,
    print_json,
    told,
)
from regionopt.common.texts import Language, text

if TYPE_CHECKING:
    from regionopt.case.compute import Resolved

commands = typer.Typer()


@commands.command(epilog="Example: regionopt validate my-case/case.toml")
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
        from regionopt.common.errors import found_by, refuse
        from regionopt.montecarlo.sound import check
        from regionopt.run.validate import every_problem

        loaded = load(case, scenario, sets)
        refuse(found_by(lambda: every_problem(loaded), lambda: check(loaded)))
        found = loaded.resolved
        if json:
            print_json({"case": case, "problems": [], "numbers": len(found.numbers)})
        elif not quiet:
            from regionopt.common.document import weakest

            standing = text(f"map.standing_{weakest({q.status for q in found.numbers.values()})}", lang)
            typer.echo(text("run.valid", lang, case=case, count=len(found.numbers), standing=standing), err=True)


@commands.command(epilog="Example: regionopt show --scenario announced --changed")
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
        from regionopt.montecarlo.inputs import described, inputs_of

        loaded = load(case, scenario, sets)
        resolved = loaded.resolved
        if json and changed:
            print_json(change_rows(resolved))
        elif json:
            numbers = {path: asdict(quantity) for path, quantity in resolved.numbers.items()}
            uncertain = {f"uncertainty.{one['name']}": one for one in described(inputs_of(loaded))}
            said = {path: {"value": value} for path, value in settings(resolved).items()}
            print_json({**numbers, **said, **uncertain})
        elif changed and not change_rows(resolved):
            typer.echo(text("run.unchanged", lang), err=True)
        else:
            _list(resolved, changed, lang)
            if not changed and (inputs := inputs_of(loaded)):
                from regionopt.montecarlo.listing import uncertainty_table

                console().print(uncertainty_table(inputs, lang))


@commands.command(epilog="Example: regionopt new my-case")
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


commands.command("tutorial", hidden=True, epilog="Example: regionopt tutorial my-case")(new)


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

"""What the program says of itself and of its files: `regionopt schema`, `cite`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from regionopt.cli.shell import LANGUAGE, Debug, Lang, Quiet, Version, print_json, told
from regionopt.common.texts import text

commands = typer.Typer()


@commands.command(epilog="Example: regionopt schema > case.schema.json")
def schema(
    of: Annotated[Literal["case", "result", "compare", "montecarlo"], typer.Option(help="Which document.")] = "case",
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
        elif of == "montecarlo":
            from regionopt.montecarlo.schema import json_schema as of_draws

            print_json(of_draws())
        else:
            from regionopt.common.document import ResultDocument

            print_json(ResultDocument.model_json_schema(by_alias=True))


@commands.command(epilog="Example: regionopt cite --lang zh-TW")
def cite(lang: Lang = LANGUAGE, quiet: Quiet = False, debug: Debug = False, version: Version = False) -> None:
    """Print how to cite the program, and the licences of its data."""
    with told(lang, debug):
        from importlib.metadata import version as number

        from regionopt.case.sources import data_folder
        from regionopt.case.tables import read_text

        typer.echo(text("run.cite", lang, version=number("regionopt")))
        typer.echo(read_text(data_folder() / "NOTICE.md"))

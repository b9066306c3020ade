"""The command line. It parses, calls the library, and prints: data to stdout, messages to stderr.

Exit codes: 0 optimal, 1 infeasible or unbounded, 2 bad input, 3 solver or environment missing, 4 a limit was hit.
Heavy modules are imported inside the commands that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import gc
import io
import sys

import typer
from typer.main import get_command

from regionopt.cli import (
    about,
    alternatives,
    compare,
    diagnose,
    draw,
    explain,
    frontier,
    inputs,
    montecarlo,
    report,
    run,
    sweep,
    tipping,
    verify,
)
from regionopt.cli.help import HELP, asked_in_chinese, translate
from regionopt.cli.shell import LANGUAGE, Version

app = typer.Typer(
    name="regionopt",
    help="Divide a public budget among regions, certify the plan, draw it as an offline map.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP},
)


@app.callback()
def _main(version: Version = False) -> None:
    """Divide a public budget among regions, certify the plan, draw it as an offline map."""


# In the order of `--help`: the plan, why, what if, for others.
for module in (
    run,
    inputs,
    explain,
    alternatives,
    diagnose,
    compare,
    frontier,
    tipping,
    sweep,
    montecarlo,
    draw,
    report,
    verify,
    about,
):
    app.add_typer(module.commands)


def main() -> None:
    """Entry point."""
    # Imports make many objects and no garbage: looking for it less often saves a tenth of a run.
    gc.set_threshold(100_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to stop
    command = get_command(app)
    if asked_in_chinese(sys.argv[1:], LANGUAGE):
        translate(command)
    command()
